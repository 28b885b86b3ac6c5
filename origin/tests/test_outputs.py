"""What viewers fetch, over HTTP, and who may."""

import asyncio
import io
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import av
import pytest
from aiohttp import web

from origin.bus import VIDEO, Feed
from origin.metrics import Metrics
from origin.outputs import Outputs
from origin.recorder import Archive, Recorder
from origin.settings import Settings, read
from origin.streams import MOST_QUEUED, FlvViewer, Stream
from origin.tests.films import messages
from origin.watchers import Watchers
from wire.live import Watcher, mint

KEY = bytes(range(32))
PAGE = "https://expo.example"


class Live:
    """A session with a programme and one camera that hosts alone may see."""

    def __init__(self, folder: Path) -> None:
        self.flv = True
        self.programme = Stream(Feed("a/programme"), time.time, 16)
        self.camera = Stream(Feed("a/1"), time.time, 16)
        self.recorder = Recorder(
            folder / "a", 0, lambda: self.programme.ring.began_at, lambda *_told: None
        )
        self.programme.packager.sinks.append(self.recorder)

    def stream(self, name: str, *, private: bool) -> Stream | None:
        if name == "programme":
            return self.programme
        return self.camera if private and name == "1" else None


class Place:
    """A running server, and somebody who asks it."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.live = Live(folder)
        self.now = time.time
        self.watchers = Watchers(KEY, lambda: self.now())
        self.archive = Archive(folder)
        self.metrics = Metrics()
        self.outputs = Outputs(settings, self, self.watchers, self.archive, self.metrics)
        self.port = 0
        self.client: aiohttp.ClientSession

    def find(self, session: str) -> Live | None:
        return self.live if session == "a" else None

    def token(self, session: str = "a", viewer: str = "v", seconds: float = 300) -> str:
        return mint(KEY, Watcher(session, viewer, int(time.time() + seconds)))

    async def get(
        self, path: str, token: str | None = "", method: str = "GET", **headers: str
    ) -> tuple[int, Any, bytes]:
        """Status, headers, body. `token` "": a good one, None: none."""
        if token is not None:
            path += ("&" if "?" in path else "?") + f"w={token or self.token()}"
        url = f"http://127.0.0.1:{self.port}{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.request(method, url, headers=named) as answer:
            return answer.status, answer.headers, await answer.read()

    def publish(self, seconds: float = 4.0, since: float = 0.0, **film: Any) -> None:
        """Push a film, or the rest of it from `since` seconds on."""
        for message in messages(seconds, **film):
            if message.at >= 1000 * since or (message.is_header and not since):
                self.live.programme.feed.push(message)


Story = Callable[[Place], Awaitable[None]]


def at(folder: Path, story: Story, **environment: str) -> None:
    """Run a story against a server of its own."""
    settings = read(
        {
            "HAISHI_ORIGIN_FOLDER": str(folder),
            "HAISHI_ORIGIN_PORT": "0",
            "HAISHI_ORIGIN_WATCH_KEY": KEY.hex(),
            "HAISHI_ORIGIN_CONTROL_KEY": KEY.hex(),
            "HAISHI_ORIGIN_PAGES": PAGE,
            **environment,
        }
    )

    async def whole() -> None:
        place = Place(folder, settings)
        runner = web.ServerRunner(web.Server(place.outputs.handle, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        place.port = runner.addresses[0][1]
        try:
            async with aiohttp.ClientSession() as place.client:
                place.live.programme.start()
                await asyncio.wait_for(story(place), 20)
        finally:
            await runner.cleanup()

    asyncio.run(whole())


def addresses(playlist: bytes) -> list[str]:
    """Media addresses that a playlist tells, in order."""
    found = []
    for line in playlist.decode().splitlines():
        if not line.startswith("#"):
            found.append(line)
        elif 'URI="' in line and "PRELOAD" not in line:
            found.append(line.partition('URI="')[2].partition('"')[0])
    return found


def test_a_viewer_plays_what_the_playlist_names(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish()
        status, headers, text = await place.get("/live/a/programme/plain.m3u8")
        assert status == 200
        assert headers["Content-Type"] == "application/vnd.apple.mpegurl"
        assert headers["Cache-Control"] == "no-store"
        content = b""
        for address in addresses(text):
            status, headers, body = await place.get(f"/live/a/programme/{address}", None)
            assert (status, headers["Content-Type"]) == (200, "video/mp4")
            assert headers["Cache-Control"] == "public, max-age=86400, immutable"
            content += body
        with av.open(io.BytesIO(content)) as file:
            assert sum(1 for _frame in file.decode(video=0)) == 75
        assert place.watchers.count("a") == 1

    at(tmp_path, story)


def test_parts_together_are_their_segment(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish()
        _status, _headers, text = await place.get("/live/a/programme/index.m3u8")
        told = addresses(text)
        whole = next(each for each in told if each.startswith("seg-"))
        number = whole.partition(".")[0].removeprefix("seg-")
        bodies = [
            (await place.get(f"/live/a/programme/{each}", None))[2]
            for each in told
            if each.startswith(f"part-{number}.")
        ]
        assert len(bodies) == 5
        segment = (await place.get(f"/live/a/programme/{whole}", None))[2]
        assert b"".join(bodies) == segment

    at(tmp_path, story)


def test_a_reload_waits_for_the_part_it_names(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish(4.0)
        ring = place.live.programme.ring
        assert ring.current is not None
        number, part = ring.current.number, len(ring.current.parts)
        path = f"/live/a/programme/index.m3u8?_HLS_msn={number}&_HLS_part={part}"
        wait = asyncio.create_task(place.get(path))
        hinted = f"part-{number}.{part}.m4s?k={ring.key(number)}"
        early = asyncio.create_task(place.get(f"/live/a/programme/{hinted}", None))
        while ring.waiting < 2:
            await asyncio.sleep(0)
        assert not wait.done()
        last = messages(4.0)[-1].at
        for message in messages(4.0):
            if not message.is_header and message.at < 250:
                place.live.programme.feed.push(message._replace(at=message.at + last + 40))
        status, headers, text = await wait
        assert (status, headers["Cache-Control"]) == (200, "public, max-age=1")
        assert f"part-{number}.{part}.m4s".encode() in text
        assert (await early)[0] == 200

    at(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("_HLS_msn=9999999999", 400, "too_far"),
        ("_HLS_msn=-1", 400, "query"),
        ("_HLS_msn=x", 400, "query"),
        ("_HLS_msn=" + "1" * 40, 400, "query"),
        ("_HLS_part=1", 400, "query"),
        ("_HLS_msn=1&_HLS_part=x", 400, "query"),
        ("_HLS_msn=1&_HLS_part=99", 200, ""),
    ],
)
def test_what_cannot_be_waited_for_is_refused(
    tmp_path: Path, query: str, status: int, code: str
) -> None:
    async def story(place: Place) -> None:
        place.publish()
        found, _headers, body = await place.get(f"/live/a/programme/index.m3u8?{query}")
        assert found == status
        if code:
            assert json.loads(body) == {"error": code}
            assert place.live.programme.ring.waiting == 0

    at(tmp_path, story)


def test_a_token_opens_its_session_until_it_is_over(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish()
        path = "/live/a/programme/index.m3u8"
        forged = place.token()[:-1] + ("A" if place.token()[-1] != "A" else "B")
        for token, status, code in (
            (None, 401, "no_token"),
            (place.token(seconds=-1), 403, "over"),
            (place.token("b"), 403, "session"),
            (place.token("a/replay"), 403, "session"),
            (mint(bytes(32), Watcher("a", "v", int(time.time() + 300))), 403, "signature"),
            ("%%", 403, "unreadable"),
            (forged, 403, "signature"),
        ):
            found, _headers, body = await place.get(path, token)
            assert (found, json.loads(body)) == (status, {"error": code}), token
        assert place.watchers.count("a") == 0
        good = place.token(seconds=300)
        assert (await place.get(path, good))[0] == 200
        place.now = lambda: time.time() + 301
        found, _headers, body = await place.get(path, good)
        assert (found, json.loads(body)) == (403, {"error": "over"})

    at(tmp_path, story)


def test_media_is_opened_by_its_segments_key_alone(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish()
        _status, _headers, text = await place.get("/live/a/programme/index.m3u8")
        first, second = [each for each in addresses(text) if each.startswith("seg-")][:2]
        name, _mark, key = first.partition("?k=")
        for address, status, code in (
            (name, 401, "no_token"),
            (f"{name}?w={place.token()}", 401, "no_token"),
            (f"{name}?k=AAAAAAAAAAAA", 403, "key"),
            (f"{second.partition('?')[0]}?k={key}", 403, "key"),
            (f"{name}?k=%C3%A4", 403, "key"),
        ):
            found, _headers, body = await place.get(f"/live/a/programme/{address}", None)
            assert (found, json.loads(body)) == (status, {"error": code}), address
        ring = place.live.programme.ring
        gone = f"seg-7.m4s?k={ring.key(7)}"
        assert (await place.get(f"/live/a/programme/{gone}", None))[0] == 404

    at(tmp_path, story)


def test_a_token_that_is_passed_around_is_refused(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish()
        token = place.token()
        answers = [
            (await place.get("/live/a/programme/index.m3u8", token, X_Forwarded_For=f"10.0.0.{n}"))
            for n in (1, 2, 3, 1, 4, 1)
        ]
        assert [status for status, *_rest in answers] == [200, 200, 200, 200, 403, 403]
        assert json.loads(answers[-1][2]) == {"error": "shared"}

    at(tmp_path, story, HAISHI_ORIGIN_PROXIES="127.0.0.1")


def test_what_a_client_says_of_its_address_counts_for_nothing(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish()
        token = place.token()
        for number in range(6):
            forged = f"10.0.0.{number}"
            answer = await place.get("/live/a/programme/index.m3u8", token, X_Forwarded_For=forged)
            assert answer[0] == 200

    at(tmp_path, story)


def test_cameras_are_for_their_hosts_and_start_when_they_are_watched(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        for message in messages(4.0):
            place.live.camera.feed.push(message)
        path = "/live/a/1/index.m3u8"
        assert (await place.get(path))[0] == 404
        assert not place.live.camera.running
        wait = asyncio.create_task(place.get(path, place.token("a/preview")))
        while not place.live.camera.running:
            await asyncio.sleep(0)
        last = messages(4.0)[-1].at
        for message in messages(4.0):
            place.live.camera.feed.push(message._replace(at=message.at + last + 40))
        status, _headers, text = await wait
        assert status == 200
        assert addresses(text)[0].startswith("init-0.mp4")
        # Hosts at their consoles are not viewers.
        assert place.watchers.count("a") == 1

    at(tmp_path, story)


def test_unknown_places_and_methods_are_refused(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish()
        for path, token in (
            ("/live/b/programme/index.m3u8", place.token("b")),
            ("/live/a/7/index.m3u8", ""),
            ("/live/a/programme/other.m3u8", ""),
            ("/live/a/programme/../../x", ""),
            ("/live/", ""),
        ):
            assert (await place.get(path, token))[0] == 404, path
        status, _headers, body = await place.get("/live/a/programme/index.m3u8", method="POST")
        assert (status, json.loads(body)) == (405, {"error": "method"})

    at(tmp_path, story)


def test_pages_of_ours_may_play_and_others_may_not(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish()
        path = "/live/a/programme/index.m3u8"
        _status, headers, _text = await place.get(path, Origin=PAGE)
        assert headers["Access-Control-Allow-Origin"] == PAGE
        assert headers["Vary"] == "Origin"
        _status, headers, _text = await place.get(path, Origin="https://other.example")
        assert "Access-Control-Allow-Origin" not in headers
        status, headers, _body = await place.get(path, None, "OPTIONS", Origin=PAGE)
        assert (status, headers["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
        status, headers, _body = await place.get(path, None, Origin=PAGE)
        assert (status, headers["Access-Control-Allow-Origin"]) == (401, PAGE)

    at(tmp_path, story)


def test_head_tells_the_length_and_no_content(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish()
        _status, _headers, text = await place.get("/live/a/programme/index.m3u8")
        status, headers, body = await place.get("/live/a/programme/index.m3u8", method="HEAD")
        assert (status, headers["Content-Length"], body) == (200, str(len(text)), b"")

    at(tmp_path, story)


def test_flv_begins_with_the_last_group_and_goes_on(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish(2.0)
        url = f"http://127.0.0.1:{place.port}/live/a/programme.flv?w={place.token()}"
        async with place.client.get(url) as answer:
            assert answer.headers["Content-Type"] == "video/x-flv"
            head = await answer.content.readexactly(13)
            assert head == b"FLV\x01\x05\0\0\0\x09\0\0\0\0"
            place.live.programme.end()
            content = head + await answer.content.read()
        with av.open(io.BytesIO(content), format="flv") as file:
            assert sum(1 for _frame in file.decode(video=0)) == 25
        assert not place.live.programme.flv
        place.live.flv = False
        assert (await place.get("/live/a/programme.flv"))[0] == 404

    at(tmp_path, story)


def test_a_slow_viewer_over_flv_is_cut_to_the_next_key_frame() -> None:
    async def story() -> None:
        film = [each for each in messages(4.0) if each.kind == VIDEO and not each.is_header]
        viewer = FlvViewer(b"head")
        assert await viewer.take() == b"head"
        for message in film[:60]:
            viewer.push(message, b"x" * (MOST_QUEUED // 10))
        assert viewer.skipped == 2
        assert len(await viewer.take()) == 10 * (MOST_QUEUED // 10)
        keys = [place for place, each in enumerate(film) if each.is_key]
        viewer = FlvViewer(b"")
        await viewer.take()
        viewer.push(film[keys[0]], b"y" * (MOST_QUEUED + 1))
        viewer.push(film[keys[0] + 1], b"lost")
        viewer.push(film[keys[1]], b"key")
        viewer.push(film[keys[1] + 1], b"more")
        assert await viewer.take() == b"keymore"
        viewer.close()
        assert await viewer.take() == b""

    asyncio.run(story())


def test_a_recording_plays_while_it_grows_and_when_it_is_done(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.archive.growing.add("a")
        place.publish(12.0)
        path = "/recordings/a/index.m3u8"
        status, _headers, text = await place.get(path)
        assert status == 200
        assert b"#EXT-X-PLAYLIST-TYPE:EVENT\n" in text
        assert b"ENDLIST" not in text
        assert text.count(b"#EXTINF:4.000,") == 2
        place.live.programme.end()
        place.live.recorder.finish()
        place.archive.growing.discard("a")
        status, _headers, text = await place.get(path, place.token("a/replay"))
        assert b"#EXT-X-PLAYLIST-TYPE:VOD\n" in text
        assert text.endswith(b"#EXT-X-ENDLIST\n")
        assert text.count(b"#EXTINF:4.000,") == 3
        await _plays(place, text)
        name = "/recordings/a/001.mp4"
        status, headers, body = await place.get(name, Range="bytes=0-7")
        assert (status, body[4:]) == (206, b"ftyp")
        status, headers, _body = await place.get(name, method="HEAD")
        assert (status, headers["Accept-Ranges"]) == (200, "bytes")
        assert (await place.get(name, Range="bytes=99999999-"))[0] == 416

    at(tmp_path, story)


async def _plays(place: Place, text: bytes) -> None:
    """Fetch every byte range of a playlist, as a player would, and decode what comes."""
    content, lines = b"", text.decode().splitlines()
    for place_, line in enumerate(lines):
        if line.startswith("#EXT-X-MAP"):
            name = line.partition('URI="')[2].partition('"')[0]
            size, _at, offset = line.partition('BYTERANGE="')[2].rstrip('"').partition("@")
        elif line.startswith("#EXT-X-BYTERANGE:"):
            size, _at, offset = line.partition(":")[2].partition("@")
            name = lines[place_ + 1]
        else:
            continue
        last = int(offset) + int(size) - 1
        status, _headers, body = await place.get(
            f"/recordings/a/{name}", None, Range=f"bytes={offset}-{last}"
        )
        assert (status, len(body)) == (206, int(size))
        content += body
    with av.open(io.BytesIO(content)) as file:
        assert sum(1 for _frame in file.decode(video=0)) == 300


def test_recordings_are_for_those_who_may_watch(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        place.publish(12.0)
        for name in ("index.m3u8", "001.mp4"):
            path = f"/recordings/a/{name}"
            assert (await place.get(path, None))[0] == 401
            assert (await place.get(path, place.token("b")))[0] == 403
            assert (await place.get(path, place.token(seconds=-1)))[0] == 403
        for name in ("002.mp4", "001.jsonl", "%2e%2e/armed.json"):
            assert (await place.get(f"/recordings/a/{name}"))[0] == 404, name
        assert (await place.get("/recordings/b/index.m3u8", place.token("b")))[0] == 404

    at(tmp_path, story)


def test_key_frames_are_what_films_of_tests_have() -> None:
    assert sum(each.is_key for each in messages(4.0) if each.kind == VIDEO) == 4
