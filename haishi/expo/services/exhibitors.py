"""A firm's way into an edition: apply, be returned or approved, be suspended and come back."""

from typing import Any

from django.db import IntegrityError, transaction

from haishi.expo import policies, selectors
from haishi.expo.errors import (
    AlreadyApplied,
    ApplicationIncomplete,
    ApplicationsClosed,
    BoothElsewhere,
    BoothTaken,
    EditionNotOpen,
    ReasonMissing,
    TierElsewhere,
)
from haishi.expo.events import (
    BoothChanged,
    ExhibitorApproved,
    ExhibitorReturned,
    ExhibitorSubmitted,
    ExhibitorSuspended,
)
from haishi.expo.models import Booth, Edition, Exhibitor, Hall, Tier
from haishi.expo.services.booth_pages import refresh
from haishi.expo.states import EXHIBITOR, EditionState, ExhibitorState
from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Forbidden
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

OPEN_TO_CHANGE = (ExhibitorState.DRAFT, ExhibitorState.RETURNED)


@service
def apply(
    actor: Actor,
    edition_id: int,
    organisation_id: int,
    *,
    plan: str = "",
    tier_id: int | None = None,
    wished_hall_id: int | None = None,
) -> Exhibitor:
    """Begin an application as a draft; without a tier, the lowest is wished for.

    Raises NotFound, Forbidden, EditionNotOpen, ApplicationsClosed, AlreadyApplied, TierElsewhere.
    """
    edition = selectors.get_edition_by_id(actor, edition_id)
    if not parties.can_manage(actor, organisation_id):
        raise Forbidden
    _check_applications_open(edition)
    tier = _tier(edition, tier_id)
    try:
        with transaction.atomic():
            exhibitor = Exhibitor.objects.create(
                edition=edition,
                organisation_id=organisation_id,
                tier=tier,
                plan=plan,
                wished_hall=_hall(edition, wished_hall_id),
                contact_id=actor.pk,
            )
    except IntegrityError:
        raise AlreadyApplied from None
    audit.record(actor, "exhibitor.begun", exhibitor, organisation=organisation_id)
    return exhibitor


def _check_applications_open(edition: Edition) -> None:
    if edition.state != EditionState.OPEN:
        raise EditionNotOpen
    now = clock.now()
    if (edition.apply_until and edition.apply_until <= now) or edition.closes_at <= now:
        raise ApplicationsClosed


def _tier(edition: Edition, tier_id: int | None) -> Tier:
    rows = Tier.objects.filter(edition=edition)
    tier = (rows.filter(pk=tier_id) if tier_id else rows.order_by("rank", "pk")).first()
    if tier is None:
        raise TierElsewhere
    return tier


def _hall(edition: Edition, hall_id: int | None) -> Hall | None:
    if hall_id is None:
        return None
    hall = Hall.objects.filter(edition=edition, pk=hall_id).first()
    if hall is None:
        raise BoothElsewhere(field="wished_hall")
    return hall


@service
def edit_application(
    actor: Actor,
    exhibitor_id: int,
    seen: int,
    *,
    plan: str,
    tier_id: int | None = None,
    wished_hall_id: int | None = None,
) -> Exhibitor:
    """Change a draft or returned application. Raises NotFound, Forbidden, Conflict, Stale."""
    exhibitor = selectors.lock_exhibitor(actor, exhibitor_id)
    if exhibitor.state not in OPEN_TO_CHANGE:
        raise Conflict
    edition = exhibitor.edition
    audit.save_edited(
        actor,
        "exhibitor.edited",
        exhibitor,
        seen,
        plan=plan,
        tier_id=_tier(edition, tier_id or exhibitor.tier_id).pk,
        wished_hall_id=getattr(_hall(edition, wished_hall_id), "pk", None),
    )
    return exhibitor


@service
def submit(actor: Actor, exhibitor_id: int) -> Exhibitor:
    """Send the application to the organiser.

    Raises NotFound, Forbidden, Conflict, ApplicationIncomplete, EditionNotOpen and, unless it was
    returned to be corrected, ApplicationsClosed.
    """
    exhibitor = selectors.lock_exhibitor(actor, exhibitor_id)
    returned = exhibitor.state == ExhibitorState.RETURNED
    state = EXHIBITOR.after(exhibitor.state, "submit")
    if exhibitor.edition.state != EditionState.OPEN:
        raise EditionNotOpen
    if not returned:
        _check_applications_open(exhibitor.edition)
    if not exhibitor.plan.strip():
        raise ApplicationIncomplete
    return _move(actor, exhibitor, "submitted", state, submitted_at=clock.now())


def _move(actor: Actor, exhibitor: Exhibitor, verb: str, state: str, **changes: Any) -> Exhibitor:
    """Change the state and `changes`, grow the version, write it down and tell."""
    changes["state"] = state
    for name, value in changes.items():
        setattr(exhibitor, name, value)
    exhibitor.version += 1
    exhibitor.save(update_fields=[*changes, "version", "updated_at"])
    reason = changes.get("reason", "")
    audit.record(actor, f"exhibitor.{verb}", exhibitor, **({"reason": reason} if reason else {}))
    told = TOLD.get(verb)
    if told is not None:
        publish(told(exhibitor.organisation_id, exhibitor.pk))
    return exhibitor


TOLD: dict[str, Any] = {
    "submitted": ExhibitorSubmitted,
    "returned": ExhibitorReturned,
    "approved": ExhibitorApproved,
    "suspended": ExhibitorSuspended,
}


@service
def return_(actor: Actor, exhibitor_id: int, reason: str) -> Exhibitor:
    """Ask the firm for changes. Raises NotFound, Forbidden, Conflict, ReasonMissing."""
    exhibitor = selectors.lock_for_review(actor, exhibitor_id)
    state = EXHIBITOR.after(exhibitor.state, "return")
    return _move(
        actor,
        exhibitor,
        "returned",
        state,
        reason=_reason(reason),
        decided_at=clock.now(),
        decided_by_id=actor.pk,
    )


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonMissing
    return text.strip()[:400]


@service
def approve(
    actor: Actor, exhibitor_id: int, tier_id: int | None = None, booth_id: int | None = None
) -> Exhibitor:
    """Let the firm take part, in a tier (the wished one unless given) and, if known, in a booth.

    Raises NotFound, Forbidden, Conflict, TierElsewhere, BoothElsewhere, BoothTaken.
    """
    exhibitor = selectors.lock_for_review(actor, exhibitor_id)
    state = EXHIBITOR.after(exhibitor.state, "approve")
    tier = _tier(exhibitor.edition, tier_id or exhibitor.tier_id)
    booth = _free_booth(exhibitor, booth_id) if booth_id else exhibitor.booth
    exhibitor = _move(
        actor,
        exhibitor,
        "approved",
        state,
        reason="",
        tier=tier,
        booth=booth,
        decided_at=clock.now(),
        decided_by_id=actor.pk,
    )
    refresh(exhibitor)
    publish(BoothChanged(exhibitor.organisation_id, exhibitor.pk))
    return exhibitor


def _free_booth(exhibitor: Exhibitor, booth_id: int) -> Booth:
    # The row lock makes a second reviewer wait and then see that the booth is taken.
    booth = (
        Booth.objects.select_for_update(of=("self",)).select_related("hall").filter(pk=booth_id)
    ).first()
    if booth is None or booth.hall.edition_id != exhibitor.edition_id:
        raise BoothElsewhere
    if Exhibitor.objects.filter(booth=booth).exclude(pk=exhibitor.pk).exists():
        raise BoothTaken
    return booth


@service
def assign_booth(actor: Actor, exhibitor_id: int, booth_id: int | None) -> Exhibitor:
    """Give an approved firm its place on the floor, or take it back with None.

    Raises NotFound, Forbidden, Conflict, BoothElsewhere, BoothTaken.
    """
    exhibitor = selectors.lock_for_review(actor, exhibitor_id)
    if exhibitor.state not in (ExhibitorState.APPROVED, ExhibitorState.SUSPENDED):
        raise Conflict
    booth = _free_booth(exhibitor, booth_id) if booth_id else None
    if exhibitor.booth_id == (booth.pk if booth else None):
        return exhibitor
    before = exhibitor.booth.code if exhibitor.booth else ""
    exhibitor.booth = booth
    exhibitor.version += 1
    exhibitor.save(update_fields=["booth", "version", "updated_at"])
    code = booth.code if booth else ""
    audit.record(actor, "exhibitor.placed", exhibitor, before=before, after=code)
    refresh(exhibitor)
    publish(BoothChanged(exhibitor.organisation_id, exhibitor.pk))
    return exhibitor


@service
def change_tier(actor: Actor, exhibitor_id: int, tier_id: int) -> Exhibitor:
    """Move the firm to another tier; what the new one does not include is no longer shown.

    Raises NotFound, Forbidden, TierElsewhere.
    """
    exhibitor = selectors.lock_for_review(actor, exhibitor_id)
    tier = _tier(exhibitor.edition, tier_id)
    if tier.pk == exhibitor.tier_id:
        return exhibitor
    before, exhibitor.tier = exhibitor.tier.name, tier
    exhibitor.version += 1
    exhibitor.save(update_fields=["tier", "version", "updated_at"])
    audit.record(actor, "exhibitor.tier_changed", exhibitor, before=before, after=tier.name)
    publish(BoothChanged(exhibitor.organisation_id, exhibitor.pk))
    return exhibitor


@service
def suspend(actor: Actor, exhibitor_id: int, reason: str) -> Exhibitor:
    """Hide a booth until it is reinstated. Raises NotFound, Forbidden, Conflict, ReasonMissing."""
    exhibitor = _lock_for_moderation(actor, exhibitor_id)
    state = EXHIBITOR.after(exhibitor.state, "suspend")
    exhibitor = _move(actor, exhibitor, "suspended", state, reason=_reason(reason))
    publish(BoothChanged(exhibitor.organisation_id, exhibitor.pk))
    return exhibitor


@service
def reinstate(actor: Actor, exhibitor_id: int) -> Exhibitor:
    """Show a suspended booth again. Raises NotFound, Forbidden, Conflict."""
    exhibitor = _lock_for_moderation(actor, exhibitor_id)
    state = EXHIBITOR.after(exhibitor.state, "reinstate")
    exhibitor = _move(actor, exhibitor, "reinstated", state, reason="")
    publish(BoothChanged(exhibitor.organisation_id, exhibitor.pk))
    return exhibitor


def _lock_for_moderation(actor: Actor, exhibitor_id: int) -> Exhibitor:
    exhibitor = selectors.get_exhibitor(actor, exhibitor_id)
    if not policies.can_moderate(actor, exhibitor.edition):
        raise Forbidden
    return selectors.lock_visible_exhibitor(actor, exhibitor_id)
