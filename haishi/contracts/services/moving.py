"""A locked contract or milestone one step on, with its row in the audit chain."""

from typing import Any

from haishi.contracts.models import Contract, Milestone
from haishi.contracts.states import CONTRACT, MILESTONE
from haishi.foundation import audit
from haishi.foundation.types import Actor


def move(actor: Actor, contract: Contract, action: str, *fields: str, **detail: Any) -> None:
    """Take a contract on, with `fields` that were set beside. Raises Conflict."""
    before = contract.state
    contract.state = CONTRACT.after(contract.state, action)
    contract.version += 1
    contract.save(update_fields=["state", "version", "updated_at", *fields])
    audit.record(
        actor, f"contract.{action}", contract, before=before, after=contract.state, **detail
    )


def move_part(actor: Actor, milestone: Milestone, action: str, *fields: str, **detail: Any) -> None:
    """The same for a milestone. Raises Conflict."""
    before = milestone.state
    milestone.state = MILESTONE.after(milestone.state, action)
    milestone.version += 1
    milestone.save(update_fields=["state", "version", "updated_at", *fields])
    audit.record(
        actor, f"milestone.{action}", milestone, before=before, after=milestone.state, **detail
    )


def concerned(contract: Contract) -> list[int]:
    """Ids of all parties, in the order of the contract."""
    rows = contract.parties.order_by("position")
    return list(rows.values_list("organisation_id", flat=True))


def facts(contract: Contract) -> dict[str, Any]:
    """What every event of a contract carries."""
    return {
        "organisation_ids": concerned(contract),
        "contract_id": contract.pk,
        "origin": contract.origin,
    }
