"""Booths and halls as they are found: only what visitors see."""

from collections.abc import Iterable, Iterator

from django.db.models import F, QuerySet

from haishi.expo.models import Edition, Exhibitor, Hall, Session, SessionSpeaker, Slot, Speaker
from haishi.expo.selectors.core import SHOWN
from haishi.expo.states import EditionState, SessionState
from haishi.foundation.addresses import address
from haishi.search.types import Document, Facet

__all__ = [
    "exhibitor_documents",
    "exhibitor_ids_in",
    "exhibitor_ids_of_firm",
    "hall_documents",
    "hall_ids_in",
    "session_documents",
    "session_ids_in",
    "session_ids_of_speaker",
    "speaker_documents",
    "speaker_ids_in",
    "speaker_ids_of_session",
]


def _edition(edition: Edition) -> Facet:
    return Facet(edition.slug, edition.name, edition.name_en)


def _hall(hall: Hall, edition: Edition) -> Facet:
    return Facet(f"{edition.slug}.{hall.slug}", hall.name, hall.name_en)


def exhibitor_documents(exhibitor_ids: Iterable[int]) -> Iterator[Document]:
    """A document for each shown booth among `exhibitor_ids`; one query. Featured ones rise."""
    rows = Exhibitor.objects.filter(SHOWN, pk__in=[*exhibitor_ids])
    rows = rows.select_related("organisation", "edition", "booth__hall", "tier")
    for row in rows.order_by("pk"):
        firm, hall = row.organisation, row.booth.hall if row.booth else None
        code = row.booth.code if row.booth else ""
        yield Document(
            kind="exhibitor",
            object_id=row.pk,
            title=firm.name,
            title_en=firm.name_en,
            summary=row.headline or firm.tagline,
            summary_en=row.headline_en or firm.tagline_en,
            body=f"{row.intro}\n{row.intro_en}\n{firm.tagline}\n{firm.tagline_en}",
            keywords=[word for word in (code, firm.city, row.headline) if word],
            url=address("portal:booth", row.edition.slug, row.pk),
            picture_asset_id=row.banner_asset_id or firm.logo_asset_id,
            facets={
                "edition": [_edition(row.edition)],
                "hall": [_hall(hall, row.edition)] if hall else [],
                "side": list(firm.sides),
                "city": [firm.city] if firm.city else [],
            },
            boost=1.2 if row.tier.featured else 1.0,
        )


def hall_documents(hall_ids: Iterable[int]) -> Iterator[Document]:
    """A document for each hall of an edition that visitors see, among `hall_ids`; one query."""
    rows = Hall.objects.filter(pk__in=[*hall_ids]).exclude(edition__state=EditionState.DRAFT)
    for hall in rows.select_related("edition").order_by("pk"):
        edition = hall.edition
        yield Document(
            kind="hall",
            object_id=hall.pk,
            title=hall.name,
            title_en=hall.name_en,
            summary=hall.summary,
            summary_en=hall.summary_en,
            keywords=[edition.name, edition.name_en],
            url=address("portal:hall", edition.slug, hall.slug),
            picture_asset_id=hall.picture_asset_id,
            facets={"edition": [_edition(edition)], "hall": [_hall(hall, edition)]},
            boost=1.5,
        )


def exhibitor_ids_in(*, edition_id: int | None = None, hall_id: int | None = None) -> list[int]:
    """Ids of all exhibitors of an edition or of a hall."""
    rows = Exhibitor.objects.all()
    if edition_id is not None:
        rows = rows.filter(edition=edition_id)
    if hall_id is not None:
        rows = rows.filter(booth__hall=hall_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def exhibitor_ids_of_firm(organisation_id: int) -> list[int]:
    """Ids of a firm's participations."""
    rows = Exhibitor.objects.filter(organisation=organisation_id).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def hall_ids_in(edition_id: int) -> list[int]:
    """Ids of an edition's halls."""
    rows = Hall.objects.filter(edition=edition_id).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _public_slots() -> QuerySet[Slot]:
    """Slots that visitors see, of sessions that take place."""
    rows = Slot.objects.filter(version__number=F("version__edition__schedule_number"))
    rows = rows.exclude(version__edition__state=EditionState.DRAFT)
    return rows.exclude(session__state=SessionState.CANCELLED)


def session_documents(session_ids: Iterable[int]) -> Iterator[Document]:
    """A document for each public session among `session_ids`; two queries."""
    slots = _public_slots().filter(session__in=[*session_ids])
    slots = slots.select_related("session__track", "stage__hall", "version__edition")
    for slot in slots.prefetch_related("session__speakers").order_by("session_id"):
        row, edition, hall = slot.session, slot.version.edition, slot.stage.hall
        speakers = list(row.speakers.all())
        names = [each.name for each in speakers] + [each.name_en for each in speakers]
        track = (row.track.name, row.track.name_en) if row.track else ()
        yield Document(
            kind="session",
            object_id=row.pk,
            title=row.title,
            title_en=row.title_en,
            summary=row.abstract,
            summary_en=row.abstract_en,
            body="\n".join(f"{each.firm} {each.firm_en}".strip() for each in speakers),
            keywords=[word for word in (*names, *track, slot.stage.name) if word],
            url=address("expo:session", edition.slug, row.code),
            picture_asset_id=next((p for e in speakers if (p := e.portrait_asset_id)), None),
            facets={
                "edition": [_edition(edition)],
                "hall": [_hall(hall, edition)] if hall else [],
            },
        )


def speaker_documents(speaker_ids: Iterable[int]) -> Iterator[Document]:
    """A document for each speaker of a public session among `speaker_ids`; two queries."""
    public = _public_slots().values("session_id")
    rows = Speaker.objects.filter(pk__in=[*speaker_ids], appearances__session__in=public)
    rows = rows.select_related("edition").prefetch_related("sessions").distinct()
    for row in rows.order_by("pk"):
        titles = [title for s in row.sessions.all() for title in (s.title, s.title_en)]
        yield Document(
            kind="speaker",
            object_id=row.pk,
            title=row.name,
            title_en=row.name_en,
            summary=" · ".join(word for word in (row.firm, row.title) if word),
            summary_en=" · ".join(word for word in (row.firm_en, row.title_en) if word),
            body="\n".join(word for word in (row.bio, row.bio_en, *titles) if word),
            keywords=[row.firm] if row.firm else [],
            url=address("expo:speaker", row.edition.slug, row.pk),
            picture_asset_id=row.portrait_asset_id,
            facets={"edition": [_edition(row.edition)]},
        )


def session_ids_in(edition_id: int) -> list[int]:
    """Ids of all sessions of an edition, public or not."""
    rows = Session.objects.filter(edition=edition_id).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def speaker_ids_in(edition_id: int) -> list[int]:
    """Ids of all speakers of an edition."""
    rows = Speaker.objects.filter(edition=edition_id).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def session_ids_of_speaker(speaker_id: int) -> list[int]:
    """Ids of the sessions somebody speaks in."""
    rows = SessionSpeaker.objects.filter(speaker=speaker_id).order_by("session_id")
    return list(rows.values_list("session_id", flat=True))


def speaker_ids_of_session(session_id: int) -> list[int]:
    """Ids of who may speak in a session: everybody of its edition, for one who was taken out."""
    edition = Session.objects.filter(pk=session_id).values_list("edition_id", flat=True).first()
    return speaker_ids_in(edition) if edition else []
