"""Tables of trade."""

from haishi.trade.models.ledger import Account, Entry, Posting

__all__ = ["Account", "Entry", "Posting"]
