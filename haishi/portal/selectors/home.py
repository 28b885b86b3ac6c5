"""The home page: the open edition, what happens now, where to go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from haishi.catalogue import selectors as catalogue
from haishi.expo import selectors as expo
from haishi.expo.states import EditionState
from haishi.foundation import clock
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.types import Actor
from haishi.foundation.wording import clock_time, day
from haishi.launches import selectors as launches
from haishi.live import selectors as live
from haishi.notices import selectors as notices
from haishi.portal.selectors.cards import (
    BoothCard,
    LiveCard,
    booth_card,
    share_image,
    with_pictures,
)
from haishi.portal.selectors.halls import Door, doors_of
from haishi.portal.selectors.structured import json_ld


def edition_in_memory() -> Any:
    """The open edition for the header of every page, at most a few seconds old, or None."""
    kept = caches["pages"].get("edition")
    if kept is None:
        kept = (expo.current_edition(),)
        if settings.FRAME_MEMORY_SECONDS:
            caches["pages"].set("edition", kept, settings.FRAME_MEMORY_SECONDS)
    return kept[0]


def unread(actor: Actor) -> int:
    """How many notices wait for this person."""
    return notices.unread_count(actor) if actor.is_authenticated else 0


def past_editions(actor: Actor) -> list[Any]:
    """Visible editions, newest first."""
    return list(expo.editions_visible_to(actor).order_by("-opens_at"))


@dataclass(slots=True)
class SessionLine:
    """A session as a line of the home page."""

    url: str
    title: Bilingual
    time: str
    day: str
    place: Bilingual
    live: bool


@dataclass(slots=True)
class HomePage:
    """Everything the home page shows."""

    edition: Any
    theme: Bilingual
    about: Bilingual
    when: str
    where: Bilingual
    is_live: bool
    is_archived: bool
    archive_url: str
    figures: list[tuple[str, str]]
    announcements: list[Any]
    sessions: list[SessionLine]
    launches: list[Any]
    lives: list[LiveCard]
    has_live: bool
    doors: list[Door]
    more_halls: bool
    featured: list[BoothCard]
    products: list[Any]
    programme_url: str
    products_url: str
    share_image: str
    structured_data: str


# A grid of three columns; an expo with more halls has a page of them.
DOORS = 9


def home_page(edition: Any) -> HomePage:
    """The page of an edition, for everybody: at most eleven queries at any size."""
    now = clock.now()
    halls = doors_of(edition, first=DOORS + 1, pictures=False)
    doors = halls[:DOORS]
    featured = [booth_card(row) for row in expo.featured(edition, 8)]
    archived = edition.state == EditionState.CLOSED
    products = [] if archived else catalogue.newest(8)  # what is new belongs to no past edition
    first = [] if archived else launches.near(6)
    lives = [] if archived else live.now_live(edition, 3)
    cover = edition.cover_asset_id
    also = [cover, *(row.poster_asset_id for row in lives)]
    found = with_pictures(doors, featured, products, also=also, admitted=first)
    next_up = [] if archived else expo.now_and_next(edition, 4)
    sessions = [_line(row, edition.time_zone) for row in next_up]
    face = found.get(cover) or next((d.picture for d in doors if d.picture), None)
    return HomePage(
        edition=edition,
        theme=Bilingual(edition.theme, edition.theme_en) or edition.title,
        about=Bilingual(edition.about, edition.about_en),
        when=_when(edition),
        where=_where(edition),
        is_live=edition.state == EditionState.OPEN and edition.opens_at <= now < edition.closes_at,
        is_archived=archived,
        archive_url=expo.archive_url(edition),
        figures=_figures(edition),
        announcements=[_announcement(row) for row in expo.announcements(edition)[:2]],
        sessions=sessions,
        launches=first,
        lives=[LiveCard(row, found.get(row.poster_asset_id or 0)) for row in lives],
        has_live=any(row.live for row in sessions),
        doors=doors,
        more_halls=len(halls) > DOORS,
        featured=featured,
        products=products,
        programme_url=address("expo:programme", edition.slug),
        products_url=address("catalogue:products"),
        share_image=share_image(face),
        structured_data=_structured(edition),
    )


def _line(row: Any, zone: str) -> SessionLine:
    live = row.starts_at <= clock.now() < row.ends_at
    return SessionLine(
        url=row.url,
        title=row.title,
        time=clock_time(row.starts_at, zone),
        day=day(row.starts_at, zone),
        place=row.stage,
        live=live,
    )


@dataclass(slots=True)
class Told:
    """An announcement in the reader's language."""

    title: Bilingual
    text: Bilingual


def _announcement(row: Any) -> Told:
    return Told(Bilingual(row.title, row.title_en), Bilingual(row.body, row.body_en))


def _when(edition: Any) -> str:
    first, last = (
        day(edition.opens_at, edition.time_zone),
        day(edition.closes_at, edition.time_zone),
    )
    return first if first == last else f"{first} – {last}"


def _where(edition: Any) -> Bilingual:
    return Bilingual(
        " · ".join(part for part in (edition.city, edition.venue) if part),
        " · ".join(
            part
            for part in (edition.city_en or edition.city, edition.venue_en or edition.venue)
            if part
        ),
    )


def _figures(edition: Any) -> list[tuple[str, str]]:
    numbers = expo.edition_numbers(edition)
    rows = [
        (pgettext("several", "展馆"), numbers.halls),
        (_("参展单位"), numbers.exhibitors),
        (_("展品"), numbers.exhibits),
        (_("来自城市"), numbers.cities),
    ]
    return [(label, f"{value:,}") for label, value in rows if value]


def _structured(edition: Any) -> str:
    return json_ld(
        "ExhibitionEvent",
        name=edition.name,
        alternateName=edition.name_en,
        startDate=edition.opens_at.isoformat(),
        endDate=edition.closes_at.isoformat(),
        description=edition.about[:300],
        url=settings.PUBLIC_URL + edition.get_absolute_url(),
        eventAttendanceMode="https://schema.org/MixedEventAttendanceMode",
        location={"@type": "Place", "name": edition.venue or edition.city, "address": edition.city},
    )
