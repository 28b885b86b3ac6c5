"""Digital files: paid, confirmed, fetched by this person only, counted, closed by a refund."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from haishi.foundation import clock, outbox, signing
from haishi.foundation.errors import Forbidden, Invalid, NotFound
from haishi.media.tests.factories import ready_asset
from haishi.parties.tests.factories import OrganisationFactory
from haishi.trade import policies, selectors, services
from haishi.trade.errors import DownloadsUsedUp
from haishi.trade.models import Deliverable, Download, Entitlement, Order
from haishi.trade.tests.factories import (
    file_order,
    film,
    open_link,
    order,
    pay,
    product,
    somebody,
    want,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(firm, lin, stranger) -> Entitlement:
    """The stranger has paid for one file and not opened it."""
    return file_order(firm, stranger, film(firm, "纹样"))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def used(row: Entitlement) -> tuple[int, int]:
    row.refresh_from_db()
    return row.used, Download.objects.count()


def test_paying_opens_the_right_once_and_other_kinds_open_none(firm, lin, stranger):
    files, kite = order(stranger, want(film(firm))), order(stranger, want(product(firm)))
    for row in (files, kite):
        pay(row)
    outbox.drain()
    assert services.grant(files.pk) == 0
    assert [row.line.order_id for row in Entitlement.objects.all()] == [files.pk]


def test_before_the_confirmation_there_is_no_link_and_without_the_tick_no_confirmation(
    client, bought, stranger
):
    client.force_login(stranger)
    url = f"/downloads/{bought.pk}/"
    page = client.get(url).content.decode()
    assert ("消费者权益保护法" in page, "/downloads/file/" in page) == (True, False)
    refused = client.post(url, {})
    bought.refresh_from_db()
    assert (refused.status_code, bought.opened_at) == (422, None)
    assert Order.objects.get().state == "paid"
    assert client.post(url, {"accepted": "on"}).url == url
    assert (Order.objects.get().state, "/downloads/file/" in client.get(url).text) == (
        "received",
        True,
    )


def test_the_plain_button_of_an_order_does_not_go_around_the_confirmation(client, bought, stranger):
    client.force_login(stranger)
    row = Order.objects.get()
    assert client.post(f"/orders/{row.number}/receive/").url == "/downloads/"
    row.refresh_from_db()
    assert row.state == "paid"


def test_a_link_gives_the_file_counts_it_and_writes_it_down(client, bought, stranger):
    link = open_link(bought)
    client.force_login(stranger)
    answer = client.get(f"/downloads/file/{link}/")
    assert (answer.status_code, body(answer)) == (200, "纹样".encode())
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert used(bought) == (1, 1)
    # The rest of a file whose beginning was counted is not another download.
    rest = client.get(f"/downloads/file/{link}/", headers={"Range": "bytes=3-"})
    assert (rest.status_code, body(rest)) == (206, "样".encode())
    assert used(bought) == (1, 1)
    whole = client.get(f"/downloads/file/{link}/", headers={"Range": "bytes=0-"})
    assert (whole.status_code, body(whole), used(bought)) == (206, "纹样".encode(), (2, 2))


def test_a_link_is_its_persons_alone_and_ends(firm, lin, bought, stranger, monkeypatch):
    link = open_link(bought)
    url = f"/downloads/file/{link}/"
    for who in (None, somebody(), lin):
        other = Client()
        if who is not None:
            other.force_login(who)
        assert other.get(url).status_code == 404
    mine = Client()
    mine.force_login(stranger)
    forged = signing.sign("other", signing.unsign("download", link) or "")
    stretched = link.replace(f".{stranger.pk}.", f".{stranger.pk}.9", 1)
    for wrong in (forged, stretched, "x", f"{link}x"):
        assert mine.get(f"/downloads/file/{wrong}/").status_code == 404
    late = clock.now() + policies.LINK_LIVES + dt.timedelta(seconds=1)
    with monkeypatch.context() as patch:
        patch.setattr("haishi.trade.selectors.deliveries.clock.now", lambda: late)
        with pytest.raises(NotFound):
            services.fetch(stranger, link)
    assert used(bought) == (0, 0)
    assert body(mine.get(url)) == "纹样".encode()


def test_the_sealed_file_itself_stays_closed_to_its_buyer_and_to_the_world(bought, stranger):
    from haishi.media import selectors as media

    asset = media.assets([Deliverable.objects.get().asset_id]).popitem()[1]
    for who in (None, stranger):
        client = Client()
        if who is not None:
            client.force_login(who)
        assert client.get(f"/media/f/{asset.token}/document.pdf").status_code == 404


def test_downloads_are_used_up(bought, stranger, monkeypatch):
    Entitlement.objects.update(most=2)
    link = open_link(bought)
    services.fetch(stranger, link)
    services.fetch(stranger, link)
    with pytest.raises(DownloadsUsedUp):
        services.fetch(stranger, link)
    assert used(bought) == (2, 2)


def test_a_refund_closes_the_files_at_once_and_for_good(client, lin, bought, stranger):
    link = open_link(bought)
    row = Order.objects.get()
    refund = services.ask_refund(stranger, row.pk, row.total_minor, "打不开")
    services.agree(lin, refund.pk)
    with pytest.raises(NotFound):
        services.fetch(stranger, link)
    client.force_login(stranger)
    assert client.get(f"/downloads/{bought.pk}/").status_code == 404
    outbox.drain()
    bought.refresh_from_db()
    assert (bought.revoked_at is not None, used(bought)) == (True, (0, 0))
    assert list(selectors.entitlements_of(stranger)) == []


def test_who_buys_a_refund_of_a_part_keeps_the_files(lin, bought, stranger):
    link = open_link(bought)
    refund = services.ask_refund(stranger, Order.objects.get().pk, 100, "少一张")
    services.agree(lin, refund.pk)
    services.fetch(stranger, link)
    assert used(bought) == (1, 1)


def test_a_file_that_was_replaced_is_no_longer_fetched_by_an_old_link(firm, lin, bought, stranger):
    link = open_link(bought)
    services.set_deliverables(lin, bought.line.product_id, [])
    with pytest.raises(NotFound):
        services.fetch(stranger, link)
    assert used(bought) == (0, 0)


def test_only_managers_say_what_is_delivered_and_only_their_own_files(firm, lin, zhou, stranger):
    row = film(firm, "a")
    other = ready_asset(OrganisationFactory(), "document", purpose="sealed", private=True)
    before = selectors.deliverable_ids(row.pk)
    for who, files, error in (
        (zhou, [], Forbidden),
        (stranger, [], Forbidden),
        (lin, [other.pk], Invalid),
    ):
        with pytest.raises(error):
            services.set_deliverables(who, row.pk, files)
    assert selectors.deliverable_ids(row.pk) == before


def test_the_sellers_page_takes_a_file_and_the_shop_opens(client, firm, lin, stranger):
    row = product(firm, kind="file", name="纹样库")
    url = f"/orders/sold/penglai/stock/{row.pk}/"
    client.force_login(lin)
    assert "交付文件" in client.get(url).content.decode()
    asset = ready_asset(firm, "document", purpose="sealed", private=True)
    assert "立即购买" not in Client().get(row.get_absolute_url()).content.decode()
    client.post(url, {"which": "files", "asset_ids-token": [asset.token]})
    assert selectors.deliverable_ids(row.pk) == [asset.pk]
    assert "立即购买" in Client().get(row.get_absolute_url()).content.decode()


def test_stock_is_kept_on_the_sellers_page_and_never_below_what_was_ordered(
    client, firm, lin, stranger
):
    row = product(firm)
    url = f"/orders/sold/penglai/stock/{row.pk}/"
    client.force_login(lin)
    client.post(url, {"which": "stock", "total": "5"})
    order(stranger, want(row, 3))
    refused = client.post(url, {"which": "stock", "total": "2"})
    assert (refused.status_code, selectors.stock_left([row.pk])) == (422, {row.pk: 2})
    assert "已有 3 件被订购" in refused.content.decode()
    page = client.get("/orders/sold/penglai/stock/").content.decode()
    assert [f">{number}<" in page for number in (5, 3, 2)] == [True] * 3
