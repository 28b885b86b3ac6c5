"""Tables of trade."""

from haishi.trade.models.bank import BankLine, BankTask
from haishi.trade.models.ledger import Account, Entry, Posting
from haishi.trade.models.orders import Address, Order, OrderLine, OrderShare, Shipment, Stock
from haishi.trade.models.payments import Payment, ProviderNotice, Refund
from haishi.trade.models.payouts import Payout, PayoutAccount
from haishi.trade.models.reconciliation import Difference, Reconciliation
from haishi.trade.models.sandbox import SandboxCallback, SandboxCharge
from haishi.trade.models.spending import Approval, SpendLimit

__all__ = [
    "Account",
    "Address",
    "Approval",
    "BankLine",
    "BankTask",
    "Difference",
    "Entry",
    "Order",
    "OrderLine",
    "OrderShare",
    "Payment",
    "Payout",
    "PayoutAccount",
    "Posting",
    "ProviderNotice",
    "Reconciliation",
    "Refund",
    "SandboxCallback",
    "SandboxCharge",
    "Shipment",
    "SpendLimit",
    "Stock",
]
