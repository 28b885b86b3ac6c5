"""Goods made under a licence, their approval, what was sold of them, what is owed for it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.money import Money
from haishi.licences.models.licences import Licence
from haishi.licences.states import ApprovalState, Channel, Stage, StatementState


class Good(models.Model):
    """A product that the licensee makes under the licence."""

    licence = models.ForeignKey(Licence, models.CASCADE, related_name="goods")
    name = models.CharField(_("授权商品"), max_length=80)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "name"], name="good_name_once")]

    def __str__(self) -> str:
        return self.name


class Approval(models.Model):
    """One round of one stage (监修): what was handed in, and what the licensor said."""

    good = models.ForeignKey(Good, models.CASCADE, related_name="approvals")
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ApprovalState, default=ApprovalState.SUBMITTED)
    note = models.CharField(_("送审说明"), max_length=400, blank=True, default="")
    file_ids = ArrayField(models.BigIntegerField(), default=list)
    answer = models.CharField(_("监修意见"), max_length=400, blank=True, default="")
    submitted_at = models.DateTimeField(db_default=Now())
    answer_by = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["good", "stage", "round"], name="approval_round_once"),
            models.UniqueConstraint(
                fields=["good", "stage"],
                condition=Q(state__in=("submitted", "approved")),
                name="approval_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(answer=""), name="approval_returned_with_reason"
            ),
        ]
        indexes = [
            models.Index("answer_by", condition=Q(state="submitted"), name="approval_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.good_id} {self.stage} {self.state}"


class Report(models.Model):
    """What was sold in [`starts_on`, `ends_on`). A correction is another report of the period."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="reports")
    starts_on = models.DateField()
    ends_on = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    author = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    royalty_minor = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "starts_on", "revision"], name="report_revision_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="report_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.starts_on} r{self.revision}"


class SalesLine(models.Model):
    """A line of a report; `worth_minor` is its amount in the licence's currency."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="lines")
    good = models.ForeignKey(Good, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    territory = models.CharField(max_length=3)
    units = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8, default=1)
    worth_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0, rate__gt=0), name="sales_line_of_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.good_id} {self.channel} {self.units}"


class Statement(models.Model):
    """What a report comes to. Its figures never change; a mistake is put right by the next one.

    `earned_minor` − `before_minor`, never below nothing, is `due_minor`; the rest is carried on as
    `after_minor`. `lines` holds [channel, units, base, basis points, royalty].
    """

    report = models.OneToOneField(Report, models.PROTECT, related_name="statement")
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="statements")
    number = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    earned_minor = models.BigIntegerField()
    before_minor = models.BigIntegerField()
    due_minor = models.BigIntegerField()
    after_minor = models.BigIntegerField()
    lines = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=StatementState)
    paper_id = models.BigIntegerField(null=True, blank=True)
    order_id = models.BigIntegerField(null=True, blank=True)
    bills = models.PositiveSmallIntegerField(default=0)
    pay_by = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence", "number"], name="statement_once"),
            models.CheckConstraint(
                condition=Q(due_minor__gte=0, before_minor__gte=0, after_minor__gte=0)
                & Q(due_minor=F("earned_minor") - F("before_minor") + F("after_minor")),
                name="statement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(due_minor=0) | Q(after_minor=0), name="statement_recoups_first"
            ),
        ]
        indexes = [models.Index("pay_by", condition=Q(state="billed"), name="statement_unpaid")]

    def __str__(self) -> str:
        return f"{self.licence_id} #{self.number}"

    @property
    def due(self) -> Money:
        """What is payable."""
        return Money(self.due_minor, self.currency)

    @property
    def earned(self) -> Money:
        """The royalty of the report."""
        return Money(self.earned_minor, self.currency)

    @property
    def before(self) -> Money:
        """What was to be recouped before."""
        return Money(self.before_minor, self.currency)

    @property
    def after(self) -> Money:
        """What is left to recoup."""
        return Money(self.after_minor, self.currency)
