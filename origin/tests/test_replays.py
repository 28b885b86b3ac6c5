"""FLV, and recordings, over HTTP."""

import asyncio
import io
from pathlib import Path

import av

from origin.bus import VIDEO
from origin.streams import MOST_QUEUED, FlvViewer
from origin.tests.films import messages
from origin.tests.place import Place, at


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
