"""The drivers against engines that answer over loopback as the real ones do.

Bodies follow mediamtx.org (control API v3, HTTP authentication) and ossrs.io (HTTP API and HTTP
callback, v6).
"""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from haishi.live.engines import Unreachable, Unwilling, default_engine, engine_of
from haishi.live.engines.base import Place, watch_token
from haishi.live.engines.own import control_key
from haishi.live.models import Camera, LiveSession
from haishi.live.tests.factories import LiveFactory, OnAirFactory
from origin.tests.fakes.engines import body
from wire.live import Camera as WireCamera
from wire.live import CameraStatus, Session, Status, hash_key
from wire.signing import check

Answers = dict[tuple[str, str], tuple[int, Any]]


class Engine:
    """Answers what it was told to, and writes down what it was asked."""

    def __init__(self) -> None:
        self.answers: Answers = {}
        self.asked: list[tuple[str, str, bytes, dict[str, str]]] = []
        asked, answers = self.asked, self.answers

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked.append((self.command, self.path, body, dict(self.headers)))
                status, content = answers.get((self.command, self.path), (404, {"error": "none"}))
                sent = b"" if content is None else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            do_GET = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815 - http.server's names

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def calls(self) -> list[str]:
        return [f"{method} {path}" for method, path, _body, _headers in self.asked]


@pytest.fixture
def there(settings: Any) -> Iterator[Engine]:
    """An engine that the house speaks to."""
    made = Engine()
    settings.LIVE_ENGINE_URL = made.url
    yield made
    made.stop()


# The platform's own


def test_orders_to_the_origin_are_signed_and_carry_what_was_agreed(there):
    there.answers[("PUT", "/control/sessions/abc")] = (200, {})
    there.answers[("POST", "/control/sessions/abc/cut")] = (200, None)
    session = Session(
        id="abc", title="开窑", opens_at=1.0, closes_at=2.0,
        cameras=[WireCamera(number=1, label="主", key_hash=hash_key("k"))],
    )  # fmt: skip
    engine_of("own").arm(session)
    engine_of("own").cut("abc", 2)
    (method, path, body, headers), (_m, _p, cut, _h) = there.asked
    check(control_key(), method, path, body, headers)
    assert msgspec.json.decode(body, type=Session) == session
    assert json.loads(cut) == {"camera": 2}


def test_the_origins_status_is_read_whole(there):
    camera = CameraStatus(number=1, state="live", since=1.0, kbps=2100, warnings=["gop_long"])
    status = Status(id="abc", state="live", since=1.0, viewers=7, cameras=[camera])
    there.answers[("GET", "/control/sessions")] = (200, [msgspec.to_builtins(status)])
    assert engine_of("own").status() == [status]
    there.answers[("GET", "/control/sessions")] = (200, [{"id": "abc"}])
    with pytest.raises(Unreachable, match="status"):
        engine_of("own").status()


def test_an_origin_that_does_not_know_the_session_is_disarmed_all_the_same(there):
    engine_of("own").disarm("gone")
    assert there.calls() == ["DELETE /control/sessions/gone"]


def test_refusals_and_failures_are_told_apart(there, settings):
    there.answers[("POST", "/control/sessions/abc/cut")] = (409, {"code": "no_camera"})
    with pytest.raises(Unwilling, match=r"409 .*no_camera"):
        engine_of("own").cut("abc", 2)
    there.answers[("POST", "/control/sessions/abc/cut")] = (503, {})
    with pytest.raises(Unreachable, match="503"):
        engine_of("own").cut("abc", 2)
    settings.LIVE_ENGINE_URL = "http://127.0.0.1:1"
    with pytest.raises(Unreachable, match="ConnectError"):
        engine_of("own").cut("abc", 2)


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("localhost:9600", "http://localhost:9602"),
        ("[::1]:9600", "http://[::1]:9602"),
        ("expo.example", "http://expo.example:9602"),
    ],
)
def test_pictures_are_found_beside_the_pages_unless_set(settings, host, base):
    settings.ORIGIN_URL, settings.ORIGIN_PORT, settings.RTMP_PORT = None, 9602, 9604
    own = engine_of("own")
    best = own.playback("abc", "programme", "T", host)[0]
    assert (best.kind, best.url) == ("ll-hls", f"{base}/live/abc/programme/index.m3u8?w=T")
    server = base.replace("http", "rtmp").replace("9602", "9604/live")
    assert own.ingest(Place("abc", 1), "K", host).server == server
    settings.ORIGIN_URL = "https://expo.example/origin/"
    set_url = own.playback("abc", "1", "T", host)[0].url
    assert set_url == "https://expo.example/origin/live/abc/1/index.m3u8?w=T"


# MediaMTX

PATHS = {
    "itemCount": 2,
    "pageCount": 1,
    "items": [
        {
            "name": "live/abc/2", "confName": "all_others", "ready": True,
            "readyTime": "2026-11-27T20:00:00Z", "tracks": ["H264", "MPEG-4 Audio"],
            "source": {"type": "rtmpConn", "id": "c2"}, "bytesReceived": 1, "bytesSent": 2,
            "readers": [{"type": "hlsMuxer", "id": ""}, {"type": "webRTCSession", "id": "r"}],
        },
        {"name": "elsewhere", "ready": True, "source": None, "readers": []},
    ],
}  # fmt: skip


@pytest.mark.django_db
def test_mediamtx_is_read_kicked_and_has_no_director(there):
    there.answers[("GET", "/v3/paths/list?itemsPerPage=1000")] = (200, PATHS)
    there.answers[("POST", "/v3/rtmpconns/kick/c2")] = (200, None)
    engine = engine_of("mediamtx")
    (status,) = engine.status()
    assert (status.id, status.state, status.viewers, status.source) == ("abc", "live", 2, 2)
    assert [(c.number, c.state, c.protocol, c.audio) for c in status.cameras] == [
        (2, "live", "rtmp", True)
    ]
    engine.kick("abc", 2)
    assert there.calls()[-1] == "POST /v3/rtmpconns/kick/c2"
    engine.cut("abc", 1)
    assert "/live/abc/1/index.m3u8" in engine.playback("abc", "programme", "T", "h")[0].url
    with pytest.raises(Unwilling):
        engine.push("abc", "t", True)


@pytest.fixture
def keyed():
    """A planned session whose camera 1 has the key `secret`."""

    def make(engine):
        session = LiveFactory(engine=engine)
        Camera.objects.filter(session=session).update(key_hash=hash_key("secret"))
        return session

    return make


@pytest.mark.django_db
def test_mediamtx_lets_in_who_has_the_key_and_who_has_a_token(client, settings, keyed):
    settings.LIVE_ENGINE = "mediamtx"
    session = keyed("mediamtx")
    token = watch_token(session.public_id, "v")

    def ask(action, path, query):
        body = {
            "user": "", "password": "", "token": "", "ip": "127.0.0.1", "action": action,
            "path": path, "protocol": "rtmp", "id": "c1", "query": query,
        }  # fmt: skip
        return client.post(
            "/live/engines/mediamtx/auth/", body, content_type="application/json"
        ).status_code

    path = f"live/{session.public_id}/1"
    assert ask("publish", path, "key=secret") == 200
    assert ask("publish", path, "key=wrong") == 401
    assert ask("publish", f"live/{session.public_id}/2", "key=secret") == 401
    assert ask("read", path, f"w={token}") == 200
    assert ask("read", "live/other/1", f"w={token}") == 401
    assert ask("api", "", "") == 401
    LiveSession.objects.update(state="ended", ended_at=session.ends_at)
    assert ask("publish", path, "key=secret") == 401
    settings.LIVE_ENGINE = "own"
    assert ask("read", path, f"w={token}") == 401


# SRS

STREAMS = {
    "code": 0, "server": "vid-1", "service": "s", "pid": "1",
    "streams": [
        {
            "id": "vid-2", "name": "abc_1", "vhost": "vid-3", "app": "live",
            "tcUrl": "rtmp://h/live", "url": "/live/abc_1", "live_ms": 1764273600000, "clients": 4,
            "frames": 250, "send_bytes": 10, "recv_bytes": 20,
            "kbps": {"recv_30s": 2050, "send_30s": 6000},
            "publish": {"active": True, "cid": "c9"},
            "video": {"codec": "H264", "profile": "High", "width": 1280, "height": 720},
            "audio": None,
        }
    ],
}  # fmt: skip


@pytest.mark.django_db
def test_srs_is_read_with_its_measures_and_kicked(there):
    there.answers[("GET", "/api/v1/streams/?count=1000")] = (200, STREAMS)
    there.answers[("DELETE", "/api/v1/clients/c9")] = (200, {"code": 0})
    engine = engine_of("srs")
    (status,) = engine.status()
    assert (status.id, status.state, status.viewers) == ("abc", "live", 3)
    (camera,) = status.cameras
    assert (camera.width, camera.kbps, camera.warnings) == (1280, 2050, ["no_audio"])
    engine.end("abc")
    assert there.calls()[-1] == "DELETE /api/v1/clients/c9"
    there.answers[("GET", "/api/v1/versions")] = (200, {"code": 1018})
    with pytest.raises(Unwilling, match="1018"):
        engine.arm(Session(id="a", title="", cameras=[], opens_at=0, closes_at=1))


@pytest.mark.django_db
def test_srs_hears_zero_for_yes_and_403_for_no(client, settings, keyed):
    settings.LIVE_ENGINE = "srs"
    session = keyed("srs")

    def ask(action, stream, param):
        body = {
            "server_id": "vid-1", "service_id": "s", "action": action, "client_id": "c1",
            "ip": "127.0.0.1", "vhost": "__defaultVhost__", "app": "live", "stream": stream,
            "tcUrl": "rtmp://h/live", "param": param, "stream_id": "vid-2",
        }  # fmt: skip
        answer = client.post("/live/engines/srs/hook/", body, content_type="application/json")
        return answer.status_code, answer.json()["code"]

    stream = f"{session.public_id}_1"
    assert ask("on_publish", stream, "?key=secret") == (200, 0)
    assert ask("on_publish", stream, "?key=old") == (403, 403)
    assert ask("on_play", stream, f"?w={watch_token(session.public_id, 'v')}") == (200, 0)
    assert ask("on_play", stream, "") == (403, 403)
    assert ask("on_unpublish", stream, "") == (200, 0)
    assert ask("on_everything", stream, "") == (403, 403)
    garbage = client.post("/live/engines/srs/hook/", b"{", content_type="application/json")
    assert garbage.status_code == 403


@pytest.mark.django_db
def test_a_session_keeps_the_engine_it_was_made_with(settings):
    settings.LIVE_ENGINE = "srs"
    assert default_engine() == "srs"
    assert OnAirFactory().engine == "own"


# Bodies that the engines' fakes share with whoever else speaks to them


@pytest.mark.django_db
def test_recorded_bodies_of_both_engines_are_read(there):
    there.answers[("GET", "/v3/paths/list?itemsPerPage=1000")] = (200, body("mediamtx-paths-list"))
    (status,) = engine_of("mediamtx").status()
    (camera,) = status.cameras
    assert (status.id, status.viewers, status.source) == ("s1", 1, 1)
    assert (camera.width, camera.height, camera.audio) == (1280, 720, True)
    began = dt.datetime(2026, 11, 27, 12, 0, 0, 123456, dt.UTC)
    assert status.began_at == began.timestamp()
    there.answers[("GET", "/api/v1/streams/?count=1000")] = (200, body("srs-streams"))
    (status,) = engine_of("srs").status()
    assert (status.id, status.viewers, status.cameras[0].kbps) == ("s1", 2, 2100)


@pytest.mark.django_db
@pytest.mark.parametrize("engine", ["mediamtx", "srs"])
def test_the_recorded_question_of_a_publisher_is_answered_by_its_key(client, settings, engine):
    settings.LIVE_ENGINE = engine
    session = LiveFactory(engine=engine, public_id="s1")
    name, path = {
        "mediamtx": ("mediamtx-auth-publish", "/live/engines/mediamtx/auth/"),
        "srs": ("srs-on-publish", "/live/engines/srs/hook/"),
    }[engine]

    def ask() -> int:
        return client.post(path, body(name), content_type="application/json").status_code

    assert ask() in (401, 403)
    key = "3q2m5k7c9v1b4n6x8z0a2s4d6f8g0h1j"
    Camera.objects.filter(session=session).update(key_hash=hash_key(key))
    assert ask() == 200
