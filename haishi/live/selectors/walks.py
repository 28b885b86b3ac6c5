"""The way of a cloud walk."""

from haishi.live.models import LiveSession, Route, Station
from haishi.live.selectors.things import read_things
from haishi.live.types import RouteShown, StationShown

__all__ = ["route_of", "station_rows"]


def station_rows(session: LiveSession) -> list[Station]:
    """In order, for the host."""
    return list(Station.objects.filter(route__session=session))


def route_of(session: LiveSession) -> RouteShown | None:
    """The route with its stations and what they show. Three queries."""
    route = Route.objects.filter(session=session).first()
    if route is None:
        return None
    rows = station_rows(session)
    things = read_things((row.kind, row.object_id) for row in rows if row.kind and row.object_id)
    return RouteShown(
        name=route.name,
        metres=route.metres,
        points=route.points,
        stations=[
            StationShown(
                pk=row.pk,
                order=row.order,
                name=row.words,
                latitude=row.latitude,
                longitude=row.longitude,
                after_seconds=row.after_seconds,
                reached_at=row.reached_at,
                thing=things.get((row.kind, row.object_id or 0)),
            )
            for row in rows
        ],
    )
