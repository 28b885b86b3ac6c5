"""Who may do what with a contract, and the clocks of what waits. Pure questions."""

import datetime as dt

from haishi.contracts.models import Contract, Milestone, Party
from haishi.contracts.states import PAYER_ACTS, SUPPLIER_ACTS, ContractState
from haishi.foundation import clock
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

REVIEW_WITHIN = dt.timedelta(days=30)
SIGN_WITHIN = dt.timedelta(days=14)
REMIND_BEFORE = dt.timedelta(days=3)
PAY_WITHIN = dt.timedelta(days=7)
# Silence accepts after this.
ACCEPT_WITHIN = dt.timedelta(days=7)
# A refund or a claim that is open puts the silence off; it is looked at again after this.
LOOK_AGAIN = dt.timedelta(days=1)
# Reminders of a milestone past its day: so long after the first, then after the second, which goes
# to the owners of both firms.
CHASE_AFTER = {1: dt.timedelta(days=3), 2: dt.timedelta(days=4)}
ZONE = "Asia/Shanghai"
MOST_MILESTONES, MOST_CLAUSES, MOST_FILES = 12, 60, 8


def is_party(actor: Actor, contract: Contract) -> bool:
    """A member of one of the parties, or an operator."""
    mine = set(parties.roles_of(actor))
    return actor.is_staff or any(row.organisation_id in mine for row in contract.parties.all())


def acts_for(actor: Actor, organisation_id: int) -> bool:
    """Binds the organisation: its owners and managers, never an operator."""
    return organisation_id in parties.managed_by(actor)


def acting_parties(actor: Actor, contract: Contract) -> list[Party]:
    """The parties that the person may act for, in the order of the contract."""
    rows = sorted(contract.parties.all(), key=lambda row: row.position)
    return [row for row in rows if acts_for(actor, row.organisation_id)]


def is_signable(contract: Contract) -> bool:
    """Whether signatures are taken now. The instant decides, not the worker that records it."""
    in_time = contract.closes_at is not None and clock.now() < contract.closes_at
    return contract.state == ContractState.SIGNING and in_time


def hold_days(due: dt.date) -> int:
    """Days from a payment made today to the last release: delivery, acceptance, a day to settle."""
    today = clock.local(clock.now(), ZONE).date()
    return max((due - today).days, 0) + ACCEPT_WITHIN.days + 1


def turn_of(milestone: Milestone) -> int | None:
    """The organisation that has to act before there is something to accept; None when there is."""
    if milestone.state in PAYER_ACTS:
        return milestone.contract.payer_id
    return milestone.supplier_id if milestone.state in SUPPLIER_ACTS else None


def is_due(milestone: Milestone, at: dt.datetime) -> bool:
    """Whether the day by which it is handed over has come, and nothing was."""
    waits = milestone.state in (*PAYER_ACTS, *SUPPLIER_ACTS)
    return waits and milestone.due <= clock.local(at, ZONE).date()


def is_late(milestone: Milestone) -> bool:
    """Whether that day is over."""
    return is_due(milestone, clock.now() - dt.timedelta(days=1))


def pays(actor: Actor, milestone: Milestone) -> bool:
    """Funds, accepts and returns: owners and managers of the paying party."""
    return acts_for(actor, milestone.contract.payer_id)


def delivers(actor: Actor, milestone: Milestone) -> bool:
    """Hands over: every member of the supplying party."""
    return parties.is_member(actor, milestone.supplier_id)
