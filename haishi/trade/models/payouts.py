"""Where a firm gets its money, and each part of a settled order on its way there."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.models import Versioned
from haishi.foundation.money import Money
from haishi.trade.models.orders import Order
from haishi.trade.models.payments import Payment
from haishi.trade.states import PayoutState


class PayoutAccount(Versioned):
    """A firm's account with one provider. Pages and logs show `masked` only."""

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    provider = models.CharField(max_length=20)
    account = models.CharField(_("收款账号"), max_length=64)
    holder = models.CharField(_("户名"), max_length=80)
    bank = models.CharField(_("开户行"), max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "provider"], name="payout_account_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.masked}"

    @property
    def masked(self) -> str:
        """`•••• 1234`; of a short one only its last character."""
        shown = 4 if len(self.account) > 8 else 1
        return f"•••• {self.account[-shown:]}"


class Payout(models.Model):
    """A part of what an order released, for a firm; without a firm: the platform's fee.

    `number` makes the instruction idempotent; a new try after a refusal has a new one. `rest`: the
    seller's own part, with which the provider ends the sharing; it goes last.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="payouts")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="payouts")
    organisation = models.ForeignKey(
        "parties.Organisation", models.PROTECT, related_name="+", null=True
    )
    number = models.CharField(max_length=32, unique=True)
    amount_minor = models.BigIntegerField()
    rest = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=PayoutState, default=PayoutState.SENT)
    reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    # When to hand the instruction to the provider (again).
    send_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "organisation"], name="payout_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_of_something"),
        ]
        indexes = [
            models.Index("send_at", condition=Q(state="sent"), name="payout_to_send"),
            models.Index(fields=["organisation", "-id"], name="payout_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def amount(self) -> Money:
        """What the firm gets."""
        return Money(self.amount_minor, self.payment.currency)


class Receiver(models.Model):
    """An account that a provider knows as a receiver of parts, since `admitted_at`."""

    provider = models.CharField(max_length=20)
    account = models.CharField(max_length=64)
    holder = models.CharField(max_length=80, blank=True, default="")
    admitted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "account", "holder"], name="receiver_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} receiver {self.pk}"
