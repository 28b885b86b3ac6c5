"""Series › Edition › Hall › Booth, and what tiers of exhibitors are entitled to."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.expo.states import ArchiveState, Audience, EditionState, HallSide
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import Versioned


class Series(models.Model):
    """A row of editions under one organiser, e.g. a yearly expo."""

    organiser = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="series")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("系列名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Edition(Versioned):
    """One edition. Times are UTC instants; `time_zone` is the zone people read them in."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="editions")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True, default="")
    theme = models.CharField(_("主题"), max_length=80, blank=True, default="")
    theme_en = models.CharField(_("英文主题"), max_length=160, blank=True, default="")
    about = models.TextField(_("介绍"), max_length=4000, blank=True, default="")
    about_en = models.TextField(_("英文介绍"), max_length=8000, blank=True, default="")
    city = models.CharField(_("城市"), max_length=40, blank=True, default="")
    city_en = models.CharField(_("英文城市"), max_length=60, blank=True, default="")
    venue = models.CharField(_("场馆"), max_length=120, blank=True, default="")
    venue_en = models.CharField(_("英文场馆"), max_length=200, blank=True, default="")
    time_zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    opens_at = models.DateTimeField(_("开幕时间"))
    closes_at = models.DateTimeField(_("闭幕时间"))
    apply_until = models.DateTimeField(_("参展申请截止"), null=True, blank=True)
    reply_hours = models.PositiveSmallIntegerField(_("询价回复时限（小时）"), default=48)
    state = models.CharField(max_length=8, choices=EditionState, default=EditionState.DRAFT)
    cover_asset_id = models.BigIntegerField(null=True, blank=True, editable=False)
    # The released schedule that visitors see; null before the first release.
    schedule_number = models.PositiveIntegerField(null=True, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="edition_closes_after_it_opens"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("portal:edition", self.slug)

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)


class Archive(models.Model):
    """How far the frozen archive of a closed edition has come; the files say what it holds.

    `builder` names the worker that holds the work, `beat_at` its last sign of life: whoever finds
    an old sign takes over. `done` of `total` pages are written; `size` is the zip's, in bytes.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="archive")
    state = models.CharField(max_length=8, choices=ArchiveState, default=ArchiveState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=400, blank=True, default="")
    builder = models.CharField(max_length=32, blank=True, default="")
    beat_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.edition_id} {self.state}"


class Hall(Versioned):
    """A hall with a floor of `width` × `depth` decimetres; booths stand on it."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="halls")
    slug = models.SlugField(max_length=60)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True, default="")
    summary = models.CharField(_("简介"), max_length=200, blank=True, default="")
    summary_en = models.CharField(_("英文简介"), max_length=400, blank=True, default="")
    code = models.CharField(_("展位号前缀"), max_length=4)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    width = models.PositiveIntegerField(_("宽（分米）"), default=600)
    depth = models.PositiveIntegerField(_("深（分米）"), default=400)
    entrance = models.CharField(
        _("入口位置"), max_length=6, choices=HallSide, default=HallSide.BOTTOM
    )
    is_launch_hall = models.BooleanField(_("产品发布厅"), default=False)
    picture_asset_id = models.BigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="hall_slug_once"),
            models.UniqueConstraint(fields=["edition", "code"], name="hall_code_once"),
            models.CheckConstraint(
                condition=Q(width__range=(50, 20_000), depth__range=(50, 20_000)),
                name="hall_of_sane_size",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)


class Booth(models.Model):
    """A place on a hall's floor, in decimetres from its top left corner.

    Two booths of a hall may touch and never overlap (EXCLUDE in migration 0002).
    """

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="booths")
    code = models.CharField(_("展位号"), max_length=12)
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()
    width = models.PositiveIntegerField(default=30)
    depth = models.PositiveIntegerField(default=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "code"], name="booth_code_once"),
            models.CheckConstraint(
                condition=Q(width__range=(10, 2_000), depth__range=(10, 2_000)),
                name="booth_of_sane_size",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Tier(models.Model):
    """A class of participation and what it entitles to; selectors enforce it."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tiers")
    slug = models.SlugField(max_length=30)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True, default="")
    rank = models.PositiveSmallIntegerField(_("级别"), default=0)
    max_exhibits = models.PositiveSmallIntegerField(_("展品上限"), default=10)
    max_staff = models.PositiveSmallIntegerField(_("工作人员上限"), default=3)
    max_media = models.PositiveSmallIntegerField(_("图片与文件上限"), default=6)
    may_video = models.BooleanField(_("可用视频"), default=False)
    may_model = models.BooleanField(_("可用三维模型"), default=False)
    may_export_leads = models.BooleanField(_("可导出线索"), default=False)
    featured = models.BooleanField(_("首页推荐"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "slug"], name="tier_slug_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)


class Announcement(models.Model):
    """Something the organiser tells everybody."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="announcements")
    title = models.CharField(_("标题"), max_length=80)
    title_en = models.CharField(_("英文标题"), max_length=160, blank=True, default="")
    body = models.TextField(_("正文"), max_length=2000)
    body_en = models.TextField(_("英文正文"), max_length=4000, blank=True, default="")
    audience = models.CharField(
        _("对象"), max_length=12, choices=Audience, default=Audience.EVERYBODY
    )
    published_at = models.DateTimeField(db_default=Now())
    author = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.title
