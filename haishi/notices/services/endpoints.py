"""Webhook endpoints of an organisation: made, edited, paused, given a new secret, removed."""

import base64
import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from haishi.foundation import audit, clock
from haishi.foundation.errors import Invalid
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.notices import outgoing, selectors
from haishi.notices.errors import EndpointTaken, TooManyEndpoints
from haishi.notices.models import Endpoint
from haishi.notices.sealed import seal
from haishi.notices.states import ENDPOINT, DispatchState, EndpointState
from haishi.parties import selectors as parties

ENDPOINTS_EACH = 20
OVERLAP = dt.timedelta(hours=24)


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64 (Standard Webhooks)."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


@service
def add_endpoint(
    actor: Actor, organisation_id: int, url: str, labels: Sequence[str], description: str = ""
) -> tuple[Endpoint, str]:
    """Register an address; returns it with its secret, which is shown this once.

    Raises NotFound, Forbidden, TargetRefused, Invalid, TooManyEndpoints, EndpointTaken.
    """
    organisation = parties.lock_managed(actor, organisation_id)
    outgoing.check_form(url)
    wanted = _labels(labels)
    if selectors.endpoints(actor, organisation_id).count() >= ENDPOINTS_EACH:
        raise TooManyEndpoints
    secret = new_secret()
    try:
        with transaction.atomic():
            row = Endpoint.objects.create(
                organisation=organisation,
                url=url,
                labels=wanted,
                description=description,
                secret=seal(secret),
                created_by_id=actor.pk,
            )
    except IntegrityError:
        raise EndpointTaken from None
    audit.record(actor, "endpoint.added", row, url=url, labels=wanted)
    return row, secret


@service
def edit_endpoint(
    actor: Actor, endpoint_id: int, url: str, labels: Sequence[str], description: str = ""
) -> Endpoint:
    """Change it. Raises NotFound, TargetRefused, Invalid, EndpointTaken."""
    row = selectors.lock_endpoint(actor, endpoint_id)
    outgoing.check_form(url)
    row.url, row.labels, row.description = url, _labels(labels), description[:80]
    try:
        with transaction.atomic():
            row.save(update_fields=["url", "labels", "description"])
    except IntegrityError:
        raise EndpointTaken from None
    audit.record(actor, "endpoint.edited", row, url=url, labels=row.labels)
    return row


def _labels(labels: Sequence[str]) -> list[str]:
    if "*" in labels:
        return ["*"]
    if not labels:
        raise Invalid(_("请至少选择一种事件。"), field="labels")
    if unknown := set(labels) - set(selectors.public_labels()):
        raise Invalid(_("没有这种事件：%(label)s"), field="labels", label=min(unknown))
    return sorted(set(labels))


@service
def change_state(actor: Actor, endpoint_id: int, action: str) -> Endpoint:
    """Pause or resume. What happens meanwhile is kept for a replay. Raises NotFound, Conflict."""
    row = selectors.lock_endpoint(actor, endpoint_id)
    row.state = ENDPOINT.after(row.state, action)
    if row.state == EndpointState.ACTIVE:
        row.reason, row.failing_since = "", None
    row.save(update_fields=["state", "reason", "failing_since"])
    audit.record(actor, f"endpoint.{action}", row)
    return row


@service
def patch_endpoint(actor: Actor, endpoint_id: int, changes: Mapping[str, Any]) -> Endpoint:
    """Change what `changes` names: url, labels, description, state ("active" or "paused").

    Raises NotFound, TargetRefused, Invalid, EndpointTaken, Conflict; then nothing has changed.
    """
    row = selectors.lock_endpoint(actor, endpoint_id)
    texts = {name: changes[name] for name in ("url", "labels", "description") if name in changes}
    if texts:
        kept = {"url": row.url, "labels": row.labels, "description": row.description}
        row = edit_endpoint(actor, endpoint_id, **{**kept, **texts})
    state = changes.get("state", row.state)
    if state == row.state:
        return row
    steps = {EndpointState.ACTIVE: "resume", EndpointState.PAUSED: "pause"}
    if state not in steps:
        raise Invalid(_("状态只能是 active 或 paused。"), field="state")
    return change_state(actor, endpoint_id, steps[state])


@service
def rotate_secret(actor: Actor, endpoint_id: int) -> tuple[Endpoint, str]:
    """A new secret, shown this once; the old one signs along for 24 hours. Raises NotFound."""
    row = selectors.lock_endpoint(actor, endpoint_id)
    secret = new_secret()
    row.old_secret, row.secret = row.secret, seal(secret)
    row.old_secret_until = clock.now() + OVERLAP
    row.save(update_fields=["secret", "old_secret", "old_secret_until"])
    audit.record(actor, "endpoint.rotated", row)
    return row, secret


@service
def remove_endpoint(actor: Actor, endpoint_id: int) -> None:
    """Delete an endpoint with its delivery log. Raises NotFound."""
    row = selectors.lock_endpoint(actor, endpoint_id)
    audit.record(actor, "endpoint.removed", row, url=row.url)
    row.delete()


def disable(row: Endpoint, reason: str) -> None:
    """Stop calling an endpoint that is gone or has failed for days; what waited is cancelled."""
    row.state, row.reason = ENDPOINT.after(row.state, "disable"), reason
    row.save(update_fields=["state", "reason"])
    row.dispatches.filter(state=DispatchState.WAITING).update(state=DispatchState.CANCELLED)
