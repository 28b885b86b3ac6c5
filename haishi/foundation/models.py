"""Tables of the house itself. No business here."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from haishi.foundation.states import HoldState


class Versioned(models.Model):
    """A row that people edit in forms: `version` grows by one with every change."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Outbox(models.Model):
    """A fact waiting for its subscribers. Rows leave after delivery; parked ones stay."""

    label = models.CharField(max_length=80)
    payload = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())
    # Names of subscribers that are done, so that a failure of one does not repeat the others.
    done = models.JSONField(default=list)
    failures = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    parked = models.BooleanField(default=False)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index("next_try_at", "id", condition=Q(parked=False), name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.label} #{self.pk}"


class AuditEntry(models.Model):
    """One change of state. Append-only: triggers refuse UPDATE and DELETE."""

    at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120, default="", blank=True)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}:{self.subject_id}"


class AuditLink(models.Model):
    """The seal of one entry: sha256(previous hash + canonical entry). Append-only, gapless."""

    sequence = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="link")
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"


class Pool(models.Model):
    """Something scarce: `capacity` units, of which `taken` are held or confirmed."""

    kind = models.CharField(max_length=40)
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    per_holder = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__gte=0) & Q(taken__lte=F("capacity")), name="pool_not_oversold"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.taken}/{self.capacity}"


class PoolHolder(models.Model):
    """How many units of a pool one holder has; made only for pools with a cap per holder."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="+")
    holder = models.CharField(max_length=80)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "holder"], name="pool_holder_once"),
            models.CheckConstraint(condition=Q(taken__gte=0), name="pool_holder_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.taken}"


class Hold(models.Model):
    """Units of a pool kept for a holder, for a while or for good."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="holds")
    holder = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=HoldState, default=HoldState.HELD)
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "key"], name="hold_once_per_key"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="hold_of_something"),
        ]
        indexes = [
            models.Index("expires_at", condition=Q(state="held"), name="hold_due"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} × {self.quantity} ({self.state})"


class Submission(models.Model):
    """A form or API call that took effect, so that its repetition does not."""

    key = models.CharField(max_length=160, unique=True)
    fingerprint = models.CharField(max_length=64, default="", blank=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="submission_age")]

    def __str__(self) -> str:
        return self.key


class Bucket(models.Model):
    """A token bucket of `limits.limit`. Losing these rows only forgets recent tries."""

    key = models.CharField(max_length=160, primary_key=True)
    tokens = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class IssuedPaper(models.Model):
    """A document of the platform, which anybody may check by its code without reading it."""

    code = models.CharField(max_length=16, unique=True)
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    kind_en = models.CharField(max_length=60, blank=True, default="")
    # [[name, English name]] of the organisations it concerns.
    parties = models.JSONField(default=list)
    issued_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["number"], name="paper_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class PaperRevision(models.Model):
    """The bytes of a paper as issued (0) and after each signature. Append-only.

    `entry` carries the same hash in the audit chain: whoever alters bytes and hash here still
    differs from the chain.
    """

    paper = models.ForeignKey(IssuedPaper, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    # The organisation whose signature this revision added; "" for the paper as issued.
    signed_for = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField(db_default=Now())
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="paper_revision_once"),
        ]
        indexes = [models.Index(fields=["sha256"], name="paper_revision_hash")]

    def __str__(self) -> str:
        return f"{self.paper_id}.{self.number} {self.sha256[:12]}"
