"""What people are told, how they want it, and each mail or push message on its way."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.bilingual import Bilingual
from haishi.notices.states import Channel, DeliveryState
from haishi.notices.types import BODY_LENGTH, SUBJECT_LENGTH


class Notice(models.Model):
    """One thing a person is told, in both languages. `hidden`: they keep this kind off the page."""

    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    subject_en = models.CharField(max_length=SUBJECT_LENGTH, blank=True, default="")
    body = models.TextField(max_length=BODY_LENGTH, blank=True, default="")
    body_en = models.TextField(max_length=BODY_LENGTH, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")
    # An iCalendar object that goes with the mail.
    calendar = models.TextField(blank=True, default="")
    # Unread notices of one kind and topic are one row that counts its repeats.
    topic = models.CharField(max_length=80, blank=True, default="")
    repeats = models.PositiveIntegerField(default=1)
    important = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "topic"],
                condition=Q(read_at=None) & ~Q(topic=""),
                name="notice_topic_once",
            )
        ]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="notice_inbox"),
            models.Index("person", condition=Q(read_at=None, hidden=False), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.person_id}: {self.subject}"

    @property
    def title(self) -> Bilingual:
        """The subject in the reader's language."""
        return Bilingual(self.subject, self.subject_en)

    @property
    def text(self) -> Bilingual:
        """The body in the reader's language."""
        return Bilingual(self.body, self.body_en)


class Preference(models.Model):
    """What a person chose for one kind of notice; no row means the kind's own defaults."""

    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    inbox = models.CharField(max_length=6)
    mail = models.CharField(max_length=6)
    push = models.CharField(max_length=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="preference_once"),
            models.CheckConstraint(
                condition=Q(
                    inbox__in=["now", "off"],
                    mail__in=["now", "digest", "off"],
                    push__in=["now", "off"],
                ),
                name="preference_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}: {self.inbox}/{self.mail}/{self.push}"


class DigestClock(models.Model):
    """When a person's next digest is due: at 08:00 of their zone."""

    person = models.OneToOneField(
        "parties.Person", models.CASCADE, primary_key=True, related_name="+"
    )
    zone = models.CharField(_("时区"), max_length=40)
    next_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.next_at:%F %R} ({self.zone})"


class PushSubscription(models.Model):
    """A browser that a person allowed to be called. Removed when its push service forgot it."""

    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=800, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.person_id} at {self.endpoint[:60]}"


class Delivery(models.Model):
    """One mail or push message on its way.

    A mail carries a notice, or is a digest of the deliveries in `parts`, or a `letter` to an
    address without an account: {"subject", "body", "url", "calendar", "language"}.
    """

    person = models.ForeignKey("parties.Person", models.CASCADE, null=True, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="deliveries")
    digest = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    subscription = models.ForeignKey(PushSubscription, models.CASCADE, null=True, related_name="+")
    address = models.EmailField(max_length=254, blank=True, default="")
    letter = models.JSONField(null=True)
    channel = models.CharField(max_length=4, choices=Channel)
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                "channel", "next_try_at", condition=Q(state="waiting"), name="delivery_due"
            ),
            models.Index("person", condition=Q(state="held"), name="delivery_held"),
            models.Index("finished_at", name="delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} → {self.person_id or self.address} ({self.state})"
