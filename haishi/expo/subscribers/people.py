"""What people hear about cards and enquiries; personal data of the expo."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.expo import selectors, services
from haishi.expo.events import (
    CardGiven,
    EnquiryAnswered,
    EnquiryAsked,
    EnquiryMissed,
    EnquiryNeglected,
    EnquiryReminded,
    EnquirySent,
)
from haishi.foundation.events import subscribe
from haishi.notices import services as notices
from haishi.parties import selectors as parties
from haishi.parties.events import MemberLeft
from haishi.parties.services import register_personal
from haishi.parties.states import Duty

notices.register_kind("card", "名片", "Cards", mail="digest")
notices.register_kind("enquiry", "询价", "Enquiries", mail="now", push="now")


@subscribe(CardGiven)
def tell_staff(event: CardGiven) -> None:
    """The booth's people hear of a new card."""
    row = selectors.exhibitor_facts(event.exhibitor_id)
    if row is None:
        return
    notices.tell(
        [each.person_id for each in selectors.staff_of(row)],
        "card",
        _("收到一张新名片"),
        url=reverse("expo:leads", args=[row.pk]),
        topic=f"cards:{row.pk}",
    )


def _tell(event: Any, people: list[int], subject: Any, *, to_firm: bool, important: bool) -> None:
    row = selectors.enquiry_facts(event.enquiry_id)
    if row is None:
        return
    url = (
        reverse("expo:enquiry", args=[row.exhibitor_id, row.pk])
        if to_firm
        else reverse("expo:my_enquiry", args=[row.pk])
    )
    notices.tell(
        people, "enquiry", subject, row.subject, url, topic=f"enquiry:{row.pk}", important=important
    )


def _owner(enquiry_id: int) -> list[int]:
    row = selectors.enquiry_facts(enquiry_id)
    if row is None:
        return []
    if row.owner_id:
        return [row.owner_id]
    return parties.member_ids(row.exhibitor.organisation_id, managing=True)


@subscribe(EnquirySent, EnquiryAsked)
def tell_owner(event: EnquirySent | EnquiryAsked) -> None:
    """The owner hears of a question."""
    subject = _("有新的询价等你回复")
    _tell(event, _owner(event.enquiry_id), subject, to_firm=True, important=True)


@subscribe(EnquiryReminded)
def remind_owner(event: EnquiryReminded) -> None:
    """Half of the time is over."""
    subject = _("询价的回复时间已过半")
    _tell(event, _owner(event.enquiry_id), subject, to_firm=True, important=True)


@subscribe(EnquiryMissed)
def tell_managers(event: EnquiryMissed) -> None:
    """The time is over: the firm's managers take it from here."""
    managers = parties.member_ids(event.organisation_id, managing=True)
    people = sorted({*managers, *_owner(event.enquiry_id)})
    _tell(event, people, _("一条询价超时未回复"), to_firm=True, important=True)


@subscribe(EnquiryNeglected)
def tell_organiser(event: EnquiryNeglected) -> None:
    """Twice the time is over: the organiser's moderators hear that a firm does not answer.

    They hear that, and not what was asked: the conversation is between the two.
    """
    row = selectors.enquiry_facts(event.enquiry_id)
    if row is None:
        return
    edition = row.exhibitor.edition
    notices.tell(
        parties.people_with_duty(edition.series.organiser_id, (Duty.MODERATOR,)),
        "enquiry",
        _("%(firm)s 长时间未回复询价"),
        url=reverse("expo:organise", args=[edition.slug]),
        values={"firm": row.exhibitor.organisation.name},
        topic=f"neglected:{row.exhibitor_id}",
    )


@subscribe(EnquiryAnswered)
def tell_asker(event: EnquiryAnswered) -> None:
    """Whoever asked hears the answer."""
    row = selectors.enquiry_facts(event.enquiry_id)
    if row is not None:
        _tell(event, [row.person_id], _("你的询价有了答复"), to_firm=False, important=True)


@subscribe(MemberLeft)
def hand_over(event: MemberLeft) -> None:
    """What a leaving colleague owned goes to the others."""
    services.hand_over(event.organisation_id, event.person_id)


register_personal("cards", services.export_cards, services.erase_cards)
register_personal("enquiries", services.export_enquiries, services.erase_enquiries)
register_personal("registrations", services.export_registrations, services.erase_registrations)
