"""GET /api/v1/search: what the person of the token or session, or the public, may find."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema

from haishi.foundation import limits, web
from haishi.foundation.api import AUTH, actor, register_scope
from haishi.search import selectors
from haishi.search.types import FACETS
from haishi.search.types import Query as Question

SCOPE = register_scope("search:read", _("搜索你能看到的内容"))


def _anybody(request: HttpRequest) -> Any:
    """Who brings no token asks as the public; a wrong token is refused, not ignored."""
    return None if "Authorization" in request.headers else AnonymousUser()


router = Router(tags=["search"], auth=[*AUTH, _anybody])


class Asked(Schema):
    """A question. Each facet may be given several times; values of one facet are alternatives."""

    q: str = Field("", max_length=500)
    page: int = Field(1, ge=1, le=1_000)
    limit: int = Field(24, ge=1, le=100)
    kind: list[str] = []
    edition: list[str] = []
    hall: list[str] = []
    category: list[str] = []
    brand: list[str] = []
    side: list[str] = []
    city: list[str] = []
    price: list[str] = []
    offer: list[str] = []


class Found(Schema):
    """A hit, in both languages."""

    kind: str
    id: int
    title: str
    title_en: str
    summary: str
    summary_en: str
    url: str
    picture_asset_id: int | None
    price_minor: int | None
    facets: dict[str, list[str]]


class Value(Schema):
    """How many hits carry a value of a facet."""

    value: str
    label: str
    count: int


class Answer(Schema):
    """`ready` is false while the index is being built; `relaxed` when only parts matched."""

    total: int
    page: int
    pages: int
    ready: bool
    relaxed: bool
    did_you_mean: str
    items: list[Found]
    facets: dict[str, list[Value]]


@router.get("", response=Answer, summary="Search")
def search(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Find by words, pinyin or English, narrowed by facets."""
    reader = actor(request, SCOPE)
    limits.limit(f"search:{reader.pk or web.client_address(request)}", 240, 60)
    filters = {facet: getattr(asked, facet) for facet in FACETS}
    answer = selectors.search(
        reader, Question(asked.q, filters=filters, page=asked.page, per_page=asked.limit)
    )
    items = [
        {
            "kind": hit.kind,
            "id": hit.object_id,
            "url": hit.url,
            "facets": hit.facets,
            "title": hit.title.zh,
            "title_en": hit.title.en,
            "summary": hit.summary.zh,
            "summary_en": hit.summary.en,
            "picture_asset_id": hit.picture_asset_id,
            "price_minor": hit.price_minor,
        }
        for hit in answer.hits
    ]
    facets = {
        facet: [{"value": v.value, "label": v.label, "count": v.count} for v in values]
        for facet, values in answer.facets.items()
    }
    return {
        "total": answer.total,
        "page": answer.page,
        "pages": answer.pages,
        "ready": answer.ready,
        "relaxed": answer.relaxed,
        "did_you_mean": answer.did_you_mean,
        "items": items,
        "facets": facets,
    }
