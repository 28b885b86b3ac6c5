"""What the catalogue does when something happened."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.catalogue import selectors, services
from haishi.catalogue.events import (
    BrandAnswered,
    BrandWished,
    ExhibitsChanged,
    ProductChanged,
    ProductListed,
    ProductReturned,
    ProductSubmitted,
)
from haishi.catalogue.models import Product
from haishi.expo.events import BoothChanged, EditionChanged, EditionClosed
from haishi.expo.selectors import register_pending, register_shown
from haishi.expo.services import register_archive_pages, register_rollover, register_subject
from haishi.foundation.events import subscribe
from haishi.media.events import AssetRenamed
from haishi.notices.services import register_kind, tell
from haishi.notices.types import Words
from haishi.parties import selectors as parties
from haishi.parties.events import OrganisationChanged
from haishi.search import services as search

register_kind("product_review", "产品审核", "Product review")
register_kind("product_queue", "待审核的产品", "Products to review", mail="digest")
register_kind("product_brand", "品牌频道", "Brand channels")
register_subject("product", selectors.is_public)
register_archive_pages("products", selectors.exhibited_paths)
register_rollover("exhibits", services.carry_over)
register_pending("products", selectors.products_to_judge)
register_shown(selectors.funnel_subjects)
search.name_values("kind", {"product": _("产品与作品")})


@subscribe(ProductChanged)
def index_product(event: ProductChanged) -> None:
    """Find the product by its new words, or no more."""
    services.index_products([event.product_id])


@subscribe(ProductChanged)
def count_exhibits(event: ProductChanged) -> None:
    """A product that was listed or left the list changes how full its booths are."""
    services.recount(event.product_id)


@subscribe(OrganisationChanged, ExhibitsChanged)
def index_firm(event: OrganisationChanged | ExhibitsChanged) -> None:
    """Name, city or sides of the firm, or what stands at its booths."""
    services.index_products(selectors.ids_of_firm(event.organisation_id))


@subscribe(AssetRenamed)
def index_renamed(event: AssetRenamed) -> None:
    """A document is found by what it is called."""
    services.index_products(selectors.ids_with_document(event.organisation_id, event.asset_id))


@subscribe(BoothChanged)
def index_booth(event: BoothChanged) -> None:
    """A booth that is shown, hidden or moved changes the halls of its exhibits."""
    services.index_products(selectors.ids_at_booth(event.exhibitor_id))


@subscribe(EditionChanged, EditionClosed)
def index_edition(event: EditionChanged | EditionClosed) -> None:
    """An edition that opens, closes or changes its name."""
    services.index_products(selectors.ids_in_edition(event.edition_id))


@subscribe(ProductSubmitted)
def tell_moderators(event: ProductSubmitted) -> None:
    """One notice for all that wait in an edition."""
    product = selectors.product_by_id(event.product_id)
    if product is None:
        return
    for edition, people in selectors.moderators_of(product).items():
        tell(
            people,
            "product_queue",
            _("有产品等待审核"),
            _("%(firm)s提交了《%(product)s》。"),
            reverse("catalogue:moderation", args=[edition]),
            values={"firm": product.organisation.name, "product": product.name},
            topic=f"products:{edition}",
        )


def _tell_firm(product: Product, kind: str, subject: Words, body: Words, **values: str) -> None:
    tell(
        parties.member_ids(product.organisation_id, managing=True),
        kind,
        subject,
        body,
        reverse("catalogue:edit", args=[product.organisation.slug, product.pk]),
        values={"product": product.name, **values},
    )


@subscribe(ProductListed)
def tell_listed(event: ProductListed) -> None:
    """Good news for the firm."""
    if product := selectors.product_by_id(event.product_id):
        _tell_firm(
            product,
            "product_review",
            _("《%(product)s》已上架"),
            _("审核通过，访客现在可以看到它。把它加入展位，让更多人遇见。"),
        )


@subscribe(ProductReturned)
def tell_returned(event: ProductReturned) -> None:
    """What has to change."""
    product = selectors.product_by_id(event.product_id)
    if product and product.reason:
        _tell_firm(
            product,
            "product_review",
            _("《%(product)s》需要修改"),
            _("审核意见：%(reason)s"),
            reason=product.reason,
        )


@subscribe(BrandWished)
def tell_keeper(event: BrandWished) -> None:
    """Somebody knocks at the channel's door."""
    product = selectors.product_by_id(event.product_id)
    if product is None or product.brand is None:
        return
    tell(
        parties.member_ids(product.brand.keeper_id, managing=True),
        "product_brand",
        _("有产品申请加入%(brand)s"),
        _("%(firm)s的《%(product)s》申请加入频道。"),
        reverse("catalogue:wishes", args=[product.brand.slug]),
        values={
            "brand": product.brand.name,
            "firm": product.organisation.name,
            "product": product.name,
        },
        topic=f"brand:{product.brand.slug}",
    )


@subscribe(BrandAnswered)
def tell_answer(event: BrandAnswered) -> None:
    """Whether the product is in the channel."""
    product = selectors.product_by_id(event.product_id)
    brand = selectors.brand_by_id(event.brand_id)
    if product is None or brand is None:
        return
    subject = (
        _("《%(product)s》加入了%(brand)s")
        if event.admitted
        else _("《%(product)s》未能加入%(brand)s")
    )
    body = (
        _("频道页面已展示这件产品。")
        if event.admitted
        else _("频道的维护单位没有接受这次申请。产品仍在架，完善后可以再次申请。")
    )
    _tell_firm(product, "product_brand", subject, body, brand=brand.name)
