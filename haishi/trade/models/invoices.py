"""Invoices: what a buyer asked for, what the seller issued, and the red ones that take it back."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.money import Money
from haishi.trade.models.orders import Order
from haishi.trade.states import InvoiceKind, InvoiceState, TitleKind


class InvoiceTitle(models.Model):
    """A title (抬头) that a person used before."""

    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    title_kind = models.CharField(max_length=8, choices=TitleKind)
    title = models.CharField(max_length=120)
    tax_number = models.CharField(max_length=18, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "title", "tax_number"], name="invoice_title_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class InvoiceRequest(models.Model):
    """A buyer's wish for an invoice over `amount_minor` of an order, tax included."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="invoice_requests")
    number = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    kind = models.CharField(_("发票类型"), max_length=8, choices=InvoiceKind)
    title_kind = models.CharField(_("抬头类型"), max_length=8, choices=TitleKind)
    title = models.CharField(_("抬头"), max_length=120)
    tax_number = models.CharField(_("税号"), max_length=18, blank=True, default="")
    email = models.EmailField(_("收票邮箱"))
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=InvoiceState, default=InvoiceState.REQUESTED)
    answer = models.CharField(max_length=200, blank=True, default="")
    answer_by = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="requested"), name="invoice_one_request"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="invoice_request_amount"),
            models.CheckConstraint(
                condition=Q(kind="plain") | (Q(title_kind="firm") & ~Q(tax_number="")),
                name="invoice_special_needs_number",
            ),
        ]
        indexes = [
            models.Index("answer_by", condition=Q(state="requested"), name="invoice_request_due"),
            models.Index(fields=["person", "-id"], name="invoice_request_person"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def amount(self) -> Money:
        """What is asked for; the order must be at hand."""
        return Money(self.amount_minor, self.order.currency)


class Invoice(models.Model):
    """An issued invoice. Append-only: what is wrong is taken back by a red one (红字).

    Amounts are minor units with tax; those of a red invoice are negative and it names its blue one.
    `tax_minor` is the part of the amount that is tax, at `rate_points` basis points.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="invoices")
    request = models.ForeignKey(InvoiceRequest, models.PROTECT, related_name="invoices")
    seller = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    blue = models.ForeignKey("self", models.PROTECT, related_name="reds", null=True)
    number = models.CharField(_("发票号码"), max_length=20)
    issued_on = models.DateField(_("开票日期"))
    amount_minor = models.BigIntegerField()
    rate_points = models.PositiveSmallIntegerField(_("税率"))
    tax_minor = models.BigIntegerField()
    reason = models.CharField(_("原因"), max_length=200, blank=True, default="")
    asset_id = models.BigIntegerField()
    issued_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="invoice_number_once"),
            models.CheckConstraint(
                condition=Q(blue=None, amount_minor__gt=0, tax_minor__gte=0)
                & Q(tax_minor__lte=F("amount_minor"))
                | Q(blue__isnull=False, amount_minor__lt=0, tax_minor__lte=0)
                & Q(tax_minor__gte=F("amount_minor")),
                name="invoice_blue_or_red",
            ),
        ]
        indexes = [models.Index(fields=["seller", "-id"], name="invoice_seller")]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount_minor}"

    @property
    def amount(self) -> Money:
        """With tax; the order must be at hand."""
        return Money(self.amount_minor, self.order.currency)

    @property
    def tax(self) -> Money:
        """The part that is tax."""
        return Money(self.tax_minor, self.order.currency)

    @property
    def rate_words(self) -> str:
        """`13 %`."""
        return f"{self.rate_points / 100:g} %"
