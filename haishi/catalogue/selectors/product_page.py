"""A product's page, composed: files, facts, next steps, where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from haishi.catalogue import policies
from haishi.catalogue.models import Product
from haishi.catalogue.selectors.core import get_visible
from haishi.catalogue.selectors.list_pages import with_pictures
from haishi.catalogue.selectors.offers import Act, Offer, offers_of
from haishi.catalogue.selectors.shown import Stand, others_of_firm, stands_of, tiers_of
from haishi.catalogue.states import PriceMode, ProductKind, ProductState
from haishi.catalogue.types import ProductRow
from haishi.catalogue.wording import price_text
from haishi.expo.services import about_token
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money
from haishi.foundation.places import place_name
from haishi.foundation.structured import json_ld
from haishi.foundation.types import Actor
from haishi.media import selectors as media

__all__ = ["ProductPage", "product_page"]


@dataclass(slots=True)
class Step:
    """A next step as a button."""

    label: str
    url: str
    icon: str


@dataclass(slots=True)
class TierLine:
    """A line of the price table: `100–499 件`, `¥29.00`."""

    quantity: str
    price: str


@dataclass(slots=True)
class Place:
    """A booth where the product stands."""

    label: str
    url: str
    edition: Bilingual


@dataclass(slots=True)
class ProductPage:
    """Everything a product's page shows."""

    product: Product
    note: str
    price: str
    tiers: list[TierLine]
    facts: list[tuple[str, Any, str]]
    tags: list[str]
    brand: Any
    brand_url: str
    description: Bilingual
    pictures: list[Any]
    main: Any
    main_number: int
    video: Any
    model: Any
    documents: list[Any]
    steps: list[Step]
    offers: list[Offer]
    places: list[Place]
    others: list[ProductRow]
    trail: list[dict[str, Any]]
    edit_url: str
    share_image: str
    structured_data: str

    @property
    def acts(self) -> list[Act]:
        """What modules above let one do first."""
        return [offer.act for offer in self.offers if offer.act is not None]


def product_page(actor: Actor, slug: str, picture: str = "") -> ProductPage:
    """A product by who may see it; `picture` is the number of the large one. Raises NotFound."""
    product = get_visible(actor, slug)
    files = media.attachments(
        [
            *product.picture_ids,
            *product.document_ids,
            product.video_asset_id,
            product.model_asset_id,
        ]
    )
    shown = (files[pk].picture for pk in product.picture_ids if pk in files)
    pictures = [each for each in shown if each is not None]
    number = int(picture) if picture.isdecimal() and 0 < int(picture) <= len(pictures) else 1
    stands = stands_of(product)
    tiers = tiers_of(product) if product.price_mode == PriceMode.TIERS else []
    admitted = product.brand if product.brand_admitted else None
    offers = offers_of(actor, product, tiers) if product.state == ProductState.LISTED else []
    return ProductPage(
        product=product,
        note=_note(product),
        price=price_text(product.price_mode, product.price_minor, product.currency, _unit(product)),
        tiers=_tier_lines(product, tiers),
        facts=_facts(product),
        tags=product.words,
        brand=admitted,
        brand_url=address("catalogue:brand", admitted.slug) if admitted else "",
        description=Bilingual(product.description, product.description_en),
        pictures=pictures,
        main=pictures[number - 1] if pictures else None,
        main_number=number,
        video=files.get(product.video_asset_id or 0),
        model=files.get(product.model_asset_id or 0),
        documents=[files[pk] for pk in product.document_ids if pk in files],
        steps=_steps(product, stands),
        offers=offers,
        places=[_place(stand) for stand in stands if stand.exhibited],
        others=with_pictures(others_of_firm(product)),
        trail=_trail(product),
        edit_url=_edit_url(actor, product),
        share_image=settings.PUBLIC_URL + pictures[0].url(1280) if pictures else "",
        structured_data=_structured(product, pictures, offers),
    )


def _unit(product: Product) -> Bilingual:
    return Bilingual(product.unit, product.unit_en)


def _note(product: Product) -> str:
    """What a reader who is not the public must know."""
    return {
        ProductState.DRAFT: _("这是草稿预览，只有本单位成员能看到。"),
        ProductState.SUBMITTED: _("正在等待审核，通过后公开。"),
        ProductState.RETURNED: _("审核已退回，修改后可重新提交。"),
        ProductState.WITHDRAWN: _("已下架，观众看不到这个页面。"),
    }.get(ProductState(product.state), "")


def _tier_lines(product: Product, tiers: list[tuple[int, int]]) -> list[TierLine]:
    unit = str(_unit(product))
    lines = []
    for number, (minimum, price) in enumerate(tiers, 1):
        end = tiers[number][0] - 1 if number < len(tiers) else None
        span = f"≥ {minimum:,}" if end is None else f"{minimum:,}–{end:,}"
        span = f"{minimum:,}" if end == minimum else span
        lines.append(TierLine(f"{span} {unit}".strip(), str(Money(price, product.currency))))
    return lines


DELIVERY = {
    ProductKind.GOODS: lambda: _("实物发货，起订量与交期以报价为准"),
    ProductKind.FILE: lambda: _("线上交付数字文件"),
    ProductKind.SERVICE: lambda: _("按约定的范围与日程交付"),
    ProductKind.LICENCE: lambda: _("签署授权协议，约定用途、地区与期限"),
}


def _facts(product: Product) -> list[tuple[str, Any, str]]:
    """(label, value, address or "")."""
    category = product.category
    firm = product.organisation
    facts: list[tuple[str, Any, str]] = [
        (_("类型"), product.get_kind_display(), ""),
        (_("分类"), category.title, address("catalogue:category", category.slug)),
    ]
    if product.minimum > 1:
        facts.append((_("起订量"), f"{product.minimum:,} {_unit(product)}".strip(), ""))
    facts.append((_("交付"), DELIVERY[ProductKind(product.kind)](), ""))
    facts.append((_("单位"), firm.title, firm.get_absolute_url()))
    if firm.city:
        facts.append((_("城市"), place_name(firm.city), ""))
    return facts


def _steps(product: Product, stands: list[Stand]) -> list[Step]:
    """Enquire and leave a card at the booth that shows it, else at any open booth of the firm."""
    if product.state != ProductState.LISTED:
        return []
    open_stands = sorted((s for s in stands if s.is_open), key=lambda stand: not stand.exhibited)
    if not open_stands:
        return []
    stand = open_stands[0]
    token = about_token("product", product.pk, product.name)
    about = "?" + urlencode({"about": token})
    wanted = (
        (_("询问这件产品"), "expo:enquire", about, "enquire"),
        (_("留下名片"), "expo:leave_card", "", "card"),
    )
    steps = []
    for label, route, tail, icon in wanted:
        url = address(route, stand.edition_slug, stand.exhibitor_id)
        steps.append(Step(label, url + tail, icon))
    return steps


def _place(stand: Stand) -> Place:
    url = address("portal:booth", stand.edition_slug, stand.exhibitor_id)
    hall = f"{stand.hall} {stand.booth_code}".strip()
    return Place(hall or str(stand.edition), url, stand.edition)


def _trail(product: Product) -> list[dict[str, Any]]:
    trail: list[dict[str, Any]] = [{"label": _("产品与作品"), "url": address("catalogue:products")}]
    nodes = [product.category.parent, product.category]
    for node in filter(None, nodes):
        trail.append({"label": node.title, "url": address("catalogue:category", node.slug)})
    return [*trail, {"label": product.title, "url": ""}]


def _edit_url(actor: Actor, product: Product) -> str:
    if not policies.can_edit(actor, product):
        return ""
    return address("catalogue:edit", product.organisation.slug, product.pk)


def _structured(product: Product, pictures: Iterable[Any], added: Iterable[Offer]) -> str:
    """schema.org Product with its Offer; without a price there is no Offer to state."""
    base = settings.PUBLIC_URL
    offer = {}
    if product.price_minor is not None:
        offer = {
            "@type": "AggregateOffer" if product.price_mode == PriceMode.TIERS else "Offer",
            "priceCurrency": product.currency,
            "url": base + product.get_absolute_url(),
            "seller": {"@type": "Organization", "name": product.organisation.name},
        }
        amount = str(Money(product.price_minor, product.currency).amount)
        offer["lowPrice" if product.price_mode == PriceMode.TIERS else "price"] = amount
        for each in added:
            if each.availability:
                offer["availability"] = f"https://schema.org/{each.availability}"
    more: dict[str, Any] = {}
    for each in added:
        more |= each.structured
    return json_ld(
        "Product",
        name=product.name,
        alternateName=product.name_en,
        description=product.summary,
        category=product.category.name,
        keywords=", ".join([*product.tags, *product.tags_en]),
        image=[base + each.url(1280) for each in pictures],
        brand={"@type": "Brand", "name": product.brand.name}
        if product.brand and product.brand_admitted
        else None,
        manufacturer={"@type": "Organization", "name": product.organisation.name},
        offers=offer,
        url=base + product.get_absolute_url(),
        **more,
    )
