"""Orders: what was bought, from whom, for how much, where it goes and how far it came."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.catalogue.states import ProductKind
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import Versioned
from haishi.foundation.money import Money
from haishi.trade.states import OrderState


class Stock(models.Model):
    """How many of a product may be ordered; a product without this row is made to order."""

    product = models.OneToOneField("catalogue.Product", models.PROTECT, related_name="+")
    pool_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.product_id}: pool {self.pool_id}"


class Address(models.Model):
    """Where a person wants things sent."""

    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    name = models.CharField(_("收货人"), max_length=40)
    phone = models.CharField(_("电话"), max_length=30)
    country = models.CharField(_("国家或地区"), max_length=2, default="CN")
    region = models.CharField(_("省市区"), max_length=80)
    street = models.CharField(_("详细地址"), max_length=160)
    postcode = models.CharField(_("邮编"), max_length=12, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="address_person")]

    def __str__(self) -> str:
        return f"{self.name} {self.region}"


class Order(Versioned):
    """One purchase from one seller. Amounts are minor units of `currency`, fixed when placed."""

    number = models.CharField(max_length=20, unique=True)
    buyer = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    buyer_firm = models.ForeignKey(
        "parties.Organisation", models.PROTECT, related_name="+", null=True, blank=True
    )
    seller = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ProductKind)
    state = models.CharField(max_length=12, choices=OrderState, default=OrderState.AWAITING)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    # The platform's share in basis points, as it was when the order was placed.
    fee_points = models.PositiveSmallIntegerField()
    # A copy: a later change of the address book does not move a parcel.
    ship_to = models.JSONField(default=dict, blank=True)
    note = models.CharField(_("给卖家的留言"), max_length=200, blank=True, default="")
    # What the order was agreed in, when not in the shop: `claim:17`, `milestone:4`.
    origin = models.CharField(max_length=60, blank=True, default="")
    # What allowed an order above the buyer's limit, or will: the firm's approval.
    approval = models.ForeignKey(
        "trade.Approval", models.PROTECT, related_name="orders", null=True, blank=True
    )
    pay_by = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    # When the next step happens by itself: receipt of what was shipped, settlement of what arrived.
    moves_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="order_costs_something"),
            models.CheckConstraint(condition=Q(fee_points__lte=10_000), name="order_fee_is_share"),
            models.CheckConstraint(
                condition=Q(state__in=("approving", "awaiting", "cancelled", "expired"))
                | Q(paid_at__isnull=False),
                name="order_goes_on_when_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="order_buyer"),
            models.Index(fields=["seller", "state", "-id"], name="order_seller"),
            models.Index(
                "pay_by", condition=Q(state__in=("approving", "awaiting")), name="order_waits"
            ),
            models.Index(
                fields=["buyer_firm", "-id"],
                condition=Q(buyer_firm__isnull=False),
                name="order_buyer_firm",
            ),
            models.Index("origin", condition=~Q(origin=""), name="order_origin"),
            models.Index("moves_at", condition=Q(moves_at__isnull=False), name="order_moves"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def total(self) -> Money:
        """What the buyer pays."""
        return Money(self.total_minor, self.currency)


class OrderLine(models.Model):
    """What was ordered, as it was then: its name and price do not change afterwards.

    Without a product when it is none of the catalogue: a milestone, a royalty.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160, blank=True, default="")
    unit = models.CharField(max_length=12, blank=True, default="")
    price_minor = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    shipped = models.PositiveIntegerField(default=0)
    hold_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="order_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, price_minor__gte=0), name="order_line_of_something"
            ),
            models.CheckConstraint(
                condition=Q(shipped__lte=F("quantity")), name="order_line_not_overshipped"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)

    @property
    def price(self) -> Money:
        """What one costs; the order must be at hand."""
        return Money(self.price_minor, self.order.currency)


class OrderShare(models.Model):
    """A firm's part of what an order releases, in basis points; all parts of an order are 10,000.

    An order without parts belongs to its seller alone.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="shares")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "organisation"], name="order_share_once"),
            models.CheckConstraint(
                condition=Q(points__gt=0, points__lte=10_000), name="order_share_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.points}"


class Shipment(models.Model):
    """A parcel, or the handing over of a service. `content`: {order line id: units}."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipments")
    carrier = models.CharField(_("承运方"), max_length=40, blank=True, default="")
    tracking = models.CharField(_("运单号"), max_length=60, blank=True, default="")
    content = models.JSONField()
    shipped_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking}"
