"""The ways to pay that this installation knows."""

from haishi.trade.errors import ProviderUnknown
from haishi.trade.providers.port import Provider
from haishi.trade.providers.sandbox import Sandbox

_KNOWN: dict[str, Provider] = {provider.name: provider for provider in (Sandbox(),)}


def names() -> list[str]:
    """Names a buyer may choose from."""
    return list(_KNOWN)


def get(name: str) -> Provider:
    """The provider of this name. Raises ProviderUnknown."""
    try:
        return _KNOWN[name]
    except KeyError:
        raise ProviderUnknown from None


__all__ = ["Provider", "get", "names"]
