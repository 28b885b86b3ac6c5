"""Who may do what with a contract, and the clocks of what waits. Pure questions."""

import datetime as dt

from haishi.contracts.models import Contract, Milestone, Party
from haishi.contracts.states import ContractState
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
    today = clock.local(clock.now(), "Asia/Shanghai").date()
    return max((due - today).days, 0) + ACCEPT_WITHIN.days + 1


def pays(actor: Actor, milestone: Milestone) -> bool:
    """Funds, accepts and returns: owners and managers of the paying party."""
    return acts_for(actor, milestone.contract.payer_id)


def delivers(actor: Actor, milestone: Milestone) -> bool:
    """Hands over: every member of the supplying party."""
    return parties.is_member(actor, milestone.supplier_id)
