"""The programme on other networks, with the real ffmpeg and their servers in all moods."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import av
import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from origin.bus import AUDIO, VIDEO, Feed, Message
from origin.films import Shape, film, silence
from origin.loops import Clip, Loop, parse
from origin.restream import Restreams, UnknownTarget
from origin.restream.child import MOST_WAITING, beginning, tag
from origin.restream.push import Pace
from origin.tests.fakes.rtmp import Sink
from wire.live import Target, TargetStatus

QUICK = Pace(
    first=0.05, most=0.2, refused=0.3, knock=0.05, stalled=1.0, connecting=8, look=0.05,
    report=0.1, good=0.5, sound=0.2,
)  # fmt: skip
SHAPE = Shape(160, 90, fps=25, frames=200, kbps=100)


@pytest.fixture(scope="module")
def clip() -> Clip:
    pictures = (bytes([index]) * (160 * 90 * 3) for index in range(200))
    return parse(film(SHAPE, pictures, silence(SHAPE)), SHAPE.length)


def _fat(message: Message) -> Message:
    """The same picture with 20 KB of filler (a NAL unit of type 12)."""
    if message.kind == AUDIO or message.is_header:
        return message
    size = 20_000
    filler = size.to_bytes(4) + b"\x0c" + b"\xff" * (size - 2) + b"\x80"
    return message._replace(payload=message.payload + filler)


class Studio:
    """A programme that plays four times too fast, its targets, and what they said."""

    def __init__(self, clip: Clip, *, fat: bool = False, pace: Pace = QUICK) -> None:
        self.feed = Feed("s/programme")
        self.said: list[tuple[str, str, str]] = []
        self._news = asyncio.Event()
        self.restreams = Restreams(self.feed, self._changed, pace=pace)
        self._make = _fat if fat else lambda message: message
        self._loop = Loop(clip, self._push)
        self._timer = asyncio.get_running_loop().call_soon(self._tick)

    def _push(self, kind: int, at: int, body: bytes) -> None:
        self.feed.push(self._make(Message(kind, at, body)))

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time() * 4
        if self._loop.running:
            self._loop.tick(now)
        else:
            self._loop.start(now)
        self._timer = loop.call_later(0.01, self._tick)

    def pause(self) -> None:
        self._timer.cancel()

    def _changed(self, status: TargetStatus) -> None:
        self.said.append((status.id, status.state, status.reason))
        self._news.set()

    def arm(self, **urls: str) -> None:
        self.restreams.arm(
            Target(id=id, name=id, network="rtmp", url=url) for id, url in urls.items()
        )

    def status(self, id: str) -> TargetStatus:
        return next(one for one in self.restreams.statuses() if one.id == id)

    async def until(self, id: str, state: str, reason: str | None = None) -> TargetStatus:
        """Wait until a target is in this state."""
        async with asyncio.timeout(30):
            while (found := self.status(id)).state != state or reason not in (None, found.reason):
                self._news.clear()
                await self._news.wait()
        return found

    async def close(self) -> None:
        self._timer.cancel()
        await self.restreams.close()


@contextlib.asynccontextmanager
async def _studio(
    clip: Clip, *sinks: Sink, fat: bool = False, pace: Pace = QUICK
) -> AsyncIterator[Studio]:
    for sink in sinks:
        await sink.start()
    studio = Studio(clip, fat=fat, pace=pace)
    try:
        yield studio
    finally:
        await studio.close()
        for sink in sinks:
            await sink.die()


def _play(story: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with asyncio.timeout(60):
            await story()

    asyncio.run(whole())


def _children() -> list[str]:
    """Command lines of this process's living children."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if fields[1] == str(os.getpid()) and fields[0] != "Z":
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return [line for line in found if "ffmpeg" in line]


def test_a_target_gets_headers_pictures_and_sound_under_its_key(clip: Clip) -> None:
    async def story() -> None:
        sink = Sink()
        async with _studio(clip, sink) as studio:
            studio.arm(a=sink.url("stream-9?sign=s3cret&t=1"))
            status = await studio.until("a", "live")
            await sink.until(100)
            assert sink.published == [("live", "stream-9?sign=s3cret&t=1")]
            headers = {kind: body for kind, _at, body in reversed(sink.got) if body[1] == 0}
            assert headers[VIDEO] == clip.headers[0].payload
            assert headers[AUDIO][2:4] == clip.headers[1].payload[2:4]
            bodies = {one.payload for one in clip.messages if one.kind == VIDEO}
            came = [body for kind, _at, body in sink.got if kind == VIDEO and body[1] == 1]
            assert came[0][0] == 0x17
            assert set(came) <= bodies
            assert (status.tries, status.reason, status.dropped) == (1, "", 0)
            assert [state for _id, state, _reason in studio.said] == ["connecting", "live"]
        assert _children() == []

    _play(story)


def test_one_good_one_refusing_and_one_stalling_target(clip: Clip) -> None:
    async def story() -> None:
        good, refusing, stalling = Sink(), Sink("refuses"), Sink("stalls")
        async with _studio(clip, good, refusing, stalling, fat=True) as studio:
            studio.arm(good=good.url(), refusing=refusing.url(), stalling=stalling.url())
            await studio.until("good", "live")
            failed = await studio.until("refusing", "failed", "bad_key")
            await studio.until("stalling", "retrying", "stalled")
            seen = len(good.got)
            await good.until(sum(kind == VIDEO for kind, _at, _body in good.got) + 100)
            assert len(good.got) > seen
            assert failed.tries == 3
            assert [one for one in studio.said if one[0] == "good"] == [
                ("good", "connecting", ""), ("good", "live", ""),
            ]  # fmt: skip
            assert [one[1:] for one in studio.said if one[0] == "refusing"] == [
                ("connecting", ""), ("retrying", "refused"), ("connecting", "refused"),
                ("retrying", "refused"), ("connecting", "refused"), ("failed", "bad_key"),
            ]  # fmt: skip
            assert (good.connections, studio.status("good").dropped) == (1, 0)

    _play(story)


def test_a_key_that_is_right_at_last_makes_the_target_live(clip: Clip) -> None:
    async def story() -> None:
        sink = Sink("hangs up")
        async with _studio(clip, sink) as studio:
            studio.arm(a=sink.url())
            await studio.until("a", "failed", "bad_key")
            await sink.met(4)
            assert studio.status("a").state == "failed"
            sink.mood = "takes"
            assert (await studio.until("a", "live")).reason == ""

    _play(story)


def test_a_target_that_dies_and_comes_back_is_found_again(clip: Clip) -> None:
    async def story() -> None:
        sink = Sink()
        async with _studio(clip, sink) as studio:
            studio.arm(a=sink.url())
            await studio.until("a", "live")
            await sink.die()
            await studio.until("a", "retrying", "unreachable")
            assert ("a", "retrying", "closed") in studio.said
            await sink.start()
            await studio.until("a", "live")
            before = sink.got[-1:]
            await sink.until(sum(kind == VIDEO for kind, _at, _body in sink.got) + 10)
            assert sink.got[-1:] != before

    _play(story)


def test_a_target_is_tried_as_soon_as_somebody_answers(clip: Clip) -> None:
    """The next try would be in five minutes."""

    async def story() -> None:
        sink = Sink()
        async with _studio(clip, sink, pace=QUICK._replace(first=300, most=300)) as studio:
            await sink.die()
            studio.arm(a=sink.url())
            await studio.until("a", "retrying", "unreachable")
            await sink.start()
            await studio.until("a", "live")
            assert len(sink.published) == 1

    _play(story)


def test_a_slow_target_loses_pictures_up_to_a_key_frame_and_memory_is_bounded(clip: Clip) -> None:
    async def story() -> None:
        sink = Sink("stalls")
        async with _studio(clip, sink, fat=True) as studio:
            studio.arm(a=sink.url())
            await studio.until("a", "live")
            push = studio.restreams._pushes["a"]
            child = push._child
            assert child is not None
            body = bytes([0x27, 1, 0, 0, 0]) + bytes(100_000)
            for index in range(200):
                message = Message(VIDEO, 10**6 + index, body)
                child.give(tag(message), message)
            assert child.waiting <= MOST_WAITING + 200_000
            dropped = studio.status("a").dropped
            assert dropped >= 200 - (MOST_WAITING + 200_000) // 100_000
            key = Message(VIDEO, 2 * 10**6, b"\x17\x01\0\0\0")
            child.give(tag(key), key)
            assert studio.status("a").dropped == dropped + 1  # still too much waits

    _play(story)


def test_one_target_is_stopped_and_started_alone(clip: Clip) -> None:
    async def story() -> None:
        one, two = Sink(), Sink()
        async with _studio(clip, one, two) as studio:
            studio.arm(one=one.url(), two=two.url())
            await studio.until("one", "live")
            await studio.until("two", "live")
            studio.restreams.want("two", wanted=False)
            await studio.until("two", "off")
            assert len(_children()) == 1
            studio.restreams.want("two", wanted=True)
            studio.restreams.want("two", wanted=False)
            studio.restreams.want("two", wanted=True)
            await studio.until("two", "live")
            assert one.connections == 1
            with pytest.raises(UnknownTarget):
                studio.restreams.want("three", wanted=True)
            assert [status.state for status in studio.restreams.statuses()] == ["live", "live"]

    _play(story)


def test_arming_again_disturbs_only_what_changed(clip: Clip) -> None:
    async def story() -> None:
        one, two = Sink(), Sink()
        async with _studio(clip, one, two) as studio:
            studio.arm(one=one.url(), two=two.url("old"))
            await studio.until("one", "live")
            await studio.until("two", "live")
            studio.arm(one=one.url(), two=two.url("new"))
            await two.met(2)
            await studio.until("two", "live")
            assert [key for _application, key in two.published] == ["old", "new"]
            studio.arm(one=one.url())
            assert [status.id for status in studio.restreams.statuses()] == ["one"]
            assert one.connections == 1

    _play(story)


def test_a_programme_that_pauses_is_no_stall(clip: Clip) -> None:
    async def story() -> None:
        sink = Sink()
        async with _studio(clip, sink) as studio:
            studio.arm(a=sink.url())
            await studio.until("a", "live")
            await sink.until(50)
            studio.pause()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(QUICK.stalled * 2):
                    await studio.until("a", "retrying")
            studio._tick()
            await sink.until(sum(kind == VIDEO for kind, _at, _body in sink.got) + 10)
            assert sink.connections == 1

    _play(story)


def test_a_target_waits_for_the_programme_to_begin(clip: Clip) -> None:
    async def story() -> None:
        sink = await Sink().start()
        said: list[str] = []
        restreams = Restreams(Feed("s/programme"), lambda one: said.append(one.state), pace=QUICK)
        restreams.arm([Target(id="a", name="a", network="rtmp", url=sink.url())])
        await asyncio.sleep(0)
        assert said == ["connecting"]
        assert sink.connections == 0
        await restreams.close()
        assert said == ["connecting", "off"]
        await sink.die()

    _play(story)


def test_no_child_outlives_the_origin(clip: Clip, tmp_path: Path) -> None:
    """The origin is killed; the kernel ends its children."""
    program = (
        "import asyncio, sys\n"
        "from origin.restream.addresses import parse\n"
        "from origin.restream.child import Child\n"
        "import imageio_ffmpeg\n"
        "async def main():\n"
        "    child = await Child.start(imageio_ffmpeg.get_ffmpeg_exe(),\n"
        "        parse('rtmp://127.0.0.1:9/live/key'), lambda: None, 1.0)\n"
        "    print(child.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )

    async def story() -> None:
        origin = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
        )
        assert origin.stdout is not None
        child = int(await origin.stdout.readline())
        handle = os.pidfd_open(child)
        origin.send_signal(signal.SIGKILL)
        await origin.wait()
        gone = asyncio.Event()
        asyncio.get_running_loop().add_reader(handle, gone.set)
        await gone.wait()
        asyncio.get_running_loop().remove_reader(handle)
        os.close(handle)

    _play(story)


def test_a_bad_address_fails_alone(clip: Clip) -> None:
    async def story() -> None:
        sink = Sink()
        async with _studio(clip, sink) as studio:
            studio.arm(bad="gopher://x", good=sink.url())
            await studio.until("bad", "failed", "other")
            await studio.until("good", "live")

    _play(story)


def test_tags_are_what_flv_says(clip: Clip) -> None:
    content = beginning(sound=True) + b"".join(map(tag, (*clip.headers, *clip.messages)))
    assert parse(content, SHAPE.length) == clip
    assert tag(Message(AUDIO, 0x01234567, b"ab"))[4:8] == b"\x23\x45\x67\x01"


def test_srt_targets_are_reached_with_their_passphrase(
    clip: Clip, tmp_path: Path, free_udp_port: int
) -> None:
    """A listening ffmpeg takes the transport stream into a file."""

    async def story() -> None:
        port, taken = free_udp_port, tmp_path / "taken.ts"
        listener = await asyncio.create_subprocess_exec(
            get_ffmpeg_exe(), "-loglevel", "error", "-nostdin", "-i",
            f"srt://127.0.0.1:{port}?mode=listener&passphrase=0123456789ab",
            "-c", "copy", "-f", "mpegts", "-y", str(taken),
        )  # fmt: skip
        async with _studio(clip) as studio:
            url = f"srt://127.0.0.1:{port}?passphrase="
            studio.arm(a=f"{url}0123456789ab", wrong=f"{url}wrong-password")
            await studio.until("a", "live")
            await studio.until("wrong", "retrying")
            studio.restreams.want("a", wanted=False)
            await studio.until("a", "off")
            await listener.wait()
        with av.open(str(taken)) as opened:
            assert {stream.codec_context.name for stream in opened.streams} == {"h264", "aac"}
            assert sum(packet.size for packet in opened.demux()) > 1000

    _play(story)
