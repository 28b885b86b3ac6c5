"""Stages and tracks of an edition, in their order, and what uses them."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haishi.expo.models import Edition, Session, Slot, Stage, Track
from haishi.foundation.errors import NotFound

__all__ = [
    "programme_part",
    "programme_parts",
    "stages_of",
    "tracks_of",
    "uses_of_part",
]
PARTS: dict[str, Any] = {"stage": Stage, "track": Track}
NAMED = 4


def stages_of(edition: Edition) -> list[Stage]:
    """Stages in their order, with their halls."""
    rows = Stage.objects.filter(edition=edition).select_related("hall")
    return list(rows.order_by("order", "pk"))


def tracks_of(edition: Edition) -> list[Track]:
    """Tracks in their order."""
    return list(Track.objects.filter(edition=edition).order_by("order", "colour", "pk"))


def programme_parts(edition: Edition, what: str) -> list[Any]:
    """All of a kind (`stage` or `track`) in order, each with `sessions`: how many have it."""
    key = f"{what}_id"
    rows = Session.objects.filter(**{key: OuterRef("pk")}).order_by().values(key)
    counted = Subquery(rows.annotate(n=Count("pk")).values("n"))
    found = PARTS[what].objects.filter(edition=edition).annotate(sessions=Coalesce(counted, 0))
    found = found.select_related("hall") if what == "stage" else found
    order = ("order", "pk") if what == "stage" else ("order", "colour", "pk")
    return list(found.order_by(*order))


def programme_part(edition: Edition, what: str, part_id: int) -> Any:
    """One stage or track of the edition. Raises NotFound."""
    row = PARTS[what].objects.filter(edition=edition, pk=part_id).first()
    if row is None:
        raise NotFound
    return row


def uses_of_part(edition: Edition, row: Stage | Track) -> str:
    """What keeps a stage or a track from being removed, in words; "" when nothing does.

    A stage that a released version names stays as well: what was released is not rewritten.
    """
    kind = type(row).__name__.lower()
    sessions: QuerySet[Session] = Session.objects.filter(edition=edition, **{kind: row})
    titles = [str(session.heading) for session in sessions.order_by("code")[:NAMED]]
    if titles:
        count = sessions.count()
        return ngettext(
            "%(count)s 个场次（%(titles)s）", "%(count)s 个场次（%(titles)s）", count
        ) % {"count": count, "titles": _("、").join(titles) + ("…" if count > NAMED else "")}
    slots = Slot.objects.filter(stage_id=row.pk) if kind == "stage" else Slot.objects.none()
    number = slots.order_by("-version__number").values_list("version__number", flat=True).first()
    return _("已发布的第 %(number)s 版日程") % {"number": number} if number else ""
