"""The addresses of WHIP: POST an offer, DELETE what it made (RFC 9725, 4)."""

import logging
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web

from origin.rtmp.publisher import Rejected
from origin.rtmp.session import words
from origin.whip.host import BadOffer, Host
from origin.whip.settings import Settings

log = logging.getLogger("origin.whip")
MOST_OFFER = 64 << 10
SDP = "application/sdp"
# HTTP's word for each refusal; others are 403.
_STATUS = {"unknown_key": 401, "taken": 409, "too_many": 503, "unreachable": 503}
_OWN_WORDS = {
    "unreachable": "直播源站暂时连不上，请稍后再试 · The origin cannot be reached, try again soon",
    "no_key": "请带上推流密钥 · A stream key is needed: Authorization: Bearer …",
    "offer": "浏览器的连接描述无法使用，需要 H.264 视频 · This offer cannot be answered",
    "type": "请提交 application/sdp · Send application/sdp",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Hosts:
    """Everybody who publishes through this process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._hosts: dict[str, Host] = {}

    def application(self) -> web.Application:
        """The web application."""
        app = web.Application(client_max_size=MOST_OFFER, middlewares=[self._allow])
        app.router.add_post("/whip", self.offer)
        app.router.add_post("/whip/{key}", self.offer)
        app.router.add_delete("/whip/sessions/{id}", self.leave)
        app.router.add_get("/healthz", self.health)
        app.on_shutdown.append(self._shut)
        return app

    async def offer(self, request: web.Request) -> web.Response:
        """Begin to publish with the key that stands in the header or in the path."""
        if request.content_type != SDP:
            return _no(415, "type")
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        key = bearer.strip() if scheme.lower() == "bearer" else request.match_info.get("key", "")
        if not key:
            return _no(401, "no_key")
        if len(self._hosts) >= self.settings.most_hosts:
            return _no(503, "too_many")
        name = secrets.token_urlsafe(16)
        host = Host(
            key, self._address(request), self.settings, lambda _host: self._forget(name)
        )  # fmt: skip
        self._hosts[name] = host
        try:
            answer = await host.begin((await request.read()).decode("utf-8", "replace"))
        except Rejected as rejected:
            return _no(_STATUS.get(rejected.code, 403), rejected.code)
        except BadOffer as error:
            return _no(422, "offer", str(error))
        where = f"/whip/sessions/{name}"
        return web.Response(
            status=201, text=answer, content_type=SDP, headers={"Location": where}
        )  # fmt: skip

    async def leave(self, request: web.Request) -> web.Response:
        """Stop publishing."""
        host = self._hosts.get(request.match_info["id"])
        if host is None:
            return web.Response(status=404)
        await host.end()
        return web.Response(status=200)

    async def health(self, _request: web.Request) -> web.Response:
        """How many publish."""
        return web.json_response({"hosts": len(self._hosts), "most": self.settings.most_hosts})

    def _forget(self, name: str) -> None:
        self._hosts.pop(name, None)

    def _address(self, request: web.Request) -> str:
        """Whose browser it is; a front of ours says for whom it asks."""
        address = request.remote or ""
        said = request.headers.get("X-Forwarded-For", "")
        if said and address in self.settings.proxies:
            return said.rpartition(",")[2].strip()
        return address

    @web.middleware
    async def _allow(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """CORS: the page of the house lives at another address."""
        page = request.headers.get("Origin", "")
        if request.method == "OPTIONS":
            response: web.StreamResponse = web.Response(status=204)
            response.headers["Access-Control-Allow-Methods"] = "POST, DELETE"
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            response.headers["Access-Control-Max-Age"] = "86400"
            response.headers["Accept-Post"] = SDP
        elif page and self.settings.pages and page not in self.settings.pages:
            response = web.Response(status=403)
        else:
            try:
                response = await handler(request)
            except web.HTTPException as refusal:
                response = refusal
        if page and (not self.settings.pages or page in self.settings.pages):
            response.headers["Access-Control-Allow-Origin"] = page
            response.headers["Access-Control-Expose-Headers"] = "Location"
            response.headers["Vary"] = "Origin"
        return response

    async def _shut(self, _app: web.Application) -> None:
        for host in tuple(self._hosts.values()):
            await host.end()


def _no(status: int, code: str, detail: str = "") -> web.Response:
    """A refusal as JSON: its code, and words for a person."""
    said = _OWN_WORDS.get(code) or words(code)
    body = {"code": code, "message": said, "detail": detail}
    response = web.json_response(body, status=status)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response
