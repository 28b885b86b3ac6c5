"""What every visitor may open."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from haishi.catalogue.tests.factories import (
    BrandFactory,
    CategoryFactory,
    ExhibitFactory,
    ListedFactory,
    ProductFactory,
)
from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import outbox
from haishi.media import services as media
from haishi.media.tests.factories import ready_asset
from haishi.parties.tests.factories import OrganisationFactory
from haishi.search.tests.reading import kept

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 4, 6, 4, tzinfo=UTC)


def page_of(client: Client, name: str, *args: str, **query: str) -> tuple[int, str]:
    response = client.get(reverse(f"catalogue:{name}", args=args), query)
    return response.status_code, response.content.decode()


def names(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("catalogue:products"), query)
    return [str(row.title) for row in response.context["list"].page.rows]


def test_tags_and_documents_are_named_in_the_reader_s_language(client):
    row = ListedFactory(tags=["非遗"], tags_en=["heritage"])
    file = ready_asset(row.organisation, "document", name_en="Catalogue.pdf", main="document.pdf")
    row.document_ids = [file.pk]
    row.save()
    address = reverse("catalogue:product", args=[row.slug])
    chinese = client.get(address, headers={"accept-language": "zh"}).content.decode()
    english = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert ("非遗</span>" in chinese, "海.jpg" in chinese, "heritage</span>" in chinese) == (
        True, True, False,
    )  # fmt: skip
    assert ("heritage</span>" in english, "Catalogue.pdf" in english, "海.jpg" in english) == (
        True, True, False,
    )  # fmt: skip


def test_without_english_tags_the_chinese_ones_are_shown(client):
    row = ListedFactory(tags=["非遗"])
    address = reverse("catalogue:product", args=[row.slug])
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "非遗</span>" in page


def test_a_product_is_found_by_its_english_tags_and_by_what_its_documents_are_called(lin, firm):
    row = ListedFactory(organisation=firm, tags_en=["heritage"])
    file = ready_asset(firm, "document", uploader_id=lin.pk)
    row.document_ids = [file.pk]
    row.save()
    media.rename(lin, file.pk, "风筝图册", "Kite album")
    outbox.drain()
    found = kept()["product", row.pk]
    assert "heritage" in found.keywords
    assert found.body.endswith("风筝图册.jpg\nKite album.jpg")


def test_a_listed_product_has_a_page_with_its_facts(client):
    row = ListedFactory(price_mode="fixed", price_minor=3800, unit="件", minimum=20)
    status, page = page_of(client, "product", row.slug)
    assert status == 200
    assert "沙燕风筝" in page
    assert "¥38.00 / 件" in page
    assert "20 件" in page


@pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn"])
def test_what_is_not_listed_does_not_exist_for_visitors(client, state):
    row = ProductFactory(state=state)
    assert page_of(client, "product", row.slug)[0] == 404
    assert names(client) == []


def test_a_category_holds_the_products_of_its_children(client):
    top = CategoryFactory(slug="crafts", name="手工艺")
    ListedFactory(category=CategoryFactory(slug="kites", parent=top), name="风筝")
    ListedFactory(category=CategoryFactory(slug="games"), name="游戏")
    status, page = page_of(client, "category", "crafts")
    assert (status, "风筝</a>" in page, "游戏</a>" in page) == (200, True, False)


def test_a_brand_channel_shows_only_what_its_keeper_admitted(client):
    brand = BrandFactory(slug="shouzao")
    ListedFactory(brand=brand, brand_admitted=True, name="黑陶")
    ListedFactory(brand=brand, name="仿品")
    status, page = page_of(client, "brand", "shouzao")
    assert (status, "黑陶</a>" in page, "仿品</a>" in page) == (200, True, False)
    assert page_of(client, "brands")[0] == 200


def test_the_filters_narrow_and_the_sorts_order(client):
    def add(name: str, **fields: object) -> None:
        ListedFactory(name=name, **fields)

    add("纹样库", kind="file", price_mode="fixed", price_minor=9_900)
    add("风筝", kind="goods", price_mode="fixed", price_minor=38_000)
    add("IP", kind="licence")
    add("海报", kind="goods", price_mode="fixed", price_minor=5_000, currency="USD")
    assert names(client, kind="file") == ["纹样库"]
    assert names(client, price="mid") == ["风筝"]
    assert names(client, price="low") == ["纹样库"]
    assert names(client, price="ask") == ["IP"]
    assert names(client, sort="price") == ["纹样库", "风筝"]
    assert names(client, sort="price-down") == ["风筝", "纹样库"]
    assert names(client, kind="nonsense", sort="?") == ["海报", "IP", "风筝", "纹样库"]


@pytest.mark.parametrize("sort", ["new", "price", "price-down"])
def test_turning_pages_shows_every_product_once(client, sort):
    firm, category = OrganisationFactory(), CategoryFactory()
    for number in range(53):
        ListedFactory(
            name=f"{number}",
            organisation=firm,
            category=category,
            listed_at=NOON + timedelta(minutes=number // 7),
            price_mode="fixed",
            price_minor=100 * (number // 5),
        )
    seen: list[int] = []
    address = f"{reverse('catalogue:products')}?sort={sort}"
    while address:
        page = client.get(address).context["list"]
        seen += [int(row.title.zh) for row in page.page.rows]
        address = page.next_url
    key = {"new": lambda n: (-(n // 7), -n), "price": lambda n: (n // 5, -n)}
    key["price-down"] = lambda n: (-(n // 5), -n)
    assert seen == sorted(range(53), key=key[sort])


@pytest.mark.parametrize(
    "after", ["x", "1.2.3", "9" * 40, "-1.4", "9223372036854775808.1", "１.２"]
)
def test_a_key_that_is_none_shows_the_first_page(client, after):
    ListedFactory(name="风筝")
    assert names(client, after=after) == ["风筝"]


def test_asking_about_a_product_carries_the_product_along(client, stranger):
    booth = ShownExhibitorFactory()
    product = ProductFactory(organisation=booth.organisation, state="listed", name="沙燕风筝")
    ExhibitFactory(exhibitor=booth, product=product)
    page = client.get(product.get_absolute_url()).text
    address = re.search(r'href="(/e/[^"]*/enquire/\?about=[^"]*)"', page).group(1)
    client.force_login(stranger)

    form = client.get(html.unescape(address), headers={"accept-language": "zh"}).text

    assert "咨询“沙燕风筝”" in form
