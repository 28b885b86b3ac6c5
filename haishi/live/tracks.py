"""GPX 1.1 (topografix.com/GPX/1/1): the track of a walk and its waypoints, from an upload."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from haishi.live.errors import BadTrack

MOST_BYTES, MOST_POINTS, MOST_WAYPOINTS = 4_000_000, 20_000, 100
KEPT_POINTS = 600
EARTH = 6_371_008.8  # mean radius in metres (IUGG)
Point = tuple[float, float, float | None]


@dataclass(frozen=True)
class Track:
    """`points`: (latitude, longitude, seconds since the first, None without times).

    `waypoints`: (name, latitude, longitude).
    """

    name: str
    points: list[Point]
    waypoints: list[tuple[str, float, float]]
    metres: int


def read(content: bytes) -> Track:
    """A track or route with its waypoints, thinned to `KEPT_POINTS`. Raises BadTrack."""
    if len(content) > MOST_BYTES:
        raise BadTrack(reason=_("文件超过 4 MB"))
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise BadTrack(reason=_("读不出 XML")) from None
    if _local(root) != "gpx":
        raise BadTrack(reason=_("最外层应为 gpx"))
    nodes = [node for node in root.iter() if _local(node) in ("trkpt", "rtept")]
    if not 2 <= len(nodes) <= MOST_POINTS:
        raise BadTrack(reason=_("应有 2 到 20000 个路线点"))
    places = [(*_place(node), _time(node)) for node in nodes]
    points = _from_start(places)
    waypoints = [
        (_child(node, "name")[:60] or _("第 %(n)s 站") % {"n": number}, *_place(node))
        for number, node in enumerate(_all(root, "wpt"), 1)
    ]
    if len(waypoints) > MOST_WAYPOINTS:
        raise BadTrack(reason=_("站点超过 100 个"))
    name = next((_child(node, "name") for node in _all(root, "trk", "rte", "metadata")), "")
    length = sum(distance(a, b) for a, b in pairwise(points))
    return Track(name[:80], thinned(points), waypoints, round(length))


def _local(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _all(root: Element, *names: str) -> Iterator[Element]:
    return (node for node in root if _local(node) in names)


def _child(node: Element, name: str) -> str:
    return next(((each.text or "").strip() for each in node if _local(each) == name), "")


def _place(node: Element) -> tuple[float, float]:
    try:
        latitude, longitude = float(node.get("lat", "")), float(node.get("lon", ""))
    except ValueError:
        raise BadTrack(reason=_("有一个点没有经纬度")) from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # also refuses NaN
        raise BadTrack(reason=_("有一个点的经纬度超出范围"))
    return latitude, longitude


def _time(node: Element) -> dt.datetime | None:
    text = _child(node, "time")
    try:
        found = dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        raise BadTrack(reason=_("有一个点的时间不是 ISO 8601")) from None
    return found.replace(tzinfo=dt.UTC) if found and found.tzinfo is None else found


def _from_start(places: list[tuple[float, float, dt.datetime | None]]) -> list[Point]:
    start = places[0][2]
    points: list[Point] = []
    for latitude, longitude, at in places:
        seconds = (at - start).total_seconds() if at and start else None
        points.append((latitude, longitude, seconds if seconds is None else max(0.0, seconds)))
    return points


def distance(a: Point, b: Point) -> float:
    """Metres on the sphere (haversine)."""
    f1, f2 = math.radians(a[0]), math.radians(b[0])
    df, dl = f2 - f1, math.radians(b[1] - a[1])
    h = math.sin(df / 2) ** 2 + math.cos(f1) * math.cos(f2) * math.sin(dl / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(h)))


def thinned(points: list[Point], most: int = KEPT_POINTS) -> list[Point]:
    """At most `most` points, evenly chosen, first and last kept."""
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(number * step)] for number in range(most)]
