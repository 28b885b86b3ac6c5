"""Who may use a licence: seats, the first opening, suspension, revocation, the end."""

import datetime as dt

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, NotFound
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.licences import policies, selectors
from haishi.licences.errors import NotAColleague, ReasonMissing, SeatsFull
from haishi.licences.models import Access, Licence, Seat
from haishi.licences.services import grants
from haishi.licences.services.moves import move
from haishi.licences.states import GRANTED, LicenceState
from haishi.parties import selectors as parties
from haishi.trade import services as trade


@service
def name_seat(actor: Actor, number: str, email: str) -> Seat:
    """Give a seat to a colleague. Raises NotFound, Forbidden, Conflict, NotAColleague, SeatsFull.

    Somebody who has one keeps it.
    """
    row = selectors.lock_licence(actor, number, "licensee")
    if row.state not in GRANTED:
        raise Conflict
    person = parties.person_by_email(email)
    if person is None or not parties.is_member(person, row.licensee_id):
        raise NotAColleague
    taken = Seat.objects.filter(licence=row, taken_at=None)
    if found := taken.filter(person=person).first():
        return found
    if taken.count() >= row.seats:
        raise SeatsFull(seats=row.seats)
    seat = Seat.objects.create(licence=row, person=person)
    audit.record(actor, "licence.seat_given", row, person=person.pk)
    return seat


@service
def free_seat(actor: Actor, number: str, seat_id: int) -> None:
    """Take a seat back: links of that person stop working at once. Raises NotFound, Forbidden."""
    row = selectors.lock_licence(actor, number, "licensee")
    seat = Seat.objects.filter(licence=row, pk=seat_id, taken_at=None).first()
    if seat is None:
        raise NotFound
    seat.taken_at = clock.now()
    seat.save(update_fields=["taken_at"])
    audit.record(actor, "licence.seat_taken", row, person=seat.person_id)


@service
def open_files(actor: Actor, number: str) -> Licence:
    """Confirm that the files are received: from here on there is no refund without cause.

    Raises NotFound, Forbidden, Conflict (not in force).
    """
    row = selectors.lock_licence(actor, number, "licensee")
    if not policies.in_force(row):
        raise Conflict
    if row.opened_at is None:
        _open(actor, row)
    return row


def _open(actor: Actor, row: Licence) -> None:
    row.opened_at = clock.now()
    row.save(update_fields=["opened_at"])
    audit.record(actor, "licence.opened", row, order=row.order_id)
    if row.order_id is not None:
        trade.receive(actor, row.order_id)


def receive_unopened(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Files that nobody opened in a week count as received; returns how many. For the worker."""
    due = (now or clock.now()) - policies.OPEN_WITHIN
    rows = Licence.objects.filter(
        state__in=(LicenceState.ACTIVE, LicenceState.SUSPENDED),
        opened_at=None,
        activated_at__lte=due,
    )
    ids = list(rows.order_by("activated_at").values_list("pk", flat=True)[:limit])
    return sum(_receive(pk) for pk in ids)


@service
def _receive(licence_id: int) -> bool:
    row = selectors.lock_by_id(licence_id)
    if row.opened_at is not None or row.state not in (
        LicenceState.ACTIVE,
        LicenceState.SUSPENDED,
    ):
        return False
    _open(SYSTEM, row)
    return True


@service
def note_access(actor: Actor, licence_id: int, asset_id: int, name: str, mark: str) -> Access:
    """Write down that a file was fetched. Raises NotFound when the person may not."""
    row = selectors.lock_by_id(licence_id)
    if not policies.can_fetch(actor, row):
        raise NotFound
    return Access.objects.create(
        licence=row, person_id=actor.pk, asset_id=asset_id, name=name[:160], mark=mark
    )


@service
def suspend(actor: Actor, number: str, reason: str) -> Licence:
    """The licensor stops the use for now, for a reason. Raises NotFound, Forbidden, Conflict."""
    return _stop(actor, number, "suspend", reason)


@service
def revoke(actor: Actor, number: str, reason: str) -> Licence:
    """The licensor ends it for a breach: at once, for every seat and every link.

    Raises NotFound, Forbidden, Conflict, ReasonMissing.
    """
    row = _stop(actor, number, "revoke", reason)
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    grants.release(row)
    return row


def _stop(actor: Actor, number: str, action: str, reason: str) -> Licence:
    row = selectors.lock_licence(actor, number, "licensor")
    if not reason.strip():
        raise ReasonMissing
    row.reason = reason[:400]
    move(actor, row, action, "reason", reason=reason)
    return row


@service
def resume(actor: Actor, number: str) -> Licence:
    """The licensor lets the use go on. Raises NotFound, Forbidden, Conflict."""
    row = selectors.lock_licence(actor, number, "licensor")
    row.reason = ""
    move(actor, row, "resume", "reason")
    return row


def expire_due(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Record the end of terms that are over; returns of how many. The clock ended them already."""
    day = clock.local(now or clock.now(), policies.ZONE).date()
    rows = Licence.objects.filter(
        state__in=(LicenceState.ACTIVE, LicenceState.SUSPENDED), starts_on__lt=day
    )
    found = [row.pk for row in rows.order_by("pk") if (row.terms.ends_on or day) <= day]
    return sum(_expire(pk, day) for pk in found[:limit])


@service
def _expire(licence_id: int, day: dt.date) -> bool:
    row = selectors.lock_by_id(licence_id)
    last = row.terms.ends_on
    if row.state not in (LicenceState.ACTIVE, LicenceState.SUSPENDED) or not last or last > day:
        return False
    row.ended_at = clock.now()
    move(SYSTEM, row, "expire", "ended_at")
    grants.release(row)
    return True
