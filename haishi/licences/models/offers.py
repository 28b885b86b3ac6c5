"""Offers of licences, and how what they bring in is shared."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import Versioned
from haishi.licences.models.terms import TermsRow
from haishi.licences.models.titles import Title
from haishi.licences.states import OfferState


class Offer(TermsRow, Versioned):
    """Terms on which a work may be licensed; `file_ids` are private files of the licensor."""

    number = models.CharField(max_length=20, unique=True)
    title = models.ForeignKey(Title, models.PROTECT, related_name="offers")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.DRAFT)
    summary = models.CharField(_("授权说明"), max_length=300, blank=True, default="")
    summary_en = models.CharField(_("英文授权说明"), max_length=600, blank=True, default="")
    file_ids = ArrayField(models.BigIntegerField(), verbose_name=_("授权文件"), default=list)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta(TermsRow.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["-opened_at", "-id"], condition=Q(state="open"), name="offer_open"
            ),
            models.Index(fields=["organisation", "state"], name="offer_firm"),
            GinIndex(fields=["rights", "territories", "media"], name="offer_terms"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def line(self) -> Bilingual:
        """What it says about itself."""
        return Bilingual(self.summary, self.summary_en)

    def get_absolute_url(self) -> str:
        """The offer's own page."""
        return address("licences:offer", self.number)


class OfferShare(models.Model):
    """A rights holder's part of everything the licence brings, in basis points."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="shares")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "organisation"], name="offer_share_once"),
            models.CheckConstraint(
                condition=Q(points__gt=0, points__lte=10_000), name="offer_share_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.points}"
