"""What remains of a live session: everything that happened with its instant, and the figures."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.bilingual import Bilingual
from haishi.live.models.sessions import LiveSession
from haishi.live.states import RecordingState


class Moment(models.Model):
    """Something the house said into the room at an instant of the stream's clock.

    `kind` names the shape of `content` (see `telling`); the replay plays moments back.
    """

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="moments")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    content = models.JSONField()

    class Meta:
        indexes = [models.Index("session", "at", "id", name="live_moment_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%H:%M:%S}"


class Caption(models.Model):
    """A line of speech, [at, until), in one language."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="captions")
    language = models.CharField(_("语言"), max_length=8, default="zh-hans")
    at = models.DateTimeField()
    until = models.DateTimeField()
    text = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="live_caption_has_length")
        ]
        indexes = [models.Index("session", "language", "at", name="live_caption_order")]

    def __str__(self) -> str:
        return self.text


class Chapter(models.Model):
    """Where a part of the replay begins."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="chapters")
    at = models.DateTimeField()
    title = models.CharField(_("章节"), max_length=60)
    title_en = models.CharField(_("英文章节"), max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "at"], name="live_chapter_once")]
        ordering = ["at"]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> Bilingual:
        """The title in the reader's language."""
        return Bilingual(self.title, self.title_en)


class Recording(models.Model):
    """A file of a session's programme at its engine; a restart or a new format begins another."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="recordings")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=RecordingState)
    started_at = models.DateTimeField()
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "name"], name="live_recording_once")
        ]
        ordering = ["started_at", "pk"]

    def __str__(self) -> str:
        return self.name


class MinuteFigure(models.Model):
    """One minute of a session. `viewers`: most at once; `watch_seconds`: of all viewers."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="minutes")
    minute = models.DateTimeField()
    viewers = models.PositiveIntegerField(default=0)
    watch_seconds = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    likes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "minute"], name="live_minute_once")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.minute:%H:%M}"


class EngineEvent(models.Model):
    """What an engine reported, once: the same number again changes nothing."""

    engine = models.CharField(max_length=10)
    number = models.BigIntegerField()
    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="+", null=True)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    camera = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engine", "number"], name="live_event_once")]
        indexes = [models.Index(fields=["session", "-at"], name="live_event_story")]

    def __str__(self) -> str:
        return f"{self.engine} {self.number} {self.kind}"
