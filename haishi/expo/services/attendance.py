"""Registrations with their badges; entries at gates, also from devices that were offline."""

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from haishi.expo import policies, selectors
from haishi.expo.errors import AlreadyRegistered, BadgeUnknown, EditionNotOpen, GateUsed
from haishi.expo.events import Registered
from haishi.expo.models import Checkin, CheckinList, Registration
from haishi.expo.states import EditionState
from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor

# Without 0 O 1 I L: a badge is read aloud and typed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MAX_BATCH = 500
AHEAD = dt.timedelta(minutes=5)


@service
def register(
    actor: Actor,
    edition_slug: str,
    *,
    kind: str,
    firm: str = "",
    title: str = "",
    shares_card: bool = False,
) -> Registration:
    """Register for an edition; a cancelled registration comes back with its old badge.

    Raises NotFound, Forbidden, EditionNotOpen, AlreadyRegistered.
    """
    edition = selectors.get_edition(actor, edition_slug)
    if not actor.is_authenticated:
        raise Forbidden
    if edition.state != EditionState.OPEN:
        raise EditionNotOpen
    row = (
        Registration.objects.select_for_update().filter(edition=edition, person_id=actor.pk).first()
    )
    if row is not None and row.cancelled_at is None:
        raise AlreadyRegistered
    if row is None:
        row = Registration(edition=edition, person_id=actor.pk, code=_code())
    row.kind, row.firm, row.title = kind, firm, title
    row.shares_card, row.cancelled_at = shares_card, None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # a second window was quicker
        raise AlreadyRegistered from None
    audit.record(actor, "registration.made", row, kind=kind, shares_card=shares_card)
    publish(Registered(edition_id=edition.pk, registration_id=row.pk))
    return row


@service
def cancel_registration(actor: Actor, edition_slug: str) -> None:
    """The badge is no longer valid. Raises NotFound."""
    edition = selectors.get_edition(actor, edition_slug)
    rows = Registration.objects.select_for_update()
    row = rows.filter(edition=edition, person_id=actor.pk, cancelled_at=None).first()
    if row is None or not actor.is_authenticated:
        raise NotFound
    row.cancelled_at = clock.now()
    row.save(update_fields=["cancelled_at"])
    audit.record(actor, "registration.cancelled", row)


@service
def share_card(actor: Actor, edition_slug: str, *, shares_card: bool) -> Registration:
    """Allow firms to take one's card by a scan of the badge, or stop it. Raises NotFound.

    Cards that were given stay with their holders until they are taken back one by one.
    """
    edition = selectors.get_edition(actor, edition_slug)
    rows = Registration.objects.select_for_update()
    row = rows.filter(edition=edition, person_id=actor.pk, cancelled_at=None).first()
    if row is None or not actor.is_authenticated:
        raise NotFound
    if row.shares_card != shares_card:
        row.shares_card = shares_card
        row.save(update_fields=["shares_card"])
        audit.record(actor, "registration.consent", row, shares_card=shares_card)
    return row


@service
def add_checkin_list(actor: Actor, edition_id: int, *, name: str, name_en: str = "") -> CheckinList:
    """A gate. Raises NotFound, Forbidden."""
    edition = selectors.get_edition_by_id(actor, edition_id)
    if not policies.can_review(actor, edition):
        raise Forbidden
    row = CheckinList.objects.create(edition=edition, name=name, name_en=name_en)
    audit.record(actor, "gate.added", row, name=name)
    return row


@service
def rename_checkin_list(actor: Actor, list_id: int, *, name: str, name_en: str = "") -> CheckinList:
    """Give a gate another name. Raises NotFound, Forbidden."""
    row = _gate(actor, list_id)
    before = {"name": row.name, "name_en": row.name_en}
    row.name, row.name_en = name, name_en
    row.save(update_fields=["name", "name_en"])
    audit.record(actor, "gate.renamed", row, before=before, after={"name": name})
    return row


@service
def remove_checkin_list(actor: Actor, list_id: int) -> None:
    """Remove a gate that nobody passed. Raises NotFound, Forbidden, GateUsed."""
    row = _gate(actor, list_id)
    if passed := Checkin.objects.filter(list=row).count():
        raise GateUsed(count=passed)
    audit.record(actor, "gate.removed", row, name=row.name)
    row.delete()


def _gate(actor: Actor, list_id: int) -> CheckinList:
    """The gate, row locked: a check-in that is on its way waits for it."""
    found = selectors.get_checkin_list(actor, list_id)
    if not policies.can_review(actor, found.edition):
        raise Forbidden
    return CheckinList.objects.select_for_update().get(pk=found.pk)


@dataclass(frozen=True)
class Entry:
    """What a device noted at the gate: the badge, when by its clock, and a key of its own."""

    badge: str
    at: dt.datetime
    key: uuid.UUID


@dataclass(frozen=True)
class Answer:
    """What became of an entry: accepted | already | unknown | cancelled. `at` is the first time."""

    key: uuid.UUID
    result: str
    name: str = ""
    at: dt.datetime | None = None
    by: str = ""


@service
def check_in(actor: Actor, list_id: int, entries: Sequence[Entry]) -> list[Answer]:
    """Take entries of a gate, in any order and as often as they are sent: each badge enters once.

    Raises NotFound, Forbidden.
    """
    gate = selectors.get_checkin_list(actor, list_id)
    return [_enter(actor, gate, entry) for entry in sorted(entries, key=lambda e: e.at)[:MAX_BATCH]]


def _enter(actor: Actor, gate: CheckinList, entry: Entry) -> Answer:
    try:
        registration = selectors.registration_behind(entry.badge, gate.edition_id)
    except BadgeUnknown:
        return Answer(entry.key, "unknown")
    if registration.cancelled_at is not None:
        return Answer(entry.key, "cancelled", registration.person.name)
    # A device whose clock runs ahead does not enter people in the future.
    moment = min(entry.at, clock.now() + AHEAD)
    row, made = _insert(actor, gate, registration, entry.key, moment)
    result = "accepted" if made or row.key == entry.key else "already"
    return Answer(
        entry.key, result, registration.person.name, row.at, row.by.name if row.by else ""
    )


def _insert(
    actor: Actor, gate: CheckinList, registration: Registration, key: uuid.UUID, moment: dt.datetime
) -> tuple[Checkin, bool]:
    found: Any = Checkin.objects.select_related("by")
    try:
        with transaction.atomic():
            row = Checkin.objects.create(
                list=gate, registration=registration, key=key, at=moment, by_id=actor.pk
            )
    except IntegrityError:
        return found.get(list=gate, registration=registration), False
    audit.record(actor, "checkin", row, registration=registration.pk)
    return row, True


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def export_registrations(person_id: int) -> list[dict[str, Any]]:
    """Registrations and entries of a person, as plain JSON."""
    rows = Registration.objects.filter(person_id=person_id).select_related("edition")
    return [
        {
            "edition": row.edition.slug,
            "kind": row.kind,
            "firm": row.firm,
            "title": row.title,
            "shares_card": row.shares_card,
            "registered_at": row.registered_at.isoformat(),
            "cancelled_at": row.cancelled_at.isoformat() if row.cancelled_at else None,
            "entries": [at.isoformat() for at in row.checkins.values_list("at", flat=True)],
        }
        for row in rows.order_by("pk")
    ]


@service
def erase_registrations(person_id: int) -> None:
    """What a registration says about the person; that somebody came stays counted, by nobody."""
    rows = Registration.objects.filter(person_id=person_id)
    rows.update(firm="", title="", shares_card=False)
    rows.filter(cancelled_at=None, checkins=None).update(cancelled_at=clock.now())
