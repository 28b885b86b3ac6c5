"""Stages and tracks: what sessions are sorted by. The edition's row is locked throughout."""

import secrets
from itertools import pairwise
from typing import Any

from django.db.models import Max

from haishi.expo import selectors
from haishi.expo.errors import PartInUse
from haishi.expo.events import ProgrammePartsChanged
from haishi.expo.models import Edition, Stage, Track
from haishi.expo.services.programme import lock_programme
from haishi.foundation import audit
from haishi.foundation.errors import NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor


@service
def save_stage(
    actor: Actor, edition_id: int, stage_id: int | None = None, seen: int = 1, **fields: Any
) -> Stage:
    """Make a stage, the last in the order, or change one that was `seen` at this version.

    Raises NotFound, Forbidden, Conflict, Stale.
    """
    stage: Stage = _save(Stage, actor, edition_id, stage_id, seen, fields)
    return stage


@service
def save_track(
    actor: Actor, edition_id: int, track_id: int | None = None, seen: int = 1, **fields: Any
) -> Track:
    """Make or change a track, as `save_stage`. Raises NotFound, Forbidden, Conflict, Stale."""
    track: Track = _save(Track, actor, edition_id, track_id, seen, fields)
    return track


@service
def move_part(actor: Actor, edition_id: int, what: str, part_id: int, *, up: bool) -> None:
    """Exchange a `stage` or a `track` with its neighbour. Raises NotFound, Forbidden, Conflict."""
    edition = lock_programme(actor, edition_id)
    row = selectors.programme_part(edition, what, part_id)
    rows = selectors.programme_parts(edition, what)
    ordered = [each.pk for each in rows]
    for first, second in pairwise(range(len(ordered))):
        if ordered[second if up else first] == row.pk:
            ordered[first], ordered[second] = ordered[second], ordered[first]
            break
    model = type(row)
    for order, pk in enumerate(ordered, 1):
        model.objects.filter(pk=pk).update(order=order)
    audit.record(actor, f"{what}.moved", row, order=ordered.index(row.pk) + 1)


@service
def remove_part(actor: Actor, edition_id: int, what: str, part_id: int) -> None:
    """Remove a `stage` or a `track` that no session has.

    Raises NotFound, Forbidden, Conflict, PartInUse (which names what uses it).
    """
    edition = lock_programme(actor, edition_id)
    row = selectors.programme_part(edition, what, part_id)
    uses = selectors.uses_of_part(edition, row)
    if uses:
        raise PartInUse(name=row.title, uses=uses)
    audit.record(actor, f"{what}.removed", row, name=row.name)
    row.delete()


def _save(
    model: Any,
    actor: Actor,
    edition_id: int,
    row_id: int | None,
    seen: int,
    fields: dict[str, Any],
) -> Any:
    edition = lock_programme(actor, edition_id)
    kind = model.__name__.lower()
    _check_hall(edition, fields)
    if row_id is not None:
        row = selectors.programme_part(edition, kind, row_id)
        if audit.save_edited(actor, f"{kind}.edited", row, seen, **fields):
            publish(ProgrammePartsChanged(edition_id=edition.pk))
        return row
    last = model.objects.filter(edition=edition).aggregate(last=Max("order"))["last"] or 0
    fresh = {"slug": f"{kind[0]}-{secrets.token_hex(3)}", "order": last + 1}
    row = model.objects.create(edition=edition, **{**fresh, **fields})
    audit.record(actor, f"{kind}.added", row, name=row.name)
    return row


def _check_hall(edition: Edition, fields: dict[str, Any]) -> None:
    hall_id = fields.get("hall_id")
    if hall_id is not None and not edition.halls.filter(pk=hall_id).exists():
        raise NotFound
