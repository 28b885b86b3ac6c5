"""The variables of payments: which providers are switched on, and what each of them needs."""

from haishi.config.kinds import (
    Variable,
    currencies,
    exactly,
    hidden,
    names_of,
    number,
    private_key,
    public_key,
    text,
    url,
)
from haishi.foundation.hidden import Hidden

PROVIDERS = ("alipay", "wechat", "bank", "stripe", "sandbox")
_KEY = "PEM or a path; of the"

PAYING: tuple[Variable, ...] = (
    Variable(
        "HAISHI_PAYMENT_PROVIDERS",
        "names",
        "sandbox",
        f"How orders may be paid, by commas: {', '.join(PROVIDERS)}; sandbox takes no real money;"
        " none: not at all.",
        names_of(*PROVIDERS),
    ),
    Variable(
        "HAISHI_SANDBOX_SPLIT_PERCENT",
        "number",
        "100",
        "Most of a sandbox payment that may go to others than the seller, percent.",
        number(0, 100),
    ),
    Variable("HAISHI_ALIPAY_APP_ID", "text", "", "Alipay: the application's number.", text),
    Variable("HAISHI_ALIPAY_SELLER_ID", "text", "", "Alipay: our own PID, 2088….", text),
    Variable("HAISHI_ALIPAY_PRIVATE_KEY", "key", "", f"{_KEY} application (RSA2).", private_key),
    Variable("HAISHI_ALIPAY_PUBLIC_KEY", "key", "", f"{_KEY} Alipay side.", public_key),
    Variable(
        "HAISHI_ALIPAY_URL",
        "URL",
        "https://openapi.alipay.com/gateway.do",
        "Alipay's gateway.",
        url("https", "http"),
    ),
    Variable(
        "HAISHI_ALIPAY_SPLIT_PERCENT",
        "number",
        "30",
        "Most of an Alipay payment that may go to others than the seller, percent.",
        number(0, 100),
    ),
    Variable("HAISHI_WECHAT_PAY_APP_ID", "text", "", "WeChat Pay: the app of the platform.", text),
    Variable(
        "HAISHI_WECHAT_PAY_MERCHANT_ID", "text", "", "WeChat Pay: the platform's sp_mchid.", text
    ),
    Variable(
        "HAISHI_WECHAT_PAY_NAME",
        "text",
        "",
        "WeChat Pay: the full name of that merchant, to get the platform's part.",
        text,
    ),
    Variable("HAISHI_WECHAT_PAY_SERIAL", "text", "", "Serial number of our certificate.", text),
    Variable(
        "HAISHI_WECHAT_PAY_PRIVATE_KEY", "key", "", f"{_KEY} certificate of ours.", private_key
    ),
    Variable("HAISHI_WECHAT_PAY_API_KEY", "key", "", "The APIv3 key, 32 characters.", exactly(32)),
    Variable(
        "HAISHI_WECHAT_PAY_PLATFORM_KEY",
        "key",
        "",
        f"{_KEY} WeChat Pay side (public key or certificate).",
        public_key,
    ),
    Variable(
        "HAISHI_WECHAT_PAY_PLATFORM_SERIAL", "text", "", "Its serial number, or PUB_KEY_ID_….", text
    ),
    Variable(
        "HAISHI_WECHAT_PAY_URL",
        "URL",
        "https://api.mch.weixin.qq.com",
        "WeChat Pay's address.",
        url("https", "http"),
    ),
    Variable(
        "HAISHI_WECHAT_PAY_APP_SECRET",
        "key",
        "",
        "AppSecret of that app, an official account (服务号); empty: inside WeChat a code to scan.",
        hidden,
    ),
    Variable(
        "HAISHI_WECHAT_OPEN_URL",
        "URL",
        "https://open.weixin.qq.com",
        "Where WeChat's browser learns who it is.",
        url("https", "http"),
    ),
    Variable(
        "HAISHI_WECHAT_API_URL",
        "URL",
        "https://api.weixin.qq.com",
        "Where a code of that browser is changed for an openid.",
        url("https", "http"),
    ),
    Variable("HAISHI_BANK_HOLDER", "text", "", "Custody account: its holder.", text),
    Variable("HAISHI_BANK_NAME", "text", "", "Custody account: bank and branch.", text),
    Variable("HAISHI_BANK_ACCOUNT", "text", "", "Custody account: its number.", text),
    Variable(
        "HAISHI_BANK_CURRENCIES",
        "names",
        "CNY",
        "Currencies that the custody account takes, by commas.",
        currencies,
    ),
    Variable("HAISHI_STRIPE_API_KEY", "key", "", "Stripe: secret key, sk_….", hidden),
    Variable("HAISHI_STRIPE_WEBHOOK_KEY", "key", "", "Stripe: signs webhooks, whsec_….", hidden),
    Variable(
        "HAISHI_STRIPE_URL",
        "URL",
        "https://api.stripe.com",
        "Stripe's address.",
        url("https", "http"),
    ),
)
# What a provider cannot work without.
NEEDS = {
    "alipay": ("app_id", "seller_id", "private_key", "public_key"),
    "wechat_pay": (
        "app_id", "merchant_id", "serial", "private_key", "api_key", "platform_key",
        "platform_serial",
    ),
    "bank": ("holder", "name", "account"),
    "stripe": ("api_key", "webhook_key"),
}  # fmt: skip


class Paying:
    """The part of `Env` that is about payments."""

    payment_providers: tuple[str, ...]
    sandbox_split_percent: int
    alipay_app_id: str
    alipay_seller_id: str
    alipay_private_key: Hidden
    alipay_public_key: str
    alipay_url: str
    alipay_split_percent: int
    wechat_pay_app_id: str
    wechat_pay_merchant_id: str
    wechat_pay_name: str
    wechat_pay_serial: str
    wechat_pay_private_key: Hidden
    wechat_pay_api_key: Hidden
    wechat_pay_platform_key: str
    wechat_pay_platform_serial: str
    wechat_pay_url: str
    wechat_pay_app_secret: Hidden
    wechat_open_url: str
    wechat_api_url: str
    bank_holder: str
    bank_name: str
    bank_account: str
    bank_currencies: tuple[str, ...]
    stripe_api_key: Hidden
    stripe_webhook_key: Hidden
    stripe_url: str


def missing(env: Paying) -> dict[str, str]:
    """{variable: why it is needed} of providers that are switched on and not complete."""
    lacks = {}
    for provider in env.payment_providers:
        prefix = {"wechat": "wechat_pay"}.get(provider, provider)
        for name in NEEDS.get(prefix, ()):
            if not getattr(env, f"{prefix}_{name}"):
                variable = f"HAISHI_{prefix}_{name}".upper()
                lacks[variable] = f"needed because HAISHI_PAYMENT_PROVIDERS names {provider}"
    return lacks
