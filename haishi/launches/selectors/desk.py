"""Launches of a firm's desk and of the reviewers' queue."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.catalogue import selectors as catalogue
from haishi.expo.selectors import Pending, can_moderate, sessions_to_link
from haishi.foundation.audit import history
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.launches import policies
from haishi.launches.models import Allotment, Launch
from haishi.launches.selectors.claims import SaleNumbers, sale_numbers
from haishi.launches.selectors.core import launches_visible_to
from haishi.launches.states import LaunchState

QUEUES = ("waiting", "accepted", "public")
PER_PAGE = 40
_IN_QUEUE = {
    "waiting": (LaunchState.UNDER_REVIEW,),
    "accepted": (LaunchState.EMBARGOED,),
    "public": (LaunchState.ANNOUNCED, LaunchState.LIVE, LaunchState.CLOSED),
}


def launches_at(exhibitor: Any) -> QuerySet[Launch]:
    """All launches of an exhibitor, the newest first; the caller has checked who asks."""
    rows = Launch.objects.filter(exhibitor=exhibitor).select_related("allotment")
    return rows.order_by("-unveil_at", "-pk")


def get_own(actor: Actor, exhibitor_id: int, launch_id: int, *, to_change: bool) -> Launch:
    """A launch of an exhibitor's desk. Raises NotFound, Forbidden."""
    rows = launches_visible_to(actor).filter(exhibitor=exhibitor_id, pk=launch_id)
    launch = rows.first()
    if launch is None:
        raise NotFound
    if to_change and not policies.can_edit(actor, launch):
        raise Forbidden
    return launch


def products_of(actor: Actor, organisation_id: int) -> list[Any]:
    """What a launch may be about: products of the firm, by name."""
    rows = catalogue.visible_to(actor).filter(organisation=organisation_id)
    return list(rows.order_by("name", "pk")[:200])


def sessions_for(exhibitor: Any) -> list[tuple[int, str]]:
    """(id, words) of what a launch may be linked to in the programme of its edition."""
    return sessions_to_link(exhibitor.edition, exhibitor.organisation_id)


@dataclass(frozen=True)
class DeskSale:
    """The first sale of a launch on its firm's desk."""

    allotment: Allotment
    numbers: SaleNumbers


def desk_sale(launch: Launch) -> DeskSale | None:
    """With its numbers, when there is one."""
    row: Allotment | None = getattr(launch, "allotment", None)
    return DeskSale(row, sale_numbers(row)) if row else None


def review_queue(
    actor: Actor, edition: Any, queue: str, number: str
) -> tuple[Page[Launch], dict[str, int]]:
    """A page of one of `QUEUES` and how many are in each. Raises Forbidden."""
    if not can_moderate(actor, edition):
        raise Forbidden
    base = Launch.objects.filter(exhibitor__edition=edition)
    found = {name: base.filter(state__in=states) for name, states in _IN_QUEUE.items()}
    counts = {name: rows.count() for name, rows in found.items()}
    rows = found[queue].select_related("exhibitor__organisation").order_by("unveil_at", "pk")
    return Paginator(rows, PER_PAGE).get_page(number), counts


def get_for_review(actor: Actor, edition: Any, launch_id: int) -> Launch:
    """A dossier that was handed in to this edition. Raises NotFound, Forbidden."""
    if not can_moderate(actor, edition):
        raise Forbidden
    rows = launches_visible_to(actor).filter(exhibitor__edition=edition, pk=launch_id)
    launch = rows.exclude(state=LaunchState.DRAFT).first()
    if launch is None:
        raise NotFound
    return launch


def launches_to_review(edition: Any) -> Pending:
    """How many dossiers wait for the edition's reviewers. One query."""
    waiting = Launch.objects.filter(
        exhibitor__edition=edition, state=LaunchState.UNDER_REVIEW
    ).count()
    url = reverse("launches:queue", args=[edition.slug])
    return Pending(_("待审核的新品"), waiting, _("不会进入存档"), url)


def story_of(launch: Launch) -> list[Any]:
    """What happened to it, newest first; without the reservations."""
    entries = history(launch, 60)
    quiet = ("launch.reserved", "launch.unreserved")
    return [entry for entry in entries if entry.action not in quiet][:20]
