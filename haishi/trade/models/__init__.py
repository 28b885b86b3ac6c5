"""Tables of trade."""

from haishi.trade.models.bank import BankLine, BankTask
from haishi.trade.models.cart import CartLine
from haishi.trade.models.deliveries import Deliverable, Download, Entitlement
from haishi.trade.models.disputes import Dispute, DisputeStep
from haishi.trade.models.invoices import Invoice, InvoiceRequest, InvoiceTitle
from haishi.trade.models.ledger import Account, Entry, Posting
from haishi.trade.models.orders import Address, Order, OrderLine, OrderShare, Shipment, Stock
from haishi.trade.models.payments import Payment, ProviderNotice, Refund
from haishi.trade.models.payouts import Payout, PayoutAccount, Receiver
from haishi.trade.models.reconciliation import Difference, Reconciliation
from haishi.trade.models.reviews import Review
from haishi.trade.models.sandbox import SandboxCallback, SandboxCharge
from haishi.trade.models.spending import Approval, SpendLimit

__all__ = [
    "Account",
    "Address",
    "Approval",
    "BankLine",
    "BankTask",
    "CartLine",
    "Deliverable",
    "Difference",
    "Dispute",
    "DisputeStep",
    "Download",
    "Entitlement",
    "Entry",
    "Invoice",
    "InvoiceRequest",
    "InvoiceTitle",
    "Order",
    "OrderLine",
    "OrderShare",
    "Payment",
    "Payout",
    "PayoutAccount",
    "Posting",
    "ProviderNotice",
    "Receiver",
    "Reconciliation",
    "Refund",
    "Review",
    "SandboxCallback",
    "SandboxCharge",
    "Shipment",
    "SpendLimit",
    "Stock",
]
