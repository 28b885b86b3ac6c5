"""The base of /api/v1: who asks, with which scopes; errors, pages, repetition everywhere alike.

A module's `api.py` makes a `ninja.Router`; `config/api.py` mounts them. Tokens belong to a module
above this one, which registers how a token becomes a person (`register_token_reader`).
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Schema
from ninja.security import APIKeyCookie, HttpBearer

from haishi.foundation import once, web
from haishi.foundation.errors import DomainError, Forbidden, Invalid
from haishi.foundation.types import Actor

T = TypeVar("T")
SCOPES: dict[str, Any] = {}
TokenReader = Callable[[str], tuple[Actor, frozenset[str]] | None]
_readers: list[TokenReader] = []


class ScopeMissing(Forbidden):
    message = _("这个令牌没有所需的权限：%(scope)s")


def register_scope(name: str, meaning: Any) -> str:
    """Declare a scope such as `expo:read`, with words for the token page."""
    SCOPES[name] = meaning
    return name


def register_token_reader(reader: TokenReader) -> None:
    """Teach the API how a bearer token becomes (person, scopes)."""
    _readers.append(reader)


class TokenAuth(HttpBearer):
    """`Authorization: Bearer hsk_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        for reader in _readers:
            found = reader(token)
            if found is not None:
                request.user, request.scopes = found  # type: ignore[attr-defined,assignment]
                return found[0]
        return None


class SessionAuth(APIKeyCookie):
    """The browser's own session, with its CSRF token; has every scope of the person."""

    param_name = "sessionid"

    def __init__(self) -> None:
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user if request.user.is_authenticated else None


AUTH: list[Any] = [TokenAuth(), SessionAuth()]


def actor(request: HttpRequest, scope: str = "") -> Actor:
    """Who asks; `scope` must be among a token's. Raises ScopeMissing."""
    scopes = getattr(request, "scopes", None)
    if scope and scopes is not None and scope not in scopes:
        raise ScopeMissing(scope=scope)
    return request.user


class Page(Schema, Generic[T]):
    """A page of a list. `next` is the cursor of the following page, null on the last."""

    items: list[T]
    next: str | None


def paginate(rows: QuerySet[Any], cursor: str, limit: int) -> tuple[list[Any], str | None]:
    """Keyset pages by descending id: stable while rows are added. Raises Invalid."""
    if cursor:
        if not cursor.isdigit() or len(cursor) > 18:
            raise Invalid(_("无效的分页游标。"), field="cursor")
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows.order_by("-pk")[: limit + 1])
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else None


def repeatable(request: HttpRequest, asked: Any, action: Callable[[], Any]) -> Any:
    """Do `action` once per `Idempotency-Key` of this person. `action` answers with plain JSON."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return action()
    if len(key) > 80:
        raise Invalid(_("Idempotency-Key 过长。"))
    scope = f"api:{request.user.pk}:{request.method}:{request.path}"
    mark = once.fingerprint([scope, asked])
    return once.run(once.fingerprint(scope)[:40], key, action, mark)[0]


def install(api: NinjaAPI) -> None:
    """Answer DomainErrors as `{"error", "message", "field"}` with the house's status codes."""

    @api.exception_handler(DomainError)
    def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
        content = {"error": type(error).__name__, "message": str(error), "field": error.field}
        return api.create_response(request, content, status=web.status_of(error))
