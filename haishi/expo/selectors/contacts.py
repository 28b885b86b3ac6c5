"""Cards by who may see them: one's own ledger, the cards one holds, the QR of a card."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from haishi.expo.errors import BadgeUnknown, CardLinkGone
from haishi.expo.models import CardGrant, ContactCard, Registration
from haishi.foundation import clock, signing
from haishi.foundation.addresses import address
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

__all__ = [
    "BADGE",
    "badge_token",
    "card_address",
    "card_behind",
    "cards_given",
    "cards_held",
    "firm_of_person",
    "held_sheet",
    "my_grant_to",
    "registration_behind",
    "vcards",
]
BADGE = "HS1"
# A QR on a screen is scanned within the day; the next look at the page shows a fresh one.
CARD_HOURS = 24


def badge_token(code: str) -> str:
    """What a badge's QR holds: `HS1.<code>.<signature>`."""
    return signing.sign("badge", f"{BADGE}.{code}")


def registration_behind(badge: str, edition_id: int) -> Registration:
    """The registration of a badge of this edition, scanned or typed. Raises BadgeUnknown.

    A scan must carry our signature; the bare code is what a person reads off the paper.
    """
    text = badge.strip()
    if "." in text:
        value = signing.unsign("badge", text)
        if value is None or not value.startswith(f"{BADGE}."):
            raise BadgeUnknown
        text = value.removeprefix(f"{BADGE}.")
    rows = Registration.objects.select_related("person", "edition")
    row = rows.filter(code=text.upper()[:12], edition_id=edition_id).first()
    if row is None or not text.isascii() or len(text) > 12:
        raise BadgeUnknown
    return row


def card_address(card: ContactCard) -> str:
    """The full address in a card's QR: signed, good for 24 hours or until the key changes."""
    until = int((clock.now() + dt.timedelta(hours=CARD_HOURS)).timestamp())
    token = signing.sign("card", f"{card.key}.{until}")
    return settings.PUBLIC_URL + address("expo:card", token)


def card_behind(token: str) -> ContactCard:
    """The card of a scanned address. Raises CardLinkGone when forged, old or voided."""
    key, _dot, until = (signing.unsign("card", token) or "").partition(".")
    if not until.isdecimal() or int(until) < clock.now().timestamp():
        raise CardLinkGone
    rows = ContactCard.objects.select_related("person")
    row = rows.filter(key=key, person__is_active=True).first()
    if row is None:
        raise CardLinkGone
    return row


def firm_of_person(actor: Actor) -> str:
    """The name of the organisation a new card starts with, "" when there is none."""
    first = parties.organisations_of(actor).first()
    return first.name if first else ""


@dataclass(frozen=True)
class GivenCard:
    """A line of the ledger: who holds my card."""

    id: int
    holder: Any
    url: str
    via: str
    granted_at: dt.datetime
    revoked_at: dt.datetime | None


def cards_given(actor: Actor) -> list[GivenCard]:
    """Everybody who holds, or held, the person's card; newest first."""
    rows = CardGrant.objects.filter(giver_id=actor.pk).order_by("-pk")
    return [
        GivenCard(
            row.pk,
            row.exhibitor.organisation.title if row.exhibitor else row.receiver.full_name,  # type: ignore[union-attr]
            address("portal:booth", row.exhibitor.edition.slug, row.exhibitor.pk)
            if row.exhibitor
            else "",
            row.via,
            row.granted_at,
            row.revoked_at,
        )
        for row in rows.select_related("receiver", "exhibitor__organisation", "exhibitor__edition")[
            :1000
        ]
    ]


def cards_held(actor: Actor) -> QuerySet[CardGrant]:
    """Cards other people gave this person and did not take back, newest first."""
    rows = CardGrant.objects.filter(receiver_id=actor.pk, revoked_at=None)
    return rows.order_by("-pk")


def my_grant_to(actor: Actor, exhibitor_id: int) -> CardGrant | None:
    """The card this firm holds of the person, if any."""
    if not actor.is_authenticated:
        return None
    return CardGrant.objects.filter(
        giver_id=actor.pk, exhibitor_id=exhibitor_id, revoked_at=None
    ).first()


def held_sheet(rows: QuerySet[CardGrant]) -> list[list[Any]]:
    """Lines of name, English name, title, firm, phone, e-mail and the time of the exchange."""
    names = ("name", "name_en", "title", "firm", "phone", "email")
    return [[*(row.content.get(name, "") for name in names), row.granted_at] for row in rows]


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def vcards(contents: list[dict[str, str]]) -> str:
    """Cards as vCard 4.0 (RFC 6350), one after the other."""
    lines: list[str] = []
    for content in contents:
        name = _escape(content.get("name", ""))
        lines += ["BEGIN:VCARD", "VERSION:4.0", f"FN:{name}", f"N:{name};;;;"]
        for prop, key in (
            ("NICKNAME", "name_en"),
            ("TITLE", "title"),
            ("ORG", "firm"),
            ("TEL", "phone"),
            ("EMAIL", "email"),
        ):
            if content.get(key):
                lines.append(f"{prop}:{_escape(content[key])}")
        lines.append("END:VCARD")
    return "".join(f"{line}\r\n" for line in lines)
