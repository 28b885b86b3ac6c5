"""Facts on their way to endpoints: signed, tried for three days, logged, replayed.

Signatures follow Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over
`webhook-id.webhook-timestamp.body`, one per secret that is valid at the moment.
"""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop
from standardwebhooks import Webhook

from haishi.foundation import audit, clock
from haishi.foundation.events import Event
from haishi.foundation.limits import limit
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.notices import selectors
from haishi.notices.errors import EndpointNotActive
from haishi.notices.models import Attempt, Dispatch, Endpoint, Message
from haishi.notices.sealed import unseal
from haishi.notices.services.endpoints import disable
from haishi.notices.services.telling import tell
from haishi.notices.states import DispatchState, EndpointState
from haishi.parties import selectors as parties

PING = "notices.Ping"
KIND = "webhooks"
GONE, FAILING = "gone", "failing"
LEASE = dt.timedelta(seconds=60)
PATIENCE = dt.timedelta(days=3)
# Seconds between tries: together just under three days; each varies by a tenth either way, so
# that a receiver coming back is not met by everything at once.
PAUSES = (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 57_600, 86_400)


@dataclass(frozen=True)
class Envelope:
    """One signed request, ready to be sent."""

    dispatch_id: int
    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What came of a try: a status with an excerpt of the answer, or an error. `ms`: it took.

    `retry_after`: the seconds the other side asked us to wait, if it did.
    """

    status: int | None
    ms: int
    excerpt: str = ""
    error: str = ""
    retry_after: int | None = None

    @property
    def delivered(self) -> bool:
        """Any 2xx; everything else, redirects included, is a failure."""
        return self.status is not None and 200 <= self.status < 300


def pause(tries: int, uid: str) -> dt.timedelta | None:
    """How long message `uid` waits after `tries` failures; None when that was the last.

    The variation is drawn from the message's own id, so that a schedule can be foretold.
    """
    if tries > len(PAUSES):
        return None
    roll = int.from_bytes(hashlib.sha256(f"{uid}:{tries}".encode()).digest()[:4]) / 2**32
    return dt.timedelta(seconds=PAUSES[tries - 1] * (0.9 + 0.2 * roll))


@service
def forward(event: Event) -> None:
    """Queue a public fact for the endpoints of each organisation that it concerns."""
    concerned = _concerned(event)
    if not event.is_public() or not concerned:
        return
    label = event.label()
    wanted = Endpoint.objects.filter(
        Q(labels__contains=["*"]) | Q(labels__contains=[label]), organisation__in=concerned
    )
    rows: dict[int, list[Endpoint]] = {}
    for row in wanted.order_by("pk"):
        rows.setdefault(row.organisation_id, []).append(row)
    for organisation_id, endpoints in rows.items():
        message = _message(organisation_id, label, _ids(event))
        _queue(message, [row for row in endpoints if row.state == EndpointState.ACTIVE])


def _concerned(event: Event) -> list[int]:
    """Ids of `organisation_ids`, or of the one `organisation_id`."""
    many = getattr(event, "organisation_ids", None)
    if many is not None:
        return list(many)
    one = getattr(event, "organisation_id", None)
    return [] if one is None else [one]


def _ids(event: Event) -> dict[str, Any]:
    """Ids and yes or no: texts are read through the API, with the reader's permissions."""
    return {
        name: value
        for name, value in asdict(event).items()
        if isinstance(value, bool) or name.endswith(("_id", "_ids"))
    }


def _message(organisation_id: int, label: str, facts: dict[str, Any]) -> Message:
    now = clock.now()
    content = {
        "type": label,
        "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": facts,
    }
    return Message.objects.create(
        uid=f"msg_{secrets.token_hex(12)}",
        organisation_id=organisation_id,
        label=label,
        content=content,
        created_at=now,
    )


def _queue(message: Message, endpoints: Collection[Endpoint]) -> None:
    now = clock.now()
    Dispatch.objects.bulk_create(
        [Dispatch(endpoint=row, message=message, next_try_at=now) for row in endpoints]
    )


def signed(endpoint: Endpoint, message: Message, now: dt.datetime) -> tuple[bytes, dict[str, str]]:
    """(body, headers) of a message as it is sent at `now`."""
    body = json.dumps(message.content, separators=(",", ":"), ensure_ascii=False)
    keys = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_secret_until and now < endpoint.old_secret_until:
        keys.append(endpoint.old_secret)
    marks = [Webhook(unseal(key)).sign(message.uid, now, body) for key in keys]
    return body.encode(), {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": message.uid,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(marks),
    }


@service
def claim_dispatches(now: dt.datetime, count: int = 32, each: int = 4) -> list[Envelope]:
    """Signed requests that are due, leased; at most `each` for one endpoint."""
    ids = selectors.due_fairly(now, count, each)
    rows = (
        Dispatch.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("endpoint", "message")
        .filter(pk__in=ids, state=DispatchState.WAITING, next_try_at__lte=now)
        .order_by("next_try_at", "pk")
    )
    ready = [
        Envelope(row.pk, row.endpoint.url, *signed(row.endpoint, row.message, now)) for row in rows
    ]
    claimed = Dispatch.objects.filter(pk__in=[envelope.dispatch_id for envelope in ready])
    claimed.update(next_try_at=now + LEASE)
    return ready


@service
def record_attempt(dispatch_id: int, outcome: Outcome, now: dt.datetime) -> None:
    """Log a try and decide what follows: done, another try, or the end of the endpoint."""
    row = Dispatch.objects.select_for_update().filter(pk=dispatch_id).first()
    if row is None:
        return  # the endpoint was removed while we were calling
    endpoint = Endpoint.objects.select_for_update().get(pk=row.endpoint_id)
    Attempt.objects.create(
        dispatch=row, at=now, status=outcome.status, ms=outcome.ms,
        excerpt=outcome.excerpt[:500], error=outcome.error[:200],
    )  # fmt: skip
    row.tries += 1
    if outcome.delivered:
        row.state = DispatchState.DELIVERED
        endpoint.failing_since = None
    else:
        endpoint.failing_since = endpoint.failing_since or now
        _put_off(row, now)
    row.save(update_fields=["state", "tries", "next_try_at"])
    endpoint.save(update_fields=["failing_since"])
    _judge(endpoint, row, outcome, now)


def _put_off(row: Dispatch, now: dt.datetime) -> None:
    wait = pause(row.tries, row.message.uid)
    if wait is None:
        row.state = DispatchState.FAILED
    else:
        row.next_try_at = now + wait


def _judge(endpoint: Endpoint, row: Dispatch, outcome: Outcome, now: dt.datetime) -> None:
    since = endpoint.failing_since
    if endpoint.state != EndpointState.ACTIVE or since is None:
        return
    if outcome.status == 410:
        _give_up(endpoint, GONE)
    elif row.state == DispatchState.FAILED or now - since >= PATIENCE:
        _give_up(endpoint, FAILING)


def _give_up(endpoint: Endpoint, reason: str) -> None:
    disable(endpoint, reason)
    audit.record(SYSTEM, "endpoint.disabled", endpoint, reason=reason)
    body = (
        gettext_noop("%(url)s 答复说它不再存在，我们已停止向它发送。")
        if reason == GONE
        else gettext_noop("%(url)s 连续三天无法送达，我们已停止向它发送。修复后可恢复并重发。")
    )
    slug = endpoint.organisation.slug
    tell(
        parties.member_ids(endpoint.organisation_id, managing=True),
        KIND,
        gettext_noop("事件推送已停用"),
        body,
        reverse("notices:endpoint", args=[slug, endpoint.pk]),
        values={"url": endpoint.url},
        important=True,
    )


@service
def ping(actor: Actor, endpoint_id: int) -> Dispatch:
    """Send a harmless test fact. Raises NotFound, EndpointNotActive, TooMany."""
    row = selectors.lock_endpoint(actor, endpoint_id)
    limit(f"webhook-ping:{row.pk}", 10, 60)
    if row.state != EndpointState.ACTIVE:
        raise EndpointNotActive
    message = _message(row.organisation_id, PING, {"endpoint_id": row.pk})
    return Dispatch.objects.create(endpoint=row, message=message, next_try_at=clock.now())


@service
def replay(actor: Actor, dispatch_id: int) -> Dispatch:
    """Send one fact again, with its old id. Raises NotFound, EndpointNotActive."""
    row = selectors.get_dispatch(actor, dispatch_id)
    endpoint = selectors.lock_endpoint(actor, row.endpoint_id)
    if endpoint.state != EndpointState.ACTIVE:
        raise EndpointNotActive
    row.state, row.tries, row.next_try_at = DispatchState.WAITING, 0, clock.now()
    row.save(update_fields=["state", "tries", "next_try_at"])
    audit.record(actor, "endpoint.replayed", endpoint, message=row.message.uid)
    return row


@service
def replay_since(actor: Actor, endpoint_id: int, since: dt.datetime) -> int:
    """Send again every fact since then that the endpoint takes, also those it slept through.

    Returns how many. Raises NotFound, EndpointNotActive.
    """
    endpoint = selectors.lock_endpoint(actor, endpoint_id)
    if endpoint.state != EndpointState.ACTIVE:
        raise EndpointNotActive
    rows = Message.objects.filter(
        organisation_id=endpoint.organisation_id, created_at__gte=since
    ).exclude(label=PING)
    if not endpoint.takes_everything:
        rows = rows.filter(label__in=endpoint.labels)
    now = clock.now()
    found = rows.order_by("pk")
    again = [Dispatch(endpoint=endpoint, message=row, next_try_at=now) for row in found]
    Dispatch.objects.bulk_create(
        again,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["endpoint", "message"],
        update_fields=["state", "tries", "next_try_at"],
    )
    audit.record(actor, "endpoint.replayed", endpoint, since=since.isoformat(), count=len(again))
    return len(again)
