"""The two order desks: lists, tables, parts of a parcel, returns with all their states."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from haishi.catalogue.tests.factories import ExhibitFactory
from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import clock, outbox
from haishi.foundation.errors import Conflict, Forbidden
from haishi.foundation.money import Money
from haishi.notices import selectors as notices
from haishi.trade import policies, selectors, services
from haishi.trade.models import Order, Refund, Shipment
from haishi.trade.tests.factories import address, order, pay, product, somebody, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(firm, lin, stranger) -> Any:
    """Five kites and two lamps, paid: ¥704.00."""
    kite, lamp = product(firm, name="风筝"), product(firm, 3_200, name="灯")
    row = order(stranger, want(kite, 5), want(lamp, 2))
    pay(row)
    return row


def units(row: Any) -> dict[str, int]:
    return dict(row.lines.values_list("name", "shipped"))


def test_a_parcel_holds_what_the_form_says_and_the_rest_follows(client, deal, lin):
    client.force_login(lin)
    url = f"/orders/{deal.number}/"
    kite, lamp = deal.lines.order_by("pk")
    names = {name: f"ship-units_{line.pk}" for name, line in (("kite", kite), ("lamp", lamp))}
    assert all(f'name="{name}"' in client.get(url).text for name in names.values())
    part = {names["kite"]: "2", names["lamp"]: "0", "ship-carrier": "顺丰", "ship-tracking": "SF1"}
    client.post(f"{url}ship/", part)
    deal.refresh_from_db()
    assert (deal.state, units(deal)) == ("part_shipped", {"风筝": 2, "灯": 0})
    page = client.get(url).text
    assert ("风筝 × 2" in page, "发出一部分" in page) == (True, True)
    for wrong in ({names["kite"]: "4"}, {names["kite"]: "-1"}, {names["kite"]: "0"}):
        assert client.post(f"{url}ship/", wrong).status_code == 422
    assert units(deal) == {"风筝": 2, "灯": 0}
    client.post(f"{url}ship/", {"ship-carrier": "中通", "ship-tracking": "ZT2"})
    deal.refresh_from_db()
    assert (deal.state, units(deal)) == ("shipped", {"风筝": 5, "灯": 2})
    assert [row.content for row in Shipment.objects.order_by("pk")] == [
        {str(kite.pk): 2},
        {str(kite.pk): 3, str(lamp.pk): 2},
    ]


def asked_back(deal: Any, stranger: Any, lin: Any) -> Refund:
    """Sent, and wanted back with the goods; the firm agrees."""
    services.ship(lin, deal.pk)
    refund = services.ask_refund(stranger, deal.pk, 6_400, "灯不亮", returns_goods=True)
    return services.agree(lin, refund.pk, "请寄回")


def test_goods_come_back_by_the_page_and_the_money_after_them(client, deal, lin, stranger):
    refund = asked_back(deal, stranger, lin)
    url = f"/orders/{deal.number}/refunds/{refund.pk}/"
    client.force_login(stranger)
    assert "请在" in client.get(f"/orders/{deal.number}/").text
    assert client.post(f"{url}sent/", {"sent_back-parcel": ""}).status_code == 422
    client.post(f"{url}sent/", {"sent_back-parcel": "顺丰 SF9"})
    refund.refresh_from_db()
    assert (refund.state, refund.sent_back) == ("returning", "顺丰 SF9")
    outbox.drain()
    assert f"订单 {deal.number} 的退货已寄出" in [n.subject for n in notices.inbox(lin)]
    client.force_login(lin)
    assert "顺丰 SF9" in client.get(f"/orders/{deal.number}/").text
    client.post(f"{url}goods/")
    refund.refresh_from_db()
    assert (refund.state, selectors.held(deal)) == ("instructed", Money(64_000))


def test_goods_that_never_leave_end_the_wish_and_goods_nobody_looks_at_bring_the_money(
    deal, lin, stranger, monkeypatch
):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    refund = asked_back(deal, stranger, lin)
    due = now + policies.SEND_BACK_WITHIN
    assert services.end_returns(due - dt.timedelta(seconds=1)) == 0
    assert services.end_returns(due) == 1
    refund.refresh_from_db()
    assert (refund.state, selectors.held(deal)) == ("withdrawn", Money(70_400))
    again = services.ask_refund(stranger, deal.pk, 6_400, "灯不亮", returns_goods=True)
    services.agree(lin, again.pk)
    services.send_goods_back(stranger, again.pk, "SF9")
    due = now + policies.LOOK_WITHIN
    assert services.end_returns(due - dt.timedelta(seconds=1)) == 0
    assert services.end_returns(due) == 1
    again.refresh_from_db()
    assert (again.state, selectors.held(deal)) == ("instructed", Money(64_000))


def test_only_the_buyer_sends_back_and_only_what_is_to_come_back(deal, lin, stranger):
    services.ship(lin, deal.pk)
    refund = services.ask_refund(stranger, deal.pk, 100, "划痕")
    with pytest.raises(Conflict):
        services.send_goods_back(stranger, refund.pk, "SF9")
    with pytest.raises(Forbidden):
        services.send_goods_back(lin, refund.pk, "SF9")
    refund.refresh_from_db()
    assert (refund.state, refund.sent_back) == ("requested", "")


def counted(client: Any, url: str) -> dict[str, int]:
    return {key: count for key, _label, count in client.get(url).context["desk"].tabs}


def numbers(client: Any, url: str, **query: str) -> list[str]:
    return [row.number for row in client.get(url, query).context["page"]]


def test_a_desk_counts_narrows_and_finds(client, firm, deal, lin, stranger):
    kite = product(firm, name="沙燕")
    waiting = order(stranger, want(kite))
    gone = order(stranger, want(kite))
    services.cancel(stranger, gone.pk)
    services.ask_refund(stranger, deal.pk, 100, "晚了")
    for who, url in ((stranger, "/orders/"), (lin, "/orders/sold/penglai/")):
        client.force_login(who)
        assert counted(client, url) == {
            "": 3, "awaiting": 1, "paid": 1, "shipped": 0, "received": 0, "completed": 0,
            "refunding": 1, "ended": 1,
        }  # fmt: skip
        assert numbers(client, url, state="awaiting") == [waiting.number]
        assert numbers(client, url, state="refunding") == [deal.number]
        assert numbers(client, url, q=deal.number[-4:].lower()) == [deal.number]
        assert numbers(client, url, q="沙燕") == [gone.number, waiting.number]
        assert numbers(client, url, state="paid", q="沙燕") == []
        assert numbers(client, url, state="nonsense") == [gone.number, waiting.number, deal.number]


def test_a_desk_costs_the_same_for_one_and_for_ten(
    client, firm, lin, stranger, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(lin)
    kite = product(firm)
    order(stranger, want(kite))
    url = "/orders/sold/penglai/"
    client.get(url)
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    for _n in range(9):
        order(stranger, want(kite))
    with django_assert_num_queries(len(few)):
        client.get(url)


def test_the_page_of_an_order_stays_within_its_queries(
    client, deal, lin, stranger, django_assert_max_num_queries
):
    services.ship(lin, deal.pk)
    services.ask_refund(stranger, deal.pk, 100, "晚了")
    client.force_login(stranger)
    client.get(f"/orders/{deal.number}/")
    with django_assert_max_num_queries(12):
        client.get(f"/orders/{deal.number}/")


def test_the_table_holds_a_line_for_each_thing_and_runs_no_formula(
    client, deal, firm, lin, stranger
):
    home = address(somebody())
    home.name = "=1+1"
    home.save()
    services.place(
        home.person, [want(product(firm, name="鼓"))], key="f", address_id=home.pk, note="+86"
    )
    client.force_login(lin)
    answer = client.get("/orders/sold/penglai/export.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["商品"], row["数量"], row["单价"]) for row in rows] == [
        ("鼓", "1", "128.00"),
        ("风筝", "5", "128.00"),
        ("灯", "2", "32.00"),
    ]
    assert (rows[0]["收货人"], rows[0]["留言"]) == ("'=1+1", "'+86")
    sheet = load_workbook(io.BytesIO(client.get("/orders/sold/penglai/export.xlsx").content)).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [row["订单号"] for row in rows]
    client.force_login(stranger)
    mine = b"".join(client.get("/orders/export.csv?state=paid").streaming_content).decode()
    assert ("灯" in mine, "鼓" in mine, "蓬莱影业" in mine) == (True, False, True)
    assert client.get("/orders/export.pdf").status_code == 404


def test_the_story_of_an_order_names_sides_and_not_colleagues(client, deal, lin, zhou, stranger):
    services.ship(zhou, deal.pk, carrier="顺丰", tracking="SF1")
    client.force_login(stranger)
    told = [
        (line.words, line.who, line.detail)
        for line in client.get(f"/orders/{deal.number}/").context["story"]
    ]
    assert told == [
        ("全部发出", "卖家", "顺丰 SF1"),
        ("付款到账，由平台托管", "平台", ""),
        ("支付渠道确认收款", "平台", "¥704.00"),
        ("开始付款", "买家", ""),
        ("提交订单", "买家", ""),
    ]
    assert "周遥" not in client.get(f"/orders/{deal.number}/").text


def test_booth_funnel_and_outcome_count_what_was_ordered_and_paid_at_the_edition(
    client, firm, lin, chen, organiser, stranger
):
    now = clock.now()
    booth = ShownExhibitorFactory(
        organisation=firm,
        edition__series__organiser=organiser,
        edition__opens_at=now - dt.timedelta(days=1),
        edition__closes_at=now + dt.timedelta(days=1),
    )
    kite = product(firm, name="风筝")
    before, waiting, paid = (order(stranger, want(kite)) for _n in range(3))
    pay(paid)
    Order.objects.filter(pk=before.pk).update(created_at=now - dt.timedelta(days=2))
    client.force_login(lin)
    funnel = client.get(f"/exhibit/{booth.pk}/funnel/").context["funnel"]
    counts = {str(step.label): step.count for step in funnel.steps}
    assert (counts["收到订单"], counts["已付款订单"]) == (2, 1)
    assert funnel.paid == [Money(12_800)]
    client.force_login(chen)
    page = client.get(f"/organise/{booth.edition.slug}/outcome/")
    deeds = {str(step.label): step.count for step in page.context["outcome"].deeds}
    assert (deeds["收到订单"], deeds["已付款订单"]) == (2, 1)
    (row,) = page.context["booths"]
    assert (row.orders, row.paid, waiting.state) == (2, "¥128.00", "awaiting")


def test_a_booth_sells_what_has_a_price_and_nothing_else(client, firm):
    booth = ShownExhibitorFactory(organisation=firm)
    kite, asked, empty = product(firm), product(firm), product(firm, kind="file")
    asked.price_mode, asked.price_minor = "request", None
    asked.save()
    for row in (kite, asked, empty):
        ExhibitFactory(exhibitor=booth, product=row)
    page = client.get(f"/e/{booth.edition.slug}/booths/{booth.pk}/").content.decode()
    found = [f"/buy/{row.slug}/" in page for row in (kite, asked, empty)]
    assert found == [True, False, False]
