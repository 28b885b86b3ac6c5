"""What must not wait for ever. Run by the worker, each row in a transaction of its own."""

import datetime as dt

from haishi.contracts import policies, selectors
from haishi.contracts.events import ContractEnded, ContractNear
from haishi.contracts.models import Contract, Milestone
from haishi.contracts.services.ending import close
from haishi.contracts.services.handing import accept_by_silence
from haishi.contracts.services.moving import facts
from haishi.contracts.states import CONTRACT, ContractState
from haishi.foundation import audit, clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM


def expire_due(now: dt.datetime | None = None, limit: int = 50) -> int:
    """End reviews and signings whose time is over; returns how many."""
    rows = Contract.objects.filter(closes_at__lte=now or clock.now()).order_by("closes_at")
    return sum(_expire(pk) for pk in list(rows.values_list("pk", flat=True)[:limit]))


@service
def _expire(contract_id: int) -> bool:
    contract = selectors.lock_contract(SYSTEM, contract_id)
    over = contract.closes_at is not None and contract.closes_at <= clock.now()
    if not over or (contract.state, "expire") not in CONTRACT:
        return False
    close(SYSTEM, contract, "expire")
    publish(ContractEnded(**facts(contract), state=contract.state))
    return True


def remind_due(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Remind parties that have not signed, once, shortly before the end; returns how many."""
    soon = (now or clock.now()) + policies.REMIND_BEFORE
    rows = Contract.objects.filter(
        state=ContractState.SIGNING, reminded_at=None, closes_at__lte=soon
    )
    return sum(_remind(pk) for pk in list(rows.values_list("pk", flat=True)[:limit]))


@service
def _remind(contract_id: int) -> bool:
    contract = selectors.lock_contract(SYSTEM, contract_id)
    if contract.state != ContractState.SIGNING or contract.reminded_at:
        return False
    contract.reminded_at = clock.now()
    contract.save(update_fields=["reminded_at"])
    waiting = contract.parties.filter(signed_at=None).order_by("position")
    waiting_ids = list(waiting.values_list("organisation_id", flat=True))
    audit.record(SYSTEM, "contract.reminded", contract, organisations=waiting_ids)
    publish(ContractNear(**facts(contract), waiting_ids=waiting_ids))
    return True


def accept_silent(now: dt.datetime | None = None, limit: int = 20) -> int:
    """Accept what nobody answered in time; returns how many."""
    rows = Milestone.objects.filter(accept_by__lte=now or clock.now()).order_by("accept_by")
    return sum(accept_by_silence(pk) for pk in list(rows.values_list("pk", flat=True)[:limit]))
