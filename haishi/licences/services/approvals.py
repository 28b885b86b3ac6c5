"""Approval (监修): stage by stage; silence is told on and never approves."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.licences import policies, selectors
from haishi.licences.errors import (
    ApprovalWaits,
    FilesGone,
    GoodTwice,
    ReasonMissing,
    StageWrong,
)
from haishi.licences.events import ApprovalAnswered, ApprovalAsked, ApprovalLate
from haishi.licences.models import Approval, Good, Licence
from haishi.licences.states import APPROVAL, ApprovalState, LicenceState, Stage
from haishi.media import selectors as media


@service
def add_good(actor: Actor, number: str, name: str) -> Good:
    """Name a product that will be made. Raises NotFound, Forbidden, Conflict, GoodTwice."""
    row = selectors.lock_licence(actor, number, "licensee")
    if row.state != LicenceState.ACTIVE or row.goods.count() >= policies.MOST_GOODS:
        raise Conflict
    try:
        with transaction.atomic():
            good = Good.objects.create(licence=row, name=name)
    except IntegrityError:
        raise GoodTwice from None
    audit.record(actor, "licence.good_added", row, good=good.pk, name=name)
    return good


@service
def hand_in(
    actor: Actor,
    number: str,
    good_id: int,
    *,
    stage: str,
    note: str = "",
    file_ids: Sequence[int] = (),
) -> Approval:
    """Ask for approval of one stage of a product.

    Raises NotFound, Forbidden, Conflict (not in force), StageWrong, ApprovalWaits, FilesGone.
    """
    row = selectors.lock_licence(actor, number, "licensee")
    good = row.goods.filter(pk=good_id).first()
    if good is None:
        raise NotFound
    if not policies.in_force(row):
        raise Conflict
    if file_ids and not media.belong_to(row.licensee_id, file_ids):
        raise FilesGone
    _in_order(row, good, stage)
    earlier = good.approvals.filter(stage=stage)
    if earlier.exclude(state=ApprovalState.RETURNED).exists():
        raise ApprovalWaits
    approval = Approval.objects.create(
        good=good,
        stage=stage,
        round=earlier.count() + 1,
        note=note[:400],
        file_ids=[*file_ids],
        answer_by=clock.now() + dt.timedelta(days=row.review_days),
    )
    audit.record(actor, "approval.asked", row, good=good.name, stage=stage, round=approval.round)
    publish(
        ApprovalAsked(organisation_id=row.licensor_id, licence_id=row.pk, approval_id=approval.pk)
    )
    return approval


def _in_order(licence: Licence, good: Good, stage: str) -> None:
    passed = set(
        good.approvals.filter(state=ApprovalState.APPROVED).values_list("stage", flat=True)
    )
    wanted = [each for each in licence.stages if each not in passed]
    if stage not in licence.stages or (wanted and stage in wanted and stage != wanted[0]):
        names = [str(Stage(each).label) for each in licence.stages]
        raise StageWrong(wanted=" → ".join(names))


@service
def answer_approval(
    actor: Actor, number: str, approval_id: int, *, approves: bool, answer: str = ""
) -> Approval:
    """The licensor approves a stage, or returns it with notes.

    Raises NotFound, Forbidden, Conflict, ReasonMissing.
    """
    row = selectors.lock_licence(actor, number, "licensor")
    rows = Approval.objects.select_for_update(of=("self",)).select_related("good")
    approval = rows.filter(pk=approval_id, good__licence=row).first()
    if approval is None:
        raise NotFound
    if not approves and not answer.strip():
        raise ReasonMissing(field="answer")
    approval.state = APPROVAL.after(approval.state, "approve" if approves else "return")
    approval.answer, approval.answered_at = answer[:400], clock.now()
    approval.save(update_fields=["state", "answer", "answered_at"])
    audit.record(
        actor, f"approval.{approval.state}", row,
        good=approval.good.name, stage=approval.stage, answer=approval.answer,
    )  # fmt: skip
    publish(
        ApprovalAnswered(
            organisation_id=row.licensee_id,
            licence_id=row.pk,
            approval_id=approval.pk,
            state=approval.state,
        )
    )
    return approval


@service
def escalate_due(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Tell on approvals that nobody answered in time; returns how many. They stay unanswered."""
    rows = Approval.objects.select_for_update(of=("self",), skip_locked=True)
    due = rows.filter(
        state=ApprovalState.SUBMITTED, escalated_at=None, answer_by__lte=now or clock.now()
    )
    found = list(due.select_related("good__licence").order_by("answer_by")[:limit])
    for approval in found:
        approval.escalated_at = clock.now()
        approval.save(update_fields=["escalated_at"])
        licence = approval.good.licence
        audit.record(SYSTEM, "approval.late", licence, good=approval.good.name)
        publish(
            ApprovalLate(
                organisation_id=licence.licensor_id,
                licence_id=licence.pk,
                approval_id=approval.pk,
            )
        )
    return len(found)
