"""What firms' machines are told: endpoints, facts, and every try to hand one over."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.notices.states import DispatchState, EndpointState


class Endpoint(models.Model):
    """An https address of an organisation that receives facts. `labels` may be ["*"]."""

    organisation = models.ForeignKey("parties.Organisation", models.CASCADE, related_name="+")
    url = models.CharField(_("接收地址"), max_length=500)
    description = models.CharField(_("用途"), max_length=80, blank=True, default="")
    labels = ArrayField(models.CharField(max_length=80), verbose_name=_("事件"))
    state = models.CharField(max_length=8, choices=EndpointState, default=EndpointState.ACTIVE)
    # Why it was disabled: "gone" (the receiver answered 410) or "failing" (three days of failure).
    reason = models.CharField(max_length=8, blank=True, default="")
    # Signing secrets, sealed with the key of the installation; the old one signs too for a day.
    secret = models.TextField()
    old_secret = models.TextField(blank=True, default="")
    old_secret_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    created_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "url"], name="endpoint_once")
        ]

    def __str__(self) -> str:
        return f"{self.url} ({self.state})"

    @property
    def takes_everything(self) -> bool:
        """Whether it asked for all facts."""
        return "*" in self.labels


class Message(models.Model):
    """A fact as it is sent, the same for every endpoint of the organisation."""

    uid = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey("parties.Organisation", models.CASCADE, related_name="+")
    label = models.CharField(max_length=80)
    content = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "created_at"], name="message_of"),
            models.Index(fields=["created_at"], name="message_age"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.uid}"


class Dispatch(models.Model):
    """One fact on its way to one endpoint."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="dispatches")
    message = models.ForeignKey(Message, models.CASCADE, related_name="dispatches")
    state = models.CharField(max_length=9, choices=DispatchState, default=DispatchState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "dispatches"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message"], name="dispatch_once")
        ]
        indexes = [
            models.Index(
                "next_try_at", "endpoint", condition=Q(state="waiting"), name="dispatch_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id} → {self.endpoint_id} ({self.state})"


class Attempt(models.Model):
    """One try: what the receiver answered, or why it could not be reached."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    ms = models.PositiveIntegerField()
    excerpt = models.CharField(max_length=500, blank=True, default="")
    error = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.status or self.error} in {self.ms} ms"
