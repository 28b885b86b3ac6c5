"""What trade does."""

from haishi.trade.services.ledger import post

__all__ = ["post"]
