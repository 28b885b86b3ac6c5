"""Disputes: what a buyer claims, what was offered, who decided and how the money was split."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from haishi.foundation.money import Money
from haishi.trade.models.orders import Order
from haishi.trade.states import DisputeKind, DisputeSide, DisputeState, DisputeStepKind

OPEN = ("open", "negotiating", "mediation", "deciding")


class Dispute(models.Model):
    """A claim on money that is held for an order. Amounts are minor units of its currency.

    `wanted_minor` and `offered_minor` are the last words of buyer and seller; they only move
    towards each other. `due_at` is the deadline of the present state, `turn` who has to answer.
    `by_rule`: a deadline passed and the rule that was shown beforehand decided.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="disputes")
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=DisputeKind)
    state = models.CharField(max_length=12, choices=DisputeState, default=DisputeState.OPEN)
    reason = models.CharField(max_length=1000)
    opened_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    claimed_minor = models.BigIntegerField()
    wanted_minor = models.BigIntegerField()
    offered_minor = models.BigIntegerField(null=True)
    turn = models.CharField(max_length=8, choices=DisputeSide, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    # Who mediates: the organiser of the edition where the seller exhibits; none: operators.
    edition = models.ForeignKey("expo.Edition", models.PROTECT, related_name="+", null=True)
    organiser = models.ForeignKey(
        "parties.Organisation", models.PROTECT, related_name="+", null=True
    )
    mediated_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    verdict = models.CharField(max_length=1000, blank=True, default="")
    by_rule = models.BooleanField(default=False)
    # The split: what was held, and what of it went to whom.
    held_minor = models.BigIntegerField(null=True)
    to_buyer_minor = models.BigIntegerField(null=True)
    to_seller_minor = models.BigIntegerField(null=True)
    refund = models.OneToOneField("trade.Refund", models.PROTECT, related_name="dispute", null=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state__in=OPEN), name="dispute_one_open"
            ),
            models.CheckConstraint(
                condition=Q(claimed_minor__gt=0, wanted_minor__gt=0)
                & Q(wanted_minor__lte=F("claimed_minor")),
                name="dispute_of_something",
            ),
            models.CheckConstraint(
                condition=Q(offered_minor=None)
                | Q(offered_minor__gte=0, offered_minor__lte=F("wanted_minor")),
                name="dispute_offer_within",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(*OPEN, "withdrawn"), held_minor=None, to_buyer_minor=None)
                | Q(
                    state__in=("agreed", "decided"),
                    to_buyer_minor__gte=0,
                    to_seller_minor__gte=0,
                    held_minor=F("to_buyer_minor") + F("to_seller_minor"),
                ),
                name="dispute_split_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, due_at__isnull=False, ended_at=None)
                | Q(due_at=None, ended_at__isnull=False),
                name="dispute_waits_until",
            ),
        ]
        indexes = [
            models.Index("due_at", condition=Q(due_at__isnull=False), name="dispute_due"),
            models.Index(fields=["edition", "state", "due_at"], name="dispute_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    def money(self, minor: int) -> Money:
        """An amount in the order's currency; the order must be at hand."""
        return Money(minor, self.order.currency)

    @property
    def wanted(self) -> Money:
        """What the buyer wants back by now."""
        return self.money(self.wanted_minor)

    @property
    def offered(self) -> Money | None:
        """What the seller offers by now."""
        return None if self.offered_minor is None else self.money(self.offered_minor)

    @property
    def to_buyer(self) -> Money | None:
        """What went back to the buyer."""
        return None if self.to_buyer_minor is None else self.money(self.to_buyer_minor)

    @property
    def to_seller(self) -> Money | None:
        """What stayed with the seller's side."""
        return None if self.to_seller_minor is None else self.money(self.to_seller_minor)


class DisputeStep(models.Model):
    """One entry of the thread. Append-only: triggers refuse UPDATE and DELETE."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="steps")
    side = models.CharField(max_length=8, choices=DisputeSide)
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=10, choices=DisputeStepKind)
    amount_minor = models.BigIntegerField(null=True)
    words = models.CharField(max_length=1000, blank=True, default="")
    asset_ids = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dispute", "id"], name="dispute_thread")]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.side} {self.kind}"

    @property
    def amount(self) -> Money | None:
        """What was named; dispute and order must be at hand."""
        return None if self.amount_minor is None else self.dispute.money(self.amount_minor)
