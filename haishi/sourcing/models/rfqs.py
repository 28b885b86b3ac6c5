"""Requests for quotation, their lines and revisions, who is invited, what was asked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import Versioned
from haishi.sourcing.states import RfqState, Visibility


class Rfq(Versioned):
    """What a firm wants to buy, until when it takes quotations, and what will decide.

    Quotations are taken in [opens_at, closes_at). `criteria` is {criterion: weight}, sum 100.
    `revision` counts what bidders have seen; `version` (from Versioned) counts every edit.
    """

    buyer = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="rfqs")
    owner = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    slug = models.SlugField(max_length=24, unique=True)
    state = models.CharField(max_length=10, choices=RfqState, default=RfqState.DRAFT)
    title = models.CharField(_("标题"), max_length=80)
    title_en = models.CharField(_("英文标题"), max_length=160, blank=True, default="")
    description = models.TextField(_("需求说明"), max_length=4000, blank=True, default="")
    description_en = models.TextField(_("英文说明"), max_length=8000, blank=True, default="")
    category = models.ForeignKey(
        "catalogue.Category", models.PROTECT, related_name="+", null=True, verbose_name=_("分类")
    )
    kind = models.CharField(_("类型"), max_length=8, default="goods")
    city = models.CharField(_("交付城市"), max_length=40, blank=True, default="")
    deliver_to = models.CharField(_("交付地点"), max_length=120, blank=True, default="")
    deliver_by = models.DateField(_("最晚交付日"), null=True, blank=True)
    payment_terms = models.CharField(_("付款条件"), max_length=400, blank=True, default="")
    currency = models.CharField(_("比价货币"), max_length=3, default="CNY")
    currencies = ArrayField(
        models.CharField(max_length=3), verbose_name=_("接受的货币"), default=list
    )
    criteria = models.JSONField(_("评比权重"), default=dict)
    visibility = models.CharField(
        _("可见范围"), max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    sealed = models.BooleanField(_("密封报价"), default=False)
    show_rank = models.BooleanField(_("告知未中标单位名次"), default=False)
    opens_at = models.DateTimeField(_("开始时刻"), null=True, blank=True)
    closes_at = models.DateTimeField(_("报价截止"), null=True, blank=True)
    questions_until = models.DateTimeField(_("提问截止"), null=True, blank=True)
    decide_by = models.DateTimeField(_("定标期限"), null=True, blank=True)
    document_ids = ArrayField(models.BigIntegerField(), verbose_name=_("附件"), default=list)
    revision = models.PositiveSmallIntegerField(default=1)
    # Where it came from: `enquiry:17`, `product:40`, or nothing.
    origin = models.CharField(max_length=40, blank=True, default="")
    outcome = models.CharField(max_length=400, blank=True, default="")
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    near_at = models.DateTimeField(null=True)
    pressed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "cancelled"))
                | Q(
                    closes_at__gt=F("opens_at"),
                    questions_until__lte=F("closes_at"),
                    decide_by__gt=F("closes_at"),
                ),
                name="rfq_has_its_instants",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("closed", "awarded")) | Q(closed_at__gte=F("closes_at")),
                name="rfq_closes_at_its_instant",
            ),
        ]
        indexes = [
            models.Index("state", "closes_at", name="rfq_due"),
            models.Index(fields=["buyer", "-id"], name="rfq_of_buyer"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> Bilingual:
        """The title in both languages."""
        return Bilingual(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        """The page of the request."""
        return address("sourcing:rfq", self.slug)


class RfqLine(models.Model):
    """One thing that is wanted. `target_minor`: what the buyer hopes to pay for one, if shown."""

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("名称"), max_length=80)
    quantity = models.PositiveIntegerField(_("采购数量"))
    unit = models.CharField(_("计量单位"), max_length=12, blank=True, default="")
    spec = models.CharField(_("规格要求"), max_length=400, blank=True, default="")
    target_minor = models.BigIntegerField(_("目标单价"), null=True)
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfq", "number"], name="rfq_line_number"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="rfq_line_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class RfqRevision(models.Model):
    """What bidders were shown from `at` on, and what was changed from the revision before."""

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)
    note = models.CharField(max_length=400, blank=True, default="")
    author = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rfq", "number"], name="rfq_revision_once")]

    def __str__(self) -> str:
        return f"{self.rfq_id} v{self.number}"


class Seal(models.Model):
    """The key of a sealed request, itself encrypted. A table of its own: no list page reads it."""

    rfq = models.OneToOneField(Rfq, models.CASCADE, related_name="seal")
    wrapped = models.BinaryField()
    opened_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.rfq_id}"


class Invited(models.Model):
    """A firm that was asked to quote."""

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="invited")
    organisation = models.ForeignKey("parties.Organisation", models.CASCADE, related_name="+")
    invited_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rfq", "organisation"], name="invited_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.rfq_id}"


class Question(models.Model):
    """A question of a firm. Everybody who may quote reads it; only the buyer knows who asked."""

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="questions")
    organisation = models.ForeignKey("parties.Organisation", models.CASCADE, related_name="+")
    person = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    body = models.CharField(_("问题"), max_length=1000)
    answer = models.CharField(_("答复"), max_length=2000, blank=True, default="")
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="question_answered_with_words",
            )
        ]
        indexes = [models.Index("rfq", "id", name="question_of_rfq")]

    def __str__(self) -> str:
        return self.body[:40]
