"""The whole origin: publishers in, viewers out, orders obeyed, events told, crashes survived."""

import asyncio
import contextlib
import io
import json
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import av
import msgspec
import pytest
from aiohttp import web

from origin.assembly import Origin
from origin.flv import start
from origin.rtmp.publisher import Publisher, Rejected
from origin.settings import read
from origin.slate import clip
from origin.tests.films import messages
from wire.live import Camera, Event, Session, Status, Target, Watcher, hash_key, mint
from wire.signing import check, sign

KEY = bytes(range(32))
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


@pytest.fixture(scope="module")
def slates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plain slate, drawn once for all tests here."""
    folder = tmp_path_factory.mktemp("slates")
    clip("", folder)
    return folder


class Hook:
    """The house's ear: keeps events; answers as `status` says."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.status = 204
        self.asked = 0
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        check(KEY, "POST", request.path_qs, body, request.headers)
        self.asked += 1
        if self.status == 204:
            self.events.append(msgspec.json.decode(body, type=Event))
        return web.Response(status=self.status)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        runner = web.ServerRunner(web.Server(self.handle, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/live/hook?x=1"
        try:
            yield
        finally:
            await runner.cleanup()


class House:
    """What the house does with an origin, over its ports."""

    def __init__(self, http: int, rtmp: int, hook: Hook, client: aiohttp.ClientSession) -> None:
        self.http, self.rtmp, self.hook, self.client = http, rtmp, hook, client

    async def order(
        self, method: str, path: str, content: Any = None, key: bytes = KEY
    ) -> tuple[int, Any]:
        """A signed order: status and JSON."""
        body = b"" if content is None else msgspec.json.encode(content)
        headers = sign(key, method, path, body)
        url = f"http://127.0.0.1:{self.http}{path}"
        async with self.client.request(method, url, data=body or None, headers=headers) as answer:
            text = await answer.read()
            return answer.status, json.loads(text) if text else None

    async def arm(self, **more: Any) -> None:
        status, answer = await self.order("PUT", "/control/sessions/a", session(**more))
        assert status == 200, answer

    async def status(self) -> Status:
        _status, found = await self.order("GET", "/control/sessions/a")
        return msgspec.convert(found, Status)

    async def until(self, condition: Callable[[Status], bool]) -> Status:
        """Ask until it is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition(found := await self.status()):
                await asyncio.sleep(0.02)
        return found

    async def get(self, path: str, session: str = "a") -> tuple[int, bytes]:
        token = mint(KEY, Watcher(session, "v", int(time.time()) + 300))
        url = f"http://127.0.0.1:{self.http}{path}"
        url += ("&" if "?" in path else "?") + f"w={token}"
        async with self.client.get(url) as answer:
            return answer.status, await answer.read()

    async def publish(self, camera: int = 1, seconds: float = 4.0, **film: Any) -> Publisher:
        """Publish a film at once, and leave the line open."""
        publisher = await Publisher.connect("127.0.0.1", self.rtmp, f"key-{camera}")
        for message in messages(seconds, **film):
            publisher.send(*message)
        await publisher.drain()
        return publisher


def session(**more: Any) -> Session:
    """A session of two cameras that is open."""
    now = time.time()
    cameras = [
        Camera(
            number=number, label=str(number), key_hash=hash_key(f"key-{number}"), angle=number == 2
        )
        for number in (1, 2)
    ]
    given: dict[str, Any] = {
        "id": "a", "title": "", "cameras": cameras, "opens_at": now - 10, "closes_at": now + 3600,
    }  # fmt: skip
    return Session(**(given | more))


def environment(folder: Path, hook: str, **more: str) -> dict[str, str]:
    """What an origin of a test is told."""
    return {
        "HAISHI_ORIGIN_FOLDER": str(folder),
        "HAISHI_ORIGIN_PORT": "0",
        "HAISHI_ORIGIN_RTMP_PORT": "0",
        "HAISHI_ORIGIN_WATCH_KEY": KEY.hex(),
        "HAISHI_ORIGIN_CONTROL_KEY": KEY.hex(),
        "HAISHI_ORIGIN_HOOK": hook,
        "HAISHI_ORIGIN_FREE_MB": "0",
        **more,
    }


Story = Callable[[House, Origin], Awaitable[None]]


def at(folder: Path, slates: Path, story: Story, hook: Hook | None = None) -> Hook:
    """Run a story with an origin in this process; returns what the house heard."""
    heard = hook or Hook()
    shutil.copytree(slates, folder / "slates", dirs_exist_ok=True)

    async def whole() -> None:
        async with heard.open(), aiohttp.ClientSession() as client:
            origin = Origin(read(environment(folder, heard.url)))
            await origin.start()
            house = House(origin.http_port, origin.rtmp_port, heard, client)
            try:
                async with asyncio.timeout(60):
                    await story(house, origin)
                    while origin.reports.waiting and heard.status == 204:
                        await asyncio.sleep(0.02)
            finally:
                await origin.stop()

    asyncio.run(whole())
    return heard


def kinds(hook: Hook, camera: int | None = None) -> list[str]:
    """What was told, in order."""
    return [each.kind for each in hook.events if camera is None or each.camera == camera]


def test_a_publisher_goes_live_is_watched_and_recorded(tmp_path: Path, slates: Path) -> None:
    async def story(house: House, _origin: Origin) -> None:
        await house.arm()
        assert (await house.status()).state == "idle"
        assert (await house.get("/live/a/programme/index.m3u8"))[0] in (404, 200)
        publisher = await house.publish()
        found = await house.until(lambda status: status.state == "live")
        assert (found.source, found.cameras[0].state) == (1, "live")
        assert abs(found.began_at - time.time()) < 30
        status, text = await house.get("/live/a/programme/index.m3u8")
        assert status == 200
        assert b"#EXT-X-PART:" in text
        found = await house.until(lambda status: status.recorded_seconds >= 3.7)
        assert found.viewers == 1
        await publisher.close()
        await house.order("POST", "/control/sessions/a/end", {})
        assert (await house.status()).state == "ended"
        _status, text = await house.get("/live/a/programme/plain.m3u8")
        assert text.endswith(b"#EXT-X-ENDLIST\n")
        status, text = await house.get("/recordings/a/index.m3u8")
        assert b"PLAYLIST-TYPE:VOD" in text
        _status, rows = await house.order("GET", "/control/recordings/a")
        assert [(row["name"], row["growing"]) for row in rows] == [("001.mp4", False)]
        status, content = await house.get("/recordings/a/001.mp4")
        with av.open(io.BytesIO(content)) as file:
            assert sum(1 for _frame in file.decode(video=0)) == 100
        async with asyncio.timeout(PATIENCE):
            while "recording" not in kinds(house.hook):
                await asyncio.sleep(0.02)

    hook = at(tmp_path, slates, story)
    assert kinds(hook, 0)[:3] == ["connecting", "cut", "live"]
    assert [each.number for each in hook.events] == list(range(1, len(hook.events) + 1))
    told = next(each for each in hook.events if each.kind == "recording")
    assert (told.code, told.name) == ("finished", "001.mp4")


def test_orders_are_signed_and_make_sense(tmp_path: Path, slates: Path) -> None:
    async def story(house: House, origin: Origin) -> None:
        path = "/control/sessions/a"
        assert await house.order("PUT", path, session(), key=bytes(32)) == (
            401, {"error": "signature"},
        )  # fmt: skip
        assert origin.lives.all() == []
        for content, status in (
            ({"id": "a"}, 400),
            (session(id="b"), 422),
            (session(title="长" * 301), 422),
            (session(delay=-1.0), 422),
            (session(closes_at=0.0), 422),
            (session(cameras=[]), 200),
            (session(cameras=[Camera(number=9, label="", key_hash="x")]), 422),
        ):
            found, answer = await house.order("PUT", path, content)
            assert found == status, answer
        await house.arm()
        for method, place, content, answer in (
            ("GET", "/control/sessions/b", None, (404, {"error": "session"})),
            ("POST", f"{path}/cut", {"camera": 7}, (404, {"error": "camera"})),
            ("POST", f"{path}/cut", {}, (400, {"error": "unreadable"})),
            ("POST", f"{path}/kick", {"camera": 7}, (404, {"error": "camera"})),
            ("POST", f"{path}/targets/x", {"wanted": True}, (404, {"error": "target"})),
            ("POST", f"{path}/targets", {"wanted": True}, (404, {"error": "unknown"})),
            ("GET", f"{path}/cut", None, (405, {"error": "method"})),
            ("POST", "/control/sessions", {}, (405, {"error": "method"})),
            ("GET", "/control/other", None, (404, {"error": "unknown"})),
            ("DELETE", "/control/recordings/b", None, (404, {"error": "recording"})),
        ):
            await house.until(lambda _status: origin.lives.get("a").programme is not None)
            assert await house.order(method, place, content) == answer, place
        assert await house.order("POST", f"{path}/cut", {"camera": 2}) == (
            409, {"error": "not_live"},
        )  # fmt: skip
        assert (await house.order("DELETE", path))[0] == 204
        assert (await house.order("DELETE", path))[0] == 404
        assert (await house.order("GET", "/control/sessions"))[1] == {"sessions": []}

    at(tmp_path, slates, story)


def test_a_cut_shows_the_other_camera_and_an_angle_can_be_chosen(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, origin: Origin) -> None:
        await house.arm(grace=600.0)
        await house.until(lambda _status: origin.lives.get("a").programme is not None)
        lines = [await house.publish(1), await house.publish(2, size=(640, 360))]
        await house.until(lambda status: status.cameras[1].state == "live")
        status, _answer = await house.order("POST", "/control/sessions/a/cut", {"camera": 2})
        assert status == 200
        for message in messages(4.0, size=(640, 360)):
            if not message.is_header:
                lines[1].send(message.kind, message.at + 4_040, message.payload)
        await house.until(lambda status: status.source == 2)
        wait = asyncio.create_task(house.get("/live/a/2/index.m3u8"))
        angle = origin.lives.get("a").stream("2", private=False)
        assert angle is not None
        while not angle.running:
            await asyncio.sleep(0)
        for message in messages(4.0, size=(640, 360)):
            if not message.is_header:
                lines[1].send(message.kind, message.at + 8_080, message.payload)
        assert (await wait)[0] == 200
        assert (await house.get("/live/a/1/index.m3u8"))[0] == 404
        for line in lines:
            await line.close()

    hook = at(tmp_path, slates, story)
    assert [each.code for each in hook.events if each.kind == "cut"][:2] == ["1", "2"]


def test_a_kicked_publisher_and_a_wrong_key_are_turned_away(tmp_path: Path, slates: Path) -> None:
    async def story(house: House, _origin: Origin) -> None:
        await house.arm()
        with pytest.raises(Rejected) as refused:
            await Publisher.connect("127.0.0.1", house.rtmp, "wrong")
        assert refused.value.code == "unknown_key"
        publisher = await house.publish()
        await house.until(lambda status: status.cameras[0].state == "live")
        assert (await house.order("POST", "/control/sessions/a/kick", {"camera": 1}))[0] == 200
        async with asyncio.timeout(PATIENCE):
            await publisher.ended
        await publisher.close()
        await house.until(lambda status: status.cameras[0].state == "gone")

    at(tmp_path, slates, story)


def test_a_programme_that_lost_its_cameras_ends_after_its_grace_and_may_begin_again(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, _origin: Origin) -> None:
        await house.arm(grace=0.0)
        publisher = await house.publish()
        await house.until(lambda status: status.state == "live")
        await publisher.close()
        await house.until(lambda status: status.state == "ended")
        _status, text = await house.get("/live/a/programme/plain.m3u8")
        assert text.endswith(b"#EXT-X-ENDLIST\n")
        again = await house.publish()
        await house.until(lambda status: status.cameras[0].state == "live")
        for message in messages(4.0):
            if not message.is_header:
                again.send(message.kind, message.at + 4_040, message.payload)
        await house.until(lambda status: status.state == "live" and status.recorded_seconds > 6)
        await again.close()

    hook = at(tmp_path, slates, story)
    states = [each.kind for each in hook.events if each.camera == 0 and each.kind != "cut"]
    assert states[:4] == ["connecting", "live", "ended", "recording"] or (
        states[:4] == ["connecting", "live", "recording", "ended"]
    )


def test_events_wait_in_order_until_the_house_hears(tmp_path: Path, slates: Path) -> None:
    hook = Hook()
    hook.status = 503

    async def story(house: House, origin: Origin) -> None:
        await house.arm()
        publisher = await house.publish()
        await house.until(lambda status: status.state == "live")
        async with asyncio.timeout(PATIENCE):
            while not hook.asked:
                await asyncio.sleep(0.02)
        assert hook.events == []
        assert origin.reports.waiting >= 4
        await publisher.close()

    at(tmp_path, slates, story, hook)
    hook.status = 204

    async def again(_house: House, origin: Origin) -> None:
        async with asyncio.timeout(PATIENCE):
            while origin.reports.waiting:
                await asyncio.sleep(0.02)

    at(tmp_path, slates, again, hook)
    assert [each.number for each in hook.events] == list(range(1, len(hook.events) + 1))
    assert kinds(hook, 1)[:2] == ["connecting", "live"]


def test_what_is_armed_outlives_a_restart_and_what_ended_stays_ended(
    tmp_path: Path, slates: Path
) -> None:
    target = Target(
        id="t1", name="抖音", network="rtmp", url="rtmp://127.0.0.1:1/x/s", wanted=False
    )

    async def first(house: House, _origin: Origin) -> None:
        await house.arm(targets=[target])
        await house.order("PUT", "/control/sessions/b", session(id="b", cameras=[]))
        await house.order("POST", "/control/sessions/b/end", {})

    at(tmp_path, slates, first)
    kept = tmp_path / "armed.json"
    assert kept.stat().st_mode & 0o777 == 0o600

    async def second(house: House, origin: Origin) -> None:
        assert [live.session.id for live in origin.lives.all()] == ["a", "b"]
        found = await house.order("GET", "/control/sessions/b")
        assert found[1]["state"] == "ended"
        found = await house.order("PUT", "/control/sessions/b", session(id="b", cameras=[]))
        assert found[1]["state"] == "ended"
        status = await house.until(lambda status: bool(status.targets))
        assert [(each.id, each.state) for each in status.targets] == [("t1", "off")]
        publisher = await house.publish()
        await house.until(lambda status: status.state == "live")
        await publisher.close()

    at(tmp_path, slates, second)
    kept.write_text("{")
    at(tmp_path, slates, lambda _house, origin: nothing(origin))
    assert (tmp_path / "armed.unreadable").read_text() == "{"


async def nothing(origin: Origin) -> None:
    """Nothing is armed."""
    assert origin.lives.all() == []


def test_delay_holds_pictures_back_and_leaves_their_time_alone(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, origin: Origin) -> None:
        await house.arm(delay=1.0)
        await house.until(lambda _status: origin.lives.get("a").programme is not None)
        sent = time.time()
        publisher = await house.publish()
        found = await house.until(lambda status: status.began_at > 0)
        seen = time.time()
        assert seen - sent >= 1.0
        assert found.began_at <= seen - 1.0
        await publisher.close()

    at(tmp_path, slates, story)


def test_another_title_is_another_slate_and_the_programme_goes_on(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, origin: Origin) -> None:
        await house.arm()
        live = origin.lives.get("a")
        await house.until(lambda _status: live.programme is not None)
        programme = live.programme
        assert programme is not None
        slate = programme.director.slate
        await house.arm()
        assert programme.director.slate is slate
        await house.arm(slate=" ")
        await house.until(lambda _status: programme.director.slate is not slate)
        assert live.programme is programme

    at(tmp_path, slates, story)


def test_a_session_ends_with_its_time_and_is_forgotten_a_day_later(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, origin: Origin) -> None:
        await house.arm()
        publisher = await house.publish()
        await house.until(lambda status: status.state == "live")
        live = origin.lives.get("a")
        later = live.session.closes_at - time.time()
        real = origin.now
        object.__setattr__(live.house, "now", lambda: real() + later)
        origin.lives.tick_second()
        assert (live.state, live.over) == ("ended", True)
        async with asyncio.timeout(PATIENCE):
            await publisher.ended
        await publisher.close()
        object.__setattr__(live.house, "now", lambda: real() + later + 86_401)
        origin.lives.tick_second()
        assert origin.lives.all() == []
        assert len(origin.archive.files("a")) == 1

    at(tmp_path, slates, story)


def test_browsers_are_passed_on_to_a_process_of_their_own_while_something_is_armed(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, _origin: Origin) -> None:
        url = f"http://127.0.0.1:{house.http}/whip/a/1"
        sdp = {"Content-Type": "application/sdp", "Authorization": "Bearer key-1"}
        async with house.client.post(url, data="v=0", headers=sdp) as answer:
            assert (answer.status, await answer.json()) == (503, {"error": "not_open"})
        await house.arm()
        async with house.client.post(url, data="v=0", headers=sdp) as answer:
            assert (answer.status, (await answer.json())["code"]) == (422, "offer")
        async with house.client.post(url, data=b"x" * 70_000, headers=sdp) as answer:
            assert answer.status == 413
        async with house.client.delete(url.replace("a/1", "sessions/none")) as answer:
            assert answer.status == 404

    at(tmp_path, slates, story)


def test_health_and_figures_are_told(tmp_path: Path, slates: Path) -> None:
    async def story(house: House, _origin: Origin) -> None:
        await house.arm()
        assert (await house.get("/healthz")) == (200, b"ok")
        await house.get("/live/b/programme/index.m3u8")
        _status, text = await house.get("/metrics")
        lines = text.decode().splitlines()
        assert 'haishi_origin_refused_total{status="403",code="session"} 1' in lines
        assert 'haishi_origin_sessions{state="idle"} 1' in lines
        assert "haishi_origin_viewers 0" in lines

    at(tmp_path, slates, story)


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_killed_origin_loses_a_part_at_most_and_goes_on_in_a_new_file(
    tmp_path: Path, slates: Path
) -> None:
    shutil.copytree(slates, tmp_path / "slates")
    ports = {"HAISHI_ORIGIN_PORT": str(free_port()), "HAISHI_ORIGIN_RTMP_PORT": str(free_port())}
    http, rtmp = map(int, ports.values())

    async def begin() -> asyncio.subprocess.Process:
        told = {**os.environ, **environment(tmp_path, "", **ports), "PYTHONPATH": str(ROOT)}
        child = await asyncio.create_subprocess_exec(sys.executable, "-m", "origin", env=told)
        async with asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(OSError):
                    _reader, writer = await asyncio.open_connection("127.0.0.1", http)
                    writer.close()
                    await writer.wait_closed()
                    return child
                await asyncio.sleep(0.02)

    async def whole() -> None:
        child = await begin()
        async with aiohttp.ClientSession() as client:
            house = House(http, rtmp, Hook(), client)
            await house.arm()
            publisher = await house.publish(seconds=8.0)
            await house.until(lambda status: status.recorded_seconds >= 7.7)
            child.send_signal(signal.SIGKILL)
            await child.wait()
            await publisher.close()
        child = await begin()
        async with aiohttp.ClientSession() as client:
            house = House(http, rtmp, Hook(), client)
            publisher = await house.publish(seconds=8.0)
            await house.until(lambda status: status.recorded_seconds >= 15.4)
            await publisher.close()
            child.terminate()
            assert await child.wait() == 0

    asyncio.run(whole())
    for name in ("001", "002"):
        path = tmp_path / "recordings" / "a" / f"{name}.mp4"
        with av.open(io.BytesIO(path.read_bytes())) as file:
            shown = sum(1 for _frame in file.decode(video=0))
        # Eight seconds; the last part waits for the picture after it.
        assert shown >= 195
    assert len(list((tmp_path / "recordings" / "a").iterdir())) == 4


def test_a_port_that_is_taken_stops_the_process_with_a_message(tmp_path: Path) -> None:
    async def whole() -> tuple[int | None, bytes]:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            told = environment(tmp_path, "", HAISHI_ORIGIN_PORT=port)
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "origin",
                env={**os.environ, **told, "PYTHONPATH": str(ROOT)},
                stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            _out, words = await child.communicate()
            return child.returncode, words

    code, words = asyncio.run(whole())
    assert code == 1
    assert b"origin: " in words
    assert b"Traceback" not in words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FOLDER", ""), ("PORT", "x"), ("PORT", "70000"), ("WATCH_KEY", "ab"),
        ("CONTROL_KEY", "zz"),
        ("HOOK", "ftp://x"), ("PROXIES", "x"), ("WINDOW", "1"), ("FREE_MB", "-1"),
    ],
)  # fmt: skip
def test_a_bad_setting_stops_it_with_its_name(tmp_path: Path, name: str, value: str) -> None:
    told = environment(tmp_path, "") | {f"HAISHI_ORIGIN_{name}": value}
    with pytest.raises(SystemExit, match=f"HAISHI_ORIGIN_{name}"):
        read(told)


def test_flv_of_a_film_opens() -> None:
    with av.open(io.BytesIO(start(list(messages(4.0)))), format="flv") as file:
        assert sum(1 for _frame in file.decode(video=0)) == 100
