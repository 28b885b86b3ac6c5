"""Halls and the booths on their floors."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Max, Value
from django.db.models.functions import Cast, Concat

from haishi.expo import selectors
from haishi.expo.errors import (
    AddressTaken,
    BoothCodesRepeated,
    BoothSizeRefused,
    BoothsOccupied,
    BoothsOverlap,
    CodeTaken,
    HallOccupied,
    HallTooSmall,
    TooManyBooths,
)
from haishi.expo.events import BoothChanged, HallChanged
from haishi.expo.models import Booth, Exhibitor, Hall
from haishi.expo.services.editions import check_picture
from haishi.expo.types import Place
from haishi.foundation import audit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor

SMALLEST, LARGEST, MAX_BOOTHS, CODE_LENGTH = 10, 2_000, 2_000, 12


@service
def add_hall(actor: Actor, edition_id: int, *, slug: str, code: str, **fields: Any) -> Hall:
    """A new hall after the last. `fields` are fields of Hall.

    Raises NotFound, Forbidden, AddressTaken, CodeTaken.
    """
    edition = selectors.lock_edition(actor, edition_id)
    last = Hall.objects.filter(edition=edition).aggregate(last=Max("order"))["last"]
    hall = Hall(edition=edition, slug=slug, code=code, order=(last or 0) + 1, **fields)
    _check_names(hall)
    hall.save()
    audit.record(actor, "hall.added", hall, code=code)
    publish(HallChanged(hall.pk))
    return hall


def _check_names(hall: Hall) -> None:
    # The edition's row is locked, so nobody takes the names in between.
    others = Hall.objects.filter(edition_id=hall.edition_id).exclude(pk=hall.pk)
    if others.filter(slug=hall.slug).exists():
        raise AddressTaken
    if others.filter(code=hall.code).exists():
        raise CodeTaken


@service
def edit_hall(actor: Actor, hall_id: int, seen: int, **changes: Any) -> Hall:
    """Change a hall. Raises NotFound, Forbidden, Stale, AddressTaken, CodeTaken, HallTooSmall."""
    hall = selectors.lock_hall(actor, hall_id)
    wanted = Hall(pk=hall.pk, edition_id=hall.edition_id)
    for name in ("slug", "code", "width", "depth"):
        setattr(wanted, name, changes.get(name, getattr(hall, name)))
    _check_names(wanted)
    outside = [
        place.code
        for place in selectors.places(hall)
        if not place.inside(wanted.width, wanted.depth)
    ]
    if outside:
        raise HallTooSmall(code=_listed(outside), codes=outside)
    if audit.save_edited(actor, "hall.edited", hall, seen, **changes):
        publish(HallChanged(hall.pk))
    return hall


@service
def set_hall_picture(actor: Actor, hall_id: int, asset_id: int | None) -> Hall:
    """Choose the hall's picture. Raises NotFound, Forbidden, PictureOfAnother."""
    hall = selectors.lock_hall(actor, hall_id)
    check_picture(actor, hall.edition, asset_id)
    hall.picture_asset_id = asset_id
    hall.version += 1
    hall.save(update_fields=["picture_asset_id", "version", "updated_at"])
    audit.record(actor, "hall.picture_chosen", hall, asset=asset_id)
    publish(HallChanged(hall.pk))
    return hall


@service
def move_hall(actor: Actor, hall_id: int, up: bool) -> None:
    """Exchange a hall with its neighbour in the order. Raises NotFound, Forbidden."""
    hall = selectors.lock_hall(actor, hall_id)
    halls = list(selectors.halls_of(hall.edition))
    ordered = [row.pk for row in halls]
    for first, second in pairwise(range(len(ordered))):
        if ordered[second if up else first] == hall.pk:
            ordered[first], ordered[second] = ordered[second], ordered[first]
            break
    for order, pk in enumerate(ordered, 1):
        Hall.objects.filter(pk=pk).update(order=order)
    audit.record(actor, "hall.moved", hall, order=ordered.index(hall.pk) + 1)
    publish(HallChanged(hall.pk))


@service
def remove_hall(actor: Actor, hall_id: int) -> None:
    """Remove a hall nobody stands in. Raises NotFound, Forbidden, HallOccupied."""
    hall = selectors.lock_hall(actor, hall_id)
    count = Exhibitor.objects.filter(booth__hall=hall).count()
    if count:
        raise HallOccupied(count=count)
    audit.record(actor, "hall.removed", hall, code=hall.code)
    publish(HallChanged(hall.pk))
    hall.delete()


def _listed(codes: Sequence[str]) -> str:
    shown = "、".join(codes[:6])
    return f"{shown} 等 {len(codes)} 个" if len(codes) > 6 else shown


def check_plan(hall: Hall, places: Sequence[Place]) -> None:
    """Whether the places fit on the floor together; every error names the booths it is about.

    Raises BoothCodesRepeated, BoothSizeRefused, BoothsOverlap, TooManyBooths.
    """
    if len(places) > MAX_BOOTHS:
        raise TooManyBooths(limit=MAX_BOOTHS)
    counts = Counter(place.code for place in places)
    codes = [c for c, n in counts.items() if n > 1 or not 0 < len(c) <= CODE_LENGTH]
    if codes:
        raise BoothCodesRepeated(code=_listed(codes), codes=codes)
    codes = [
        place.code
        for place in places
        if not (SMALLEST <= place.width <= LARGEST and SMALLEST <= place.depth <= LARGEST)
    ]
    if codes:
        raise BoothSizeRefused(code=_listed(codes), codes=codes)
    codes = _misplaced(hall, places)
    if codes:
        raise BoothsOverlap(code=_listed(codes), codes=codes)


def _misplaced(hall: Hall, places: Sequence[Place]) -> list[str]:
    """Codes that overlap or lie outside, in the order given. Sweeps from left to right."""
    wrong = {place.code for place in places if not place.inside(hall.width, hall.depth)}
    near: list[Place] = []
    for place in sorted(places, key=lambda place: place.x):
        near = [other for other in near if other.x + other.width > place.x]
        for other in near:
            if place.overlaps(other):
                wrong |= {place.code, other.code}
        near.append(place)
    return [place.code for place in places if place.code in wrong]


@service
def save_plan(actor: Actor, hall_id: int, seen: int, *, places: Sequence[Place]) -> Hall:
    """Make the floor exactly `places`: booths with an id change, without are new, absent ones go.

    Raises NotFound, Forbidden, Stale, BoothsOccupied and as `check_plan`; then nothing changed.
    """
    hall = selectors.lock_hall(actor, hall_id)
    audit.save_edited(actor, "plan.saved", hall, seen)
    before = {place.id: place for place in selectors.places(hall)}
    # An id of another hall is nobody's booth here: it becomes a new one.
    places = [p if p.id in before else Place(p.code, p.x, p.y, p.width, p.depth) for p in places]
    check_plan(hall, places)
    removed = [before[pk] for pk in before.keys() - {place.id for place in places}]
    _check_unoccupied(removed)
    added = [place for place in places if place.id is None]
    changed = [place for place in places if place.id is not None and before[place.id] != place]
    if not (removed or added or changed):
        return hall
    _write_plan(hall, added, changed, removed)
    hall.version += 1
    hall.save(update_fields=["version", "updated_at"])
    audit.record(
        actor,
        "plan.saved",
        hall,
        added=[place.code for place in added],
        changed=[place.code for place in changed],
        removed=sorted(place.code for place in removed),
    )
    _tell(hall, [p.id for p in changed if p.id and before[p.id].code != p.code])
    return hall


def _check_unoccupied(removed: Sequence[Place]) -> None:
    rows = Booth.objects.filter(pk__in=[p.id for p in removed], exhibitor__isnull=False)
    codes = list(rows.order_by("code").values_list("code", flat=True))
    if codes:
        raise BoothsOccupied(code=_listed(codes), codes=codes)


def _write_plan(
    hall: Hall, added: Sequence[Place], changed: Sequence[Place], removed: Sequence[Place]
) -> None:
    """Two booths may exchange places and codes: overlap is judged when all have moved."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS booths_do_not_overlap DEFERRED")
    Booth.objects.filter(pk__in=[place.id for place in removed]).delete()
    moving = Booth.objects.filter(pk__in=[place.id for place in changed])
    moving.update(code=Concat(Value("~"), Cast("pk", CharField()), output_field=CharField()))
    rows = [
        Booth(
            pk=place.id,
            hall=hall,
            code=place.code,
            x=place.x,
            y=place.y,
            width=place.width,
            depth=place.depth,
        )
        for place in [*changed, *added]
    ]
    Booth.objects.bulk_update(
        rows[: len(changed)], ["code", "x", "y", "width", "depth"], batch_size=500
    )
    Booth.objects.bulk_create(rows[len(changed) :])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS booths_do_not_overlap IMMEDIATE")
    except IntegrityError:  # the rule of the table, should ours ever differ from it
        raise BoothsOverlap(code="?", codes=[]) from None


def _tell(hall: Hall, renamed: Sequence[int]) -> None:
    publish(HallChanged(hall.pk))
    firms = Exhibitor.objects.filter(booth__in=renamed)
    for pk, organisation_id in firms.values_list("pk", "organisation_id"):
        publish(BoothChanged(organisation_id, pk))


@service
def add_rows(
    actor: Actor,
    hall_id: int,
    seen: int,
    *,
    prefix: str,
    rows: int,
    columns: int,
    x: int,
    y: int,
    width: int,
    depth: int,
    aisle: int,
) -> Hall:
    """Add `rows` × `columns` booths, back to back in pairs of rows with aisles between the pairs.

    Codes continue after the highest number with this prefix. Raises as `save_plan`.
    """
    hall = selectors.lock_hall(actor, hall_id)
    places = selectors.places(hall)
    number = max(
        (int(p.code[len(prefix) :]) for p in places if _numbered(p.code, prefix)), default=0
    )
    for row in range(rows):
        top = y + row * depth + (row + 1) // 2 * aisle
        for column in range(columns):
            number += 1
            places.append(Place(f"{prefix}{number:02}", x + column * width, top, width, depth))
    return save_plan(actor, hall_id, seen, places=places)


def _numbered(code: str, prefix: str) -> bool:
    return code.startswith(prefix) and code[len(prefix) :].isdecimal()
