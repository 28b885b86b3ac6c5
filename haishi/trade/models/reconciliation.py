"""A provider's statement of a day beside our books, and each difference until it is explained."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from haishi.foundation.models import Versioned
from haishi.foundation.money import Money
from haishi.trade.states import DifferenceKind, DifferenceReason, DifferenceState, RowKind


class Reconciliation(models.Model):
    """One statement file, compared. The same file of the same day is compared once."""

    provider = models.CharField(max_length=20)
    day = models.DateField()
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    matched = models.PositiveIntegerField()
    made_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "day", "digest"], name="reconciliation_once"
            )
        ]
        indexes = [models.Index(fields=["-day", "-id"], name="reconciliation_day")]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class Difference(Versioned):
    """One thing that the two sides do not agree on. Minor units; empty: this side has nothing."""

    reconciliation = models.ForeignKey(Reconciliation, models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=14, choices=DifferenceKind)
    row_kind = models.CharField(max_length=8, choices=RowKind)
    reference = models.CharField(max_length=64)
    reason = models.CharField(max_length=10, choices=DifferenceReason)
    ours_minor = models.BigIntegerField(null=True)
    theirs_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, choices=DifferenceState, default=DifferenceState.OPEN)
    note = models.CharField(max_length=200, blank=True, default="")
    # Whether what was proposed corrects our books.
    corrects = models.BooleanField(default=False)
    proposed_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    decided_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="difference_two_people",
            )
        ]
        indexes = [
            models.Index("id", condition=Q(state__in=("open", "proposed")), name="difference_open")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def ours(self) -> Money | None:
        """What our books say."""
        return None if self.ours_minor is None else Money(self.ours_minor, self.currency)

    @property
    def theirs(self) -> Money | None:
        """What the statement says."""
        return None if self.theirs_minor is None else Money(self.theirs_minor, self.currency)

    @property
    def gap(self) -> Money:
        """What the statement has more than our books, signed as it moves the provider's account."""
        sign = 1 if self.row_kind == RowKind.PAYMENT else -1
        ours = 0 if self.ours_minor is None else self.ours_minor
        theirs = 0 if self.theirs_minor is None else self.theirs_minor
        return Money(sign * (theirs - ours), self.currency)
