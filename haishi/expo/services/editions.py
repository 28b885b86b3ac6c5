"""Series and editions: make, edit, open to the public, take back into planning."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from haishi.expo import selectors
from haishi.expo.errors import (
    AddressTaken,
    AppliesTooLate,
    ClosesTooEarly,
    EditionNotOpen,
    PastTime,
    PictureOfAnother,
)
from haishi.expo.events import EditionChanged
from haishi.expo.models import Edition, Series, Tier
from haishi.expo.states import EDITION, EditionState
from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden, Invalid
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.media.states import AssetState, Kind
from haishi.parties import selectors as parties
from haishi.parties.states import Duty

# What a new edition starts with; the organiser changes it as he likes.
FIRST_TIERS: list[dict[str, Any]] = [
    {"slug": "standard", "name": "标准展位", "name_en": "Standard", "rank": 0},
    {
        "slug": "premium",
        "name": "优选展位",
        "name_en": "Premium",
        "rank": 1,
        "max_exhibits": 30,
        "max_staff": 8,
        "max_media": 16,
        "may_video": True,
        "may_export_leads": True,
    },
    {
        "slug": "flagship",
        "name": "旗舰展位",
        "name_en": "Flagship",
        "rank": 2,
        "max_exhibits": 100,
        "max_staff": 20,
        "max_media": 40,
        "may_video": True,
        "may_model": True,
        "may_export_leads": True,
        "featured": True,
    },
]


@service
def create_series(
    actor: Actor, organiser_id: int, *, slug: str, name: str, name_en: str = ""
) -> Series:
    """Begin a row of editions. Raises Forbidden, AddressTaken."""
    if not parties.has_duty(actor, organiser_id, (Duty.OWNER,)):
        raise Forbidden
    try:
        with transaction.atomic():
            series = Series.objects.create(
                organiser_id=organiser_id, slug=slug, name=name, name_en=name_en
            )
    except IntegrityError:
        raise AddressTaken from None
    audit.record(actor, "series.created", series, slug=slug)
    return series


@service
def create_edition(
    actor: Actor,
    series_id: int,
    *,
    slug: str,
    name: str,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    time_zone: str = "Asia/Shanghai",
    apply_until: dt.datetime | None = None,
    **texts: Any,
) -> Edition:
    """A new edition in planning, with three tiers to start from. `texts` are fields of Edition.

    Raises NotFound, Forbidden, AddressTaken, PastTime, ClosesTooEarly, AppliesTooLate, Invalid.
    """
    series = selectors.get_series(actor, series_id)
    _check_times(opens_at, closes_at, apply_until, time_zone)
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                series=series,
                slug=slug,
                name=name,
                opens_at=opens_at,
                closes_at=closes_at,
                apply_until=apply_until,
                time_zone=time_zone,
                **texts,
            )
    except IntegrityError:
        raise AddressTaken from None
    Tier.objects.bulk_create(Tier(edition=edition, **values) for values in FIRST_TIERS)
    audit.record(actor, "edition.created", edition, slug=slug)
    return edition


def _check_times(
    opens_at: dt.datetime, closes_at: dt.datetime, apply_until: dt.datetime | None, zone: str
) -> None:
    if closes_at <= clock.now():
        raise PastTime
    if closes_at <= opens_at:
        raise ClosesTooEarly
    if apply_until is not None and apply_until > closes_at:
        raise AppliesTooLate
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise Invalid(field="time_zone") from None


@service
def edit_edition(actor: Actor, edition_id: int, seen: int, **changes: Any) -> Edition:
    """Change texts and times. Raises NotFound, Forbidden, EditionNotOpen, Stale and as above."""
    edition = selectors.lock_edition(actor, edition_id)
    if edition.state == EditionState.CLOSED:
        raise EditionNotOpen
    times = {
        name: changes.get(name, getattr(edition, name))
        for name in ("opens_at", "closes_at", "apply_until")
    }
    zone = changes.get("time_zone", edition.time_zone)
    if any(times[name] != getattr(edition, name) for name in times) or zone != edition.time_zone:
        _check_times(times["opens_at"], times["closes_at"], times["apply_until"], zone)
    if audit.save_edited(actor, "edition.edited", edition, seen, **changes):
        publish(EditionChanged(edition.pk))
    return edition


def check_picture(actor: Actor, edition: Edition, asset_id: int | None) -> None:
    """Only public pictures of the organiser or of the person. Raises PictureOfAnother."""
    if asset_id is None:
        return
    file = media.assets([asset_id]).get(asset_id)
    if (
        file is None
        or not (file.organisation_id == edition.series.organiser_id or _own(actor, file))
        or file.kind != Kind.IMAGE
        or file.private
        or file.state == AssetState.REFUSED
    ):
        raise PictureOfAnother(field="picture")


def _own(actor: Actor, file: Any) -> bool:
    return file.organisation_id is None and actor.pk is not None and file.uploader_id == actor.pk


@service
def set_cover(actor: Actor, edition_id: int, asset_id: int | None) -> Edition:
    """Choose the edition's picture. Raises NotFound, Forbidden, PictureOfAnother."""
    edition = selectors.lock_edition(actor, edition_id)
    check_picture(actor, edition, asset_id)
    edition.cover_asset_id = asset_id
    edition.version += 1
    edition.save(update_fields=["cover_asset_id", "version", "updated_at"])
    audit.record(actor, "edition.cover_chosen", edition, asset=asset_id)
    publish(EditionChanged(edition.pk))
    return edition


def _move(actor: Actor, edition_id: int, action: str) -> Edition:
    edition = selectors.lock_edition(actor, edition_id)
    edition.state = EDITION.after(edition.state, action)
    edition.version += 1
    edition.save(update_fields=["state", "version", "updated_at"])
    audit.record(actor, f"edition.{action}", edition)
    publish(EditionChanged(edition.pk))
    return edition


@service
def open_edition(actor: Actor, edition_id: int) -> Edition:
    """Show the edition to everybody and take applications. Raises NotFound, Forbidden, Conflict."""
    return _move(actor, edition_id, "open")


@service
def withdraw_edition(actor: Actor, edition_id: int) -> Edition:
    """Take it back into planning: visitors see none of it. Raises NotFound, Forbidden, Conflict."""
    return _move(actor, edition_id, "withdraw")
