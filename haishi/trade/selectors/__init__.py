"""What trade shows."""

from haishi.trade.selectors.ledger import balance, statement, trial_balance

__all__ = ["balance", "statement", "trial_balance"]
