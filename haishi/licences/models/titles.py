"""The chain of title of a work: who made it, and through whose hands the right came."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.models import Versioned
from haishi.licences.states import LinkKind, TitleState
from haishi.licences.types import Link


class Title(Versioned):
    """The chain of title of one product, kept by its firm and checked by reviewers."""

    product = models.OneToOneField("catalogue.Product", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=TitleState, default=TitleState.DRAFT)
    reason = models.CharField(max_length=400, blank=True, default="")
    submitted_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        "parties.Person", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_at__isnull=False),
                name="title_verified_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="title_returned_with_reason"
            ),
        ]
        indexes = [
            models.Index("submitted_at", condition=Q(state="submitted"), name="title_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.state}"


class TitleLink(models.Model):
    """One step: from `giver` (empty for the maker) to `taker`, by an instrument with a date."""

    title = models.ForeignKey(Title, models.CASCADE, related_name="links")
    kind = models.CharField(_("依据"), max_length=12, choices=LinkKind)
    giver = models.CharField(_("让与方"), max_length=120, blank=True, default="")
    taker = models.CharField(_("取得方"), max_length=120)
    on = models.DateField(_("日期"))
    until = models.DateField(_("截止日"), null=True, blank=True)
    number = models.CharField(_("登记号"), max_length=60, blank=True, default="")
    document_ids = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="exclusive") | Q(until__gt=F("on")),
                name="title_link_exclusive_ends",
            ),
        ]
        ordering = ("on", "pk")

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"

    @property
    def step(self) -> Link:
        """The step as a value."""
        return Link(self.kind, self.giver, self.taker, self.on, self.until, self.number)
