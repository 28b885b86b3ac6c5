"""SRT in: one ffmpeg child per camera listens, takes the stream apart and hands on FLV.

The passphrase follows from the camera's key (`wire.live.srt_passphrase`), so whoever has the key
can publish and nobody else. It reaches the child over its standard input, not in its command line,
where every user of the machine could read it. A child that ends is started again; it listens only
while its camera has room, and dies with this process.
"""

import asyncio
import bisect
import contextlib
import ctypes
import logging
import os
import signal
from collections import deque
from collections.abc import Callable

import imageio_ffmpeg

from origin.inputs import Input, Inputs, Refused
from wire.live import srt_passphrase

log = logging.getLogger("origin")
# Seconds: between two tries of a child that brings nothing; how often a camera without room is
# looked at again.
FIRST_PAUSE, LONGEST_PAUSE, LOOK_AGAIN = 0.5, 30.0, 1.0
# How long SRT may wait for lost packets (microseconds): more is steadier and later.
LATENCY = 200_000
MOST_TAG = 8 << 20
MOST_WORDS, MOST_LINES = 300, 20
_READ = 1 << 16
_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


class BadFlv(ValueError):
    """The child did not write FLV."""


class Tags:
    """An FLV file that is still being written, in pieces (Adobe, FLV 10.1, E.2 to E.4)."""

    def __init__(self) -> None:
        self._rest = b""
        self._begun = False

    def feed(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """(kind, time stamp in ms, body) of every tag that these bytes finish. Raises BadFlv."""
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        if not self._begun:
            if data[:3] != b"FLV"[: min(3, end)]:
                raise BadFlv("signature")
            if end < 13:
                self._rest = data
                return []
            at, self._begun = 13, True
        tags = []
        while end - at >= 11:
            size = int.from_bytes(data[at + 1 : at + 4], "big")
            if size > MOST_TAG:
                raise BadFlv("tag too large")
            if end - at < 15 + size:
                break
            stamp = int.from_bytes(data[at + 4 : at + 7], "big") | data[at + 7] << 24
            tags.append((data[at] & 31, stamp, data[at + 11 : at + 11 + size]))
            at += 15 + size
        self._rest = data[at:]
        return tags


class Listener:
    """Listens for one camera on one port until `stop`. `last_words`: what the child said last."""

    def __init__(self, inputs: Inputs, place: Input, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.last_words: deque[str] = deque(maxlen=MOST_LINES)
        self._inputs, self._place = inputs, place
        self._child: asyncio.subprocess.Process | None = None
        self._came = False
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Close the port."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            if self._inputs.refusal(self._place, self._address) is not None:
                await asyncio.sleep(LOOK_AGAIN)
                continue
            self._came = False
            try:
                await self._listen()
            except OSError as error:
                log.warning("srt %d: %s", self.port, error)
            pause = FIRST_PAUSE if self._came else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    @property
    def _address(self) -> str:
        # The child does not tell who called.
        return f"srt:{self.port}"

    async def _listen(self) -> None:
        """One child, from its start to its end."""
        child = self._child = await asyncio.create_subprocess_exec(
            *_command(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=_dies_with_us(),
        )
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        key_hash = self._place.camera.key_hash
        beside = [
            asyncio.create_task(self._keep_words(child.stderr)),
            asyncio.create_task(self._watch(key_hash)),
        ]
        try:
            child.stdin.write(_script(self.host, self.port, srt_passphrase(key_hash)))
            child.stdin.close()
            await self._hand_on(child.stdout)
        finally:
            self._end_child()
            await child.wait()
            self._child = None
            beside[1].cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _watch(self, key_hash: str) -> None:
        """End a child that waits for nobody: another key, no room, or the session is over."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            refusal = None if self._came else self._inputs.refusal(self._place, self._address)
            if refusal is not None or self._place.camera.key_hash != key_hash:
                self._end_child()

    async def _hand_on(self, output: asyncio.StreamReader) -> None:
        """Everything the child writes goes into the camera; returns when it has to end."""
        tags = Tags()
        place: Input | None = None

        def kicked(_code: str) -> None:
            nonlocal place
            place = None
            self._end_child()

        try:
            while data := await output.read(_READ):
                found = tags.feed(data)
                if found and not self._came:
                    place = self._inputs.admit(self._place, "srt", self._address, kicked)
                    self._came = True
                for kind, stamp, body in found:
                    if place is not None:
                        place.push(kind, stamp, body)
        except Refused as refused:
            self.last_words.append(str(refused))
            if place is not None:
                place.refuse(refused)
                place.gone(refused.code)
                place = None
        except BadFlv as error:
            self.last_words.append(f"FLV: {error}")
        finally:
            if place is not None:
                place.gone("lost")

    def _end_child(self) -> None:
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                self._child.kill()

    async def _keep_words(self, errors: asyncio.StreamReader) -> None:
        """Read what the child complains of, and keep its end."""
        rest = b""
        while data := await errors.read(_READ):
            *lines, rest = (rest + data)[-_READ:].split(b"\n")
            self.last_words.extend(line.decode("utf-8", "replace")[:MOST_WORDS] for line in lines)


class Ports:
    """A listener for every camera whose session takes SRT, each on a port of its own.

    The port stands in the camera's status (`srt_port`), so that the house can tell its address.
    """

    def __init__(self, inputs: Inputs, host: str, ports: range) -> None:
        self._inputs, self._host = inputs, host
        self._free = list(ports)
        self._listeners: dict[Input, Listener] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def sync(self) -> None:
        """Open and close what has changed; after arming and disarming, or once a second."""
        wanted = {each: None for each in self._inputs if each.session.srt}
        for place in [each for each in self._listeners if each not in wanted]:
            task = asyncio.create_task(self._close(place, self._listeners.pop(place)))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
        for place in wanted:
            if place not in self._listeners and self._free:
                place.srt_port = self._free.pop(0)
                self._listeners[place] = Listener(
                    self._inputs, place, self._host, place.srt_port
                )  # fmt: skip

    async def _close(self, place: Input, listener: Listener) -> None:
        place.srt_port = 0
        await listener.stop()
        bisect.insort(self._free, listener.port)

    async def stop(self) -> None:
        """Close every port."""
        closing = [self._close(*each) for each in self._listeners.items()]
        self._listeners.clear()
        await asyncio.gather(*closing, *self._leaving)


def _command() -> list[str]:
    return [
        imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-loglevel", "error",
        "-f", "concat", "-safe", "0", "-protocol_whitelist", "pipe,fd,srt,udp", "-i", "pipe:0",
        "-map", "0:v:0", "-map", "0:a:0?", "-c", "copy",
        "-f", "flv", "-flvflags", "no_duration_filesize", "-flush_packets", "1", "pipe:1",
    ]  # fmt: skip


def _script(host: str, port: int, secret: str) -> bytes:
    """What the child reads: a list of one source, with its options (ffmpeg's concat demuxer)."""
    address = f"[{host}]" if ":" in host else host
    return (
        "ffconcat version 1.0\n"
        f"file srt://{address}:{port}?mode=listener\n"
        f"option passphrase {secret}\n"
        "option pbkeylen 16\n"
        f"option latency {LATENCY}\n"
    ).encode()


def _dies_with_us() -> Callable[[], None]:
    """For between fork and exec: the kernel kills the child when this process ends; prctl(2)."""
    prctl, parent, getppid, leave = _libc.prctl, os.getpid(), os.getppid, os._exit
    number = int(signal.SIGKILL)

    def pact() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if getppid() != parent:
            leave(1)

    return pact
