"""Switching a provider on against its fake."""

from typing import Any

from haishi.foundation.hidden import Hidden
from haishi.trade.models import PayoutAccount
from haishi.trade.tests.fakes import alipay, stripe, wechat
from haishi.trade.tests.fakes.sandbox import FakeSandbox
from haishi.trade.tests.fakes.server import pair


def _alipay(settings: Any) -> Any:
    fake = alipay.FakeAlipay()
    settings.ALIPAY_APP_ID, settings.ALIPAY_SELLER_ID = alipay.APP, alipay.SELLER
    settings.ALIPAY_PRIVATE_KEY = Hidden(pair("alipay-app")[0])
    settings.ALIPAY_PUBLIC_KEY = pair("alipay")[1]
    settings.ALIPAY_URL = f"{fake.url}/gateway.do"
    return fake


def _wechat(settings: Any) -> Any:
    fake = wechat.FakeWeChat()
    settings.WECHAT_PAY_APP_ID, settings.WECHAT_PAY_MERCHANT_ID = wechat.APP, wechat.MERCHANT
    settings.WECHAT_PAY_NAME = "海州会展服务有限公司"
    settings.WECHAT_PAY_SERIAL = wechat.SERIAL
    settings.WECHAT_PAY_PRIVATE_KEY = Hidden(pair("wechat-ours")[0])
    settings.WECHAT_PAY_API_KEY = Hidden(wechat.API_KEY)
    settings.WECHAT_PAY_PLATFORM_KEY = pair("wechat")[1]
    settings.WECHAT_PAY_PLATFORM_SERIAL = wechat.PLATFORM_SERIAL
    settings.WECHAT_PAY_URL = fake.url
    settings.WECHAT_PAY_APP_SECRET = Hidden(wechat.APP_SECRET)
    settings.WECHAT_OPEN_URL = settings.WECHAT_API_URL = fake.url
    return fake


def _stripe(settings: Any) -> Any:
    fake = stripe.FakeStripe()
    settings.STRIPE_API_KEY = Hidden(stripe.API_KEY)
    settings.STRIPE_WEBHOOK_KEY = Hidden(stripe.WEBHOOK_KEY)
    settings.STRIPE_URL = fake.url
    return fake


def switch_on(provider: str, settings: Any, seller: Any) -> Any:
    """The fake of a provider, with the house set to speak to it and `seller` known there."""
    settings.PAYMENT_PROVIDERS = (provider,)
    ways = {"alipay": _alipay, "wechat": _wechat, "stripe": _stripe}
    fake = ways[provider](settings) if provider in ways else FakeSandbox()
    PayoutAccount.objects.create(
        organisation=seller, provider=provider, account="2088123412341234", holder=seller.name
    )
    return fake
