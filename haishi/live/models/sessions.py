"""A live session and its gear: cameras, targets, the people who help."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import Versioned
from haishi.live.states import (
    ON_AIR,
    Ending,
    Form,
    Helper,
    LiveState,
    Network,
    Replay,
    TargetState,
)

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_public_id() -> str:
    """Ten letters and digits that are not mistaken for each other: about 49 random bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(10))


class LiveSession(Versioned):
    """Something that is broadcast: of a booth, of the organiser, of the programme, of a launch.

    `exhibitor` empty: the organiser's own. `subject_kind` and `subject_id` name a thing of a higher
    module (a launch), see `selectors.register_subject`. From arming on, `state`, `source`,
    `began_at` and the figures are what the engine last said (`seen_at`).
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    edition = models.ForeignKey("expo.Edition", models.PROTECT, related_name="lives")
    exhibitor = models.ForeignKey(
        "expo.Exhibitor", models.PROTECT, related_name="lives", null=True, blank=True
    )
    programme = models.ForeignKey(
        "expo.Session",
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("日程场次"),
    )
    subject_kind = models.CharField(max_length=20, blank=True, default="")
    subject_id = models.BigIntegerField(null=True, blank=True)
    form = models.CharField(_("形式"), max_length=4, choices=Form, default=Form.SHOW)
    title = models.CharField(_("标题"), max_length=80)
    title_en = models.CharField(_("英文标题"), max_length=160, blank=True, default="")
    summary = models.TextField(_("简介"), max_length=1000, blank=True, default="")
    summary_en = models.TextField(_("英文简介"), max_length=2000, blank=True, default="")
    poster_asset_id = models.BigIntegerField(_("封面"), null=True, blank=True)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    state = models.CharField(max_length=10, choices=LiveState, default=LiveState.DRAFT)
    created_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    # How it is sent
    engine = models.CharField(max_length=10, default="own")
    record = models.BooleanField(_("录制"), default=True)
    srt = models.BooleanField(_("接收 SRT"), default=False)
    delay_seconds = models.PositiveSmallIntegerField(_("延时（秒）"), default=0)
    # `gear` grows with every change the engine must know of; `armed_gear` is what it has (0: none).
    gear = models.PositiveIntegerField(default=1, editable=False)
    armed_gear = models.PositiveIntegerField(default=0, editable=False)
    engine_error = models.CharField(max_length=20, blank=True, default="", editable=False)
    tried_at = models.DateTimeField(null=True, editable=False)
    # From here on visitors see the programme; before, only the host does.
    opened_at = models.DateTimeField(null=True, editable=False)
    # What the engine said last
    seen_at = models.DateTimeField(null=True, editable=False)
    since = models.DateTimeField(null=True, editable=False)
    began_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ending = models.CharField(max_length=10, choices=Ending, blank=True, default="")
    source = models.PositiveSmallIntegerField(default=0, editable=False)
    viewers = models.PositiveIntegerField(default=0, editable=False)
    peak_viewers = models.PositiveIntegerField(default=0, editable=False)
    watch_seconds = models.PositiveBigIntegerField(default=0, editable=False)
    likes = models.PositiveIntegerField(default=0, editable=False)
    # Questions and upvotes of which the room has been told; see `services.tell_questions`.
    questions_told = models.PositiveIntegerField(default=0, editable=False)
    # How many want to be reminded; after the broadcast, how many did.
    reservations = models.PositiveIntegerField(default=0, editable=False)
    recording_error = models.CharField(max_length=40, blank=True, default="", editable=False)
    # What remains
    replay = models.CharField(max_length=10, choices=Replay, default=Replay.NONE, editable=False)
    replay_published_at = models.DateTimeField(null=True, editable=False)
    keep_until = models.DateTimeField(_("回放保留到"), null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="live_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False), name="live_ended_has_end"
            ),
            models.CheckConstraint(condition=Q(delay_seconds__lte=120), name="live_delay_bounded"),
            models.CheckConstraint(
                condition=Q(subject_kind="", subject_id=None)
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
                name="live_subject_whole",
            ),
        ]
        indexes = [
            models.Index("state", "starts_at", name="live_state"),
            models.Index(fields=["edition", "-starts_at"], name="live_of_edition"),
            models.Index(fields=["exhibitor", "-starts_at"], name="live_of_exhibitor"),
            models.Index(
                "subject_kind",
                "subject_id",
                name="live_of_subject",
                condition=~Q(subject_kind=""),
            ),
            models.Index(
                fields=["armed_gear", "gear"],
                name="live_armed",
                condition=~Q(armed_gear=0) | Q(state__in=("scheduled", "connecting")),
            ),
            models.Index("keep_until", name="live_keep", condition=Q(keep_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def heading(self) -> Bilingual:
        """The title in the reader's language."""
        return Bilingual(self.title, self.title_en)

    @property
    def line(self) -> Bilingual:
        """The summary in the reader's language."""
        return Bilingual(self.summary, self.summary_en)

    @property
    def on_air(self) -> bool:
        """Whether the programme runs, be it behind its slate."""
        return self.state in ON_AIR

    @property
    def room(self) -> str:
        """The room of its chat at the gateway."""
        return f"live-{self.public_id}"

    def get_absolute_url(self) -> str:
        """The room's page; the replay's once it is over."""
        return address("live:room", self.public_id)


class Camera(models.Model):
    """One place to publish to. The key itself is shown once and kept as its SHA-256."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="cameras")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(_("机位名称"), max_length=30)
    label_en = models.CharField(_("英文名称"), max_length=60, blank=True, default="")
    angle = models.BooleanField(_("观众可选的视角"), default=False)
    single_use = models.BooleanField(_("密钥只用一次"), default=False)
    key_hash = models.CharField(max_length=64, unique=True)
    rotated_at = models.DateTimeField(db_default=Now())
    # What the engine measured last
    state = models.CharField(max_length=10, choices=LiveState, default=LiveState.SCHEDULED)
    since = models.DateTimeField(null=True)
    protocol = models.CharField(max_length=10, blank=True, default="")
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    fps = models.FloatField(default=0)
    kbps = models.PositiveIntegerField(default=0)
    gop = models.FloatField(default=0)
    audio = models.BooleanField(default=False)
    warnings = ArrayField(models.CharField(max_length=20), default=list)
    # Where the engine also listens for SRT, 0: nowhere (yet).
    srt_port = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="live_camera_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=6), name="live_camera_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.number}"

    @property
    def name(self) -> Bilingual:
        """The label in the reader's language."""
        return Bilingual(self.label, self.label_en)


class Target(models.Model):
    """Another network. `sealed_url` holds its address with the stream key, encrypted."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="targets")
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    network = models.CharField(_("平台"), max_length=10, choices=Network)
    name = models.CharField(_("名称"), max_length=40)
    sealed_url = models.TextField()
    wanted = models.BooleanField(default=True)
    added_at = models.DateTimeField(db_default=Now())
    # What the engine said last
    state = models.CharField(max_length=10, choices=TargetState, default=TargetState.OFF)
    reason = models.CharField(max_length=20, blank=True, default="")
    since = models.DateTimeField(null=True)
    kbps = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class Invited(models.Model):
    """Somebody who helps: keeps order in the chat, or speaks."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="helpers")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    role = models.CharField(_("角色"), max_length=10, choices=Helper)
    added_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person", "role"], name="live_helper_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Reservation(models.Model):
    """Somebody wants to be reminded of a session. `near_told_at`, `start_told_at`: was told."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="+")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    near_told_at = models.DateTimeField(null=True)
    start_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="live_reservation_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.session_id}"
