"""可直接购买: search finds what can be ordered now, and counts nothing that is hidden."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from haishi.catalogue import selectors as products
from haishi.catalogue import services as catalogue
from haishi.catalogue.tests.factories import ListedFactory
from haishi.foundation import clock, outbox
from haishi.search import selectors as search
from haishi.search import services as index
from haishi.search.types import OPEN_OFFER, Query
from haishi.trade import services
from haishi.trade.models import Deliverable
from haishi.trade.tests.factories import film, order, product, somebody, want

pytestmark = pytest.mark.django_db


def found(**filters):
    """Names of what anybody finds, and how many the facet counts among them."""
    outbox.deliver_due()
    index.take_in()
    asked = Query("", filters={name: [value] for name, value in filters.items()}, per_page=50)
    answer = search.search(AnonymousUser(), asked)
    counted = {row.value: row.count for row in answer.facets.get("offer", ())}
    return sorted(str(hit.title.zh) for hit in answer.hits), counted


def asked_for(firm):
    """A product whose price is told on request."""
    return ListedFactory(organisation=firm, name="面议", price_mode="request")


def put(*rows):
    catalogue.index_products([row.pk for row in rows])


def test_what_has_a_price_and_something_to_deliver_can_be_bought_now(firm, lin):
    put(
        product(firm, name="沙燕"),
        film(firm, name="纹样库"),
        product(firm, name="空文件", kind="file"),
        product(firm, name="形象授权", kind="license"),
        product(firm, name="按批议价", tiers={10: 900}),
        asked_for(firm),
    )
    assert found(offer=OPEN_OFFER) == (["按批议价", "沙燕", "纹样库"], {OPEN_OFFER: 3})
    assert len(found()[0]) == 6


def test_the_last_unit_closes_the_offer_and_a_lapsed_order_opens_it_again(firm, lin, stranger):
    kite = product(firm, name="沙燕")
    services.set_stock(lin, kite.pk, 2)
    assert found(offer=OPEN_OFFER) == (["沙燕"], {OPEN_OFFER: 1})
    order(somebody(), want(kite))
    assert found(offer=OPEN_OFFER)[0] == ["沙燕"]
    order(stranger, want(kite))
    assert found(offer=OPEN_OFFER) == ([], {})
    services.expire_unpaid(clock.now() + dt.timedelta(hours=2))
    assert found(offer=OPEN_OFFER)[0] == ["沙燕"]
    services.set_stock(lin, kite.pk, 0)
    assert found(offer=OPEN_OFFER) == ([], {})


def test_fewer_than_may_be_ordered_at_least_is_sold_out(firm, lin):
    kites = product(firm, name="沙燕", tiers={10: 900})
    services.set_stock(lin, kites.pk, 9)
    assert found(offer=OPEN_OFFER)[0] == []
    services.set_stock(lin, kites.pk, 10)
    assert found(offer=OPEN_OFFER)[0] == ["沙燕"]


def test_files_that_arrive_open_the_offer(firm, lin):
    empty = product(firm, name="纹样库", kind="file")
    full = film(firm, name="影片")
    files = list(Deliverable.objects.filter(product=full).values_list("asset_id", flat=True))
    put(empty, full)
    assert found(offer=OPEN_OFFER)[0] == ["影片"]
    services.set_deliverables(lin, empty.pk, files)
    services.set_deliverables(lin, full.pk, [])
    assert found(offer=OPEN_OFFER)[0] == ["纹样库"]


def test_what_the_reader_may_not_see_is_not_counted(firm, lin, stranger):
    shown, draft = product(firm, name="沙燕"), product(firm, name="未上架", state="draft")
    put(shown, draft)
    assert found() == (["沙燕"], {OPEN_OFFER: 1})
    catalogue.withdraw(lin, shown.pk)
    assert products.product_by_id(shown.pk).state == "withdrawn"
    assert found() == ([], {})


@pytest.mark.parametrize(
    ("language", "label"), [("zh-hans", "可直接购买"), ("en", "Can be bought now")]
)
def test_the_search_page_offers_the_filter(client, firm, lin, language, label):
    kite = product(firm, name="沙燕")
    put(kite, asked_for(firm))
    found()
    page = client.get("/search/", headers={"Accept-Language": language}).content.decode()
    assert page.count(f'offer=open">{label} <span class="faint">1</span>') == 2  # phone, desk
    chosen = client.get("/search/?offer=open", headers={"Accept-Language": language})
    assert [str(hit.url) for hit in chosen.context["page"].hits] == [kite.get_absolute_url()]
    api = client.get("/api/v1/search?offer=open").json()
    assert (api["total"], api["facets"]["offer"][0]["count"]) == (1, 1)
