"""Statements of providers, read into rows of one shape."""

from collections.abc import Callable

from haishi.trade.errors import ProviderUnknown
from haishi.trade.statements import alipay, plain, wechat
from haishi.trade.statements.row import Row

_READERS: dict[str, Callable[[bytes], list[Row]]] = {
    "alipay": alipay.read,
    "wechat": wechat.read,
    "bank": plain.read,
    "stripe": plain.read,
    "sandbox": plain.read,
}


def read(provider: str, content: bytes) -> list[Row]:
    """The rows of a statement file. Raises ProviderUnknown, StatementUnreadable."""
    if provider not in _READERS:
        raise ProviderUnknown
    return _READERS[provider](content)


__all__ = ["Row", "plain", "read"]
