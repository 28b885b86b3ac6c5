"""Handing over, returning, accepting: round by round, with a paper at the end."""

from collections.abc import Sequence

from haishi.contracts import papers, policies, selectors
from haishi.contracts.errors import FileGone, NoteMissing, ReasonMissing
from haishi.contracts.events import MilestoneAccepted, MilestoneDelivered, MilestoneReturned
from haishi.contracts.models import Delivery, DeliveryFile, Milestone
from haishi.contracts.services.moving import facts, move_part
from haishi.contracts.services.signing import Ready, signatory
from haishi.contracts.states import MILESTONE, Answer
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import Forbidden
from haishi.foundation.models import PaperRevision
from haishi.foundation.outbox import publish
from haishi.foundation.papers import Paper, registry
from haishi.foundation.papers.signing import sign as sign_paper
from haishi.foundation.service import inside_service, service
from haishi.foundation.types import SYSTEM, Actor
from haishi.media import selectors as media
from haishi.trade import selectors as orders
from haishi.trade import services as trade


@service
def deliver(actor: Actor, milestone_id: int, note: str, asset_ids: Sequence[int] = ()) -> Delivery:
    """The supplier hands over what was agreed. Silence accepts it after `ACCEPT_WITHIN`.

    Raises NotFound, Forbidden, Conflict, NoteMissing, FileGone.
    """
    milestone = selectors.lock_milestone(actor, milestone_id)
    if not policies.delivers(actor, milestone):
        raise Forbidden
    MILESTONE.after(milestone.state, "deliver")
    if not note.strip():
        raise NoteMissing
    files = [*asset_ids][: policies.MOST_FILES]
    if files and not media.belong_to(milestone.supplier_id, files):
        raise FileGone
    last = milestone.deliveries.count()
    row = Delivery.objects.create(
        milestone=milestone, round=last + 1, note=note[:2000], by_id=actor.pk
    )
    DeliveryFile.objects.bulk_create(DeliveryFile(delivery=row, asset_id=pk) for pk in files)
    milestone.accept_by = clock.now() + policies.ACCEPT_WITHIN
    move_part(actor, milestone, "deliver", "accept_by", round=row.round, files=files)
    publish(MilestoneDelivered(**facts(milestone.contract), milestone_id=milestone.pk))
    return row


@service
def return_delivery(actor: Actor, milestone_id: int, reason: str) -> Delivery:
    """The payer wants changes and says which.

    Raises NotFound, Forbidden, Conflict, ReasonMissing.
    """
    milestone = _lock_for_payer(actor, milestone_id)
    MILESTONE.after(milestone.state, "return")
    if not reason.strip():
        raise ReasonMissing
    row = _answered(actor, milestone, Answer.RETURNED, reason[:400])
    milestone.accept_by = None
    move_part(actor, milestone, "return", "accept_by", round=row.round, reason=row.reason)
    publish(
        MilestoneReturned(**facts(milestone.contract), milestone_id=milestone.pk, reason=row.reason)
    )
    return row


def _lock_for_payer(actor: Actor, milestone_id: int) -> Milestone:
    milestone = selectors.lock_milestone(actor, milestone_id)
    if not policies.pays(actor, milestone):
        raise Forbidden
    return milestone


def _answered(actor: Actor, milestone: Milestone, answer: str, reason: str = "") -> Delivery:
    row: Delivery = milestone.deliveries.order_by("-round")[0]
    row.answer, row.reason = answer, reason
    row.answered_by_id, row.answered_at = actor.pk, clock.now()
    row.save(update_fields=["answer", "reason", "answered_by", "answered_at"])
    return row


def accept(actor: Actor, milestone_id: int) -> Milestone:
    """The payer accepts: a paper is written and signed, the money is shared.

    Whoever calls has just asked the person for a password or passkey. Raises NotFound, Forbidden,
    Conflict, RefundOpen, PaperAltered, KeyLocked.
    """
    assert not inside_service(), "keys and time stamps are no part of a transaction"
    ready = _about_to_accept(actor, milestone_id)
    pdf = sign_paper(bytes(ready.before.content), ready.field, ready.signatory, ready.reason)
    return _accepted(actor, milestone_id, ready.before, pdf)


@service
def _about_to_accept(actor: Actor, milestone_id: int) -> Ready:
    """The paper of this round; one that nobody got to sign is used again."""
    milestone = _lock_for_payer(actor, milestone_id)
    MILESTONE.after(milestone.state, "accept")
    contract = milestone.contract
    payer = contract.parties.select_related("organisation").get(organisation=contract.payer_id)
    delivery = milestone.deliveries.order_by("-round")[0]
    paper = papers.acceptance_paper(milestone, delivery, payer)
    if milestone.paper is None or milestone.paper.number != paper.number:
        _issue(actor, milestone, paper)
    assert milestone.paper is not None
    before = registry.latest(milestone.paper.pk)
    return Ready(before, signatory(actor, payer), payer.field, f"验收 {paper.number}")


def _issue(actor: Actor, milestone: Milestone, paper: Paper) -> None:
    rows = milestone.contract.parties.select_related("organisation").order_by("position")
    names = [Bilingual(row.organisation.name, row.organisation.name_en) for row in rows]
    milestone.paper = registry.issue(actor, paper, kind=papers.ACCEPTANCE, parties=names)
    milestone.save(update_fields=["paper"])


@service
def _accepted(actor: Actor, milestone_id: int, before: PaperRevision, pdf: bytes) -> Milestone:
    milestone = _lock_for_payer(actor, milestone_id)
    MILESTONE.after(milestone.state, "accept")
    name = milestone.contract.payer.name
    registry.add_signature(actor, milestone.paper_id or 0, before, pdf, name)
    _release(actor, milestone, Answer.ACCEPTED)
    return milestone


@service
def accept_by_silence(milestone_id: int) -> bool:
    """Nobody answered in time: accepted without a signature, and the paper says so.

    Who claims or asks for money back is not silent: then it is looked at again tomorrow.
    """
    milestone = selectors.lock_milestone(SYSTEM, milestone_id)
    due = milestone.accept_by is not None and milestone.accept_by <= clock.now()
    if not due or (milestone.state, "accept") not in MILESTONE:
        return False
    if orders.stands_still(milestone.order_id or 0):
        milestone.accept_by = clock.now() + policies.LOOK_AGAIN
        milestone.save(update_fields=["accept_by"])
        return False
    delivery = milestone.deliveries.order_by("-round")[0]
    _issue(SYSTEM, milestone, papers.acceptance_paper(milestone, delivery, None))
    _release(SYSTEM, milestone, Answer.SILENT)
    return True


def _release(actor: Actor, milestone: Milestone, answer: str) -> None:
    row = _answered(actor, milestone, answer)
    milestone.accept_by = None
    move_part(actor, milestone, "accept", "accept_by", round=row.round, answer=answer)
    trade.accept_agreed(actor, milestone.order_id or 0, milestone.origin)
    silent = answer == Answer.SILENT
    publish(
        MilestoneAccepted(**facts(milestone.contract), milestone_id=milestone.pk, silent=silent)
    )
