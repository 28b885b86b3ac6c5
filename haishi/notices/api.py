"""/api/v1/notices: a person's inbox, and an organisation's webhooks."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema, Status
from pydantic import Field

from haishi.foundation.api import Page, actor, paginate, register_scope, repeatable
from haishi.notices import selectors, services
from haishi.parties import selectors as parties

READ = register_scope("notices:read", _("读取我的消息并标为已读"))
WEBHOOKS = register_scope("webhooks:write", _("管理单位的事件推送"))

router = Router(tags=["notices"])
Limit = Annotated[int, Field(ge=1, le=100)]


class NoticeOut(Schema):
    """One notice, in the language asked for with Accept-Language."""

    id: int
    kind: str
    subject: str
    body: str
    url: str
    repeats: int
    created_at: dt.datetime
    read_at: dt.datetime | None


class EndpointIn(Schema):
    """An address and the labels of the facts it takes; ["*"] for all."""

    url: str
    labels: list[str]
    description: str = ""


class EndpointNew(EndpointIn):
    """`organisation` is a slug."""

    organisation: str


class EndpointChange(Schema):
    """What to change; `state` is "active" or "paused"."""

    url: str | None = None
    labels: list[str] | None = None
    description: str | None = None
    state: str | None = None


class EndpointOut(Schema):
    """An endpoint without its secret."""

    id: int
    url: str
    labels: list[str]
    description: str
    state: str
    reason: str
    created_at: dt.datetime


class EndpointWithSecret(EndpointOut):
    """The secret is in this answer and never again."""

    secret: str


class AttemptOut(Schema):
    """One try."""

    at: dt.datetime
    status: int | None
    ms: int
    excerpt: str
    error: str


class DeliveryOut(Schema):
    """One fact on its way to one endpoint."""

    id: int
    webhook_id: str
    type: str
    state: str
    tries: int
    created_at: dt.datetime
    next_try_at: dt.datetime | None
    last: AttemptOut | None


class Since(Schema):
    """From when on."""

    since: dt.datetime


class Count(Schema):
    """How many."""

    count: int


def _notice(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "subject": str(row.title), "body": str(row.text),
        "url": row.url, "repeats": row.repeats, "created_at": row.created_at,
        "read_at": row.read_at,
    }  # fmt: skip


def _endpoint(row: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "url": row.url, "labels": row.labels, "description": row.description,
        "state": row.state, "reason": row.reason, "created_at": row.created_at, **more,
    }  # fmt: skip


def _delivery(row: Any, last: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "webhook_id": row.message.uid, "type": row.message.label, "state": row.state,
        "tries": row.tries, "created_at": row.message.created_at,
        "next_try_at": row.next_try_at if row.state == "waiting" else None, "last": last,
    }  # fmt: skip


@router.get("/", response=Page[NoticeOut], summary="My notices, newest first")
def list_notices(
    request: HttpRequest,
    unread: bool = False,
    kind: str = "",
    cursor: str = "",
    limit: Limit = 30,
) -> Any:
    rows = selectors.inbox(actor(request, READ), unread=unread, kind=kind)
    found, following = paginate(rows, cursor, limit)
    return {"items": [_notice(row) for row in found], "next": following}


@router.get("/unread", response=Count, summary="How many are unread", url_name="notices_unread")
def unread(request: HttpRequest) -> Any:
    return {"count": selectors.unread_count(actor(request, READ))}


@router.post(
    "/read", response=Count, summary="Mark everything as read", url_name="notices_read_all"
)
def read_all(request: HttpRequest, kind: str = "") -> Any:
    return {"count": services.mark_all_read(actor(request, READ), kind)}


@router.post(
    "/{int:notice_id}/read", response=NoticeOut, summary="Mark one as read", url_name="notices_read"
)
def read_one(request: HttpRequest, notice_id: int) -> Any:
    return _notice(services.mark_read(actor(request, READ), notice_id))


@router.get(
    "/events",
    response=list[str],
    summary="Labels of facts that webhooks may carry",
    url_name="webhook_events",
)
def event_labels(request: HttpRequest) -> Any:
    actor(request)
    return selectors.public_labels()


@router.get(
    "/endpoints",
    response=list[EndpointOut],
    summary="Endpoints of an organisation",
    url_name="webhook_endpoints",
)
def list_endpoints(request: HttpRequest, organisation: str) -> Any:
    firm = parties.get_organisation(organisation)
    return [_endpoint(row) for row in selectors.endpoints(actor(request, WEBHOOKS), firm.pk)]


@router.post(
    "/endpoints",
    response=EndpointWithSecret,
    summary="Register an endpoint",
    url_name="webhook_endpoints",
)
def add_endpoint(request: HttpRequest, asked: EndpointNew) -> Any:
    asking = actor(request, WEBHOOKS)
    firm = parties.get_organisation(asked.organisation)
    row, secret = services.add_endpoint(
        asking, firm.pk, asked.url, asked.labels, asked.description[:80]
    )
    return _endpoint(row, secret=secret)


@router.get(
    "/endpoints/{int:endpoint_id}",
    response=EndpointOut,
    summary="One endpoint",
    url_name="webhook_endpoint",
)
def get_endpoint(request: HttpRequest, endpoint_id: int) -> Any:
    return _endpoint(selectors.get_endpoint(actor(request, WEBHOOKS), endpoint_id))


@router.patch(
    "/endpoints/{int:endpoint_id}",
    response=EndpointOut,
    summary="Change an endpoint",
    url_name="webhook_endpoint",
)
def change_endpoint(request: HttpRequest, endpoint_id: int, asked: EndpointChange) -> Any:
    row = services.patch_endpoint(
        actor(request, WEBHOOKS), endpoint_id, asked.dict(exclude_none=True)
    )
    return _endpoint(row)


@router.delete(
    "/endpoints/{int:endpoint_id}",
    response={204: None},
    summary="Remove an endpoint",
    url_name="webhook_endpoint",
)
def remove_endpoint(request: HttpRequest, endpoint_id: int) -> Any:
    services.remove_endpoint(actor(request, WEBHOOKS), endpoint_id)
    return Status(204, None)


@router.post(
    "/endpoints/{int:endpoint_id}/rotate",
    response=EndpointWithSecret,
    summary="New secret; the old one signs along for 24 hours",
    url_name="webhook_rotate",
)
def rotate(request: HttpRequest, endpoint_id: int) -> Any:
    row, secret = services.rotate_secret(actor(request, WEBHOOKS), endpoint_id)
    return _endpoint(row, secret=secret)


@router.post(
    "/endpoints/{int:endpoint_id}/ping",
    response=DeliveryOut,
    summary="Send a test fact",
    url_name="webhook_ping",
)
def ping(request: HttpRequest, endpoint_id: int) -> Any:
    return _delivery(services.ping(actor(request, WEBHOOKS), endpoint_id), None)


@router.post(
    "/endpoints/{int:endpoint_id}/replay",
    response=Count,
    summary="Replay since a time",
    url_name="webhook_replay_since",
)
def replay_since(request: HttpRequest, endpoint_id: int, asked: Since) -> Any:
    asking = actor(request, WEBHOOKS)

    def replay() -> dict[str, int]:
        return {"count": services.replay_since(asking, endpoint_id, asked.since)}

    return repeatable(request, asked.dict(), replay)


@router.get(
    "/endpoints/{int:endpoint_id}/deliveries",
    response=Page[DeliveryOut],
    summary="Delivery log, newest fact first",
    url_name="webhook_deliveries",
)
def deliveries(request: HttpRequest, endpoint_id: int, cursor: str = "", limit: Limit = 30) -> Any:
    endpoint = selectors.get_endpoint(actor(request, WEBHOOKS), endpoint_id)
    found, following = paginate(selectors.dispatches(endpoint), cursor, limit)
    items = [_delivery(row, last) for row, last in selectors.with_last_attempt(found)]
    return {"items": items, "next": following}


@router.get(
    "/deliveries/{int:delivery_id}/attempts",
    response=list[AttemptOut],
    summary="Every try",
    url_name="webhook_attempts",
)
def attempts(request: HttpRequest, delivery_id: int) -> Any:
    return selectors.attempts(selectors.get_dispatch(actor(request, WEBHOOKS), delivery_id))


@router.post(
    "/deliveries/{int:delivery_id}/replay",
    response=DeliveryOut,
    summary="Send it again",
    url_name="webhook_replay",
)
def replay_one(request: HttpRequest, delivery_id: int) -> Any:
    return _delivery(services.replay(actor(request, WEBHOOKS), delivery_id), None)
