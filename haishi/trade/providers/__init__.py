"""The ways to pay that this installation knows."""

from django.conf import settings

from haishi.trade.errors import ProviderUnknown
from haishi.trade.providers.port import Provider
from haishi.trade.providers.sandbox import Sandbox

_KNOWN: dict[str, Provider] = {provider.name: provider for provider in (Sandbox(),)}


def names() -> list[str]:
    """Names a buyer may choose from: those the installation switched on."""
    return [name for name in _KNOWN if name in settings.PAYMENT_PROVIDERS]


def get(name: str) -> Provider:
    """The provider of this name. Raises ProviderUnknown.

    Also one that is switched off: payments begun with it are still heard of and sent back.
    """
    try:
        return _KNOWN[name]
    except KeyError:
        raise ProviderUnknown from None


__all__ = ["Provider", "get", "names"]
