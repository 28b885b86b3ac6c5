"""What a broadcast needs beside a browser: cameras that burn the time into their pictures, other
networks to send to, and somebody who reads the burnt time from the picture on the screen.
"""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from journeys.house import ROOT, Installation, wait_for
from journeys.reader import Reader
from origin.tests.fakes.rtmp import Sink

# bench/live/burnt.py keeps 38 bits of the milliseconds since 1970.
TURN = 1 << 38
# Reads a picture as it stands: where the video is, whose camera, when it was taken.
READ = """() => {
  const player = document.querySelector("hs-player");
  const video = player?.querySelector("video");
  if (!video || video.readyState < 2 || video.videoWidth !== 640) return null;
  const canvas = (window.reading ??= new OffscreenCanvas(640, 88));
  const pen = (window.readingPen ??= canvas.getContext("2d", { willReadFrequently: true }));
  pen.drawImage(video, 0, 0, 640, 88, 0, 0, 640, 88);
  const points = pen.getImageData(0, 0, 640, 88).data;
  let taken = 0, camera = 0;
  for (let bit = 0; bit < 40; bit += 1) {
    const x = (bit % 20) * 32 + 16, y = 4 + Math.floor(bit / 20) * 40 + 16;
    if (points[(y * 640 + x) * 4] <= 128) continue;
    if (bit < 2) camera += 2 ** bit; else taken += 2 ** (bit - 2);
  }
  return { time: video.currentTime, camera, taken, state: player.state };
}"""
# From now on: for every frame the picture on the screen, whether the list holds a line, how many
# lines run over the picture, and which words were drawn for it.
TRACE = f"""(text) => {{
  const read = {READ};
  const drawn = (window.drawn = []), trace = (window.trace = []);
  const own = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (words, ...rest) {{
    const picture = words === text && read();
    if (picture) drawn.push(picture.taken);
    return own.call(this, words, ...rest);
  }};
  const look = () => {{
    const picture = read();
    const listed = [...document.querySelectorAll(".chat-line")].some((each) =>
      each.textContent.includes(text));
    if (picture) trace.push([picture.taken, listed,
      document.querySelector("hs-danmaku").load.lines]);
    requestAnimationFrame(look);
  }};
  look();
}}"""


@dataclass(frozen=True)
class Picture:
    """What is on the screen. `taken`: milliseconds since 1970, modulo TURN."""

    time: float
    camera: int
    taken: int
    state: str


def picture(one: Reader) -> Picture | None:
    """The picture that this person sees; None before the first."""
    found = one.page.evaluate(READ)
    return found and Picture(**found)


def sees_picture(
    one: Reader, right: Callable[[Picture], bool] = lambda _picture: True, seconds: float = 30
) -> Picture:
    """Wait until the picture on the screen is one of these."""
    found: list[Picture] = []

    def look() -> bool:
        now = picture(one)
        found[:] = [now] if now and right(now) else []
        return bool(found)

    wait_for(look, seconds)
    return found[0]


def sees_it_move(one: Reader, seconds: float = 30) -> Picture:
    """Two seconds of pictures pass on the screen, in the video's time and in the camera's."""
    first = sees_picture(one, lambda now: now.state == "playing", seconds)

    def later(now: Picture) -> bool:
        return now.time >= first.time + 2 and now.taken >= first.taken + 2_000

    return sees_picture(one, later, seconds)


def traces(one: Reader, text: str) -> None:
    """From now on, note with which pictures a line is shown."""
    one.page.evaluate(TRACE, text)


def shown_at(one: Reader) -> tuple[int, list[Any]]:
    """`taken` of the first picture with which the traced line stood in the list; the whole trace:
    [taken, listed, lines over the picture]."""
    one.page.wait_for_function("() => window.trace.some((each) => each[1])", timeout=30_000)
    trace = one.page.evaluate("() => window.trace")
    return next(taken for taken, listed, _lines in trace if listed), trace


@contextmanager
def camera(server: str, key: str, number: int = 1) -> Iterator[None]:
    """An encoder as OBS: 640 × 360, a key frame a second; when it is cut off it comes back."""
    over = threading.Event()
    children: list[subprocess.Popen[bytes]] = []

    def publish() -> None:
        while not over.is_set():
            command = [sys.executable, "-m", "bench.live.burnt", f"{server}/{key}", str(number)]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            children[:] = [
                subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
            ]
            children[0].wait()
            over.wait(0.5)

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        yield
    finally:
        over.set()
        for child in children:
            child.terminate()
        thread.join(10)


class Networks:
    """Other networks on the loopback, each an RTMP server that takes everything."""

    def __init__(self, count: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.sinks = [Sink() for _number in range(count)]
        for sink in self.sinks:
            self._run(sink.start())

    @property
    def addresses(self) -> list[str]:
        """Where to send to, with a key."""
        return [sink.url(f"key-{number}") for number, sink in enumerate(self.sinks)]

    def taken(self, number: int) -> int:
        """Messages that one has taken so far."""
        return len(self.sinks[number].got)

    def die(self, number: int) -> None:
        """One is gone from one moment to the next."""
        self._run(self.sinks[number].die())

    def close(self) -> None:
        for sink in self.sinks:
            self._run(sink.die())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


@contextmanager
def networks(count: int) -> Iterator[Networks]:
    """So many of them for the length of the block."""
    made = Networks(count)
    try:
        yield made
    finally:
        made.close()


def moves_targets(house: Installation, public_id: str, *addresses: str) -> None:
    """Have the targets of a session lead to these addresses, in order: see `live_cast`."""
    run = subprocess.run(
        [sys.executable, "-m", "journeys.live_cast", public_id, *addresses],
        env=house.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
