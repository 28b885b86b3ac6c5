"""Inside WeChat's own browser: who is it, then a payment in the page."""

import datetime as dt
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from haishi.foundation import clock
from haishi.foundation.hidden import Hidden
from haishi.foundation.money import Money
from haishi.trade import selectors, services
from haishi.trade.errors import WeChatLoginRefused
from haishi.trade.models import Payment
from haishi.trade.providers import openid, rsa
from haishi.trade.tests.factories import order, product, somebody, want
from haishi.trade.tests.fakes.server import pair
from haishi.trade.tests.fakes.setting import switch_on
from haishi.trade.tests.fakes.wechat import APP

pytestmark = pytest.mark.django_db
WECHAT = "Mozilla/5.0 (iPhone) Mobile MicroMessenger/8.0.50 NetType/WIFI"
EXCHANGE = ("GET", "/sns/oauth2/access_token")
JSAPI = ("POST", "/v3/pay/partner/transactions/jsapi")


@pytest.fixture
def fake(settings, firm):
    settings.PUBLIC_URL = "https://expo.example"
    made = switch_on("wechat", settings, firm)
    yield made
    made.stop()


@pytest.fixture
def deal(fake, firm, stranger):
    """An order of ¥128 that waits for its money."""
    return order(stranger, want(product(firm)))


@pytest.fixture
def browser(client, stranger):
    """WeChat's browser in the hands of the buyer."""
    client.force_login(stranger)
    client.defaults["HTTP_USER_AGENT"] = WECHAT
    return client


def begins(browser, deal):
    """The address of the page that pays."""
    return browser.post(f"/orders/{deal.number}/pay/", {"provider": "wechat"}).url


def goes_to_wechat(browser, here):
    """Whom WeChat sends back, and where: the path with code and state."""
    address = browser.get(here).context["address"]
    back = httpx.get(address.partition("#")[0]).headers["Location"]
    assert back.startswith(f"https://expo.example{here}?code=")
    return back.removeprefix("https://expo.example")


def comes_back(browser, here):
    """Known to us; the page with its button."""
    answer = browser.get(goes_to_wechat(browser, here))
    assert (answer.status_code, answer.url) == (302, here)
    return browser.get(here)


def said(browser, deal):
    """What the order's page says first."""
    return [str(m) for m in browser.get(f"/orders/{deal.number}/").context["messages"]]


def test_the_buyer_pays_in_the_page_and_the_order_is_paid(browser, deal, fake):
    here = begins(browser, deal)
    payment = Payment.objects.get()
    assert here == f"/pay/wechat/{payment.reference}/inside/"
    page = comes_back(browser, here)
    wish = page.context["wish"]
    text = f"{APP}\n{wish['timeStamp']}\n{wish['nonceStr']}\nprepay_id=wx{payment.reference}\n"
    assert rsa.signed(pair("wechat-ours")[1], text.encode(), wish["paySign"])
    assert sorted(wish) == ["appId", "nonceStr", "package", "paySign", "signType", "timeStamp"]
    assert (wish["appId"], wish["signType"]) == (APP, "RSA")
    assert page.headers["Cache-Control"] == "no-store"
    fake.trades[payment.reference]["state"] = "SUCCESS"  # its callback is lost
    assert browser.post(here).url == f"/orders/{deal.number}/"
    assert said(browser, deal) == ["已收到付款。"]
    deal.refresh_from_db()
    assert (deal.state, selectors.held(deal)) == ("paid", Money(12_800))
    assert (fake.refused, fake.seen.count(EXCHANGE), fake.seen.count(JSAPI)) == ([], 1, 1)


def test_who_says_paid_and_has_not_is_told_so_and_nothing_happens(browser, deal, fake):
    here = begins(browser, deal)
    comes_back(browser, here)
    browser.post(here)
    assert said(browser, deal) == ["微信还没有确认这笔付款。到账后，订单会自己更新。"]
    deal.refresh_from_db()
    assert (deal.state, Payment.objects.get().state) == ("awaiting", "open")


def test_the_page_can_be_loaded_again_without_another_login_or_another_charge(browser, deal, fake):
    here = begins(browser, deal)
    first = comes_back(browser, here).context["wish"]
    again = browser.get(here).context["wish"]
    assert first["package"] == again["package"]
    assert first["nonceStr"] != again["nonceStr"]
    assert (fake.seen.count(EXCHANGE), len(fake.trades)) == (1, 1)


def test_the_state_has_the_letters_that_wechat_allows_and_the_page_goes_on_by_itself(browser, deal):
    page = browser.get(begins(browser, deal))
    address = page.context["address"]
    asked = dict(parse_qsl(urlsplit(address).query))
    assert (len(asked["state"]), asked["state"].isalnum(), address[-16:]) == (
        72, True, "#wechat_redirect",
    )  # fmt: skip
    assert 'http-equiv="refresh" content="0;url=http://127.0.0.1' in page.content.decode()


@pytest.mark.parametrize("lie", ["", "0" * 72, "不是", "f" * 8 + "0" * 64])
def test_a_state_that_is_not_ours_changes_no_code(browser, deal, fake, lie):
    here = begins(browser, deal)
    code = dict(parse_qsl(urlsplit(goes_to_wechat(browser, here)).query))["code"]
    answer = browser.get(here, {"code": code, "state": lie})
    assert answer.url == f"/orders/{deal.number}/"
    assert said(browser, deal) == ["微信授权已失效，未扣款。请重新付款。"]
    assert (EXCHANGE in fake.seen, fake.trades, "wechat_openid" in browser.session) == (
        False, {}, False,
    )  # fmt: skip


def test_a_browser_that_is_sent_back_with_another_state_is_refused(browser, deal, fake):
    fake.another_state = "f" * 72
    here = begins(browser, deal)
    browser.get(goes_to_wechat(browser, here))
    assert said(browser, deal) == ["微信授权已失效，未扣款。请重新付款。"]
    assert EXCHANGE not in fake.seen


def test_a_state_is_for_one_person_one_payment_and_ten_minutes(monkeypatch, db):
    began = clock.now().replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: began)
    state = openid.state(7, "P1")
    wrong = [openid.is_ours(state, 8, "P1"), openid.is_ours(state, 7, "P2")]
    later = f"{int(state[:8], 16) + 1:08x}{state[8:]}"
    assert (openid.is_ours(state, 7, "P1"), wrong) == (True, [False, False])
    assert openid.is_ours(later, 7, "P1") is False
    minutes = [(dt.timedelta(seconds=599), True), (dt.timedelta(seconds=600), False)]
    for age, good in minutes:
        monkeypatch.setattr(clock, "now", lambda age=age: began + age)
        assert openid.is_ours(state, 7, "P1") is good


def test_a_code_is_good_once_and_for_five_minutes(browser, deal, fake, stranger, monkeypatch):
    here = begins(browser, deal)
    reference = Payment.objects.get().reference

    def code():
        return dict(parse_qsl(urlsplit(goes_to_wechat(browser, here)).query))

    used = code()
    known = services.wechat_openid(stranger, reference, used["code"], used["state"])
    assert known == fake.visitor
    late, began = code(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: began + dt.timedelta(seconds=301))
    for given in (used["code"], late["code"], "made-up", ""):
        with pytest.raises(WeChatLoginRefused):
            services.wechat_openid(stranger, reference, given, late["state"])
    assert fake.trades == {}


def test_an_openid_of_somebody_else_is_forgotten_and_asked_for_anew(browser, deal, fake):
    here = begins(browser, deal)
    comes_back(browser, here)
    fake.visitor = "another"
    fake.trades.clear()
    assert browser.get(here).url == f"/orders/{deal.number}/"
    assert said(browser, deal) == ["支付渠道暂时没有响应，未扣款。请稍后再试。"]
    assert comes_back(browser, here).status_code == 200


def test_wechat_keeping_silent_loses_nothing(browser, deal, fake):
    here = begins(browser, deal)
    back = goes_to_wechat(browser, here)
    fake.broken = 1
    assert browser.get(back).url == f"/orders/{deal.number}/"
    assert said(browser, deal) == ["支付渠道暂时没有响应，未扣款。请稍后再试。"]
    assert comes_back(browser, here).context["wish"]["signType"] == "RSA"
    assert begins(browser, deal) == here


def test_a_payment_inside_has_a_number_of_its_own(browser, deal, fake, stranger):
    desk = services.start(stranger, deal.pk, "wechat")
    here = begins(browser, deal)
    comes_back(browser, here)
    ways = sorted((number, trade["way"]) for number, trade in fake.trades.items())
    own = Payment.objects.exclude(pk=desk.pk).get()
    assert ways == sorted([(desk.reference, "native"), (own.reference, "jsapi")])
    assert (desk.inside, own.inside) == (False, True)
    assert services.start(stranger, deal.pk, "wechat").pk == desk.pk


@pytest.mark.parametrize("agent", [WECHAT, WECHAT.replace("Micro", "wxwork Micro")])
def test_without_a_secret_or_in_wecom_it_is_a_code(browser, deal, fake, settings, agent):
    if agent == WECHAT:
        settings.WECHAT_PAY_APP_SECRET = Hidden("")
    answer = browser.post(
        f"/orders/{deal.number}/pay/", {"provider": "wechat"}, headers={"User-Agent": agent}
    )
    payment = Payment.objects.get()
    assert (payment.inside, payment.pay_url[:9]) == (False, "weixin://")
    assert answer.url == f"/pay/wechat/{payment.reference}/"


def test_another_browser_is_shown_the_ways_to_pay(browser, deal):
    here = begins(browser, deal)
    assert browser.get(here, headers={"User-Agent": "Firefox"}).url == f"/orders/{deal.number}/pay/"


def test_a_stranger_finds_no_such_page_and_a_closed_order_takes_no_more(browser, deal, fake):
    here = begins(browser, deal)
    browser.force_login(somebody())
    assert (browser.get(here).status_code, browser.post(here).status_code) == (404, 404)
    services.expire_unpaid(deal.pay_by + dt.timedelta(hours=1))
    browser.force_login(deal.buyer)
    assert browser.get(here).url == f"/orders/{deal.number}/"
    assert fake.trades == {}
