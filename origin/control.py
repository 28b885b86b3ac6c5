"""Orders of the house: HTTP under /control/, every request signed (`wire.signing`).

    GET    /control/sessions                        {"sessions": [Status, …]}
    PUT    /control/sessions/{id}       Session     Status; arming twice is arming once
    GET    /control/sessions/{id}                   Status
    DELETE /control/sessions/{id}                   204; its recordings stay
    POST   /control/sessions/{id}/cut   {"camera": 2}          0: the slate
    POST   /control/sessions/{id}/kick  {"camera": 2}
    POST   /control/sessions/{id}/targets/{target}  {"wanted": true}
    POST   /control/sessions/{id}/end
    GET    /control/recordings/{id}                 [{"name", "started_at", "seconds", "growing"}]
    DELETE /control/recordings/{id}                 204

Orders answer with the Status. Refusals are {"error": code}: 400 `unreadable`, 401 `signature`,
404 `session`, `camera`, `target`, `recording`, 409 `over`, `not_live`, `recording`, 422 `session`.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from origin.director import NotLive, UnknownCamera
from origin.lives import Lives
from origin.metrics import Metrics
from origin.recorder import Archive, Busy
from origin.sessions import Live, Over, Unknown
from wire.live import Session
from wire.signing import BadSignature, check

_SESSION = re.compile(
    r"/control/sessions(?:/(?P<id>[\w-]{1,64})(?:/(?P<verb>cut|kick|end|targets)"
    r"(?:/(?P<target>[\w-]{1,64}))?)?)?",
    re.ASCII,
)
_RECORDINGS = re.compile(r"/control/recordings/([\w-]{1,64})", re.ASCII)
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
MOST_TITLE, MOST_TARGETS, MOST_DELAY, MOST_GRACE = 300, 16, 120.0, 600.0
_session = msgspec.json.Decoder(Session)
_encode = msgspec.json.Encoder().encode


class _Camera(msgspec.Struct):
    camera: int


class _Wanted(msgspec.Struct):
    wanted: bool


class Control:
    """`now`: seconds since 1970, for signatures."""

    def __init__(
        self,
        key: bytes,
        lives: Lives,
        archive: Archive,
        metrics: Metrics,
        now: Callable[[], float],
    ) -> None:
        self._key, self._lives, self._archive = key, lives, archive
        self._metrics, self._now = metrics, now

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """One request under /control/."""
        body = await request.read()
        try:
            check(self._key, request.method, request.path_qs, body, request.headers, self._now())
        except BadSignature as error:
            self._metrics.count("control_refused", code=str(error))
            return _refusal(401, "signature")
        try:
            return self._obey(request.method, request.path, body)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return _refusal(400, "unreadable")
        except (Unknown, UnknownCamera) as error:
            code = error.args[0] if isinstance(error, Unknown) else "camera"
            return _refusal(404, str(code))
        except ValueError as error:
            return _refusal(422, "session", str(error))
        except Over:
            return _refusal(409, "over")
        except NotLive:
            return _refusal(409, "not_live")
        except Busy:
            return _refusal(409, "recording")

    def _obey(self, method: str, path: str, body: bytes) -> web.Response:
        if found := _RECORDINGS.fullmatch(path):
            return self._recordings(method, found[1])
        found = _SESSION.fullmatch(path)
        if found is None:
            return _refusal(404, "unknown")
        name, verb = found["id"], found["verb"]
        if name is None:
            if method != "GET":
                return _refusal(405, "method")
            return _answer({"sessions": [live.status() for live in self._lives.all()]})
        if verb is not None:
            if method != "POST":
                return _refusal(405, "method")
            return self._order(name, verb, found["target"], body)
        return self._session(method, name, body)

    def _session(self, method: str, name: str, body: bytes) -> web.Response:
        if method == "PUT":
            session = _session.decode(body)
            validate(session, name)
            return _answer(self._lives.arm(session).status())
        if method == "GET":
            return _answer(self._lives.get(name).status())
        if method == "DELETE":
            self._lives.disarm(name)
            return web.Response(status=204)
        return _refusal(405, "method")

    def _order(self, name: str, verb: str, target: str | None, body: bytes) -> web.Response:
        live: Live = self._lives.get(name)
        if (verb == "targets") != (target is not None):
            return _refusal(404, "unknown")
        if verb == "cut":
            live.cut(msgspec.json.decode(body, type=_Camera).camera)
            self._lives.keep()
        elif verb == "kick":
            live.kick(msgspec.json.decode(body, type=_Camera).camera)
        elif target is not None:
            live.aim(target, msgspec.json.decode(body, type=_Wanted).wanted)
            self._lives.keep()
        else:
            self._lives.end(name)
        return _answer(live.status())

    def _recordings(self, method: str, session: str) -> web.Response:
        if method == "GET":
            return _answer([each._asdict() for each in self._archive.files(session)])
        if method != "DELETE":
            return _refusal(405, "method")
        if not self._archive.erase(session):
            return _refusal(404, "recording")
        return web.Response(status=204)


def validate(session: Session, name: str) -> None:
    """What the types do not say. Raises ValueError."""
    if session.id != name:
        raise ValueError("id: not the one of the address")
    if len(session.title) > MOST_TITLE or len(session.slate) > MOST_TITLE:
        raise ValueError("title: too long")
    if len(session.targets) > MOST_TARGETS:
        raise ValueError("targets: too many")
    if len({target.id for target in session.targets}) < len(session.targets):
        raise ValueError("targets: the same id twice")
    if not all(_ID.fullmatch(target.id) for target in session.targets):
        raise ValueError("targets: an id of letters, digits, - and _")
    if not 0 <= session.delay <= MOST_DELAY or not 0 <= session.grace <= MOST_GRACE:
        raise ValueError("delay or grace: out of range")
    if not session.opens_at < session.closes_at:
        raise ValueError("closes_at: before opens_at")


def _answer(content: Any) -> web.Response:
    return web.Response(body=_encode(content), content_type="application/json")


def _refusal(status: int, code: str, detail: str = "") -> web.Response:
    found = {"error": code} | ({"detail": detail} if detail else {})
    return web.Response(
        status=status, body=json.dumps(found).encode(), content_type="application/json"
    )
