"""The RTMP server over loopback: real encoders, and bounds against everybody else."""

import asyncio
import contextlib
import itertools
import subprocess
from collections.abc import AsyncIterator

import imageio_ffmpeg
import pytest

from origin.bus import AUDIO, VIDEO
from origin.measures import read_avc
from origin.rtmp import server
from origin.rtmp.publisher import Publisher, Rejected
from origin.rtmp.session import HANDSHAKE
from origin.tests.material import stream
from origin.tests.servers import HOST, House, play

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25")


async def ffmpeg(house: House, *options: str, key: str = "key-1") -> tuple[int, str]:
    """Publish one and a half seconds of a test picture and a tone; exit code and what it said."""
    child = await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-loglevel", "warning",
        "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-f", "lavfi", "-i", "sine",
        "-t", "1.5", *options, "-c:a", "aac",
        "-f", "flv", f"rtmp://{HOST}:{house.port}/live/{key}",
        stderr=subprocess.PIPE,
    )  # fmt: skip
    _, said = await child.communicate()
    assert child.returncode is not None
    return child.returncode, said.decode()


async def send(publisher: Publisher) -> None:
    for each in stream():
        publisher.send(each.kind, each.at, each.payload)
    await publisher.drain()


async def closed(reader: asyncio.StreamReader) -> bytes:
    """Everything until the server ends the connection."""
    got = b""
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(65_536):
            got += piece
    return got


def test_ffmpeg_publishes_picture_and_sound():
    async def story(house: House) -> None:
        with house.heard(1) as heard:
            code, said = await ffmpeg(house, *X264)
            assert code == 0, said
            await house.until(lambda: (1, "gone", "closed") in house.told)
        assert house.told == [(1, "connecting", ""), (1, "live", ""), (1, "gone", "closed")]
        headers = [each for each in heard if each.is_header]
        assert {each.kind for each in headers} == {AUDIO, VIDEO}
        assert read_avc(next(h for h in headers if h.kind == VIDEO).payload)[:2] == (640, 360)
        pictures = [each for each in heard if each.kind == VIDEO and not each.is_header]
        assert len(pictures) in (37, 38)
        steps = {b.at - a.at for a, b in itertools.pairwise(pictures)}
        assert steps == {40}
        assert [each.at - pictures[0].at for each in pictures if each.is_key] == [0, 1000]
        sounds = [each.at for each in heard if each.kind == AUDIO and not each.is_header]
        assert len(sounds) == 66
        assert sounds == sorted(set(sounds))

    play(story)


def test_ffmpeg_past_four_hours_and_39_minutes_is_heard_from_the_beginning():
    async def story(house: House) -> None:
        with house.heard(1) as heard:
            code, said = await ffmpeg(house, *X264, "-output_ts_offset", "17000")
            assert code == 0, said
            await house.until(lambda: (1, "gone", "closed") in house.told)
        pictures = [each.at for each in heard if each.kind == VIDEO and not each.is_header]
        assert pictures == list(range(pictures[0], pictures[0] + 40 * len(pictures), 40))
        assert len(pictures) in (37, 38)
        assert pictures[0] < 100

    play(story)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0"), "(HEVC)"),
        (("-c:v", "flv1"), "(H.263)"),
        ((*X264[:4], "-pix_fmt", "yuv444p"), "not 8-bit 4:2:0)"),
    ],
)
def test_ffmpeg_reads_why_its_codec_is_refused(options: tuple[str, ...], why: str):
    async def story(house: House) -> None:
        code, said = await ffmpeg(house, *options)
        assert code != 0
        assert "只支持 H.264 + AAC · Set the encoder to H.264 (8-bit 4:2:0) and AAC" in said
        assert why in said
        assert house.told[1:] == [(1, "refused", "codec"), (1, "gone", "codec")]
        assert house.inputs.cameras("s1")[1].feed.messages <= 2  # sound that came first

    play(story)


def test_ffmpeg_reads_that_its_key_is_wrong():
    async def story(house: House) -> None:
        code, said = await ffmpeg(house, *X264, key="guess")
        assert code != 0
        assert "推流密钥不对 · Unknown stream key" in said
        assert house.told == []

    play(story)


def test_our_own_publisher_brings_every_message_and_leaves_in_order():
    async def story(house: House) -> None:
        with house.heard(2) as heard:
            publisher = await Publisher.connect(HOST, house.port, "key-2", protocol="whip")
            await send(publisher)
            await house.until(lambda: len(heard) == len(stream()))
            assert heard == list(stream())
            assert house.inputs.cameras("s1")[2].status().protocol == "whip"
            await publisher.close()
            await house.until(lambda: (2, "gone", "closed") in house.told)

    play(story)


def test_our_own_publisher_learns_why_it_must_not_or_no_longer_publish():
    async def story(house: House) -> None:
        with pytest.raises(Rejected) as caught:
            await Publisher.connect(HOST, house.port, "guess")
        assert caught.value.code == "unknown_key"
        publisher = await Publisher.connect(HOST, house.port, "key-1")
        with pytest.raises(Rejected) as caught:
            await Publisher.connect(HOST, house.port, "key-1")
        assert caught.value.code == "taken"
        house.inputs.cameras("s1")[1].kick("kicked")
        async with asyncio.timeout(5):
            assert (await publisher.ended).code == "kicked"
        await publisher.close()

    play(story)


def test_our_own_publisher_says_when_nobody_listens(free_tcp_port: int):
    async def story() -> None:
        with pytest.raises(Rejected) as caught:
            await Publisher.connect(HOST, free_tcp_port, "key-1")
        assert caught.value.code == "unreachable"

    asyncio.run(story())


def test_a_connection_that_breaks_leaves_its_camera():
    async def story(house: House) -> None:
        publisher = await Publisher.connect(HOST, house.port, "key-1")
        await send(publisher)
        await house.until(lambda: (1, "live", "") in house.told)
        publisher._writer.transport.abort()
        await house.until(lambda: (1, "gone", "lost") in house.told)
        await publisher.close()

    play(story)


Talk = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextlib.asynccontextmanager
async def talk(house: House) -> AsyncIterator[Talk]:
    reader, writer = await asyncio.open_connection(HOST, house.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def test_garbage_is_closed_without_an_answer():
    async def story(house: House) -> None:
        async with talk(house) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nHost: studio.example\r\n\r\n")
            assert await closed(reader) == b""
        assert house.counts == {"garbage": 1}

    play(story)


@pytest.mark.parametrize("begun", [b"", b"\3", b"\3" + bytes(2 * HANDSHAKE)])
def test_who_does_not_publish_in_time_is_closed(begun: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "TO_PUBLISH", 0.05)

    async def story(house: House) -> None:
        async with talk(house) as (reader, writer):
            writer.write(begun)
            await closed(reader)
        assert house.counts == {"late": 1}

    play(story)


def test_that_clock_stands_still_while_somebody_publishes():
    async def story(house: House) -> None:
        publisher = await Publisher.connect(HOST, house.port, "key-1")
        (connection,) = house.door._connections
        assert connection._timer is None
        publisher._command("deleteStream", 7, None, 1)
        await house.until(lambda: (1, "gone", "closed") in house.told)
        assert connection._timer is not None
        await publisher.close()

    play(story)


def test_an_address_has_its_share_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "MOST_PER_ADDRESS", 3)

    async def story(house: House) -> None:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(3):
                await stack.enter_async_context(talk(house))
            async with talk(house) as (reader, _):
                assert await closed(reader) == b""
            assert house.counts == {"refused_address": 1}
        async with talk(house) as (reader, writer):
            # The three that left make room again.
            await house.until(lambda: True)
            writer.write(b"\3" + bytes(HANDSHAKE))
            assert len(await reader.readexactly(1 + 2 * HANDSHAKE)) == 3_073

    play(story)


def test_the_door_has_its_share_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 1)

    async def story(house: House) -> None:
        async with talk(house), talk(house) as (reader, _):
            assert await closed(reader) == b""
        assert house.counts == {"refused_full": 1}

    play(story)


def test_more_than_the_rate_is_slowed_down_and_not_lost(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "BURST", 20_000)
    monkeypatch.setattr(server, "RATE", 1_000_000)

    async def story(house: House) -> None:
        with house.heard(1) as heard:
            publisher = await Publisher.connect(HOST, house.port, "key-1")
            (connection,) = house.door._connections
            await send(publisher)
            await house.until(lambda: len(heard) == len(stream()))
            # One read took it all; nothing more is read before the debt is made up for.
            assert connection._resume is not None
            connection.read_on()
            assert not connection._transport.is_reading()
            publisher.send(VIDEO, 2_040, stream()[2].payload)
            await house.until(lambda: len(heard) == len(stream()) + 1)
            await publisher.close()

    play(story)


def test_who_publishes_is_read_in_turns_and_who_talks_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "READ_EVERY", 3_600)

    async def story(house: House) -> None:
        publisher = await Publisher.connect(HOST, house.port, "key-1")
        (connection,) = house.door._connections
        with house.heard(1) as heard:
            await send(publisher)
            async with talk(house) as (reader, writer):
                writer.write(b"\3" + bytes(HANDSHAKE))
                assert len(await reader.readexactly(1 + 2 * HANDSHAKE)) == 3_073
            assert (connection._transport.is_reading(), heard) == (False, [])
            monkeypatch.setattr(server, "READ_EVERY", 0.01)
            house.door._read_on()
            await house.until(lambda: heard == list(stream()))
        await publisher.close()

    play(story)


def test_strangers_are_not_heard_while_nothing_is_armed():
    async def story(house: House) -> None:
        door = server.Door(house.inputs, house.counts)
        assert not door.welcome("203.0.113.7")
        assert door.welcome("127.0.0.1", near=True)
        door.went("127.0.0.1")
        house.inputs.arm(house.session)
        assert door.welcome("203.0.113.7")
        assert house.counts == {"refused_not_armed": 1}

    play(story, armed=False)


@pytest.mark.parametrize(
    ("address", "near"),
    [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), ("", False), ("nowhere", False)],
)
def test_only_this_machine_is_near(address: str, near: bool):
    assert server.is_loopback(address) is near
