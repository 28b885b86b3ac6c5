"""/api/v1/catalogue: products and works, read and kept."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema, Status

from haishi.catalogue import selectors, services
from haishi.catalogue.states import PriceMode, ProductKind, ProductState
from haishi.catalogue.types import MAX_TAG, MAX_TAG_EN, MAX_TAGS
from haishi.foundation.api import Page, actor, paginate, register_scope, repeatable
from haishi.foundation.errors import Forbidden, Invalid, NotFound
from haishi.foundation.text import clean, is_broken
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.media.states import Kind
from haishi.parties import selectors as parties

router = Router(tags=["catalogue"])
READ = register_scope("catalogue:read", _("查看产品与作品"))
WRITE = register_scope("catalogue:write", _("添加和修改本单位的产品"))
MOST_PICTURES, MOST_DOCUMENTS = 12, 6
TEXTS = ("name", "name_en", "summary", "summary_en", "description", "description_en")
TAGS = {"tags": MAX_TAG, "tags_en": MAX_TAG_EN}
PLAIN = (*TEXTS, *TAGS, "kind", "price_mode", "price_minor", "currency", "unit", "unit_en")


class TierOut(Schema):
    """From `minimum` units on, one costs `price_minor`."""

    minimum: int = Field(ge=1, le=10**9)
    price_minor: int = Field(ge=0, le=10**14)


class ProductOut(Schema):
    """A product. Amounts are minor units of `currency`; files are named by their tokens."""

    id: int
    slug: str
    url: str
    version: int
    state: ProductState
    kind: ProductKind
    organisation: str
    category: str
    brand: str | None
    brand_admitted: bool
    name: str
    name_en: str
    summary: str
    summary_en: str
    description: str
    description_en: str
    tags: list[str]
    tags_en: list[str]
    price_mode: PriceMode
    price_minor: int | None
    tiers: list[TierOut]
    currency: str
    unit: str
    unit_en: str
    minimum: int
    pictures: list[str]
    documents: list[str]
    video: str | None
    model: str | None
    listed_at: dt.datetime | None
    updated_at: dt.datetime


class Fields(Schema):
    """What may be written; absent fields stay (or are empty on a new product)."""

    kind: ProductKind | None = None
    brand: str | None = Field(None, description="Slug of a channel, or empty for none")
    name_en: str | None = Field(None, max_length=160)
    summary: str | None = Field(None, max_length=120)
    summary_en: str | None = Field(None, max_length=240)
    description: str | None = Field(None, max_length=5000)
    description_en: str | None = Field(None, max_length=10000)
    tags: list[str] | None = Field(None, max_length=MAX_TAGS)
    tags_en: list[str] | None = Field(None, max_length=MAX_TAGS)
    price_mode: PriceMode | None = None
    price_minor: int | None = Field(None, ge=0, le=10**14)
    tiers: list[TierOut] | None = Field(None, max_length=20)
    currency: str | None = Field(None, min_length=3, max_length=3)
    unit: str | None = Field(None, max_length=12)
    unit_en: str | None = Field(None, max_length=24)
    minimum: int | None = Field(None, ge=1, le=10**9)
    pictures: list[str] | None = Field(None, max_length=MOST_PICTURES)
    documents: list[str] | None = Field(None, max_length=MOST_DOCUMENTS)
    video: str | None = None
    model: str | None = None


class ProductNew(Fields):
    """A draft of the organisation with this slug."""

    organisation: str
    category: str
    name: str = Field(min_length=1, max_length=80)


class ProductChange(Fields):
    """Fields to change, and the version they were read at."""

    version: int
    category: str | None = None
    name: str | None = Field(None, min_length=1, max_length=80)


def _shown(rows: list[Any]) -> list[dict[str, Any]]:
    """Products as plain JSON; two queries more than their own, whatever their number."""
    ids = [pk for row in rows for pk in (*row.picture_ids, *row.document_ids)]
    ids += [pk for row in rows for pk in (row.video_asset_id, row.model_asset_id) if pk]
    tokens = {pk: asset.token for pk, asset in media.assets(ids).items()} if ids else {}
    tiers = selectors.tiers_of_many([row.pk for row in rows])
    return [_one(row, tokens, tiers.get(row.pk, [])) for row in rows]


def _one(row: Any, tokens: dict[int, str], tiers: list[tuple[int, int]]) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in (*PLAIN, "slug", "version", "state", "minimum")},
        "id": row.pk,
        "url": settings.PUBLIC_URL + row.get_absolute_url(),
        "organisation": row.organisation.slug,
        "category": row.category.slug,
        "brand": row.brand.slug if row.brand else None,
        "brand_admitted": row.brand_admitted,
        "tiers": [{"minimum": minimum, "price_minor": price} for minimum, price in tiers],
        "pictures": [tokens[pk] for pk in row.picture_ids if pk in tokens],
        "documents": [tokens[pk] for pk in row.document_ids if pk in tokens],
        "video": tokens.get(row.video_asset_id or 0),
        "model": tokens.get(row.model_asset_id or 0),
        "listed_at": row.listed_at.isoformat() if row.listed_at else None,
        "updated_at": row.updated_at.isoformat(),
    }


def _answer(person: Actor, product_id: int) -> dict[str, Any]:
    return _shown([selectors.get_visible_by_id(person, product_id)])[0]


def _written(person: Actor, organisation_id: int, payload: Schema) -> dict[str, Any]:
    """The arguments of the services. Raises Invalid with the field."""
    sent = payload.dict(exclude_unset=True)
    found = {name: sent[name] for name in (*PLAIN, "minimum") if sent.get(name) is not None}
    for name, value in found.items():
        if isinstance(value, str):
            if is_broken(value):
                raise Invalid(_("含有无法显示的字符，请删除后再试。"), field=name)
            found[name] = clean(value)
    if "price_minor" in sent:
        found["price_minor"] = sent["price_minor"]
    for name in TAGS:
        if name in found:
            found[name] = _tags(found[name], name)
    if sent.get("tiers") is not None:
        found["tiers"] = [(tier["minimum"], tier["price_minor"]) for tier in sent["tiers"]]
    if sent.get("category") is not None:
        found["category_id"] = _known("category", sent["category"])
    if "brand" in sent:
        found["brand_id"] = _known("brand", sent["brand"]) if sent["brand"] else None
    return found | _files(person, organisation_id, sent)


def _tags(words: list[str], name: str) -> list[str]:
    tags = list(dict.fromkeys(clean(word) for word in words if clean(word)))
    if any(len(word) > TAGS[name] for word in tags):
        raise Invalid(_("最多八个标签，每个不超过 %(limit)d 字。"), field=name, limit=TAGS[name])
    return tags


def _known(name: str, slug: str) -> int:
    try:
        row: Any = getattr(selectors, f"get_{name}")(slug)
    except NotFound:
        raise Invalid(_("没有这个网址后缀：%(slug)s"), field=name, slug=slug) from None
    return int(row.pk)


def _files(person: Actor, organisation_id: int, sent: dict[str, Any]) -> dict[str, Any]:
    """{field of the model: ids} of the tokens that were sent. Raises Invalid for a strange one."""
    kinds = {
        "pictures": ("picture_ids", Kind.IMAGE),
        "documents": ("document_ids", Kind.DOCUMENT),
        "video": ("video_asset_id", Kind.VIDEO),
        "model": ("model_asset_id", Kind.MODEL),
    }
    found: dict[str, Any] = {}
    for name, (field, kind) in kinds.items():
        if name not in sent:
            continue
        several = field.endswith("_ids")
        tokens = (sent[name] or []) if several else [sent[name]] if sent[name] else []
        rows = media.choosable(person, organisation_id, tokens, (kind,))
        if len(rows) != len(set(tokens)):
            raise Invalid(_("有文件已不可用，请重新上传。"), field=name)
        ids = [row.pk for row in rows]
        found[field] = ids if several else next(iter(ids), None)
    return found


@router.get(
    "/products",
    response=Page[ProductOut],
    url_name="catalogue_products",
    summary="Products, newest first",
)
def products(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
    organisation: str = "",
    category: str = "",
    kind: ProductKind | None = None,
    state: ProductState | None = None,
) -> Any:
    """Listed ones, and in every state those of one's own firms. Scope `catalogue:read`."""
    rows = selectors.visible_to(actor(request, READ))
    wanted = {
        "organisation__slug": organisation,
        "category__slug": category,
        "kind": kind,
        "state": state,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    items, following = paginate(rows, cursor, limit)
    return {"items": _shown(items), "next": following}


@router.post(
    "/products",
    response={201: ProductOut},
    url_name="catalogue_products",
    summary="Write a draft",
)
def create(request: HttpRequest, payload: ProductNew) -> Any:
    """For a firm one manages. Scope `catalogue:write`. Answers 422 with the field."""
    person = actor(request, WRITE)
    firm = parties.get_organisation(payload.organisation)
    if not parties.can_manage(person, firm.pk):
        raise Forbidden
    values = _written(person, firm.pk, payload)

    def make() -> Any:
        return _answer(person, services.create(person, firm.pk, **values).pk)

    return Status(201, repeatable(request, payload.dict(exclude_unset=True), make))


@router.get(
    "/products/{product_id}",
    response=ProductOut,
    url_name="catalogue_product",
    summary="One product",
)
def product(request: HttpRequest, product_id: int) -> Any:
    """Scope `catalogue:read`. 404 when there is none, or it is not one's to see."""
    return _answer(actor(request, READ), product_id)


@router.patch(
    "/products/{product_id}",
    response=ProductOut,
    url_name="catalogue_product",
    summary="Change a product of a firm one manages",
)
def change(request: HttpRequest, product_id: int, payload: ProductChange) -> Any:
    """Only the fields that are sent. Scope `catalogue:write`; 403 for others, 409 when stale."""
    person = actor(request, WRITE)
    row = selectors.get_visible_by_id(person, product_id)
    if not parties.can_manage(person, row.organisation_id):
        raise Forbidden
    values = _written(person, row.organisation_id, payload)

    def save() -> Any:
        services.edit(person, row.pk, payload.version, **values)
        return _answer(person, row.pk)

    return repeatable(request, payload.dict(exclude_unset=True), save)


@router.post(
    "/products/{product_id}/submit",
    response=ProductOut,
    url_name="catalogue_submit",
    summary="Ask for listing",
)
def submit(request: HttpRequest, product_id: int) -> Any:
    """Scope `catalogue:write`. 409 when it waits or is listed already, 422 when incomplete."""
    person = actor(request, WRITE)

    def send() -> Any:
        services.submit(person, product_id)
        return _answer(person, product_id)

    return repeatable(request, product_id, send)
