"""The end of an edition and the beginning of the next: clone a structure, close for good."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from haishi.expo import selectors
from haishi.expo.errors import NameDiffers
from haishi.expo.events import EditionChanged, EditionClosed
from haishi.expo.models import (
    Booth,
    CheckinList,
    Edition,
    Enquiry,
    Hall,
    Session,
    Stage,
    Tier,
    Track,
)
from haishi.expo.services.again import end_requests
from haishi.expo.services.archives import order_archive
from haishi.expo.services.editions import create_edition
from haishi.expo.states import EDITION, EnquiryState
from haishi.foundation import audit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.notices import services as notices

WAITING = (EnquiryState.OPEN, EnquiryState.MISSED)
KIND = "edition_end"
TEXTS = (
    "theme", "theme_en", "about", "about_en", "city", "city_en", "venue", "venue_en",
    "time_zone", "reply_hours",
)  # fmt: skip


@service
def clone(
    actor: Actor,
    edition_id: int,
    *,
    slug: str,
    name: str,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    name_en: str = "",
    with_sessions: bool = False,
) -> Edition:
    """A new edition in planning with the same halls, plans, tiers, stages, tracks and gates.

    People, firms and pictures stay behind. With `with_sessions` the sessions come too, as drafts
    at the same wall-clock time, as many days later as the opening is.
    Raises NotFound, Forbidden, AddressTaken, PastTime, ClosesTooEarly.
    """
    old = selectors.lock_edition(actor, edition_id)
    texts = {field: getattr(old, field) for field in TEXTS}
    new = create_edition(
        actor, old.series_id, slug=slug, name=name, name_en=name_en, opens_at=opens_at,
        closes_at=closes_at, **texts,
    )  # fmt: skip
    Tier.objects.filter(edition=new).delete()  # the starting set gives way to the copied one
    _copies(Tier, old, new)
    halls = _copies(Hall, old, new)
    _copy_booths(halls)
    stages = _copies(Stage, old, new, hall_id=halls)
    tracks = _copies(Track, old, new)
    _copies(CheckinList, old, new)
    if with_sessions:
        _copy_sessions(old, new, stages, tracks)
    audit.record(actor, "edition.cloned", new, source=old.pk)
    return new


def _values(row: Any, leave: tuple[str, ...]) -> dict[str, Any]:
    own = (*leave, "id", "version", "created_at", "updated_at")
    fields = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in fields if name not in own}


def _copies(model: Any, old: Edition, new: Edition, **maps: dict[int, int]) -> dict[int, int]:
    """Copy all rows of a table in two queries; `maps` exchange foreign ids. {old id: new id}."""
    rows = list(model.objects.filter(edition=old).order_by("pk"))
    copies = []
    for row in rows:
        values = _values(row, ("edition_id", "picture_asset_id"))
        for name, ids in maps.items():
            values[name] = ids.get(values[name])
        copies.append(model(edition=new, **values))
    made = model.objects.bulk_create(copies)
    return {row.pk: copy.pk for row, copy in zip(rows, made, strict=True)}


def _copy_booths(halls: dict[int, int]) -> None:
    rows = Booth.objects.filter(hall__in=halls).order_by("pk")
    Booth.objects.bulk_create(
        Booth(hall_id=halls[row.hall_id], **_values(row, ("hall_id",))) for row in rows
    )


def _copy_sessions(
    old: Edition, new: Edition, stages: dict[int, int], tracks: dict[int, int]
) -> None:
    zone = ZoneInfo(old.time_zone)
    days = new.opens_at.astimezone(zone).date() - old.opens_at.astimezone(zone).date()
    copies = []
    for row in Session.objects.filter(edition=old).order_by("pk"):
        values = _values(row, ("edition_id", "state", "host_id"))
        values["stage_id"] = stages.get(row.stage_id or 0)
        values["track_id"] = tracks.get(row.track_id or 0)
        if row.starts_at and row.ends_at:
            values["starts_at"] = _shifted(row.starts_at, days, zone)
            values["ends_at"] = values["starts_at"] + (row.ends_at - row.starts_at)
        copies.append(Session(edition=new, **values))
    Session.objects.bulk_create(copies)


def _shifted(moment: dt.datetime, days: dt.timedelta, zone: ZoneInfo) -> dt.datetime:
    """The same wall-clock time so many days later, whatever daylight saving did in between.

    A time the zone skips moves on by the skipped hour; of a repeated one the first is meant.
    """
    wall = moment.astimezone(zone).replace(tzinfo=None) + days
    return wall.replace(tzinfo=zone).astimezone(dt.UTC)


@service
def close(actor: Actor, edition_id: int, *, name: str) -> Edition:
    """End an edition for good; `name` is typed to confirm. Its archive is built afterwards.

    Enquiries nobody answered are ended, and those who asked are told; so are requests to come
    here again.
    Raises NotFound, Forbidden, Conflict, NameDiffers.
    """
    edition = selectors.lock_edition(actor, edition_id)
    state = EDITION.after(edition.state, "close")
    if name.strip() not in (edition.name, edition.name_en):
        raise NameDiffers
    edition.state = state
    edition.version += 1
    edition.save(update_fields=["state", "version", "updated_at"])
    waiting = Enquiry.objects.select_for_update().filter(
        exhibitor__edition=edition, state__in=WAITING
    )
    ended = dict(waiting.values_list("pk", "person_id"))
    Enquiry.objects.filter(pk__in=ended).update(state=EnquiryState.CLOSED)
    notices.tell(
        ended.values(), KIND, _("“%(name)s”已闭幕"),
        _("你的询价没有等到回复，已随展会结束。可在参展商的主页继续联系。"),
        edition.get_absolute_url(), values={"name": edition.name},
    )  # fmt: skip
    end_requests(actor, edition)
    order_archive(edition)
    audit.record(actor, "edition.close", edition, ended=list(ended))
    publish(EditionChanged(edition.pk))
    publish(EditionClosed(edition.pk))
    return edition
