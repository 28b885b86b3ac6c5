"""The way of a cloud walk, and where it stops."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.bilingual import Bilingual
from haishi.live.models.sessions import LiveSession


class Route(models.Model):
    """The track of a walk. `points`: [[latitude, longitude, seconds since its start or null]]."""

    session = models.OneToOneField(LiveSession, models.CASCADE, related_name="route")
    name = models.CharField(_("路线名称"), max_length=80, blank=True, default="")
    points = models.JSONField(default=list)
    metres = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Station(models.Model):
    """A stop. `kind` and `object_id` name what it shows (see `selectors.register_thing`).

    `after_seconds`: when the walk plans to be there, counted from its start; `reached_at`: when it
    was, on the stream's clock.
    """

    route = models.ForeignKey(Route, models.CASCADE, related_name="stations")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("站名"), max_length=60)
    name_en = models.CharField(_("英文站名"), max_length=120, blank=True, default="")
    latitude = models.FloatField(_("纬度"))
    longitude = models.FloatField(_("经度"))
    after_seconds = models.PositiveIntegerField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=20, blank=True, default="")
    object_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)
