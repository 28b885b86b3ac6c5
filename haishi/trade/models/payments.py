"""Payments and refunds: what was asked of a provider and what the provider told us."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.money import Money
from haishi.trade.models.orders import Order
from haishi.trade.states import NoticeKind, PaymentState, RefundState
from haishi.trade.types import Known


class Payment(models.Model):
    """One try to pay an order. `reference` is our number at the provider, `transaction` theirs."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=32, unique=True)
    transaction = models.CharField(max_length=64, blank=True, default="")
    # Where the buyer pays; "weixin://…" is shown as a code to scan.
    pay_url = models.TextField(blank=True, default="")
    # The seller's account with the provider, as it was then; empty when it needs none.
    payee = models.CharField(max_length=64, blank=True, default="")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.OPEN)
    created_at = models.DateTimeField(db_default=Now())
    paid_at = models.DateTimeField(null=True)
    # Begun in WeChat's own browser: WeChat takes no other way under the same number.
    inside = models.BooleanField(default=False)
    # When to ask the provider itself, because its news may be lost; empty: nothing to ask.
    ask_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_of_something"),
        ]
        indexes = [
            models.Index("ask_at", condition=Q(ask_at__isnull=False), name="payment_ask"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"

    @property
    def amount(self) -> Money:
        """What is to be paid."""
        return Money(self.amount_minor, self.currency)

    @property
    def known(self) -> Known:
        """What its provider has to be told to know it again."""
        return Known(self.reference, self.transaction, self.amount, self.payee)


class ProviderNotice(models.Model):
    """News of a provider that was believed and acted on: once per event id."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=24, choices=NoticeKind)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="notices")
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="notice_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id} {self.kind}"


class Refund(models.Model):
    """Money that goes back the way it came. `number` makes the instruction idempotent.

    `late`: the payment came when the order could no longer take it; nobody has to agree.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    number = models.CharField(max_length=32, unique=True)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.REQUESTED)
    reason = models.CharField(_("原因"), max_length=200, blank=True, default="")
    answer = models.CharField(_("答复"), max_length=200, blank=True, default="")
    returns_goods = models.BooleanField(default=False)
    # How the goods travel back; empty: the buyer has not sent them yet.
    sent_back = models.CharField(_("退货运单"), max_length=100, blank=True, default="")
    late = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    answer_by = models.DateTimeField(null=True)
    # When to hand the instruction to the provider (again).
    send_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_of_something"),
        ]
        indexes = [
            models.Index("send_at", condition=Q(state="instructed"), name="refund_to_send"),
            models.Index("answer_by", condition=Q(state="requested"), name="refund_to_answer"),
            models.Index("answer_by", condition=Q(state="returning"), name="refund_on_its_way"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def amount(self) -> Money:
        """What goes back."""
        return Money(self.amount_minor, self.payment.currency)
