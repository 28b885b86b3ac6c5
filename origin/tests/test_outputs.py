"""What viewers fetch, over HTTP, and who may."""

import asyncio
import io
import json
import time
from pathlib import Path

import av
import pytest

from origin.tests.films import messages
from origin.tests.place import PAGE, Place, addresses, at
from wire.live import Watcher, mint


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
