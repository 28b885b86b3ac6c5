"""Last year's exhibitors are asked again; whoever confirms moves in with what was shown before.

A confirmed firm keeps its tier when the new edition has one of that name and its old booth still
stood: then it takes part at once, because the organiser asked. Otherwise it is an application in
the lowest tier, which the reviewers decide. Its place on the floor is given anew.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet, Value

from haishi.expo import selectors
from haishi.expo.errors import (
    AlreadyApplied,
    DeadlineOutside,
    EditionElsewhere,
    EditionNotOpen,
    RequestExpired,
)
from haishi.expo.events import (
    BoothChanged,
    ExhibitorApproved,
    ExhibitorSubmitted,
    ReconfirmationAsked,
    ReconfirmationConfirmed,
    ReconfirmationDeclined,
    ReconfirmationExpired,
    ReconfirmationReminded,
)
from haishi.expo.models import (
    BoothStaff,
    Edition,
    Exhibitor,
    Hall,
    NextStep,
    Reconfirmation,
    Tier,
)
from haishi.expo.services.booth_pages import refresh
from haishi.expo.states import (
    RECONFIRMATION,
    EditionState,
    ExhibitorState,
    ReconfirmationState,
)
from haishi.foundation import audit, clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.media import selectors as media
from haishi.media.states import AssetState
from haishi.parties import selectors as parties

BATCH = 200
LAPSED = (ReconfirmationState.DECLINED, ReconfirmationState.EXPIRED)
CARRIED = (
    "plan", "headline", "headline_en", "intro", "intro_en", "template", "colour",
    "banner_asset_id", "media_ids", "document_ids", "video_asset_id",
)  # fmt: skip
Carry = Callable[[Any, Any], object]
_CARRIERS: dict[str, Carry] = {}


def register_rollover(name: str, carry: Carry) -> None:
    """Let a module bring its part along: `carry(previous, new)` joins the confirming service."""
    _CARRIERS[name] = carry


@service
def ask_again(
    actor: Actor,
    edition_id: int,
    *,
    source_id: int,
    expires_at: dt.datetime,
    also_lapsed: bool = False,
) -> int:
    """Ask the approved exhibitors of an earlier edition; returns how many were asked now.

    Who was asked before is not asked twice; `also_lapsed` asks those who declined or let it
    lapse once more. Firms that already apply here are left alone. Raises NotFound, Forbidden,
    EditionNotOpen, EditionElsewhere, DeadlineOutside.
    """
    edition = _open_for_requests(actor, edition_id)
    source = selectors.get_edition_by_id(actor, source_id)
    if source.pk == edition.pk or source.series.organiser_id != edition.series.organiser_id:
        raise EditionElsewhere
    _check_deadline(edition, expires_at)
    known = Reconfirmation.objects.filter(edition=edition)
    here = Exhibitor.objects.filter(edition=edition).values("organisation")
    firms = Exhibitor.objects.filter(edition=source, state=ExhibitorState.APPROVED)
    new = firms.exclude(organisation__in=here).exclude(
        organisation__in=known.values("previous__organisation")
    )
    asked = Reconfirmation.objects.bulk_create(
        Reconfirmation(previous=row, edition=edition, expires_at=expires_at)
        for row in new.order_by("pk")
    )
    if also_lapsed:
        lapsed = known.filter(state__in=LAPSED, previous__edition=source)
        lapsed = lapsed.exclude(previous__organisation__in=here).select_related("previous")
        for row in lapsed.select_for_update(of=("self",)).order_by("pk"):
            asked.append(_once_more(row, expires_at))
    for row in asked:
        publish(ReconfirmationAsked(row.previous.organisation_id, row.pk))
    if asked:
        audit.record(actor, "again.asked", edition, source=source.pk, count=len(asked))
    return len(asked)


def _open_for_requests(actor: Actor, edition_id: int) -> Edition:
    edition = selectors.lock_edition(actor, edition_id)
    if edition.state == EditionState.CLOSED or edition.closes_at <= clock.now():
        raise EditionNotOpen
    return edition


def _check_deadline(edition: Edition, expires_at: dt.datetime) -> None:
    if not clock.now() < expires_at <= edition.closes_at:
        raise DeadlineOutside


def _once_more(row: Reconfirmation, expires_at: dt.datetime) -> Reconfirmation:
    row.state = RECONFIRMATION.after(row.state, "ask")
    row.asked_at, row.expires_at = clock.now(), expires_at
    row.reminded_at = row.answered_at = None
    row.save()
    return row


@service
def ask_once_more(actor: Actor, edition_id: int, request_id: int) -> Reconfirmation:
    """Ask one firm that declined or let it lapse again, with as much time as the first time.

    Raises NotFound, Forbidden, EditionNotOpen, Conflict.
    """
    edition = _open_for_requests(actor, edition_id)
    row = selectors.lock_request_to(edition, request_id)
    until = min(clock.now() + (row.expires_at - row.asked_at), edition.closes_at)
    _once_more(row, until)
    audit.record(actor, "again.asked", edition, request=row.pk, count=1)
    publish(ReconfirmationAsked(row.previous.organisation_id, row.pk))
    return row


@service
def confirm_again(actor: Actor, request_id: int) -> Exhibitor:
    """Come again; returns the exhibitor in the new edition. A repetition changes nothing.

    A firm that applied there by itself in the meantime keeps what it has written.
    Raises NotFound, Forbidden, RequestExpired, Conflict, EditionNotOpen, AlreadyApplied.
    """
    row = selectors.lock_request(actor, request_id)
    edition, previous = row.edition, row.previous
    here = Exhibitor.objects.filter(edition=edition, organisation=previous.organisation_id).first()
    if row.state == ReconfirmationState.CONFIRMED and here is not None:
        return here
    _answer(row, "confirm")
    exhibitor = here or _move_in(actor, previous, edition)
    audit.record(actor, "again.confirmed", exhibitor, previous=previous.pk)
    publish(ReconfirmationConfirmed(previous.organisation_id, row.pk, exhibitor.pk))
    return exhibitor


def _answer(row: Reconfirmation, action: str) -> None:
    now = clock.now()
    asked = row.state == ReconfirmationState.ASKED
    if row.state == ReconfirmationState.EXPIRED or (asked and row.expires_at <= now):
        raise RequestExpired
    if row.edition.state == EditionState.CLOSED:
        raise EditionNotOpen
    row.state, row.answered_at = RECONFIRMATION.after(row.state, action), now
    row.save(update_fields=["state", "answered_at"])


def _move_in(actor: Actor, previous: Exhibitor, edition: Edition) -> Exhibitor:
    tiers = Tier.objects.filter(edition=edition).order_by("rank", "pk")
    same = tiers.filter(slug=previous.tier.slug).first()
    approved = same is not None and previous.state == ExhibitorState.APPROVED
    now = clock.now()
    new = Exhibitor(
        edition=edition,
        organisation_id=previous.organisation_id,
        tier=same or tiers[0],
        state=ExhibitorState.APPROVED if approved else ExhibitorState.SUBMITTED,
        contact_id=actor.pk,
        wished_hall=_same_hall(previous, edition),
        submitted_at=now,
        decided_at=now if approved else None,
        **{name: getattr(previous, name) for name in CARRIED},
    )
    _cut_to_tier(new)
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError:  # the firm applied by itself at this very moment
        raise AlreadyApplied from None
    _carry_people(previous, new)
    for carry in _CARRIERS.values():
        carry(previous, new)
    new.refresh_from_db(fields=["exhibit_count", "complete", "version"])
    refresh(new)
    told = ExhibitorApproved if approved else ExhibitorSubmitted
    publish(told(new.organisation_id, new.pk))
    publish(BoothChanged(new.organisation_id, new.pk))
    return new


def _same_hall(previous: Exhibitor, edition: Edition) -> Hall | None:
    stood = previous.booth.hall if previous.booth else previous.wished_hall
    return Hall.objects.filter(edition=edition, slug=stood.slug).first() if stood else None


def _cut_to_tier(new: Exhibitor) -> None:
    """Files that still exist, as many and of such kinds as the tier includes."""
    wanted = [*new.media_ids, *new.document_ids, new.banner_asset_id, new.video_asset_id]
    files = media.assets([pk for pk in wanted if pk])
    usable = {pk for pk, file in files.items() if file.state != AssetState.REFUSED}
    new.media_ids = [pk for pk in new.media_ids if pk in usable]
    new.document_ids = [pk for pk in new.document_ids if pk in usable]
    if new.banner_asset_id not in usable:
        new.banner_asset_id = None
    if new.video_asset_id not in usable:
        new.video_asset_id = None
    new.media_ids, new.document_ids, new.video_asset_id = selectors.entitled_media(new)


def _carry_people(previous: Exhibitor, new: Exhibitor) -> None:
    members = set(parties.member_ids(new.organisation_id))
    staff = [row for row in selectors.staff_of(previous) if row.person_id in members]
    BoothStaff.objects.bulk_create(
        BoothStaff(
            exhibitor=new,
            person_id=row.person_id,
            answers=row.answers,
            shown=row.shown,
            order=order,
        )
        for order, row in enumerate(staff[: new.tier.max_staff])
    )
    NextStep.objects.bulk_create(
        NextStep(
            exhibitor=new,
            kind=row.kind,
            label=row.label,
            label_en=row.label_en,
            url=row.url,
            order=row.order,
        )
        for row in selectors.steps_of(previous)
    )


@service
def decline_again(actor: Actor, request_id: int) -> Reconfirmation:
    """Not this time. Raises NotFound, Forbidden, RequestExpired, Conflict, EditionNotOpen."""
    row = selectors.lock_request(actor, request_id)
    _answer(row, "decline")
    audit.record(actor, "again.declined", row)
    publish(ReconfirmationDeclined(row.previous.organisation_id, row.pk))
    return row


def _take(rows: QuerySet[Reconfirmation]) -> list[Reconfirmation]:
    rows = rows.filter(state=ReconfirmationState.ASKED).select_related("previous")
    return list(
        rows.order_by("expires_at", "pk").select_for_update(of=("self",), skip_locked=True)[:BATCH]
    )


def _length(value: Any) -> Any:
    return ExpressionWrapper(value, output_field=DurationField())


@service
def remind_requests(now: dt.datetime) -> int:
    """Remind firms whose half time is over, once; returns how many."""
    rows = Reconfirmation.objects.filter(reminded_at=None, expires_at__gt=now)
    gone, left = _length(Value(now) - F("asked_at")), _length(F("expires_at") - Value(now))
    due = _take(rows.alias(gone=gone, left=left).filter(gone__gte=F("left")))
    for row in due:
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        publish(ReconfirmationReminded(row.previous.organisation_id, row.pk))
    return len(due)


@service
def expire_requests(now: dt.datetime) -> int:
    """End requests that nobody answered in time; returns how many."""
    due = _take(Reconfirmation.objects.filter(expires_at__lte=now))
    for row in due:
        _expire(SYSTEM, row)
    return len(due)


def end_requests(actor: Actor, edition: Edition) -> int:
    """End all that are open to an edition that is being closed; within the caller's service."""
    rows = Reconfirmation.objects.filter(edition=edition, state=ReconfirmationState.ASKED)
    open_ = list(rows.select_related("previous").select_for_update(of=("self",)).order_by("pk"))
    for row in open_:
        _expire(actor, row)
    return len(open_)


def _expire(actor: Actor, row: Reconfirmation) -> None:
    row.state = RECONFIRMATION.after(row.state, "expire")
    row.save(update_fields=["state"])
    audit.record(actor, "again.expired", row)
    publish(ReconfirmationExpired(row.previous.organisation_id, row.pk))
