"""Stages, tracks, sessions, speakers; the draft placement and released versions."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.expo.models.structure import Edition, Hall
from haishi.expo.states import SessionKind, SessionState
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import Versioned


class Stage(Versioned):
    """Where sessions take place, one at a time."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="stages")
    hall = models.ForeignKey(
        Hall,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stages",
        verbose_name=_("所在展馆"),
    )
    slug = models.SlugField(max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True, default="")
    capacity = models.PositiveIntegerField(_("座位数"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "slug"], name="stage_slug_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)


class Track(Versioned):
    """A thread through the programme; `colour` is one of the chart colours, 1 to 6."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tracks")
    slug = models.SlugField(max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True, default="")
    colour = models.PositiveSmallIntegerField(_("颜色"), default=1)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="track_slug_once"),
            models.CheckConstraint(condition=Q(colour__range=(1, 6)), name="track_colour_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)


class Speaker(Versioned):
    """Somebody who speaks at an edition; may have an account."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="speakers")
    person = models.ForeignKey(
        "parties.Person", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("姓名"), max_length=60)
    name_en = models.CharField(_("英文姓名"), max_length=80, blank=True, default="")
    title = models.CharField(_("职务"), max_length=80, blank=True, default="")
    title_en = models.CharField(_("英文职务"), max_length=160, blank=True, default="")
    firm = models.CharField(_("单位"), max_length=80, blank=True, default="")
    firm_en = models.CharField(_("英文单位"), max_length=120, blank=True, default="")
    bio = models.TextField(_("简介"), max_length=1000, blank=True, default="")
    bio_en = models.TextField(_("英文简介"), max_length=2000, blank=True, default="")
    portrait_asset_id = models.BigIntegerField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)


class Session(Versioned):
    """Something that happens on a stage. Its place in the draft schedule is on the row itself."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sessions")
    code = models.CharField(max_length=12)
    kind = models.CharField(_("类型"), max_length=10, choices=SessionKind, default=SessionKind.TALK)
    state = models.CharField(max_length=10, choices=SessionState, default=SessionState.DRAFT)
    track = models.ForeignKey(
        Track, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("分类")
    )
    title = models.CharField(_("标题"), max_length=100)
    title_en = models.CharField(_("英文标题"), max_length=200, blank=True, default="")
    abstract = models.TextField(_("简介"), max_length=2000, blank=True, default="")
    abstract_en = models.TextField(_("英文简介"), max_length=4000, blank=True, default="")
    language = models.CharField(_("语言"), max_length=8, default="zh-hans")
    host = models.ForeignKey(
        "parties.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("承办单位"),
    )
    speakers = models.ManyToManyField(Speaker, through="SessionSpeaker", related_name="sessions")
    stage = models.ForeignKey(
        Stage, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("场地")
    )
    starts_at = models.DateTimeField(_("开始"), null=True, blank=True)
    ends_at = models.DateTimeField(_("结束"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="session_code_once"),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def heading(self) -> Bilingual:
        """The title in the reader's language."""
        return Bilingual(self.title, self.title_en)


class SessionSpeaker(models.Model):
    """Who speaks in which session, in what order."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="appearances")
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="appearances")
    moderates = models.BooleanField(_("主持"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "speaker"], name="speaker_once_a_session")
        ]

    def __str__(self) -> str:
        return f"{self.speaker_id} in {self.session_id}"


class ScheduleVersion(models.Model):
    """A released schedule: immutable, with the list of what changed since the one before."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")
    changes = models.JSONField(default=list)
    released_at = models.DateTimeField(db_default=Now())
    released_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class Slot(models.Model):
    """A session's place in a released version. One stage has one session at a time (EXCLUDE)."""

    version = models.ForeignKey(ScheduleVersion, models.CASCADE, related_name="slots")
    session = models.ForeignKey(Session, models.CASCADE, related_name="slots")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # The title as it was released, so that the change log can tell a new one; "" was not noted.
    title = models.CharField(max_length=100, blank=True, default="")
    title_en = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "session"], name="session_once_a_version"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_has_length"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.starts_at:%H:%M}"


class AgendaItem(models.Model):
    """A session somebody wants to attend."""

    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="agenda")
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "session"], name="agenda_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.session_id}"


class AgendaFeed(models.Model):
    """Which address of a person's calendar feed holds: a higher `number` voids earlier ones."""

    person = models.OneToOneField("parties.Person", models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.person_id} {self.number}"
