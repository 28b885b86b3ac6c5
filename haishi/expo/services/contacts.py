"""Business cards: given with consent, to a person or a firm; listed, revoked, gone at once."""

import secrets
from typing import Any

from haishi.expo import policies, selectors
from haishi.expo.errors import (
    BadgeCancelled,
    ConsentMissing,
    EditionNotOpen,
    OwnCard,
    OwnFirm,
)
from haishi.expo.events import CardExchanged, CardGiven, CardRevoked
from haishi.expo.models import CardGrant, ContactCard, Exhibitor, Lead
from haishi.expo.services.tallies import count
from haishi.expo.states import EditionState, LeadSource
from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.limits import limit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

SOURCES = {"page": LeadSource.CARD, "scan": LeadSource.SCAN, "enquiry": LeadSource.ENQUIRY}


@service
def own_card(actor: Actor) -> ContactCard:
    """The person's card, made on first use. Raises Forbidden for nobody."""
    if not actor.is_authenticated:
        raise Forbidden
    row, _made = ContactCard.objects.get_or_create(
        person_id=actor.pk,
        defaults={"key": secrets.token_hex(8), "firm": selectors.firm_of_person(actor)},
    )
    return row


@service
def edit_card(actor: Actor, *, firm: str, shows_phone: bool, shows_email: bool) -> ContactCard:
    """Choose what the card shows. Cards given before stay as they were. Raises Forbidden."""
    card = own_card(actor)
    card.firm, card.shows_phone, card.shows_email = firm, shows_phone, shows_email
    card.save(update_fields=["firm", "shows_phone", "shows_email"])
    audit.record(actor, "card.edited", card)
    return card


@service
def rotate_card(actor: Actor) -> ContactCard:
    """Void every QR of this card that is still around. Raises Forbidden."""
    card = own_card(actor)
    card.key = secrets.token_hex(8)
    card.save(update_fields=["key"])
    audit.record(actor, "card.rotated", card)
    return card


def _content(person_id: int) -> dict[str, str]:
    """The card as it is given now: name, title, firm, and what its owner shows."""
    person = parties.get_person(person_id)
    card = own_card(person)
    return {
        "name": person.name,
        "name_en": person.name_en,
        "title": person.title,
        "firm": card.firm,
        "phone": person.phone if card.shows_phone else "",
        "email": person.email if card.shows_email else "",
    }


@service
def exchange(actor: Actor, token: str, *, gives_back: bool = False) -> CardGrant:
    """Take the card whose QR was shown, and give one's own back if one wants to.

    Raises Forbidden, CardLinkGone, OwnCard, TooMany. A repetition has no second effect.
    """
    card = selectors.card_behind(token)
    if not actor.is_authenticated:
        raise Forbidden
    if card.person_id == actor.pk:
        raise OwnCard
    limit(f"exchange:{actor.pk}", 60, 3600)
    taken = _to_person(actor, giver_id=card.person_id, receiver_id=actor.pk)
    if gives_back:
        _to_person(actor, giver_id=actor.pk, receiver_id=card.person_id)
    return taken


def _to_person(actor: Actor, *, giver_id: int, receiver_id: int) -> CardGrant:
    row, made = CardGrant.objects.get_or_create(
        giver_id=giver_id,
        receiver_id=receiver_id,
        revoked_at=None,
        defaults={"content": _content(giver_id), "via": "qr"},
    )
    if made:
        audit.record(actor, "card.exchanged", row, giver=giver_id, receiver=receiver_id)
        publish(CardExchanged(row.pk))
    return row


@service
def give_card(actor: Actor, exhibitor_id: int, *, via: str = "page") -> CardGrant:
    """Leave one's card with a firm. `via` is page or enquiry.

    Raises NotFound, Forbidden, EditionNotOpen, OwnFirm, TooMany. Twice has one effect.
    """
    exhibitor = open_booth(actor, exhibitor_id)
    limit(f"card:{actor.pk}", 60, 3600)
    return _to_firm(actor, exhibitor, actor.pk, via)


def open_booth(actor: Actor, exhibitor_id: int) -> Exhibitor:
    """The booth a visitor turns to. Raises NotFound, Forbidden, EditionNotOpen, OwnFirm."""
    exhibitor = selectors.get_exhibitor(actor, exhibitor_id)
    if not policies.is_shown(exhibitor):
        raise NotFound
    if not actor.is_authenticated:
        raise Forbidden
    if exhibitor.edition.state != EditionState.OPEN:
        raise EditionNotOpen
    if policies.can_serve(actor, exhibitor):
        raise OwnFirm
    return exhibitor


def _to_firm(actor: Actor, exhibitor: Exhibitor, giver_id: int, via: str) -> CardGrant:
    row, made = CardGrant.objects.get_or_create(
        giver_id=giver_id,
        exhibitor=exhibitor,
        revoked_at=None,
        defaults={
            "content": _content(giver_id),
            "via": via,
            "edition_id": exhibitor.edition_id,
        },
    )
    if not made:
        return row
    keep_lead(exhibitor.pk, giver_id, SOURCES[via], row)
    count(f"exhibitor:{exhibitor.pk}", "card")
    audit.record(actor, "card.given", row, exhibitor=exhibitor.pk, via=via)
    publish(CardGiven(exhibitor.organisation_id, exhibitor.pk, row.pk))
    return row


def keep_lead(
    exhibitor_id: int, person_id: int, source: str, grant: CardGrant | None = None, **also: Any
) -> Lead:
    """The one lead of this person at this booth, with the newest card. Inside a service."""
    lead, made = Lead.objects.get_or_create(
        exhibitor_id=exhibitor_id,
        person_id=person_id,
        defaults={"source": source, "grant": grant, **also},
    )
    if not made and grant is not None:
        lead.grant = grant
        lead.save(update_fields=["grant", "updated_at"])
    return lead


@service
def scan_badge(actor: Actor, exhibitor_id: int, badge: str) -> Lead:
    """Take a visitor's card by the badge, as the visitor allowed when registering.

    Raises NotFound, Forbidden, BadgeUnknown (also for another edition's badge), BadgeCancelled,
    ConsentMissing, OwnFirm. Whoever took a card back from this firm is not scanned again.
    """
    exhibitor = selectors.get_exhibitor(actor, exhibitor_id)
    if not policies.can_serve(actor, exhibitor):
        raise Forbidden
    limit(f"scan:{actor.pk}", 60, 60)
    found = selectors.registration_behind(badge, exhibitor.edition_id)
    if found.cancelled_at is not None:
        raise BadgeCancelled
    if parties.is_member(found.person, exhibitor.organisation_id):
        raise OwnFirm
    given = CardGrant.objects.filter(giver_id=found.person_id, exhibitor=exhibitor)
    if not given.filter(revoked_at=None).exists() and (not found.shares_card or given.exists()):
        raise ConsentMissing
    _to_firm(actor, exhibitor, found.person_id, "scan")
    lead = Lead.objects.get(exhibitor=exhibitor, person_id=found.person_id)
    if lead.owner_id is None:
        lead.owner_id = actor.pk
        lead.save(update_fields=["owner", "updated_at"])
    return lead


@service
def revoke_card(actor: Actor, grant_id: int) -> CardGrant:
    """Take one's card back: its content is emptied and hidden everywhere. Raises NotFound."""
    row = CardGrant.objects.select_for_update().filter(pk=grant_id, giver_id=actor.pk).first()
    if row is None or not actor.is_authenticated:
        raise NotFound
    if row.revoked_at is None:
        row.content, row.revoked_at = {}, clock.now()
        row.save(update_fields=["content", "revoked_at"])
        audit.record(actor, "card.revoked", row)
        publish(CardRevoked(row.pk))
    return row


def export_cards(person_id: int) -> dict[str, Any]:
    """The card and the ledger of a person, as plain JSON."""
    card = ContactCard.objects.filter(person_id=person_id).values(
        "firm", "shows_phone", "shows_email"
    )
    given = CardGrant.objects.filter(giver_id=person_id).order_by("pk")
    held = CardGrant.objects.filter(receiver_id=person_id, revoked_at=None).order_by("pk")
    return {
        "card": card.first(),
        "given": [
            {
                "to_person": row.receiver_id,
                "to_exhibitor": row.exhibitor_id,
                "content": row.content,
                "via": row.via,
                "granted_at": row.granted_at.isoformat(),
                "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
            }
            for row in given
        ],
        "held": [
            {"from": row.giver_id, "content": row.content, "at": row.granted_at.isoformat()}
            for row in held
        ],
    }


@service
def erase_cards(person_id: int) -> None:
    """Cards given, cards held and what firms kept about the person."""
    Lead.objects.filter(person_id=person_id).delete()
    CardGrant.objects.filter(giver_id=person_id).delete()
    CardGrant.objects.filter(receiver_id=person_id).delete()
    ContactCard.objects.filter(person_id=person_id).delete()
