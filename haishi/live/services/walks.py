"""The route of a cloud walk, and its stations."""

from typing import Any

from haishi.foundation import audit, clock
from haishi.foundation.errors import NotFound
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.live import selectors, tracks
from haishi.live.errors import NotOnAir, ThingElsewhere
from haishi.live.models import LiveSession, Route, Station
from haishi.live.telling import tell, thing_content


@service
def set_route(actor: Actor, live_id: int, *, content: bytes) -> Route:
    """The route of a GPX file. Waypoints become stations if there are none yet.

    Raises NotFound, Forbidden, BadTrack.
    """
    session = selectors.lock_for_host(actor, live_id)
    track = tracks.read(content)
    route, _fresh = Route.objects.update_or_create(
        session=session,
        defaults={"name": track.name, "points": track.points, "metres": track.metres},
    )
    if not route.stations.exists():
        Station.objects.bulk_create(
            Station(route=route, order=order, name=name, latitude=latitude, longitude=longitude)
            for order, (name, latitude, longitude) in enumerate(track.waypoints, 1)
        )
    audit.record(actor, "live.route", session, metres=track.metres, points=len(track.points))
    return route


def _station(session: LiveSession, station_id: int) -> Station:
    row = Station.objects.filter(route__session=session, pk=station_id).first()
    if row is None:
        raise NotFound
    return row


def _checked(session: LiveSession, thing: str) -> tuple[str, int | None]:
    """Kind and id of "product:5"; ("", None) of "". Raises ThingElsewhere."""
    if not thing:
        return "", None
    offered = selectors.offered_things(session.edition, session.exhibitor)
    if thing not in {f"{kind}:{pk}" for kind, pk, _words in offered}:
        raise ThingElsewhere
    kind, _colon, number = thing.partition(":")
    return kind, int(number)


@service
def add_station(actor: Actor, live_id: int, *, thing: str = "", **fields: Any) -> Station:
    """A stop at the end: `name`, `name_en`, `latitude`, `longitude`, `after_seconds`.

    Raises NotFound, Forbidden, ThingElsewhere.
    """
    session = selectors.lock_for_host(actor, live_id)
    route, _fresh = Route.objects.get_or_create(session=session)
    kind, object_id = _checked(session, thing)
    last = route.stations.order_by("-order").first()
    row = Station.objects.create(
        route=route,
        order=last.order + 1 if last else 1,
        kind=kind,
        object_id=object_id,
        **fields,
    )
    audit.record(actor, "live.station_added", session, station=row.pk, name=row.name)
    return row


@service
def edit_station(
    actor: Actor, live_id: int, station_id: int, *, thing: str = "", **fields: Any
) -> Station:
    """Change a stop. Raises NotFound, Forbidden, ThingElsewhere."""
    session = selectors.lock_for_host(actor, live_id)
    row = _station(session, station_id)
    row.kind, row.object_id = _checked(session, thing)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    audit.record(actor, "live.station_edited", session, station=row.pk, name=row.name)
    return row


@service
def remove_station(actor: Actor, live_id: int, station_id: int) -> None:
    """Raises NotFound, Forbidden."""
    session = selectors.lock_for_host(actor, live_id)
    row = _station(session, station_id)
    audit.record(actor, "live.station_removed", session, station=row.pk, name=row.name)
    row.delete()


@service
def reach(actor: Actor, live_id: int, station_id: int) -> Station:
    """The walk is at this stop now. Raises NotFound, Forbidden, NotOnAir."""
    session = selectors.lock_for_moderator(actor, live_id)
    row = _station(session, station_id)
    if not session.on_air:
        raise NotOnAir
    row.reached_at = clock.now()
    row.save(update_fields=["reached_at"])
    audit.record(actor, "live.station_reached", session, station=row.pk)
    thing = selectors.read_things([(row.kind, row.object_id or 0)]).get(
        (row.kind, row.object_id or 0)
    )
    content = {
        "station": row.pk,
        "name": row.name,
        "name_en": row.name_en,
        "thing": thing_content(session, thing) if thing else None,
    }
    tell(session, "station", content, row.reached_at)
    return row
