"""Tables of trade."""

from haishi.trade.models.disputes import Dispute, DisputeStep
from haishi.trade.models.invoices import Invoice, InvoiceRequest, InvoiceTitle
from haishi.trade.models.ledger import Account, Entry, Posting
from haishi.trade.models.orders import Address, Order, OrderLine, OrderShare, Shipment, Stock
from haishi.trade.models.payments import Payment, ProviderNotice, Refund
from haishi.trade.models.sandbox import SandboxCallback, SandboxCharge
from haishi.trade.models.spending import Approval, SpendLimit

__all__ = [
    "Account",
    "Address",
    "Approval",
    "Dispute",
    "DisputeStep",
    "Entry",
    "Invoice",
    "InvoiceRequest",
    "InvoiceTitle",
    "Order",
    "OrderLine",
    "OrderShare",
    "Payment",
    "Posting",
    "ProviderNotice",
    "Refund",
    "SandboxCallback",
    "SandboxCharge",
    "Shipment",
    "SpendLimit",
    "Stock",
]
