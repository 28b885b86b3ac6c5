"""Facts about orders, payments and refunds.

`origin` is that of the order: what it was agreed in, when not in the shop.
"""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class OfferChanged(Event):
    """A firm counted the units of a product anew, or changed what its buyers get."""

    organisation_id: int
    product_id: int


@dataclass(frozen=True)
class OrderPlaced(Event):
    """Somebody ordered; the money is awaited."""

    public = True
    organisation_id: int
    order_id: int
    origin: str = ""


@dataclass(frozen=True)
class OrderPaid(Event):
    """The buyer's money is held: the seller may deliver."""

    public = True
    organisation_id: int
    order_id: int
    origin: str = ""


@dataclass(frozen=True)
class OrderShipped(Event):
    """A parcel left, or a service was handed over. `whole`: nothing is left to send."""

    public = True
    organisation_id: int
    order_id: int
    shipment_id: int
    whole: bool
    origin: str = ""


@dataclass(frozen=True)
class OrderReceived(Event):
    """The buyer has what was ordered."""

    public = True
    organisation_id: int
    order_id: int
    origin: str = ""


@dataclass(frozen=True)
class OrderCompleted(Event):
    """The held money was shared between seller and platform."""

    public = True
    organisation_id: int
    order_id: int
    origin: str = ""


@dataclass(frozen=True)
class OrderEnded(Event):
    """Cancelled, expired or refunded as a whole: `state` says which."""

    public = True
    organisation_id: int
    order_id: int
    state: str
    origin: str = ""


@dataclass(frozen=True)
class RefundRequested(Event):
    """The buyer asks for money back; the seller has to answer."""

    public = True
    organisation_id: int
    order_id: int
    refund_id: int


@dataclass(frozen=True)
class RefundAnswered(Event):
    """A refund moved on: `state` says how far."""

    public = True
    organisation_id: int
    order_id: int
    refund_id: int
    state: str


@dataclass(frozen=True)
class PayoutMoved(Event):
    """A firm's part moved: `state` says how far, `reason` why it failed. No firm: the platform."""

    organisation_id: int | None
    payout_id: int
    state: str
    reason: str = ""


@dataclass(frozen=True)
class PayoutAccountChanged(Event):
    """A firm gets its money elsewhere from now on; `masked` shows the end of the number."""

    organisation_id: int
    provider: str
    masked: str
    by_id: int


@dataclass(frozen=True)
class RefundSentBack(Event):
    """The buyer has sent the goods back; the seller has to look at them."""

    public = True
    organisation_id: int
    order_id: int
    refund_id: int


@dataclass(frozen=True)
class ReviewWritten(Event):
    """A buyer said something about what was bought."""

    public = True
    organisation_id: int
    review_id: int


@dataclass(frozen=True)
class ReviewAnswered(Event):
    """The seller answered a review."""

    organisation_id: int
    review_id: int


@dataclass(frozen=True)
class ReviewHidden(Event):
    """A moderator took a review off the product's page."""

    organisation_id: int
    review_id: int


@dataclass(frozen=True)
class ApprovalAsked(Event):
    """Somebody wants to spend more than allowed; others of the firm have to answer."""

    public = True
    organisation_id: int
    approval_id: int
    origin: str


@dataclass(frozen=True)
class ApprovalDecided(Event):
    """A wish to spend was approved, refused, withdrawn or expired: `state` says which."""

    public = True
    organisation_id: int
    approval_id: int
    origin: str
    state: str


@dataclass(frozen=True)
class DisputeOpened(Event):
    """The buyer claims money of an order; its clocks stand still, the seller has to answer."""

    public = True
    organisation_id: int
    order_id: int
    dispute_id: int
    origin: str = ""


@dataclass(frozen=True)
class DisputeMoved(Event):
    """Somebody, or a deadline, took a dispute on: `step` says what, `state` how far it is."""

    public = True
    organisation_id: int
    order_id: int
    dispute_id: int
    step: str
    state: str
    origin: str = ""


@dataclass(frozen=True)
class InvoiceRequested(Event):
    """A buyer asks for an invoice; the seller has to answer."""

    public = True
    organisation_id: int
    order_id: int
    request_id: int


@dataclass(frozen=True)
class InvoiceAnswered(Event):
    """An invoice was issued or taken back, or a request ended or is overdue: `state` says more."""

    public = True
    organisation_id: int
    order_id: int
    request_id: int
    state: str
