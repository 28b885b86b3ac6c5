"""What every area of the expo reads: editions, halls, exhibitors, by who may see them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from haishi.expo import policies
from haishi.expo.models import Edition, Exhibitor, Hall
from haishi.expo.states import EditionState, ExhibitorState
from haishi.foundation import clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.prepared import Given, Prepared
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

__all__ = [
    "current_edition",
    "editions_visible_to",
    "exhibitors_visible_to",
    "firms_that_came",
    "get_edition",
    "get_exhibitor",
    "halls_of",
    "lock_edition",
    "lock_exhibitor",
    "lock_for_review",
    "organisers_come_to",
    "takes_part",
]
SHOWN = Q(state=ExhibitorState.APPROVED, complete=True) & ~Q(edition__state=EditionState.DRAFT)


def editions_visible_to(actor: Actor) -> QuerySet[Edition]:
    """Editions that are open or archived, and any of one's own organiser."""
    rows = Edition.objects.select_related("series")
    if actor.is_staff:
        return rows
    mine = Q(series__organiser__in=parties.organisers_of(actor))
    return rows.filter(~Q(state=EditionState.DRAFT) | mine)


_PUBLIC_EDITION = Prepared(
    lambda: Edition.objects.filter(~Q(state=EditionState.DRAFT), slug=Given("slug")).select_related(
        "series"
    )
)
_CURRENT_EDITION = Prepared(
    lambda: (
        Edition.objects.filter(state=EditionState.OPEN)
        .select_related("series")
        .annotate(begun=Case(When(opens_at__lte=Given("now"), then=F("opens_at"))))
        .order_by(F("begun").desc(nulls_last=True), "opens_at", "pk")[:1]
    )
)
_PUBLIC_EXHIBITOR = Prepared(
    lambda: Exhibitor.objects.filter(SHOWN, pk=Given("pk")).select_related(
        "organisation", "tier", "booth__hall", "edition__series"
    )
)


def get_edition(actor: Actor, slug: str) -> Edition:
    """One by its address. Raises NotFound."""
    # What everybody may see needs no look at who asks.
    public: Edition | None = _PUBLIC_EDITION.first(slug=slug)
    if public:
        return public
    if found := editions_visible_to(actor).filter(slug=slug).first():
        return found
    raise NotFound


def current_edition() -> Edition | None:
    """The edition that the home page is about.

    Of the open ones the last that began; before any has begun, the next that will.
    """
    return _CURRENT_EDITION.first(now=clock.now())


def lock_edition(actor: Actor, edition_id: int) -> Edition:
    """The edition, row locked, for its organiser's owners. Raises NotFound, Forbidden."""
    edition = (
        editions_visible_to(actor).select_for_update(of=("self",)).filter(pk=edition_id).first()
    )
    if edition is None:
        raise NotFound
    if not policies.can_run(actor, edition):
        raise Forbidden
    return edition


def halls_of(edition: Edition) -> QuerySet[Hall]:
    """Halls in their order."""
    return Hall.objects.filter(edition=edition).order_by("order", "pk")


def exhibitors_visible_to(actor: Actor) -> QuerySet[Exhibitor]:
    """Booths that are shown, those of one's own firms, and all of one's own organiser."""
    rows = Exhibitor.objects.select_related(
        "organisation", "tier", "booth__hall", "edition__series"
    )
    if actor.is_staff:
        return rows
    firms = Q(organisation__in=parties.roles_of(actor))
    runs = Q(edition__series__organiser__in=parties.organisers_of(actor)) & ~Q(
        state=ExhibitorState.DRAFT
    )
    return rows.filter(SHOWN | firms | runs)


def get_exhibitor(actor: Actor, exhibitor_id: int) -> Exhibitor:
    """One that the person may see. Raises NotFound."""
    public: Exhibitor | None = _PUBLIC_EXHIBITOR.first(pk=exhibitor_id)
    if public:
        return public
    if found := exhibitors_visible_to(actor).filter(pk=exhibitor_id).first():
        return found
    raise NotFound


def lock_exhibitor(actor: Actor, exhibitor_id: int) -> Exhibitor:
    """The exhibitor, row locked, for managers of its firm. Raises NotFound, Forbidden."""
    rows = exhibitors_visible_to(actor).select_for_update(of=("self",))
    found = rows.filter(pk=exhibitor_id).first()
    if found is None:
        raise NotFound
    if not policies.can_set_up(actor, found):
        raise Forbidden
    return found


def lock_for_review(actor: Actor, exhibitor_id: int) -> Exhibitor:
    """The exhibitor, row locked, for the organiser's reviewers. Raises NotFound, Forbidden."""
    rows = exhibitors_visible_to(actor).select_for_update(of=("self",))
    found = rows.filter(pk=exhibitor_id).first()
    if found is None:
        raise NotFound
    if not policies.can_review(actor, found.edition):
        raise Forbidden
    return found


def firms_that_came(organiser_ids: Iterable[int]) -> QuerySet[Exhibitor, Any]:
    """Ids of the firms that applied to, or are in, an edition of one of these organisers."""
    rows = Exhibitor.objects.filter(edition__series__organiser__in=[*organiser_ids])
    return rows.exclude(state=ExhibitorState.DRAFT).values("organisation_id")


def organisers_come_to(organisation_id: int) -> list[int]:
    """Ids of the organisers to whose editions a firm applied."""
    rows = Exhibitor.objects.filter(organisation=organisation_id).order_by()
    came = rows.exclude(state=ExhibitorState.DRAFT)
    return list(came.values_list("edition__series__organiser_id", flat=True).distinct())


def takes_part(organisation_id: int, organiser_ids: list[int]) -> bool:
    """Whether the firm has applied to, or is in, an edition of one of these organisers."""
    return (
        Exhibitor.objects.filter(
            organisation=organisation_id, edition__series__organiser__in=organiser_ids
        )
        .exclude(state=ExhibitorState.DRAFT)
        .exists()
    )
