"""Halls: their doors, their pages, the tour through them."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from haishi.expo import selectors as expo
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.places import place_name
from haishi.foundation.types import Actor
from haishi.parties.states import Side
from haishi.portal.selectors.cards import BoothCard, booth_card, share_image, with_pictures


@dataclass(slots=True)
class Door:
    """A hall as a card."""

    pk: int
    url: str
    title: Bilingual
    summary: Bilingual
    meta: str
    is_launch_hall: bool
    picture_id: int | None
    picture: Any = None


def doors_of(edition: Any, *, first: int | None = None, pictures: bool = True) -> list[Door]:
    """Halls of an edition in their order, or the `first` of them."""
    doors = [_door(edition, hall, shown) for hall, shown in expo.hall_numbers(edition, first)]
    if pictures:
        with_pictures(doors)
    return doors


def _door(edition: Any, hall: Any, shown: int) -> Door:
    return Door(
        pk=hall.pk,
        url=address("portal:hall", edition.slug, hall.slug),
        title=hall.title,
        summary=Bilingual(hall.summary, hall.summary_en),
        meta=ngettext("%(n)s 家展商", "%(n)s 家展商", shown) % {"n": shown}
        if shown
        else _("舞台与首发"),
        is_launch_hall=hall.is_launch_hall,
        picture_id=hall.picture_asset_id,
    )


@dataclass(slots=True)
class Option:
    """A value to filter by."""

    label: Any
    url: str
    current: bool


@dataclass(slots=True)
class Facet:
    """A group of options."""

    label: str
    options: list[Option]


@dataclass(slots=True)
class HallPage:
    """Everything a hall's page shows."""

    edition: Any
    hall: Any
    summary: Bilingual
    trail: list[dict[str, Any]]
    plan: Any
    facets: list[Facet]
    rows: list[BoothCard]
    count: int
    pages: Any
    plain_url: str
    others: list[Door]
    share_image: str


def hall_page(actor: Actor, edition_slug: str, hall_slug: str, query: QueryDict) -> HallPage:
    """A hall with its plan and its exhibitors. Raises NotFound."""
    hall = expo.get_hall(actor, edition_slug, hall_slug)
    edition = hall.edition
    filters = expo.HallFilters(
        query=query.get("q", "")[:60], side=query.get("side", ""), city=query.get("city", "")[:40]
    )
    found = expo.hall_page(actor, edition, hall, filters, query.get("page", "1"))
    rows = [booth_card(row) for row in found.rows]
    pictures = with_pictures(rows, also=[hall.picture_asset_id])
    plain = address("portal:hall", edition.slug, hall.slug)
    return HallPage(
        edition=edition,
        hall=hall,
        summary=Bilingual(hall.summary, hall.summary_en),
        trail=[
            {"label": edition.title, "url": edition.get_absolute_url()},
            {"label": pgettext("several", "展馆"), "url": address("portal:halls", edition.slug)},
            {"label": hall.title, "url": ""},
        ],
        plan=expo.floor_plan(hall),
        facets=_facets(plain, filters, found.cities),
        rows=rows,
        count=found.page.paginator.count,
        pages=found.page,
        plain_url=plain,
        others=[door for door in doors_of(edition, pictures=False) if door.pk != hall.pk],
        share_image=share_image(pictures.get(hall.picture_asset_id or 0)),
    )


def _facets(plain: str, filters: expo.HallFilters, cities: list[tuple[str, int]]) -> list[Facet]:
    def option(label: Any, name: str, value: str) -> Option:
        chosen = {"q": filters.query, "side": filters.side, "city": filters.city, name: value}
        query = QueryDict(mutable=True)
        query.update({key: each for key, each in chosen.items() if each})
        return Option(
            label,
            f"{plain}?{query.urlencode()}" if query else plain,
            getattr(filters, name) == value,
        )

    return [
        Facet(
            _("五方角色"),
            [
                option(_("全部"), "side", ""),
                *(option(side.label, "side", side.value) for side in Side),
            ],
        ),
        Facet(
            _("城市"),
            [
                option(_("全部"), "city", ""),
                *(option(f"{place_name(city)} {count}", "city", city) for city, count in cities),
            ],
        ),
    ]


@dataclass(slots=True)
class Stop:
    """A stop of the tour."""

    door: Door
    booths: list[BoothCard]


def tour_stops(actor: Actor, edition: Any) -> list[Stop]:
    """One stop a hall, with the four booths to begin with."""
    stops = []
    for hall, shown in expo.hall_numbers(edition):
        page = expo.hall_page(actor, edition, hall)
        stops.append(Stop(_door(edition, hall, shown), [booth_card(row) for row in page.rows[:4]]))
    with_pictures([stop.door for stop in stops], *(stop.booths for stop in stops))
    return stops


def edition_paths(edition: Any) -> list[str]:
    """Addresses of an edition's page, its halls, the booths visitors see and their firms.

    For the archive; a firm stands there at the rest of its permanent address, `o/<slug>/`.
    """
    slug = edition.slug
    return [
        edition.get_absolute_url(),
        address("portal:halls", slug),
        *(address("portal:hall", slug, hall.slug) for hall in expo.halls_of(edition)),
        *(address("portal:booth", slug, pk) for pk in expo.shown_ids(edition)),
        *(address("portal:organisation", firm) for firm in expo.shown_firms(edition)),
    ]
