"""Milestones past their day: whose turn it is hears of it, then those who answer for both firms."""

import datetime as dt

from django.db.models import F, Q

from haishi.contracts import policies, selectors
from haishi.contracts.events import MilestoneOverdue
from haishi.contracts.models import Milestone
from haishi.contracts.services.moving import facts
from haishi.contracts.states import ContractState
from haishi.foundation import audit, clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM


def chase_overdue(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Remind of milestones on the day they are due, then twice more; returns how many.

    Each step once for whoever's turn it is: when the turn passes on, the next one is told anew. Run
    by the worker.
    """
    at = now or clock.now()
    rows = Milestone.objects.filter(
        selectors.overdue_on(clock.local(at, policies.ZONE).date()),
        contract__state=ContractState.CONCLUDED,
    )
    rows = rows.annotate(turn=selectors.TURN)
    wait = Q(chased_for=None) | ~Q(chased_for=F("turn"))
    for step, pause in policies.CHASE_AFTER.items():
        wait |= Q(chased=step, chased_at__lte=at - pause)
    due = list(rows.filter(wait).order_by("due", "pk").values_list("pk", flat=True)[:limit])
    return sum(_chase(pk, at) for pk in due)


def _is_next_due(milestone: Milestone, at: dt.datetime) -> bool:
    pause, last = policies.CHASE_AFTER.get(milestone.chased), milestone.chased_at
    return pause is not None and last is not None and at >= last + pause


@service
def _chase(milestone_id: int, at: dt.datetime) -> bool:
    milestone = selectors.lock_milestone(SYSTEM, milestone_id)
    turn = policies.turn_of(milestone)
    live = milestone.contract.state == ContractState.CONCLUDED
    if turn is None or not live or not policies.is_due(milestone, at):
        return False
    anew = milestone.chased_for != turn
    if not anew and not _is_next_due(milestone, at):
        return False
    milestone.chased = 1 if anew else milestone.chased + 1
    milestone.chased_at, milestone.chased_for = at, turn
    milestone.save(update_fields=["chased", "chased_at", "chased_for"])
    audit.record(SYSTEM, "milestone.reminded", milestone, step=milestone.chased, organisation=turn)
    publish(
        MilestoneOverdue(
            **facts(milestone.contract),
            milestone_id=milestone.pk,
            turn_id=turn,
            step=milestone.chased,
        )
    )
    return True
