"""Contracts: parties, versions of the text, comments, milestones and what was handed over."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.contracts.states import Answer, ContractState, Language, MilestoneState
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import Versioned
from haishi.foundation.money import EXPONENTS, Money


class Contract(Versioned):
    """An agreement of two or more organisations. Amounts are minor units of `currency`."""

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(_("合同名称"), max_length=80)
    title_en = models.CharField(_("英文名称"), max_length=160, blank=True, default="")
    state = models.CharField(max_length=10, choices=ContractState, default=ContractState.DRAFT)
    payer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    drawn_up_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    fee_points = models.PositiveSmallIntegerField()
    # A second currency in which amounts are shown: its rate is frozen with source and instant.
    shown_currency = models.CharField(max_length=3, blank=True, default="")
    rate = models.DecimalField(max_digits=18, decimal_places=8, null=True)
    rate_source = models.CharField(max_length=80, blank=True, default="")
    rate_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=4, choices=Language, default=Language.BOTH)
    rail = models.CharField(max_length=20, blank=True, default="")
    origin = models.CharField(max_length=60, blank=True, default="")
    latest = models.PositiveSmallIntegerField(default=1)
    paper = models.OneToOneField(
        "foundation.IssuedPaper", models.PROTECT, related_name="+", null=True
    )
    # When what waits now ends by itself.
    closes_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total_minor__gte=0), name="contract_costs_no_less_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "review", "declined", "expired"))
                | Q(paper__isnull=False),
                name="contract_signed_on_paper",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("concluded", "fulfilled", "terminated"))
                | Q(concluded_at__isnull=False),
                name="contract_binds_when_concluded",
            ),
        ]
        indexes = [
            models.Index("closes_at", condition=Q(closes_at__isnull=False), name="contract_due"),
            models.Index("origin", condition=~Q(origin=""), name="contract_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    def get_absolute_url(self) -> str:
        return address("contracts:contract", self.number)

    @property
    def name(self) -> Bilingual:
        """The title in the reader's language."""
        return Bilingual(self.title, self.title_en)

    @property
    def total(self) -> Money:
        """What the payer pays in all."""
        return Money(self.total_minor, self.currency)

    @property
    def shown_total(self) -> Money | None:
        """The total in the second currency, for orientation."""
        return self.shown(self.total)

    def shown(self, money: Money) -> Money | None:
        """An amount at the frozen rate, rounded half up; None without a second currency."""
        if self.rate is None:
            return None
        there = (money.amount * self.rate).scaleb(EXPONENTS[self.shown_currency])
        minor = there.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return Money(int(minor), self.shown_currency)


class Party(models.Model):
    """An organisation in a contract. `agreed`: the newest version it agreed to.

    `ends`: it wants to end the contract.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=30)
    role_en = models.CharField(max_length=60, blank=True, default="")
    agreed = models.PositiveSmallIntegerField(default=0)
    signed_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    signed_at = models.DateTimeField(null=True)
    ends = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "organisation"], name="party_once"),
            models.UniqueConstraint(fields=["contract", "position"], name="party_position_once"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="party_signed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-contract"], name="party_contracts")]

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id}"

    @property
    def part(self) -> Bilingual:
        """What it is in the contract, in the reader's language."""
        return Bilingual(self.role, self.role_en)

    @property
    def field(self) -> str:
        """Its signature field in the paper."""
        return f"party-{self.position}"


class ContractVersion(models.Model):
    """One version of the text: `content` as `contents.content_of` writes it. Never changed."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    by = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+", null=True)
    note = models.CharField(_("修改说明"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contract_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}.{self.number}"


class Comment(models.Model):
    """What a party said about a version."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="comments")
    version = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    author = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    text = models.CharField(_("意见"), max_length=1000)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["contract", "id"], name="comment_contract")]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.text[:20]}"


class Milestone(Versioned):
    """A part of a concluded contract. `shares`: [[organisation id, basis points]].

    `released`: {organisation id or "fees": minor units} once settled, as the ledger says.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160, blank=True, default="")
    due = models.DateField()
    amount_minor = models.BigIntegerField()
    supplier = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    shares = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=MilestoneState, default=MilestoneState.PLANNED)
    order_id = models.BigIntegerField(null=True)
    order_number = models.CharField(max_length=20, blank=True, default="")
    bills = models.PositiveSmallIntegerField(default=0)
    accept_by = models.DateTimeField(null=True)
    paper = models.OneToOneField(
        "foundation.IssuedPaper", models.PROTECT, related_name="+", null=True
    )
    released = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True)
    # Reminders that it is past its day: how many, when the last was sent, for which organisation.
    chased = models.PositiveSmallIntegerField(default=0)
    chased_at = models.DateTimeField(null=True)
    chased_for = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="milestone_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="milestone_of_something"),
            models.CheckConstraint(
                condition=Q(state="planned") | Q(order_id__isnull=False),
                name="milestone_has_its_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(paper__isnull=False),
                name="milestone_accepted_on_paper",
            ),
        ]
        indexes = [
            models.Index("accept_by", condition=Q(accept_by__isnull=False), name="milestone_due"),
            models.Index(
                "due",
                condition=Q(state__in=("planned", "billed", "refunded", "funded", "returned")),
                name="milestone_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}.{self.position} {self.state}"

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)

    @property
    def amount(self) -> Money:
        """What the payer pays for it; the contract must be at hand."""
        return Money(self.amount_minor, self.contract.currency)

    @property
    def accepted_on_paper(self) -> bool:
        """Whether there is an acceptance; a mediator may have shared the money without one."""
        over = self.state in (MilestoneState.ACCEPTED, MilestoneState.SETTLED)
        return over and self.paper_id is not None

    @property
    def origin(self) -> str:
        """How its orders name it."""
        return f"milestone:{self.pk}"


class Delivery(models.Model):
    """One round of handing over: a note, files, and the payer's answer."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="deliveries")
    round = models.PositiveSmallIntegerField()
    note = models.CharField(_("交付说明"), max_length=2000)
    by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.WAITING)
    reason = models.CharField(_("退回原因"), max_length=400, blank=True, default="")
    answered_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone", "round"], name="delivery_round_once")
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id}.{self.round} {self.answer}"


class DeliveryFile(models.Model):
    """A file of a delivery; it cannot be removed any more."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="files")
    asset = models.ForeignKey("media.Asset", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "asset"], name="delivery_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.asset_id}"
