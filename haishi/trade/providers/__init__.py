"""The ways to pay that this installation knows."""

from django.conf import settings

from haishi.trade.errors import ProviderUnknown
from haishi.trade.providers import openid, stripe
from haishi.trade.providers.alipay import Alipay
from haishi.trade.providers.bank import Bank
from haishi.trade.providers.port import Provider
from haishi.trade.providers.sandbox import Sandbox
from haishi.trade.providers.stripe import Stripe
from haishi.trade.providers.wechat import NAME as WECHAT
from haishi.trade.providers.wechat import WeChatPay

_ALL: tuple[Provider, ...] = (Alipay(), WeChatPay(), Bank(), Stripe(), Sandbox())
_KNOWN: dict[str, Provider] = {provider.name: provider for provider in _ALL}


def names() -> list[str]:
    """Names a buyer may choose from: those the installation switched on and that can work here."""
    return [name for name in _KNOWN if name in settings.PAYMENT_PROVIDERS and not lacks(name)]


def lacks(name: str) -> str:
    """The optional package that a way to pay needs and that is not installed; "": none."""
    return "haishi[stripe]" if name == stripe.NAME and not stripe.installed() else ""


def get(name: str) -> Provider:
    """The provider of this name. Raises ProviderUnknown.

    Also one that is switched off: payments begun with it are still heard of and sent back.
    """
    try:
        return _KNOWN[name]
    except KeyError:
        raise ProviderUnknown from None


__all__ = ["WECHAT", "Provider", "get", "lacks", "names", "openid"]
