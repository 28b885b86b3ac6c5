"""The page that pays inside WeChat, in a real browser with WeChat's bridge played beside it."""

import contextlib

import pytest
from django.db import connections
from playwright.sync_api import expect, sync_playwright

from haishi.trade.models import Order, Payment
from haishi.trade.tests.factories import order, product, want
from haishi.trade.tests.fakes.setting import switch_on
from haishi.trade.tests.test_inside import WECHAT
from journeys.reader import Reader, launch

pytestmark = pytest.mark.django_db(transaction=True)
# WeChat's browser puts the bridge beside the page when it likes to, and says so.
BRIDGE = """
addEventListener("load", () => {
  window.WeixinJSBridge = {
    invoke: (name, wish, heard) => window.weixin(name, wish).then((err_msg) => heard({ err_msg })),
  };
  document.dispatchEvent(new Event("WeixinJSBridgeReady"));
});
"""


@pytest.fixture
def fake(settings, firm, live_server, monkeypatch):
    # Playwright's loop runs in this thread, and so do the database's calls of this test.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    settings.PUBLIC_URL = live_server.url
    made = switch_on("wechat", settings, firm)
    yield made
    made.stop()


@pytest.fixture
def phone(fake, client, stranger, settings, live_server):
    """WeChat's browser in the hands of the buyer."""
    client.force_login(stranger)
    name = settings.SESSION_COOKIE_NAME
    with sync_playwright() as play, contextlib.closing(launch(play)) as chromium:
        reader = Reader(chromium, live_server.url, "wechat", 390, agent=WECHAT)
        value = client.cookies[name].value
        reader.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        reader.page.add_init_script(BRIDGE)
        yield reader
        reader.leave()
        # Made under Playwright's loop, these are not the ones that the end of a run closes.
        connections.close_all()


def test_from_the_order_over_wechat_and_back_to_the_paid_order(phone, fake, firm, stranger):
    row = order(stranger, want(product(firm)))
    answers, asked = ["cancel", "fail", "ok"], []

    def weixin(name: str, wish: dict[str, str]) -> str:
        asked.append((name, wish["package"]))
        word = answers[len(asked) - 1]
        if word == "ok":
            fake.trades[wish["package"].removeprefix("prepay_id=wx")]["state"] = "SUCCESS"
        return f"get_brand_wcpay_request:{word}"

    phone.page.expose_function("weixin", weixin)
    phone.go(f"/orders/{row.number}/pay/")
    phone.page.get_by_role("button", name="去付款").tap()
    phone.page.wait_for_url("**/pay/wechat/*/inside/#wechat_redirect")
    pay = phone.page.get_by_role("button", name="付款 ¥128.00", exact=True)
    expect(pay).to_be_visible()
    phone.look()
    pay.tap()
    phone.sees("已取消，没有扣款。可以再付。")
    pay.tap()
    phone.sees("微信没有完成付款，没有扣款。请再试一次。")
    assert (Order.objects.get().state, Payment.objects.get().state) == ("awaiting", "open")
    phone.look()
    with phone.page.expect_navigation(url=f"**/orders/{row.number}/*"):
        pay.tap()
    phone.sees("已收到付款。", "已付款")
    phone.look()
    assert (Order.objects.get().state, Payment.objects.get().state) == ("paid", "succeeded")
    reference = Payment.objects.get().reference
    assert asked == [("getBrandWCPayRequest", f"prepay_id=wx{reference}")] * 3
