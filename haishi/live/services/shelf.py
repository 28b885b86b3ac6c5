"""Products and other things: on the shelf of a session, and on screen."""

from haishi.foundation import audit, clock
from haishi.foundation.errors import NotFound
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.live import policies, selectors
from haishi.live.errors import NotOnAir, NotOnShelf, ShelfFull, ThingElsewhere
from haishi.live.models import LiveSession, Pin, Shelved
from haishi.live.telling import stamp, tell, thing_content
from haishi.rooms import services as rooms


@service
def shelve(actor: Actor, live_id: int, kind: str, object_id: int) -> Shelved:
    """Put a thing at the end of the shelf; again changes nothing.

    Raises NotFound, Forbidden, ThingElsewhere, ShelfFull.
    """
    session = selectors.lock_for_host(actor, live_id)
    offered = selectors.offered_things(session.edition, session.exhibitor)
    if (kind, object_id) not in {(each, pk) for each, pk, _words in offered}:
        raise ThingElsewhere
    rows = list(Shelved.objects.filter(session=session))
    for row in rows:
        if (row.kind, row.object_id) == (kind, object_id):
            return row
    if len(rows) >= policies.MOST_SHELVED:
        raise ShelfFull(most=policies.MOST_SHELVED)
    order = max((row.order for row in rows), default=0) + 1
    row = Shelved.objects.create(session=session, kind=kind, object_id=object_id, order=order)
    audit.record(actor, "live.shelved", session, kind=kind, object_id=object_id)
    _changed(session)
    return row


def _shelved(session: LiveSession, shelved_id: int) -> Shelved:
    row = Shelved.objects.filter(session=session, pk=shelved_id).first()
    if row is None:
        raise NotFound
    return row


@service
def unshelve(actor: Actor, live_id: int, shelved_id: int) -> None:
    """Take a thing off the shelf, and from the screen. Raises NotFound, Forbidden."""
    session = selectors.lock_for_host(actor, live_id)
    row = _shelved(session, shelved_id)
    _take_down(session)
    audit.record(actor, "live.unshelved", session, kind=row.kind, object_id=row.object_id)
    row.delete()
    _changed(session)


@service
def move_up(actor: Actor, live_id: int, shelved_id: int) -> None:
    """One place further to the front. Raises NotFound, Forbidden."""
    session = selectors.lock_for_host(actor, live_id)
    row = _shelved(session, shelved_id)
    rows = list(Shelved.objects.filter(session=session))
    place = rows.index(row)
    if place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    for order, each in enumerate(rows, 1):
        each.order = order
    Shelved.objects.bulk_update(rows, ["order"])
    _changed(session)


def _changed(session: LiveSession) -> None:
    """Told to who watches and not kept: a replay has the shelf as it was left."""
    if session.on_air:
        rooms.tell(session.room, "shelf", {"at": stamp(clock.now())})


@service
def pin(actor: Actor, live_id: int, shelved_id: int) -> Pin:
    """Put a thing on screen, instead of what is there. Raises NotFound, Forbidden, NotOnAir,
    NotOnShelf when it is not public any more.
    """
    session = selectors.lock_for_moderator(actor, live_id)
    row = _shelved(session, shelved_id)
    if not session.on_air:
        raise NotOnAir
    thing = selectors.read_things([(row.kind, row.object_id)]).get((row.kind, row.object_id))
    if thing is None:
        raise NotOnShelf
    now = clock.now()
    Pin.objects.filter(session=session, until=None).update(until=now)
    made = Pin.objects.create(session=session, thing=row, at=now)
    audit.record(actor, "live.pinned", session, kind=row.kind, object_id=row.object_id)
    tell(session, "pin", {"thing": thing_content(session, thing)}, now)
    return made


@service
def unpin(actor: Actor, live_id: int) -> None:
    """Clear the screen. Raises NotFound, Forbidden."""
    session = selectors.lock_for_moderator(actor, live_id)
    if _take_down(session):
        audit.record(actor, "live.unpinned", session)


def _take_down(session: LiveSession) -> bool:
    now = clock.now()
    if not Pin.objects.filter(session=session, until=None).update(until=now):
        return False
    tell(session, "unpin", {}, now)
    return True
