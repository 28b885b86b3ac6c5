"""Exhibitors: an organisation in an edition, its booth page and its people there."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.expo.models.structure import Booth, Edition, Tier
from haishi.expo.states import (
    BoothColour,
    BoothTemplate,
    EditionState,
    ExhibitorState,
    ReconfirmationState,
    StepKind,
)
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import Versioned


class Exhibitor(Versioned):
    """An organisation in an edition: application, place and booth page.

    `complete` is kept by services: an incomplete booth page is not shown. `exhibit_count` is told
    by the catalogue, which knows exhibits.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="exhibitors")
    organisation = models.ForeignKey(
        "parties.Organisation", models.PROTECT, related_name="exhibitors"
    )
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    booth = models.OneToOneField(
        Booth, models.SET_NULL, null=True, blank=True, related_name="exhibitor"
    )
    state = models.CharField(max_length=10, choices=ExhibitorState, default=ExhibitorState.DRAFT)
    plan = models.TextField(_("参展计划"), max_length=2000, blank=True, default="")
    contact = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    wished_hall = models.ForeignKey(
        "expo.Hall",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("意向展馆"),
    )
    reason = models.CharField(_("退回或暂停原因"), max_length=400, blank=True, default="")
    submitted_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        "parties.Person", models.SET_NULL, null=True, related_name="+", editable=False
    )
    # The booth page
    headline = models.CharField(_("展位标题"), max_length=60, blank=True, default="")
    headline_en = models.CharField(_("英文展位标题"), max_length=120, blank=True, default="")
    intro = models.TextField(_("展位介绍"), max_length=2000, blank=True, default="")
    intro_en = models.TextField(_("英文展位介绍"), max_length=4000, blank=True, default="")
    template = models.CharField(
        _("版式"), max_length=8, choices=BoothTemplate, default=BoothTemplate.GALLERY
    )
    colour = models.CharField(
        _("主色"), max_length=8, choices=BoothColour, default=BoothColour.QING
    )
    banner_asset_id = models.BigIntegerField(_("横幅"), null=True, blank=True, editable=False)
    media_ids = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("图片与模型"),
        default=list,
        blank=True,
        editable=False,
    )
    document_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("资料"), default=list, blank=True, editable=False
    )
    video_asset_id = models.BigIntegerField(_("视频"), null=True, blank=True, editable=False)
    exhibit_count = models.PositiveIntegerField(default=0, editable=False)
    complete = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "organisation"], name="exhibitor_once"),
            models.CheckConstraint(
                condition=~Q(state=ExhibitorState.RETURNED) | ~Q(reason=""),
                name="returned_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExhibitorState.SUSPENDED) | ~Q(reason=""),
                name="suspended_with_reason",
            ),
        ]
        indexes = [
            # With what counts and ranks need: they never touch the wide rows.
            models.Index(
                fields=["edition", "id"],
                include=["tier", "exhibit_count", "organisation", "booth"],
                name="exhibitor_seen",
                condition=Q(state=ExhibitorState.APPROVED, complete=True),
            ),
            models.Index(fields=["edition", "state", "submitted_at"], name="exhibitor_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.edition_id}"

    @property
    def title(self) -> Bilingual:
        """The booth's headline in the reader's language."""
        return Bilingual(self.headline, self.headline_en)


class BoothStaff(models.Model):
    """A colleague at the booth; `answers` ones own enquiries in turn."""

    exhibitor = models.ForeignKey(Exhibitor, models.CASCADE, related_name="staff")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    answers = models.BooleanField(_("负责回复询价"), default=True)
    shown = models.BooleanField(_("在展位页展示"), default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exhibitor", "person"], name="staff_once")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.exhibitor_id}"


class NextStep(models.Model):
    """A button of the booth page: outcomes, not views."""

    exhibitor = models.ForeignKey(Exhibitor, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=StepKind)
    label = models.CharField(_("按钮文字"), max_length=20, blank=True, default="")
    label_en = models.CharField(_("英文按钮文字"), max_length=40, blank=True, default="")
    url = models.URLField(blank=True, default="")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=StepKind.LINK) | ~Q(url=""), name="link_step_has_address"
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Reconfirmation(models.Model):
    """An exhibitor of an earlier edition asked to come again."""

    previous = models.ForeignKey(Exhibitor, models.CASCADE, related_name="reconfirmations")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="reconfirmations")
    state = models.CharField(
        max_length=10, choices=ReconfirmationState, default=ReconfirmationState.ASKED
    )
    asked_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["previous", "edition"], name="reconfirmation_once")
        ]

    def __str__(self) -> str:
        return f"{self.previous_id} → {self.edition_id} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether the firm can still answer; the loop that ends requests may be a little late."""
        over = self.edition.state == EditionState.CLOSED or self.expires_at <= clock.now()
        return self.state == ReconfirmationState.ASKED and not over


class Tally(models.Model):
    """How often something happened to a subject on a day: the first stages of the funnel.

    `subject` is like `exhibitor:12` or `product:40`; `kind` is view, card, enquiry, download…
    """

    subject = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind", "day"], name="tally_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind} {self.count}"
