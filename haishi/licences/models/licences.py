"""Licences: what was asked, agreed, granted, and who may use it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    BigIntegerRangeField,
    DateRangeField,
    IntegerRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.addresses import address
from haishi.foundation.models import Versioned
from haishi.licences.models.offers import Offer
from haishi.licences.models.terms import TermsRow
from haishi.licences.states import LicenceState, Right


class Licence(TermsRow, Versioned):
    """One firm's licence of another firm's work, from the request to its end.

    Its terms are the newest that either side wrote; from `accept` on they are agreed. `shares` are
    [[organisation id, basis points]], as the offer's were then. `recoup_minor` is what royalties
    have still to earn before more is due.
    """

    number = models.CharField(max_length=20, unique=True)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="licences")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+")
    licensor = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    licensee = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    buyer = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=LicenceState, default=LicenceState.REQUESTED)
    shares = models.JSONField(default=list, blank=True)
    waits_until = models.DateTimeField(null=True, blank=True)
    reminded = models.BooleanField(default=False)
    # The number of the contract that is signed for it, and its paper.
    contract = models.CharField(max_length=20, blank=True, default="")
    paper_id = models.BigIntegerField(null=True, blank=True)
    paper_digest = models.CharField(max_length=64, blank=True, default="")
    order_id = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True, default="")
    recoup_minor = models.BigIntegerField(default=0)
    # It stands still for an unpaid statement, and goes on by itself when that is paid.
    owes = models.BooleanField(default=False)
    # When the first period without a report has to be reported; how often it was told.
    report_by = models.DateField(null=True, blank=True)
    report_told = models.PositiveSmallIntegerField(default=0)
    activated_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(TermsRow.Meta):
        abstract = False
        constraints = [
            *TermsRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(starts_on__isnull=False), name="licence_begins_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(recoup_minor__gte=0), name="licence_recoups_no_less_than_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("active", "suspended")) | Q(activated_at__isnull=False),
                name="licence_active_since",
            ),
            models.UniqueConstraint(
                fields=["offer", "licensee"],
                condition=Q(state__in=("requested", "answered")),
                name="licence_one_talk_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["licensor", "-id"], name="licence_licensor"),
            models.Index(fields=["licensee", "-id"], name="licence_licensee"),
            models.Index(
                "waits_until", condition=Q(waits_until__isnull=False), name="licence_waits"
            ),
            models.Index("report_by", condition=Q(report_by__isnull=False), name="licence_reports"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    def get_absolute_url(self) -> str:
        """The licence's page, for its parties."""
        return address("licences:licence", self.number)


class Proposal(TermsRow):
    """A version of the terms as one side wrote it; never changed."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="proposals")
    number = models.PositiveSmallIntegerField()
    by_licensor = models.BooleanField()
    author = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    note = models.CharField(_("说明"), max_length=400, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta(TermsRow.Meta):
        abstract = False
        constraints = [
            *TermsRow.Meta.constraints,
            models.UniqueConstraint(fields=["licence", "number"], name="proposal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} v{self.number}"


class Grant(models.Model):
    """One cell of what is granted: a right in a territory for a medium over [from, to) days.

    The `*_key` ranges let the database compare cells: the world holds every territory, `all` every
    medium, and an exclusive or sole grant meets every other, while two non-exclusive ones never do.
    """

    licence = models.ForeignKey(Licence, models.CASCADE, related_name="grants")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+")
    right = models.CharField(max_length=12, choices=Right)
    territory = models.CharField(max_length=3)
    medium = models.CharField(max_length=12)
    alone = models.BooleanField()
    live = models.BooleanField(default=True)
    days = DateRangeField()
    product_key = BigIntegerRangeField()
    right_key = IntegerRangeField()
    territory_key = IntegerRangeField()
    medium_key = IntegerRangeField()
    alone_key = BigIntegerRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="grants_do_not_clash",
                expressions=[
                    ("product_key", RangeOperators.OVERLAPS),
                    ("right_key", RangeOperators.OVERLAPS),
                    ("territory_key", RangeOperators.OVERLAPS),
                    ("medium_key", RangeOperators.OVERLAPS),
                    ("days", RangeOperators.OVERLAPS),
                    ("alone_key", RangeOperators.OVERLAPS),
                ],
                condition=Q(live=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right} {self.territory} {self.medium}"


class Seat(models.Model):
    """A person of the licensee who may open the files."""

    licence = models.ForeignKey(Licence, models.CASCADE, related_name="seat_rows")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    given_at = models.DateTimeField(db_default=Now())
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "person"], condition=Q(taken_at=None), name="seat_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.licence_id}: {self.person_id}"


class Access(models.Model):
    """A file was fetched: by whom, when, under which mark. Append-only."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="accesses")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    asset_id = models.BigIntegerField()
    name = models.CharField(max_length=160)
    mark = models.CharField(max_length=24)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["licence", "-id"], name="access_licence")]

    def __str__(self) -> str:
        return f"{self.name} → {self.person_id}"
