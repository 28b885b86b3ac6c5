"""Files of people and organisations, what was made of them, and the room they take."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.bilingual import Bilingual
from haishi.media.errors import REASONS
from haishi.media.states import AssetState, Kind, Purpose


def new_token() -> str:
    """16 URL-safe characters, 96 random bits: nobody guesses the address of a file."""
    return secrets.token_urlsafe(12)


class Asset(models.Model):
    """A file somebody uploaded. Its original is kept, and is served only after it was checked."""

    token = models.CharField(max_length=24, unique=True, default=new_token, editable=False)
    organisation = models.ForeignKey(
        "parties.Organisation", models.PROTECT, null=True, related_name="+"
    )
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    purpose = models.CharField(max_length=10, choices=Purpose)
    kind = models.CharField(max_length=10, choices=Kind)
    private = models.BooleanField(default=False)
    name = models.CharField(_("文件名"), max_length=160)
    name_en = models.CharField(_("英文文件名"), max_length=160, blank=True, default="")
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    original = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=AssetState, default=AssetState.RECEIVED)
    reason = models.CharField(max_length=20, blank=True, default="")
    reason_values = models.JSONField(default=dict, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(null=True)
    triangles = models.PositiveIntegerField(null=True)
    color = models.CharField(max_length=7, blank=True, default="")
    # What exists, repeated from the variants so that a list page reads one table in one query.
    renditions = models.JSONField(default=dict, blank=True)
    main = models.CharField(max_length=20, blank=True, default="")
    alt = models.CharField(_("图片说明"), max_length=200, blank=True, default="")
    alt_en = models.CharField(_("英文图片说明"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-id"], name="asset_of_organisation"),
            models.Index(
                "created_at",
                condition=Q(state__in=["received", "processing"]),
                name="asset_pending",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="asset_has_bytes"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="asset_refused_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def holder(self) -> str:
        """Whose quota it counts against."""
        return holder_key(self.organisation_id, self.uploader_id)

    @property
    def reason_text(self) -> str:
        """Why it was refused, in the language of the reader; "" when it was not."""
        if not self.reason:
            return ""
        text = str(REASONS[self.reason])
        return text % self.reason_values if self.reason_values else text

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)

    @property
    def description(self) -> Bilingual:
        """The text that stands for the picture."""
        return Bilingual(self.alt, self.alt_en)


def holder_key(organisation_id: int | None, person_id: int | None) -> str:
    """`o12` for an organisation, `p7` for a person without one, `-` for the platform."""
    if organisation_id is not None:
        return f"o{organisation_id}"
    return f"p{person_id}" if person_id is not None else "-"


class Variant(models.Model):
    """A file that is served: a size and format of a picture, a checked video, model or document."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="variants")
    name = models.CharField(max_length=20)
    format = models.CharField(max_length=5)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    path = models.CharField(max_length=200)
    size = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "name"], name="variant_once")]

    def __str__(self) -> str:
        return f"{self.asset_id}/{self.name}"


class Usage(models.Model):
    """How many bytes a holder keeps or has announced. Changed by single statements only."""

    holder = models.CharField(max_length=24, primary_key=True)
    size = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gte=0), name="usage_not_negative")]

    def __str__(self) -> str:
        return f"{self.holder}: {self.size}"


class Upload(models.Model):
    """A file that arrives in pieces. How much is there is the size of its part on disk."""

    token = models.CharField(max_length=24, unique=True, default=new_token)
    organisation = models.ForeignKey(
        "parties.Organisation", models.CASCADE, null=True, related_name="+"
    )
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose)
    name = models.CharField(max_length=160)
    length = models.BigIntegerField()
    asset = models.OneToOneField(Asset, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="upload_due")]

    def __str__(self) -> str:
        return f"{self.name} ({self.length})"

    @property
    def holder(self) -> str:
        """Whose quota it counts against."""
        return holder_key(self.organisation_id, self.uploader_id)

    @property
    def facts(self) -> dict[str, Any]:
        """What the API says about it."""
        return {"token": self.token, "name": self.name, "length": self.length}
