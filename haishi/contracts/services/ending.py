"""How a contract ends: declined, terminated by all, or fulfilled."""

from haishi.contracts import selectors
from haishi.contracts.errors import MoneyHeld, ReasonMissing
from haishi.contracts.events import ContractDeclined, ContractEnded
from haishi.contracts.models import Contract
from haishi.contracts.services.moving import facts, move
from haishi.contracts.states import CONTRACT, MOVING, ContractState, MilestoneState
from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor


@service
def decline(actor: Actor, contract_id: int, organisation_id: int, reason: str) -> Contract:
    """A party will not sign and says why. Raises NotFound, Forbidden, Conflict, ReasonMissing."""
    contract, _party = selectors.lock_acting(actor, contract_id, organisation_id)
    CONTRACT.after(contract.state, "decline")
    if not reason.strip():
        raise ReasonMissing
    close(actor, contract, "decline", reason)
    publish(ContractDeclined(**facts(contract), by_id=organisation_id, reason=contract.reason))
    return contract


def close(actor: Actor, contract: Contract, action: str, reason: str = "") -> None:
    """The last step of a locked contract. Raises Conflict."""
    contract.ended_at, contract.closes_at = clock.now(), None
    contract.reason = reason[:400]
    move(actor, contract, action, "ended_at", "closes_at", "reason", reason=contract.reason)


@service
def end(actor: Actor, contract_id: int, organisation_id: int) -> Contract:
    """A party wants to end what was concluded; it ends when all do.

    Raises NotFound, Forbidden, Conflict, MoneyHeld (pay out or pay back first).
    """
    contract, party = selectors.lock_acting(actor, contract_id, organisation_id)
    if contract.state != ContractState.CONCLUDED:
        raise Conflict
    if contract.milestones.filter(state__in=MOVING).exists():
        raise MoneyHeld
    party.ends = True
    party.save(update_fields=["ends"])
    audit.record(actor, "contract.end_asked", contract, organisation=organisation_id)
    if not contract.parties.filter(ends=False).exists():
        close(actor, contract, "terminate")
        publish(ContractEnded(**facts(contract), state=contract.state))
    return contract


@service
def discharge(number: str, action: str, reason: str = "") -> None:
    """What a contract without milestones was about is over: `fulfil` or `terminate` it.

    For the module that drew it up. Repeated news changes nothing. Raises NotFound.
    """
    contract = selectors.lock_by_number(number)
    if contract.state != ContractState.CONCLUDED or contract.milestones.exists():
        return
    close(SYSTEM, contract, action, reason)
    publish(ContractEnded(**facts(contract), state=contract.state))


@service
def fulfil(contract: Contract) -> None:
    """The last milestone was settled (row locked)."""
    left = contract.milestones.exclude(state=MilestoneState.SETTLED).exists()
    if contract.state != ContractState.CONCLUDED or left:
        return
    close(SYSTEM, contract, "fulfil")
    publish(ContractEnded(**facts(contract), state=contract.state))
