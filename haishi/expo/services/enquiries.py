"""Enquiries: an owner from the first second, a reply clock, and somebody who hears it ring."""

import datetime as dt
from typing import Any

from django.db.models import Count, Max, Q

from haishi.expo import policies, selectors
from haishi.expo.errors import AnswerFirst, EnquiryClosed, NotColleague
from haishi.expo.events import (
    EnquiryAnswered,
    EnquiryAsked,
    EnquiryEnded,
    EnquiryReassigned,
    EnquirySent,
)
from haishi.expo.models import BoothStaff, Enquiry, EnquiryMessage, Exhibitor, ReplyTemplate
from haishi.expo.services.contacts import give_card, keep_lead, open_booth
from haishi.expo.services.tallies import count
from haishi.expo.states import ENQUIRY, EnquiryState, LeadSource
from haishi.foundation import audit, clock, signing
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.limits import limit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

WAITING = (EnquiryState.OPEN, EnquiryState.MISSED)


def about_token(kind: str, pk: int, title: str) -> str:
    """A signed value for `?about=`: the page of a product says what the question is about."""
    return signing.sign("about", f"{kind}:{pk}:{title[:120]}")


@service
def enquire(
    actor: Actor,
    exhibitor_id: int,
    *,
    subject: str,
    message: str,
    gives_card: bool = False,
    about: str = "",
) -> Enquiry:
    """Ask a firm. `about` is an `about_token`; a forged one is left out.

    Raises NotFound, Forbidden, EditionNotOpen, OwnFirm, TooMany.
    """
    exhibitor = open_booth(actor, exhibitor_id)
    limit(f"enquiry:{actor.pk}", 20, 3600)
    kind, pk, title = selectors.read_about(about)
    now = clock.now()
    row = Enquiry.objects.create(
        exhibitor=exhibitor,
        person_id=actor.pk,
        subject=subject,
        about_kind=kind,
        about_id=pk,
        about_title=title,
        owner_id=next_owner(exhibitor),
        due_at=now + _time_to_answer(exhibitor),
    )
    EnquiryMessage.objects.create(enquiry=row, author_id=actor.pk, body=message)
    if gives_card:
        give_card(actor, exhibitor.pk, via="enquiry")
    keep_lead(exhibitor.pk, actor.pk, LeadSource.ENQUIRY, owner_id=row.owner_id)
    count(f"exhibitor:{exhibitor.pk}", "enquiry")
    audit.record(actor, "enquiry.sent", row, owner=row.owner_id)
    publish(EnquirySent(exhibitor.organisation_id, exhibitor.pk, row.pk))
    return row


def _time_to_answer(exhibitor: Exhibitor) -> dt.timedelta:
    return dt.timedelta(hours=exhibitor.edition.reply_hours)


def next_owner(exhibitor: Exhibitor, leaving: int | None = None) -> int | None:
    """Whose turn it is: of those who answer, the one with the fewest open enquiries.

    Among equals the one who waited longest. Without booth staff, the firm's managers take turns.
    The booth's row is locked, so that two enquiries at once do not choose the same person.
    """
    Exhibitor.objects.select_for_update(no_key=True).get(pk=exhibitor.pk)
    members = parties.member_ids(exhibitor.organisation_id)
    staff = BoothStaff.objects.filter(exhibitor=exhibitor, answers=True, person__in=members)
    people = list(staff.order_by("order", "pk").values_list("person_id", flat=True))
    people = [pk for pk in people if pk != leaving] or [
        pk for pk in parties.member_ids(exhibitor.organisation_id, managing=True) if pk != leaving
    ]
    loads = (
        Enquiry.objects.filter(exhibitor=exhibitor, owner__in=people)
        .values("owner")
        .annotate(open=Count("pk", filter=Q(state__in=WAITING)), last=Max("pk"))
    )
    known = {row["owner"]: (row["open"], row["last"]) for row in loads}
    return min(people, key=lambda pk: (*known.get(pk, (0, 0)), people.index(pk)), default=None)


def _lock(actor: Actor, enquiry_id: int) -> Enquiry:
    rows = selectors.enquiries_visible_to(actor).select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=enquiry_id).first()
    if row is None:
        raise NotFound
    return row


def _write(actor: Actor, row: Enquiry, body: str, *, from_firm: bool) -> EnquiryMessage:
    limit(f"message:{actor.pk}", 60, 600)
    return EnquiryMessage.objects.create(
        enquiry=row, author_id=actor.pk, from_firm=from_firm, body=body
    )


@service
def write_message(actor: Actor, enquiry_id: int, *, body: str) -> EnquiryMessage:
    """Go on with the conversation: the visitor asks, a member of the firm answers.

    Raises NotFound, EnquiryClosed, TooMany.
    """
    row = _lock(actor, enquiry_id)
    if row.state == EnquiryState.CLOSED:
        raise EnquiryClosed
    if row.person_id == actor.pk:
        return _ask(actor, row, body)
    return _answer(actor, row, body)


def _ask(actor: Actor, row: Enquiry, body: str) -> EnquiryMessage:
    message = _write(actor, row, body, from_firm=False)
    if row.state == EnquiryState.ANSWERED:  # the clock starts anew only when nobody was waiting
        row.due_at = clock.now() + _time_to_answer(row.exhibitor)
        row.reminded_at = row.escalated_at = row.informed_at = None
    row.state = ENQUIRY.after(row.state, "ask")
    row.save(update_fields=["state", "due_at", "reminded_at", "escalated_at", "informed_at"])
    audit.record(actor, "enquiry.asked", row)
    publish(EnquiryAsked(row.exhibitor.organisation_id, row.pk))
    return message


def _answer(actor: Actor, row: Enquiry, body: str) -> EnquiryMessage:
    message = _write(actor, row, body, from_firm=True)
    row.state = ENQUIRY.after(row.state, "answer")
    row.answered_at = row.answered_at or clock.now()
    row.save(update_fields=["state", "answered_at"])
    audit.record(actor, "enquiry.answered", row)
    publish(EnquiryAnswered(row.exhibitor.organisation_id, row.pk))
    return message


@service
def close_enquiry(actor: Actor, enquiry_id: int) -> Enquiry:
    """End the conversation. A firm answers first. Raises NotFound, AnswerFirst, Conflict."""
    row = _lock(actor, enquiry_id)
    if row.person_id != actor.pk and row.state in WAITING:
        raise AnswerFirst
    row.state = ENQUIRY.after(row.state, "close")
    row.save(update_fields=["state"])
    audit.record(actor, "enquiry.closed", row)
    publish(EnquiryEnded(row.exhibitor.organisation_id, row.pk))
    return row


@service
def reassign(actor: Actor, enquiry_id: int, *, owner_id: int) -> Enquiry:
    """Hand an enquiry to a colleague. Raises NotFound, Forbidden, EnquiryClosed, NotColleague."""
    row = _lock(actor, enquiry_id)
    if row.person_id == actor.pk or not policies.can_serve(actor, row.exhibitor):
        raise Forbidden
    if row.state == EnquiryState.CLOSED:
        raise EnquiryClosed
    if owner_id not in parties.member_ids(row.exhibitor.organisation_id):
        raise NotColleague(field="owner_id")
    if row.owner_id != owner_id:
        before, row.owner_id = row.owner_id, owner_id
        row.save(update_fields=["owner"])
        audit.record(actor, "enquiry.reassigned", row, before=before, after=owner_id)
        publish(EnquiryReassigned(row.exhibitor.organisation_id, row.pk, owner_id))
    return row


@service
def hand_over(organisation_id: int, person_id: int) -> int:
    """Give the waiting enquiries of somebody who left the firm to others; returns how many."""
    rows = Enquiry.objects.filter(
        exhibitor__organisation=organisation_id, owner=person_id, state__in=WAITING
    ).select_related("exhibitor__edition")
    for row in rows.order_by("pk"):
        row.owner_id = next_owner(row.exhibitor, leaving=person_id)
        row.save(update_fields=["owner"])
        if row.owner_id:
            publish(EnquiryReassigned(organisation_id, row.pk, row.owner_id))
    return len(rows)


@service
def save_template(
    actor: Actor, exhibitor_id: int, template_id: int | None = None, *, title: str, body: str
) -> ReplyTemplate:
    """Keep an answer for repeated use. Raises NotFound, Forbidden, Conflict beyond 30."""
    exhibitor = selectors.get_exhibitor(actor, exhibitor_id)
    if not policies.can_serve(actor, exhibitor):
        raise Forbidden
    rows = ReplyTemplate.objects.filter(exhibitor=exhibitor)
    if template_id is None and rows.count() >= 30:
        raise Conflict
    row = rows.filter(pk=template_id).first() if template_id else ReplyTemplate(exhibitor=exhibitor)
    if row is None:
        raise NotFound
    row.title, row.body = title, body
    row.save()
    audit.record(actor, "reply_template.saved", row)
    return row


@service
def remove_template(actor: Actor, exhibitor_id: int, template_id: int) -> None:
    """Throw a stock answer away. Raises NotFound, Forbidden."""
    exhibitor = selectors.get_exhibitor(actor, exhibitor_id)
    if not policies.can_serve(actor, exhibitor):
        raise Forbidden
    row = ReplyTemplate.objects.filter(exhibitor=exhibitor, pk=template_id).first()
    if row is None:
        raise NotFound
    audit.record(actor, "reply_template.removed", row, title=row.title)
    row.delete()


def export_enquiries(person_id: int) -> list[dict[str, Any]]:
    """What a person asked, with the whole conversation, as plain JSON."""
    rows = Enquiry.objects.filter(person_id=person_id).prefetch_related("messages")
    return [
        {
            "exhibitor": row.exhibitor_id,
            "subject": row.subject,
            "about": row.about_title,
            "state": row.state,
            "sent_at": row.created_at.isoformat(),
            "messages": [
                {"at": m.at.isoformat(), "from_firm": m.from_firm, "body": m.body}
                for m in row.messages.order_by("pk")
            ],
        }
        for row in rows.order_by("pk")
    ]


@service
def erase_enquiries(person_id: int) -> None:
    """Conversations the person began."""
    Enquiry.objects.filter(person_id=person_id).delete()
