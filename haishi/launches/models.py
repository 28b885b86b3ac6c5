"""Tables of launches: the launch, its first sale, who wants to be reminded, who wants to buy."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import Versioned
from haishi.launches.states import ClaimState, LaunchState, Rule


class Launch(Versioned):
    """A new product's first appearance, from the embargoed dossier to the certificate.

    The teaser is public from the announcement, everything else from `unveil_at`; nothing before.
    """

    exhibitor = models.ForeignKey("expo.Exhibitor", models.PROTECT, related_name="launches")
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, related_name="launches", null=True, blank=True
    )
    slug = models.SlugField(max_length=60, unique=True)
    state = models.CharField(max_length=12, choices=LaunchState, default=LaunchState.DRAFT)
    name = models.CharField(_("新品名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True, default="")
    teaser = models.CharField(_("预告语"), max_length=120, blank=True, default="")
    teaser_en = models.CharField(_("英文预告语"), max_length=200, blank=True, default="")
    story = models.TextField(_("揭幕内容"), max_length=6000, blank=True, default="")
    story_en = models.TextField(_("英文揭幕内容"), max_length=9000, blank=True, default="")
    teaser_asset_id = models.BigIntegerField(_("预告图"), null=True, blank=True)
    cover_asset_id = models.BigIntegerField(_("揭幕图"), null=True, blank=True)
    picture_ids = ArrayField(models.BigIntegerField(), verbose_name=_("更多图片"), default=list)
    session = models.ForeignKey(
        "expo.Session", models.SET_NULL, related_name="+", null=True, blank=True
    )
    unveil_at = models.DateTimeField(_("揭幕时刻"), null=True, blank=True)
    review_note = models.TextField(blank=True, default="")
    announced_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reservations = models.PositiveIntegerField(default=0)
    # What the ranking counts: the sum of `Reservation.points`.
    points = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "under_review")) | Q(unveil_at__isnull=False),
                name="launch_has_its_instant",
            ),
        ]
        indexes = [models.Index("state", "unveil_at", name="launch_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def sealed_ids(self) -> list[int]:
        """Files that nobody may see before the unveiling."""
        return [pk for pk in (self.cover_asset_id, *self.picture_ids) if pk]

    @property
    def title(self) -> Bilingual:
        """The name in both languages."""
        return Bilingual(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        """The launch's own page."""
        return address("launches:launch", self.slug)


class Allotment(Versioned):
    """The first sale of a launch: how many, for how much, by which rule.

    `commitment` is the SHA-256 of the secret `seed`, public before the first request; the seed
    itself is published with the result, so that anybody can check it (`selectors.draw_file`).
    """

    launch = models.OneToOneField(Launch, models.CASCADE, related_name="allotment")
    rule = models.CharField(_("发售规则"), max_length=12, choices=Rule, default=Rule.FIRST_COME)
    quota = models.PositiveIntegerField(_("数量"))
    per_person = models.PositiveSmallIntegerField(_("每人限购"), default=1)
    price_minor = models.PositiveBigIntegerField(_("价格"))
    currency = models.CharField(max_length=3, default="CNY")
    opens_at = models.DateTimeField(_("开售时刻"))
    closes_at = models.DateTimeField(_("截止时刻"))
    pay_minutes = models.PositiveSmallIntegerField(_("付款时限（分钟）"), default=15)
    pool_id = models.BigIntegerField(null=True)
    seed = models.CharField(max_length=64, blank=True, default="")
    commitment = models.CharField(max_length=64, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="allotment_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(quota__gt=0) & Q(per_person__gt=0), name="allotment_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.launch}: {self.quota}"


class Reservation(models.Model):
    """Somebody wants to be reminded of a launch. `points` is what it counts in the ranking."""

    launch = models.ForeignKey(Launch, models.CASCADE, related_name="+")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    reminded_at = models.DateTimeField(null=True)
    points = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["launch", "person"], name="reservation_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.launch_id}"


class Claim(models.Model):
    """Somebody's wish to buy at a first sale. `ticket` is its public name in the draw's file.

    From its `order` on, the order's clock decides, not `pay_by`, and the unit is the order's.
    """

    allotment = models.ForeignKey(Allotment, models.PROTECT, related_name="claims")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    ticket = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.REQUESTED)
    place = models.PositiveIntegerField(null=True)
    hold_id = models.BigIntegerField(null=True)
    pay_by = models.DateTimeField(null=True)
    order = models.OneToOneField("trade.Order", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["allotment", "person"], name="claim_once"),
            models.CheckConstraint(
                condition=~Q(state="won") | Q(hold_id__isnull=False, pay_by__isnull=False),
                name="claim_won_is_held",
            ),
        ]
        indexes = [
            models.Index("pay_by", condition=Q(state="won"), name="claim_due"),
            models.Index("allotment", "place", condition=Q(state="waiting"), name="claim_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket} {self.state}"


class Certificate(models.Model):
    """The paper of a first launch: `content` is the PDF, `facts` what it states, both as issued.

    `sha256` of the content and the number stand in the audit chain (`certificate.issued`).
    """

    launch = models.OneToOneField(Launch, models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=20, unique=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    facts = models.JSONField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(_("撤销原因"), max_length=400, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoke_reason=""),
                name="certificate_revoked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Where anybody can check it."""
        return address("launches:verify", self.number)
