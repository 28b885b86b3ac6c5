"""The search page: hits with their pictures, facets with counts, "did you mean"."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

from haishi.foundation.addresses import address as address_of
from haishi.foundation.places import place_name
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.search import selectors as search
from haishi.search.types import FACETS, Query, Results

PER_PAGE = 24


@dataclass(slots=True)
class HitCard:
    """A found thing."""

    url: str
    kind: str
    where: str
    title: Any
    summary: Any
    picture: Any


@dataclass(slots=True)
class FacetGroup:
    """Options of one facet."""

    label: str
    options: list[Any]


@dataclass(slots=True)
class Choice:
    """A value to filter by, or to no longer filter by."""

    label: str
    url: str
    current: bool
    count: int


@dataclass(slots=True)
class SearchPage:
    """Everything the search page shows."""

    text: str
    address: str
    ready: bool
    relaxed: bool
    hits: list[HitCard]
    total: int
    facets: list[FacetGroup]
    did_you_mean: str
    did_you_mean_url: str
    pages: Page[Any]


def _names() -> dict[str, str]:
    return {
        "kind": _("类型"),
        "edition": _("届次"),
        "hall": _("展馆"),
        "category": _("分类"),
        "brand": _("区域品牌"),
        "side": _("五方角色"),
        "city": _("城市"),
        "price": _("价格"),
        "offer": _("购买方式"),
    }


def search_page(actor: Actor, query: QueryDict) -> SearchPage:
    """What `actor` may see of what matches. Odd values are ignored, never an error."""
    text = query.get("q", "").strip()[:200]
    number = query.get("page", "1")
    page = int(number) if number.isdigit() and len(number) < 4 and number != "0" else 1
    filters = {name: query.getlist(name)[:10] for name in FACETS if query.get(name)}
    found = search.search(actor, Query(text, filters=filters, page=page, per_page=PER_PAGE))
    address = address_of("portal:search")
    pictures = media.pictures([hit.picture_asset_id for hit in found.hits])
    names = {
        name: {count.value: count.label for count in found.facets.get(name, ())}
        for name in ("kind", "hall")
    }
    pager: Paginator[Any] = Paginator(range(found.pages * PER_PAGE), PER_PAGE)
    return SearchPage(
        text=text,
        address=address,
        ready=found.ready,
        relaxed=found.relaxed,
        hits=[_card(hit, pictures, names) for hit in found.hits],
        total=found.total,
        facets=_facets(found, query, address),
        did_you_mean=found.did_you_mean,
        did_you_mean_url=f"{address}?{_asked(found.did_you_mean)}",
        pages=pager.get_page(page),
    )


def _card(hit: Any, pictures: dict[int, Any], names: dict[str, dict[str, Any]]) -> HitCard:
    known = names["hall"] if hit.kind != "hall" else {}
    halls = [known[value] for value in hit.facets.get("hall", ()) if value in known]
    return HitCard(
        url=hit.url,
        kind=names["kind"].get(hit.kind, ""),
        where=" · ".join([*map(str, halls), *map(place_name, hit.facets.get("city", ()))][:2]),
        title=hit.title_pieces,
        summary=hit.summary_pieces,
        picture=pictures.get(hit.picture_asset_id or 0),
    )


def _asked(text: str) -> str:
    query = QueryDict(mutable=True)
    query["q"] = text
    return query.urlencode()


def _facets(found: Results, query: QueryDict, address: str) -> list[FacetGroup]:
    groups = []
    for name, label in _names().items():
        options = [_choice(name, count, query, address) for count in found.facets.get(name, ())]
        narrows = len(options) == 1 and options[0].count < found.total
        if len(options) > 1 or narrows or any(option.current for option in options):
            groups.append(FacetGroup(label, options[:10]))
    return groups


def _choice(name: str, count: Any, query: QueryDict, address: str) -> Choice:
    changed = query.copy()
    changed.pop("page", None)
    others = [value for value in query.getlist(name) if value != count.value]
    changed.setlist(name, others if count.chosen else [*others, count.value])
    label = place_name(count.value) if name == "city" else count.label
    return Choice(label, f"{address}?{changed.urlencode()}", count.chosen, count.count)
