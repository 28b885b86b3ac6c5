"""Our signatures beside those of client libraries that others wrote."""

import datetime as dt
import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import stripe as stripe_library
from alipay import AliPay
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3 import utils as wechat_library

from haishi.foundation import clock
from haishi.foundation.hidden import Hidden
from haishi.foundation.money import Money
from haishi.trade import providers
from haishi.trade.errors import CallbackRefused, ProviderFailed
from haishi.trade.providers import alipay, rsa, stripe, wechat
from haishi.trade.providers.alipay import Alipay
from haishi.trade.providers.wechat import WeChatPay as OurWeChat
from haishi.trade.tests.fakes.alipay import APP as ALIPAY_APP
from haishi.trade.tests.fakes.server import pair
from haishi.trade.tests.fakes.setting import switch_on
from haishi.trade.tests.fakes.stripe import WEBHOOK_KEY
from haishi.trade.tests.fakes.wechat import API_KEY, APP, MERCHANT, PLATFORM_SERIAL, SERIAL
from haishi.trade.types import Charge

pytestmark = pytest.mark.django_db
CHARGE = Charge("P261127ABCDEFGH", Money(1_280), "海市 & 订单=1", "/orders/D1/", "2088123412341234")


@pytest.fixture
def ways(settings, firm):
    """Every fake, switched on."""
    fakes = {name: switch_on(name, settings, firm) for name in ("alipay", "wechat", "stripe")}
    yield fakes
    for fake in fakes.values():
        fake.stop()


def library(private: str = "alipay-app", public: str = "alipay") -> AliPay:
    return AliPay(
        appid=ALIPAY_APP,
        app_notify_url=None,
        app_private_key_string=pair(private)[0],
        alipay_public_key_string=pair(public)[1],
        sign_type="RSA2",
    )


def test_our_alipay_request_has_the_signature_that_the_library_makes(ways):
    address = Alipay().create(CHARGE).pay_url
    fields = dict(parse_qsl(urlsplit(address).query))
    sign = fields.pop("sign")
    content = json.loads(fields["biz_content"])
    assert (content["total_amount"], content["subject"]) == ("12.80", "海市 & 订单=1")
    assert library()._sign("&".join(f"{k}={v}" for k, v in sorted(fields.items()))) == sign
    assert library(public="alipay-app")._verify(
        "&".join(f"{k}={v}" for k, v in sorted(fields.items())), sign
    )


def test_what_the_library_asks_our_fake_of_alipay_accepts(ways):
    theirs = library().api_alipay_trade_page_pay(
        subject="海市", out_trade_no="P1", total_amount="0.01"
    )
    assert ways["alipay"].genuine("GET", f"/gateway.do?{theirs}", {}, b"")
    forged = theirs.replace("total_amount%22%3A%220.01", "total_amount%22%3A%220.02")
    assert forged != theirs
    assert not ways["alipay"].genuine("GET", f"/gateway.do?{forged}", {}, b"")


def test_a_notification_is_believed_by_us_as_by_the_library(ways):
    _headers, body = ways["alipay"].message("P261127ABCDEFGH", amount=1_280)
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    signed = {k: v for k, v in fields.items() if v}
    sign = signed.pop("sign")
    assert library().verify(signed, sign)
    news = Alipay().verify({}, body)
    assert (news.amount, news.reference) == (Money(1_280), "P261127ABCDEFGH")
    fields["total_amount"] = "0.01"
    with pytest.raises(CallbackRefused, match="签名不符"):
        Alipay().verify({}, urlencode(fields).encode())


@pytest.mark.parametrize("status", ["WAIT_BUYER_PAY", "TRADE_CLOSED"])
def test_a_genuine_notification_that_pays_nothing_is_no_news(ways, status):
    _headers, body = ways["alipay"].message("P1", amount=1, status=status)
    assert Alipay().verify({}, body) is None
    refund = ways["alipay"].message("P1", amount=1, extra={"gmt_refund": "2026-11-27 12:00:00"})
    assert Alipay().verify({}, refund[1]) is None


@pytest.mark.parametrize(
    ("minor", "text"), [(1_280, "12.80"), (1, "0.01"), (10, "0.10"), (123_456_789, "1234567.89")]
)
def test_yuan_are_written_exactly(minor, text):
    assert alipay.yuan(Money(minor)) == text


def test_alipay_takes_yuan_only(ways):
    with pytest.raises(ProviderFailed):
        Alipay().create(Charge("P1", Money(100, "USD"), "x", "/"))


def test_a_phone_gets_the_phone_page(ways):
    address = Alipay().create(Charge("P1", Money(100), "x", "/", phone=True)).pay_url
    fields = dict(parse_qsl(urlsplit(address).query))
    content = json.loads(fields["biz_content"])
    assert (fields["method"], content["product_code"]) == ("alipay.trade.wap.pay", "QUICK_WAP_WAY")


def test_an_answer_of_alipay_that_somebody_else_signed_is_no_answer(ways, settings):
    settings.ALIPAY_PUBLIC_KEY = pair("somebody")[1]
    with pytest.raises(ProviderFailed):
        alipay.call("alipay.trade.query", {"out_trade_no": "P1"})


def test_our_authorization_is_what_the_library_would_sign(ways):
    header = wechat.authorization("POST", "/v3/pay/partner/transactions/native?a=1", '{"海":1}')
    scheme, _space, rest = header.partition(" ")
    words = {k: v.strip('"') for k, v in (p.split("=", 1) for p in rest.split(","))}
    text = f"POST\n/v3/pay/partner/transactions/native?a=1\n{words['timestamp']}\n"
    text += f'{words["nonce_str"]}\n{{"海":1}}\n'
    key = wechat_library.load_private_key(pair("wechat-ours")[0])
    assert words["signature"] == wechat_library.rsa_sign(key, text)
    named = (scheme, words["mchid"], words["serial_no"])
    assert named == ("WECHATPAY2-SHA256-RSA2048", MERCHANT, SERIAL)


def their_wechat() -> WeChatPay:
    return WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=MERCHANT,
        private_key=pair("wechat-ours")[0],
        cert_serial_no=SERIAL,
        apiv3_key=API_KEY,
        appid=APP,
        notify_url="https://expo.example/",
        public_key=pair("wechat")[1],
        public_key_id=PLATFORM_SERIAL,
    )


def test_a_day_old_callback_that_the_library_believes_is_refused_by_us(ways):
    old = clock.now() - dt.timedelta(days=1)
    headers, body = ways["wechat"].message("P1", amount=1_280, stamp=str(int(old.timestamp())))
    assert their_wechat().callback(headers, body)["resource"]["amount"]["total"] == 1_280
    with pytest.raises(CallbackRefused, match="已超过有效时间"):
        OurWeChat().verify(headers, body)
    fresh = ways["wechat"].message("P1", amount=1_280)
    assert their_wechat().callback(*fresh)["resource"]["out_trade_no"] == "P1"
    assert OurWeChat().verify(*fresh).amount == Money(1_280)


def test_a_sealed_resource_opens_with_the_right_key_only(ways, settings):
    headers, body = ways["wechat"].message("P1", amount=1_280)
    settings.WECHAT_PAY_API_KEY = Hidden("x" * 32)
    with pytest.raises(CallbackRefused, match="内容无法读取"):
        OurWeChat().verify(headers, body)


def test_a_callback_signed_with_an_unknown_serial_is_refused(ways):
    headers, body = ways["wechat"].message("P1", amount=1_280)
    with pytest.raises(CallbackRefused, match="签名不符"):
        OurWeChat().verify({**headers, "Wechatpay-Serial": "PUB_KEY_ID_9"}, body)


def test_what_wechats_own_browser_needs_is_signed(ways):
    told = OurWeChat().prepay(CHARGE, ways["wechat"].visitor)
    text = f"{APP}\n{told['timeStamp']}\n{told['nonceStr']}\n{told['package']}\n"
    assert told["package"] == "prepay_id=wxP261127ABCDEFGH"
    assert rsa.signed(pair("wechat-ours")[1], text.encode(), told["paySign"])


def test_a_phone_gets_the_address_of_wechats_cashier(ways):
    phone = Charge("P1", Money(100), "x", "/", "1900000002", phone=True, address="203.0.113.7")
    assert OurWeChat().create(phone).pay_url.startswith("https://wx.tenpay.com/")
    assert OurWeChat().create(CHARGE).pay_url.startswith("weixin://wxpay/")


def test_a_webhook_is_believed_by_us_as_by_the_library(ways):
    headers, body = ways["stripe"].message("P1", amount=1_280)
    signature = headers["Stripe-Signature"]
    event = stripe_library.Webhook.construct_event(body, signature, WEBHOOK_KEY)
    assert event["id"] == "evt_P1"
    stripe.check(headers, body)
    with pytest.raises(stripe_library.SignatureVerificationError):
        stripe_library.Webhook.construct_event(body + b" ", signature, WEBHOOK_KEY)
    with pytest.raises(CallbackRefused, match="签名不符"):
        stripe.check(headers, body + b" ")


def test_without_the_package_stripe_is_not_offered(ways, settings, monkeypatch):
    settings.PAYMENT_PROVIDERS = ("stripe", "sandbox")
    assert providers.names() == ["stripe", "sandbox"]
    monkeypatch.setattr(stripe.importlib.util, "find_spec", lambda name: None)
    assert (providers.names(), providers.lacks("stripe")) == (["sandbox"], "haishi[stripe]")
