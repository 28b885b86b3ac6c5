"""The dossier of a launch on its way: written, reviewed, announced; moved or withdrawn until then.

Files of a dossier are sealed (`media.Purpose.SEALED`): the teaser's opens with the announcement,
the others with the unveiling. The address is made of random letters, because words would tell.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from haishi.catalogue import selectors as catalogue
from haishi.expo import selectors as expo
from haishi.foundation import audit, clock, scarcity
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.launches import policies, selectors
from haishi.launches.errors import (
    AlreadyUnveiled,
    DossierIncomplete,
    DossierLocked,
    FilesGone,
    InstantTooSoon,
    LaunchElsewhere,
    PriceMissing,
    ReasonMissing,
    SessionElsewhere,
)
from haishi.launches.events import (
    LaunchAnnounced,
    LaunchApproved,
    LaunchMoved,
    LaunchReturned,
    LaunchSubmitted,
)
from haishi.launches.models import Allotment, Launch, Reservation
from haishi.launches.services.claims import open_sale
from haishi.launches.states import LAUNCH, LaunchState
from haishi.media import selectors as media
from haishi.media import services as media_services

LEAD = dt.timedelta(minutes=10)  # between the announcement, or a new instant, and the unveiling
SALE = ("quota", "rule", "price_minor", "open_minutes", "pay_minutes")
_FILES = ("teaser_asset_id", "cover_asset_id")


@service
def draft(actor: Actor, exhibitor_id: int, *, name: str, **fields: Any) -> Launch:
    """A new dossier of an exhibitor.

    `fields` are columns of Launch and, for a first sale, those of `SALE`: `quota` (None: nothing
    is sold), `rule`, `price_minor` in fen, `open_minutes` from the unveiling on, `pay_minutes`.
    Raises NotFound, Forbidden, LaunchElsewhere,
    SessionElsewhere, FilesGone, PriceMissing.
    """
    exhibitor = expo.lock_exhibitor(actor, exhibitor_id)
    words = {key: value for key, value in fields.items() if key not in SALE}
    launch = Launch(exhibitor=exhibitor, name=name, slug=f"l-{secrets.token_hex(5)}", **words)
    _check(actor, launch, words)
    launch.save()
    audit.record(actor, "launch.drafted", launch)
    _set_sale(actor, launch, fields)
    return launch


@service
def edit(actor: Actor, launch_id: int, seen: int, **changes: Any) -> Launch:
    """Change a draft; absent fields stay.

    Raises NotFound, Forbidden, DossierLocked, Stale, LaunchElsewhere,
    SessionElsewhere, FilesGone, PriceMissing.
    """
    launch = selectors.lock_editable(actor, launch_id)
    if launch.state != LaunchState.DRAFT:
        raise DossierLocked
    words = {key: value for key, value in changes.items() if key not in SALE}
    _check(actor, launch, words)
    names = audit.save_edited(actor, "launch.edited", launch, seen, **words)
    if _set_sale(actor, launch, changes) and not names:
        launch.version += 1
        launch.save(update_fields=["version", "updated_at"])
    return launch


def _check(actor: Actor, launch: Launch, changes: Mapping[str, Any]) -> None:
    firm = launch.exhibitor.organisation_id
    if product_id := changes.get("product_id"):
        product = catalogue.get_visible_by_id(actor, product_id)
        if product.organisation_id != firm:
            raise LaunchElsewhere
    if session_id := changes.get("session_id"):
        edition = launch.exhibitor.edition
        if session_id not in {pk for pk, _words in expo.sessions_to_link(edition, firm)}:
            raise SessionElsewhere
    wanted = [*(changes.get(name) for name in _FILES), *changes.get("picture_ids", ())]
    ids = [pk for pk in wanted if pk]
    if ids and not media.belong_to(firm, ids):
        raise FilesGone


def _set_sale(actor: Actor, launch: Launch, fields: Mapping[str, Any]) -> bool:
    """Make the first sale what `fields` say; returns whether anything changed."""
    row = Allotment.objects.filter(launch=launch).first()
    if row is None and not fields.get("quota"):
        return False
    if "quota" in fields and not fields["quota"]:
        audit.record(actor, "allotment.removed", launch, quota=row.quota if row else 0)
        Allotment.objects.filter(launch=launch).delete()
        return True
    before = _sale_of(row) if row else {}
    wanted = {**before, **{key: fields[key] for key in SALE if fields.get(key) is not None}}
    if not wanted.get("price_minor"):
        raise PriceMissing
    length = dt.timedelta(minutes=wanted.pop("open_minutes", 60))
    opens = launch.unveil_at or clock.now()
    row = row or Allotment(launch=launch)
    after = {**wanted, "opens_at": opens, "closes_at": opens + length}
    changed = [name for name, value in after.items() if getattr(row, name, None) != value]
    if row.pk and not changed:
        return False
    for name, value in after.items():
        setattr(row, name, value)
    if row.pool_id is not None:  # announced before, then taken back
        scarcity.resize(row.pool_id, row.quota)
    row.save()
    audit.record(actor, "allotment.set", row, before=before, after=after)
    return True


def _sale_of(row: Allotment) -> dict[str, Any]:
    minutes = int((row.closes_at - row.opens_at).total_seconds() // 60)
    return {
        "quota": row.quota,
        "rule": row.rule,
        "price_minor": row.price_minor,
        "pay_minutes": row.pay_minutes,
        "open_minutes": minutes,
    }


@service
def submit(actor: Actor, launch_id: int) -> Launch:
    """Ask for review. Raises NotFound, Forbidden, DossierIncomplete (says what lacks), Conflict."""
    launch = selectors.lock_editable(actor, launch_id)
    if missing := selectors.missing_of(launch):
        raise DossierIncomplete(missing="、".join(missing))
    _move(actor, launch, "submit")
    publish(LaunchSubmitted(launch.pk))
    return launch


@service
def take_back(actor: Actor, launch_id: int) -> Launch:
    """Back to a draft, before or after the review. Raises NotFound, Forbidden, Conflict."""
    launch = selectors.lock_editable(actor, launch_id)
    _move(actor, launch, "reopen" if launch.state == LaunchState.EMBARGOED else "take_back")
    return launch


@service
def return_(actor: Actor, launch_id: int, reason: str) -> Launch:
    """Send a dossier back. Raises NotFound, Forbidden, ReasonMissing, Conflict."""
    launch = selectors.lock_for_review(actor, launch_id)
    if not reason.strip():
        raise ReasonMissing
    launch.review_note = reason.strip()
    _move(actor, launch, "return", "review_note")
    publish(LaunchReturned(launch.pk, launch.review_note))
    return launch


@service
def approve(actor: Actor, launch_id: int) -> Launch:
    """Accept a dossier; it stays secret. Raises NotFound, Forbidden, Conflict."""
    launch = selectors.lock_for_review(actor, launch_id)
    launch.review_note = ""
    _move(actor, launch, "approve", "review_note")
    publish(LaunchApproved(launch.pk))
    return launch


@service
def announce(actor: Actor, launch_id: int) -> Launch:
    """Make the teaser and the instant public; commit to the seed of a draw.

    Raises NotFound, Forbidden, InstantTooSoon, Conflict.
    """
    launch = selectors.lock_editable(actor, launch_id)
    launch.announced_at = clock.now()
    _move(actor, launch, "announce", "announced_at")
    _in_time(launch.unveil_at)
    for row in Allotment.objects.filter(launch=launch):
        open_sale(row.pk)
    media_services.show(actor, [launch.teaser_asset_id])
    publish(LaunchAnnounced(launch.exhibitor.organisation_id, launch.pk))
    return launch


@service
def reschedule(actor: Actor, launch_id: int, seen: int, unveil_at: dt.datetime) -> Launch:
    """Choose another instant for an accepted or announced launch; its sale moves along.

    Who reserved is told, and reminded again. Raises NotFound, Forbidden, AlreadyUnveiled,
    DossierLocked, InstantTooSoon, Stale.
    """
    launch = selectors.lock_editable(actor, launch_id)
    if policies.is_unveiled(launch):
        raise AlreadyUnveiled
    if launch.state not in (LaunchState.EMBARGOED, LaunchState.ANNOUNCED):
        raise DossierLocked
    _in_time(unveil_at)
    if not audit.save_edited(actor, "launch.moved", launch, seen, unveil_at=unveil_at):
        return launch
    for row in Allotment.objects.filter(launch=launch):
        row.closes_at += unveil_at - row.opens_at
        row.opens_at = unveil_at
        row.save(update_fields=["opens_at", "closes_at", "updated_at"])
    if launch.state == LaunchState.ANNOUNCED:
        Reservation.objects.filter(launch=launch).update(reminded_at=None)
        publish(LaunchMoved(launch.pk, withdrawn=False))
    return launch


@service
def withdraw(actor: Actor, launch_id: int) -> Launch:
    """Take an announcement back; who reserved is told.

    Raises NotFound, Forbidden, AlreadyUnveiled, Conflict.
    """
    launch = selectors.lock_editable(actor, launch_id)
    if policies.is_unveiled(launch):
        raise AlreadyUnveiled
    _move(actor, launch, "withdraw")
    media_services.hide(actor, [launch.teaser_asset_id])
    publish(LaunchMoved(launch.pk, withdrawn=True))
    return launch


def _in_time(unveil_at: dt.datetime | None) -> None:
    if unveil_at is None or unveil_at < clock.now() + LEAD:
        raise InstantTooSoon(minutes=int(LEAD.total_seconds() // 60), field="unveil_at")


def _move(actor: Actor, launch: Launch, action: str, *fields: str) -> None:
    before, launch.state = launch.state, LAUNCH.after(launch.state, action)
    launch.version += 1
    launch.save(update_fields=["state", "version", "updated_at", *fields])
    audit.record(
        actor,
        f"launch.{action}",
        launch,
        before={"state": before},
        after={"state": launch.state},
    )
