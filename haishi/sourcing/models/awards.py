"""Awards: who wins what, who approved it, and how a winner shares with partners."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from haishi.parties.states import Side
from haishi.sourcing.models.quotations import Quotation
from haishi.sourcing.models.rfqs import Rfq, RfqLine
from haishi.sourcing.states import AwardState
from haishi.sourcing.types import Stage


class Award(models.Model):
    """A decision; in force once issued. `total_minor` is in the request's currency."""

    rfq = models.ForeignKey(Rfq, models.PROTECT, related_name="awards")
    state = models.CharField(max_length=10, choices=AwardState, default=AwardState.AWAITING)
    total_minor = models.BigIntegerField()
    milestones = models.JSONField(default=list)
    reason = models.CharField(max_length=400, blank=True, default="")
    answer = models.CharField(max_length=400, blank=True, default="")
    made_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rfq"],
                condition=Q(state__in=("awaiting", "issued")),
                name="one_award_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rfq_id} {self.state}"


class AwardLine(models.Model):
    """A line that a quotation wins, at the price of its tier, in the quotation's currency."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="lines")
    line = models.ForeignKey(RfqLine, models.PROTECT, related_name="+")
    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["award", "line"], name="line_awarded_once")]

    def __str__(self) -> str:
        return f"{self.line_id} → {self.quotation_id}"

    @property
    def amount_minor(self) -> int:
        """The whole line."""
        return self.price_minor * self.quantity


class Winner(models.Model):
    """A quotation that won, until its contract is drawn up. `contract` is its number then."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="winners")
    quotation = models.OneToOneField(Quotation, models.PROTECT, related_name="winner")
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    partners_until = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    contract = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        indexes = [models.Index("partners_until", condition=Q(settled_at=None), name="winner_due")]

    def __str__(self) -> str:
        return f"{self.quotation_id} {self.currency} {self.total_minor}"


class Partner(models.Model):
    """A party of the contract to come, with its points of 10,000; the winner is one itself."""

    winner = models.ForeignKey(Winner, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["winner", "organisation"], name="partner_once"),
            models.CheckConstraint(
                condition=Q(points__gt=0, points__lte=10_000), name="partner_has_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.points}"

    @property
    def percent(self) -> str:
        """`40` or `33.33`."""
        return Stage("", self.points, 0).percent
