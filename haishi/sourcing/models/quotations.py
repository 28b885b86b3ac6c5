"""Quotations with their immutable versions, the marks and the rates of a comparison."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from haishi.sourcing.models.rfqs import Rfq
from haishi.sourcing.states import Criterion, QuotationState


class Quotation(models.Model):
    """What one firm offers on one request. `latest` is the number of the version that counts."""

    rfq = models.ForeignKey(Rfq, models.PROTECT, related_name="quotations")
    bidder = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="quotations")
    author = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(
        max_length=10, choices=QuotationState, default=QuotationState.SUBMITTED
    )
    latest = models.PositiveSmallIntegerField(default=1)
    rank = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfq", "bidder"], name="quotation_once_per_firm")
        ]
        indexes = [models.Index(fields=["bidder", "-id"], name="quotation_of_bidder")]

    def __str__(self) -> str:
        return f"{self.bidder_id} → {self.rfq_id}"


class QuotationVersion(models.Model):
    """One version, for good. Sealed ones hold `sealed` until the deadline, then `content` too.

    `digest` is the SHA-256 of the canonical content: what was opened is what was handed in. A
    trigger refuses every other change, and a `content` that comes before the deadline.
    """

    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField()
    content = models.JSONField(null=True)
    sealed = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)
    author = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quotation", "number"], name="quotation_version_once"),
            models.CheckConstraint(
                condition=Q(content__isnull=False) | Q(sealed__isnull=False),
                name="version_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quotation_id} v{self.number}"


class Mark(models.Model):
    """What the buyer thinks of a quotation by one criterion, 0 to 100."""

    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="marks")
    criterion = models.CharField(max_length=8, choices=Criterion)
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quotation", "criterion"], name="mark_once"),
            models.CheckConstraint(condition=Q(points__lte=100), name="mark_to_a_hundred"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.points}"


class Rate(models.Model):
    """One major unit of `currency` in the request's currency, frozen for its comparison."""

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="rates")
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=120)
    author = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfq", "currency"], name="rate_frozen_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_above_zero"),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate}"
