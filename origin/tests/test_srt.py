"""SRT: the key is the passphrase, one child per camera, and nothing left behind."""

import asyncio
import os
import select
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import imageio_ffmpeg
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from origin import srt
from origin.bus import VIDEO
from origin.srt import BadFlv, Listener, Tags
from origin.tests.material import stream
from origin.tests.servers import HOST, House
from origin.tests.servers import play as play_house
from wire.live import hash_key, srt_passphrase

Story = Callable[[House, Listener], Awaitable[None]]


def flv(messages: list[tuple[int, int, bytes]]) -> bytes:
    """An FLV file (E.2 to E.4)."""
    out = bytearray(b"FLV\1\5\0\0\0\x09\0\0\0\0")
    for kind, at, body in messages:
        out += bytes([kind]) + len(body).to_bytes(3, "big") + (at & 0xFFFFFF).to_bytes(3, "big")
        out += bytes([at >> 24]) + b"\0\0\0" + body + (11 + len(body)).to_bytes(4, "big")
    return bytes(out)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([8, 9, 18]), st.integers(0, 2**32 - 1), st.binary(max_size=300)),
        max_size=8,
    ),
    st.lists(st.integers(0, 2_000), max_size=20),
)
def test_tags_are_read_however_they_are_split(
    messages: list[tuple[int, int, bytes]], places: list[int]
):
    content, tags, found, at = flv(messages), Tags(), [], 0
    for place in [*sorted(each % len(content) for each in places), len(content)]:
        found += tags.feed(content[at:place])
        at = place
    assert found == messages


@pytest.mark.parametrize("content", [b"<", b"FLX", flv([])[:13] + b"\x09\xff\xff\xff" + bytes(9)])
def test_what_is_no_flv_is_refused(content: bytes):
    with pytest.raises(BadFlv):
        Tags().feed(content)


def play(story: Story, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a story beside a listener for the first camera."""
    monkeypatch.setattr(srt, "LOOK_AGAIN", 0.05)
    monkeypatch.setattr(srt, "FIRST_PAUSE", 0.05)

    async def whole(house: House) -> None:
        listener = Listener(house.inputs, house.inputs.cameras("s1")[1], HOST, port)
        try:
            await story(house, listener)
        finally:
            await listener.stop()

    play_house(whole)


async def publish(
    port: int, key: str, *, seconds: float = 2, codec: str = "libx264"
) -> tuple[int | None, str]:
    """Call until somebody listens, then send a test picture in real time."""
    secret = srt_passphrase(hash_key(key))
    child = await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-loglevel", "error",
        "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine",
        "-t", str(seconds), "-c:v", codec, "-preset", "ultrafast", "-pix_fmt", "yuv420p",
        "-g", "25", "-c:a", "aac", "-f", "mpegts",
        f"srt://{HOST}:{port}?passphrase={secret}&pbkeylen=16&connect_timeout=3000",
        stderr=subprocess.PIPE,
    )  # fmt: skip
    _, said = await child.communicate()
    return child.returncode, said.decode()


async def child_of(house: House, listener: Listener) -> asyncio.subprocess.Process:
    await house.until(lambda: listener._child is not None)
    assert listener._child is not None
    return listener._child


async def listens(house: House, port: int) -> None:
    """Wait until something has the UDP port; it is in the kernel's table then."""
    mark = f":{port:04X} "
    await house.until(lambda: mark in Path("/proc/net/udp").read_text())


def test_who_has_the_key_publishes_and_may_come_again(free_udp_port, monkeypatch):
    async def story(house: House, listener: Listener) -> None:
        with house.heard(1) as heard:
            for _ in range(2):
                await listens(house, free_udp_port)
                code, said = await publish(free_udp_port, "key-1")
                assert code == 0, said
                await house.until(lambda: house.told[-1:] == [(1, "gone", "lost")])
        assert house.told == [(1, "connecting", ""), (1, "live", ""), (1, "gone", "lost")] * 2
        pictures = [each for each in heard if each.kind == VIDEO and not each.is_header]
        assert pictures[0].is_key
        times = [each.at for each in pictures]
        assert times == sorted(set(times))
        assert len(times) > 60
        status = house.inputs.cameras("s1")[1].status()
        assert (status.state, status.protocol) == ("gone", "")

    play(story, free_udp_port, monkeypatch)


def test_another_key_does_not_open_the_camera(free_udp_port, monkeypatch):
    async def story(house: House, listener: Listener) -> None:
        await listens(house, free_udp_port)
        code, _ = await publish(free_udp_port, "guess", seconds=1)
        assert code != 0
        assert house.told == []

    play(story, free_udp_port, monkeypatch)


def test_hevc_is_refused_and_told(free_udp_port, monkeypatch):
    async def story(house: House, listener: Listener) -> None:
        await listens(house, free_udp_port)
        await publish(free_udp_port, "key-1", codec="libx265")
        await house.until(lambda: (1, "refused", "codec") in house.told)
        assert "codec HEVC" in listener.last_words
        assert not any(state == "live" for _, state, _ in house.told)

    play(story, free_udp_port, monkeypatch)


def test_the_secret_is_in_no_command_line(free_udp_port, monkeypatch):
    async def story(house: House, listener: Listener) -> None:
        await listens(house, free_udp_port)
        child = await child_of(house, listener)
        line = Path(f"/proc/{child.pid}/cmdline").read_bytes()
        assert b"ffmpeg" in line
        assert srt_passphrase(hash_key("key-1")).encode() not in line

    play(story, free_udp_port, monkeypatch)


def test_a_child_listens_only_while_there_is_room_and_with_the_key_of_now(
    free_udp_port, monkeypatch
):
    async def story(house: House, listener: Listener) -> None:
        first = await child_of(house, listener)
        place = house.inputs.arrive("key-1", "rtmp", "10.0.0.1", lambda _code: None)
        await house.until(lambda: first.returncode is not None and listener._child is None)
        place.gone("closed")
        second = await child_of(house, listener)
        cameras = list(house.session.cameras)
        cameras[0] = msgspec.structs.replace(cameras[0], key_hash=hash_key("new"))
        house.inputs.arm(msgspec.structs.replace(house.session, cameras=cameras))
        await house.until(lambda: second.returncode is not None)
        third = await child_of(house, listener)
        await listener.stop()
        assert third.returncode is not None

    play(story, free_udp_port, monkeypatch)


def test_a_child_that_dies_is_started_again(free_udp_port, monkeypatch):
    async def story(house: House, listener: Listener) -> None:
        first = await child_of(house, listener)
        first.kill()
        await house.until(lambda: listener._child not in (None, first))

    play(story, free_udp_port, monkeypatch)


def test_no_child_outlives_its_process_however_that_ends():
    program = (
        "import subprocess, sys\n"
        "from origin.srt import _dies_with_us\n"
        "child = subprocess.Popen(['cat'], stdin=subprocess.PIPE, preexec_fn=_dies_with_us())\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    # A descriptor of the process itself tells its end, whoever reaps it.
    watched = os.pidfd_open(int(parent.stdout.readline()))
    parent.kill()
    assert select.select([watched], [], [], 10)[0] == [watched]
    os.close(watched)
    parent.communicate()


def test_a_port_in_use_is_told_in_the_last_words(free_udp_port, monkeypatch):
    async def story(house: House, listener: Listener) -> None:
        await listens(house, free_udp_port)
        other = Listener(house.inputs, house.inputs.cameras("s1")[2], HOST, free_udp_port)
        try:
            await house.until(lambda: len(other.last_words) > 0)
        finally:
            await other.stop()
        assert house.told == []

    play(story, free_udp_port, monkeypatch)


def test_cameras_of_sessions_that_take_srt_have_ports_while_there_are_any(free_udp_port):
    async def story(house: House) -> None:
        first = free_udp_port
        ports = srt.Ports(house.inputs, HOST, range(first, first + 4))

        def given() -> list[int]:
            return [each.status().srt_port for each in house.inputs]

        ports.sync()
        ports.sync()
        assert given() == [first, first + 1, first + 2, first + 3, 0, 0]
        cameras = house.session.cameras[1:]
        house.inputs.arm(msgspec.structs.replace(house.session, cameras=cameras))
        ports.sync()
        assert given() == [first + 1, first + 2, first + 3, 0, 0]
        await asyncio.gather(*ports._leaving)
        ports.sync()
        assert given() == [first + 1, first + 2, first + 3, first, 0]
        house.inputs.arm(msgspec.structs.replace(house.session, cameras=cameras, srt=False))
        ports.sync()
        await ports.stop()
        assert given() == [0] * 5

    play_house(story)


def test_the_words_of_a_child_are_kept_short():
    async def story() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(b"\n".join(b"x" * 1_000 for _ in range(100)) + b"\n")
        reader.feed_eof()
        listener = object.__new__(Listener)
        listener.last_words = srt.deque(maxlen=srt.MOST_LINES)
        await listener._keep_words(reader)
        assert [len(line) for line in listener.last_words] == [300] * 20

    asyncio.run(story())


def test_material_is_what_the_reader_of_tags_expects():
    messages = [tuple(each) for each in stream()]
    assert Tags().feed(flv(messages)) == messages
