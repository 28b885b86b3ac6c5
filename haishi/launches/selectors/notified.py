"""Who is told what, and what the index finds."""

from collections.abc import Iterable, Iterator

from haishi.foundation import clock
from haishi.launches import policies
from haishi.launches.models import Claim, Launch, Reservation
from haishi.launches.states import ClaimState
from haishi.search.types import Document, Facet
from haishi.trade import selectors as trade


def launch_facts(launch_id: int) -> Launch | None:
    """A launch for the platform's own messages."""
    rows = Launch.objects.select_related("exhibitor__organisation", "exhibitor__edition__series")
    return rows.filter(pk=launch_id).first()


def claim_facts(claim_id: int) -> Claim | None:
    """A claim for the platform's own messages."""
    rows = Claim.objects.select_related("allotment__launch__exhibitor__organisation")
    return rows.filter(pk=claim_id).first()


def claim_paid_late(order_id: int, refund_id: int) -> Claim | None:
    """The claim of an order whose refund returns money that came too late; None for others."""
    rows = Claim.objects.select_related("order", "allotment__launch__exhibitor__organisation")
    claim = rows.filter(order=order_id).first()
    if claim is None or claim.order is None:
        return None
    late = any(row.late and row.pk == refund_id for row in trade.refunds_of(claim.order))
    return claim if late else None


def reservers_of(launch_id: int) -> list[int]:
    """Ids of the people who asked to be reminded."""
    rows = Reservation.objects.filter(launch=launch_id).order_by("pk")
    return list(rows.values_list("person_id", flat=True))


def winners_of(launch_id: int) -> list[int]:
    """Ids of the people who may buy now."""
    return _people(launch_id, ClaimState.WON)


def losers_of(launch_id: int) -> list[int]:
    """Ids of the people who wait for what is given up."""
    return _people(launch_id, ClaimState.WAITING)


def _people(launch_id: int, state: str) -> list[int]:
    rows = Claim.objects.filter(allotment__launch=launch_id, state=state).order_by("pk")
    return list(rows.values_list("person_id", flat=True))


def documents(launch_ids: Iterable[int]) -> Iterator[Document]:
    """A document for each unveiled launch among `launch_ids`; nothing of the others."""
    rows = Launch.objects.filter(pk__in=[*launch_ids], unveil_at__lte=clock.now())
    for row in rows.select_related("exhibitor__organisation", "exhibitor__edition"):
        if policies.is_unveiled(row):
            yield _document(row)


def _document(row: Launch) -> Document:
    firm, edition = row.exhibitor.organisation, row.exhibitor.edition
    return Document(
        kind="launch",
        object_id=row.pk,
        title=row.name,
        title_en=row.name_en,
        summary=row.teaser,
        summary_en=row.teaser_en,
        body=f"{row.story}\n{row.story_en}",
        keywords=[firm.name, firm.name_en],
        picture_asset_id=row.cover_asset_id,
        url=row.get_absolute_url(),
        facets={"edition": [Facet(edition.slug, edition.name, edition.name_en)]},
    )
