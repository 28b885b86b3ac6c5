"""Halls and booths in the search index; announcements in people's inboxes."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.expo import selectors
from haishi.expo.events import (
    AnnouncementPublished,
    BoothChanged,
    EditionChanged,
    EditionClosed,
    HallChanged,
)
from haishi.expo.states import Audience
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.events import subscribe
from haishi.notices import services as notices
from haishi.parties import selectors as parties
from haishi.parties.events import OrganisationChanged
from haishi.search import services as search
from haishi.search.types import Document

notices.register_kind("announcement", "主办方公告", "Announcements", mail="digest")
search.name_values("kind", {"exhibitor": _("参展商"), "hall": _("展馆")})


def index(kind: str, ids: list[int], documents: Iterable[Document]) -> None:
    """Bring the index to what holds now; what is no longer shown is found no more."""
    found = {document.object_id: document for document in documents}
    search.put_many(found.values())
    for pk in ids:
        if pk not in found:
            search.remove(kind, pk)


def _index_booths(ids: list[int]) -> None:
    index("exhibitor", ids, selectors.exhibitor_documents(ids))


def _index_halls(ids: list[int]) -> None:
    index("hall", ids, selectors.hall_documents(ids))


@subscribe(BoothChanged)
def index_booth(event: BoothChanged) -> None:
    """What a visitor sees of a booth, or whether it is shown."""
    _index_booths([event.exhibitor_id])


@subscribe(OrganisationChanged)
def index_firm(event: OrganisationChanged) -> None:
    """Name, city or sides of the firm behind booths."""
    _index_booths(selectors.exhibitor_ids_of_firm(event.organisation_id))


@subscribe(HallChanged)
def index_hall(event: HallChanged) -> None:
    """A hall's words or plan, and the hall that its booths name."""
    _index_halls([event.hall_id])
    _index_booths(selectors.exhibitor_ids_in(hall_id=event.hall_id))


@subscribe(EditionChanged, EditionClosed)
def index_edition(event: EditionChanged | EditionClosed) -> None:
    """An edition that opened, was withdrawn or renamed takes all of it along."""
    _index_halls(selectors.hall_ids_in(event.edition_id))
    _index_booths(selectors.exhibitor_ids_in(edition_id=event.edition_id))


@subscribe(AnnouncementPublished)
def tell_audience(event: AnnouncementPublished) -> None:
    """Those it is for; everybody means whoever registered, exhibits or works for the organiser."""
    row = selectors.find_announcement(event.announcement_id)
    if row is None:
        return
    address = {
        Audience.EVERYBODY: reverse("expo:public_announcements", args=[row.edition.slug]),
        Audience.REGISTERED: reverse("portal:edition", args=[row.edition.slug]),
        Audience.EXHIBITORS: reverse("expo:exhibits"),
    }
    people = set(selectors.audience_of(row))
    if row.audience == Audience.EVERYBODY:
        organiser = row.edition.series.organiser_id
        people |= set(parties.people_with_duty(organiser, ()))
    notices.tell(
        people - {row.author_id},
        "announcement",
        Bilingual(row.title, row.title_en),
        Bilingual(row.body, row.body_en),
        address[Audience(row.audience)],
    )
