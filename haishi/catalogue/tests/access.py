"""Who opens products, shelves, queues and exhibits."""

from typing import Any

from haishi.catalogue.tests.factories import (
    BrandFactory,
    CategoryFactory,
    ExhibitFactory,
    ProductFactory,
)
from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation.tests.access import Row, World


def listed(world: World) -> dict[str, Any]:
    """A product everybody sees."""
    return {"slug": ProductFactory(organisation=world.firm, state="listed").slug}


def hidden(world: World) -> dict[str, Any]:
    """A draft of the firm."""
    return {"slug": ProductFactory(organisation=world.firm).slug}


def brand(world: World) -> dict[str, Any]:
    """A channel."""
    return {"slug": BrandFactory().slug}


def category(world: World) -> dict[str, Any]:
    """A category."""
    return {"slug": CategoryFactory().slug}


def shelf(world: World) -> dict[str, Any]:
    """The firm's shelf."""
    return {"org": world.firm.slug}


def table(world: World) -> dict[str, Any]:
    """The shelf as CSV."""
    return {"org": world.firm.slug, "form": "csv"}


def own(world: World) -> dict[str, Any]:
    """A draft on the shelf."""
    return {"org": world.firm.slug, "product_id": ProductFactory(organisation=world.firm).pk}


def step(world: World) -> dict[str, Any]:
    """Hand it in."""
    return {**own(world), "action": "submit"}


def channel(world: World) -> dict[str, Any]:
    """A channel that the firm keeps."""
    return {"brand": BrandFactory(keeper=world.firm).slug}


def wish(world: World) -> dict[str, Any]:
    """A product that asks to come in."""
    row = BrandFactory(keeper=world.firm)
    product = ProductFactory(brand=row, state="listed")
    return {"brand": row.slug, "product_id": product.pk, "action": "admit"}


def booth(world: World) -> Any:
    """The firm's booth in an edition of the organiser."""
    return ShownExhibitorFactory(
        organisation=world.firm, edition__series__organiser=world.organiser
    )


def desk(world: World) -> dict[str, Any]:
    """The moderators' desk."""
    return {"edition": booth(world).edition.slug}


def waiting(world: World) -> dict[str, Any]:
    """A product handed in by an exhibitor."""
    row = booth(world)
    product = ProductFactory(organisation=world.firm, state="submitted")
    return {"edition": row.edition.slug, "product_id": product.pk}


def verdict(world: World) -> dict[str, Any]:
    """List it."""
    return {**waiting(world), "action": "approve"}


def stand(world: World) -> dict[str, Any]:
    """What a booth shows."""
    return {"exhibitor_id": booth(world).pk}


def to_show(world: World) -> dict[str, Any]:
    """A listed product that is not shown yet."""
    product = ProductFactory(organisation=world.firm, state="listed")
    return {"exhibitor_id": booth(world).pk, "product_id": product.pk}


def shown(world: World) -> dict[str, Any]:
    """A product that is shown."""
    product = ProductFactory(organisation=world.firm, state="listed")
    row = ExhibitFactory(exhibitor=booth(world), product=product)
    return {"exhibitor_id": row.exhibitor_id, "product_id": product.pk}


def api_draft(world: World) -> dict[str, Any]:
    """A draft of the firm, by its id."""
    return {"product_id": ProductFactory(organisation=world.firm).pk}


def api_listed(world: World) -> dict[str, Any]:
    """A product everybody sees, by its id."""
    return {"product_id": ProductFactory(organisation=world.firm, state="listed").pk}


def api_new(world: World) -> dict[str, Any]:
    """A draft to write."""
    row = CategoryFactory()
    return {"organisation": world.firm.slug, "category": row.slug, "name": "沙燕风筝"}


ROWS = [
    #                               nobody 外人 周 林 陈 operator
    Row("catalogue:products", "200"),
    Row("catalogue:brands", "200"),
    Row("catalogue:brand", "200", brand),
    Row("catalogue:category", "200", category),
    Row("catalogue:product", "200", listed),
    Row("catalogue:product", "404 404 200 200 404 200", hidden),
    Row("catalogue:desk_home", "302 200 302 302 200 200"),
    Row("catalogue:desk", "302 404 200 200 404 200", shelf),
    Row("catalogue:new", "302 404 403 200 404 200", shelf),
    Row("catalogue:import", "302 404 403 200 404 200", shelf),
    Row("catalogue:export", "302 404 200 200 404 200", table),
    Row("catalogue:edit", "302 404 403 200 404 200", own),
    Row("catalogue:pictures", "302 404 403 200 404 200", own),
    Row("catalogue:step", "302 404 403 302 404 302", step, "post"),
    Row("catalogue:wishes", "302 404 404 200 404 200", channel),
    Row("catalogue:answer", "302 404 404 302 404 302", wish, "post"),
    Row("catalogue:moderation", "302 404 404 404 200 200", desk),
    Row("catalogue:judge", "302 404 404 404 200 200", waiting),
    Row("catalogue:decide", "302 404 404 404 302 302", verdict, "post"),
    Row("catalogue:exhibits", "302 404 403 200 404 200", stand),
    Row("catalogue:put_up", "302 404 403 302 404 302", to_show, "post"),
    Row("catalogue:take_down", "302 404 403 302 404 302", shown, "post"),
    # The API
    Row("api:catalogue_products", "401 200 200 200 200 200"),
    Row(
        "api:catalogue_products",
        "401 403 403 201 403 201",
        method="post",
        body=api_new,
        json=True,
    ),
    Row("api:catalogue_product", "401 404 200 200 404 200", api_draft),
    Row(
        "api:catalogue_product",
        "401 403 403 200 403 200",
        api_listed,
        "patch",
        lambda world: {"version": 1, "name": "双燕"},
        json=True,
    ),
    Row("api:catalogue_submit", "401 404 403 200 404 200", api_draft, "post", json=True),
]
