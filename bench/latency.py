"""How late viewers see what a camera saw, and how fast a cut is.

    haishi bench latency [--json] [--full]

A publisher burns the time into its pictures; a page in headless Chromium reads it from each picture
as it is shown. Low latency and plain HLS are played by hls.js with its defaults (and a playback
rate of up to 1.5 to catch up); FLV is decoded as it comes (WebCodecs). `llhls_p50_s`,
`llhls_p95_s`, `hls_p50_s`, `flv_p50_s`: seconds from the camera to the screen. `cut_s`: from the
order to the first picture of the other camera, by that camera's clock, the longest of several cuts
(key frames every second). `cut_gap_ms`: the longest time without a new picture on the screen around
a cut, `stalls`: how often the low latency player waited.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import itertools
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import measure
from bench.live.place import SESSION, Place, origin, running

HERE = Path(__file__).resolve().parent / "live"
HLS = measure.ROOT / "web" / "node_modules" / "hls.js" / "dist" / "hls.min.js"
# What a player needs to settle is not counted.
SETTLE = {"ll": 6.0, "plain": 8.0, "flv": 2.0}
CUT_PAUSE = 4.0
FLAGS = ("--autoplay-policy=no-user-gesture-required", "--mute-audio", "--disable-dev-shm-usage")


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="haishi bench latency", description=__doc__)
    parser.add_argument("--json", action="store_true", help="no progress, only the last line")
    parser.add_argument("--full", action="store_true", help="a minute each, twelve cuts")
    options = parser.parse_args(arguments)
    tell = (lambda _text: None) if options.json else measure.tell
    if not HLS.is_file():
        raise SystemExit("web/node_modules has no hls.js: npm ci in web/")
    began, load = time.monotonic(), os.getloadavg()[0]
    seconds, cuts = (60.0, 12) if options.full else (20.0, 4)
    result = _measure(seconds, cuts, tell)
    print(json.dumps(measure.header("latency", began, load) | result, ensure_ascii=False))
    return 0


def _measure(seconds: float, cuts: int, tell: Callable[[str], None]) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    from journeys.reader import CHROMIUM

    result: dict[str, Any] = {}
    with origin() as place:
        place.arm(cameras=2)
        cameras = [
            [
                sys.executable,
                "-m",
                "bench.live.burnt",
                place.publish_url(camera=number),
                str(number),
            ]
            for number in (1, 2)
        ]
        with running(*cameras), _page() as page_url, sync_playwright() as play:
            place.until("live")
            own = shutil.which("chromium") or shutil.which("google-chrome")
            browser = play.chromium.launch(executable_path=own, args=[*CHROMIUM, *FLAGS])
            for mode, file in (
                ("ll", "programme/index.m3u8"),
                ("plain", "programme/plain.m3u8"),
                ("flv", "programme.flv"),
            ):
                page = browser.new_page()
                page.goto(f"{page_url}?mode={mode}&src={quote(place.watch_url(file), safe='')}")
                result |= _late(page, mode, seconds, tell)
                if mode == "ll":
                    result |= _cuts(page, place, cuts, tell)
                page.close()
            browser.close()
    return result


def _late(page: Any, mode: str, seconds: float, tell: Callable[[str], None]) -> dict[str, Any]:
    """Percentiles of the latency of one way to play."""
    page.wait_for_timeout(1000 * (SETTLE[mode] + seconds))
    shown = page.evaluate("window.shown")
    if not shown:
        raise SystemExit(f"{mode}: no picture was shown; {page.evaluate('window.troubles')}")
    from_ = shown[-1][0] - 1000 * seconds
    late = sorted(each[1] for each in shown if each[0] >= from_)
    middle, most = late[len(late) // 2], late[int(len(late) * 0.95)]
    tell(f"{mode}: p50 {middle:.2f} s, p95 {most:.2f} s of {len(late)} pictures")
    if mode == "ll":
        stalls = page.evaluate("window.stalls")
        return {"llhls_p50_s": round(middle, 3), "llhls_p95_s": round(most, 3), "stalls": stalls}
    name = {"plain": "hls", "flv": "flv"}[mode]
    return {f"{name}_p50_s": round(middle, 3), f"{name}_p95_s": round(most, 3)}


def _cuts(page: Any, place: Place, count: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """The longest wait for the other camera, and the longest gap on the screen."""
    waits, gaps = [], []
    camera = place.order("GET", f"/control/sessions/{SESSION}")["source"]
    for turn in range(count):
        camera = 3 - camera
        page.evaluate("window.shown = []")
        # Not always at the same place between two key frames.
        page.wait_for_timeout(1000 + 230 * turn)
        ordered = int(time.time() * 1000) & ((1 << 38) - 1)
        place.order("POST", f"/control/sessions/{SESSION}/cut", {"camera": camera})
        page.wait_for_timeout(1000 * CUT_PAUSE)
        shown = page.evaluate("window.shown")
        first = next((index for index, each in enumerate(shown) if each[2] == camera), None)
        if not first:
            raise SystemExit(f"the cut to camera {camera} was not seen")
        waits.append((shown[first][3] - ordered) / 1000)
        times = [each[0] for each in shown[max(0, first - 25) : first + 25]]
        gaps.append(max(b - a for a, b in itertools.pairwise(times)))
        tell(f"cut to {camera}: {waits[-1]:.2f} s, gap {gaps[-1]:.0f} ms")
    return {"cut_s": round(max(waits), 3), "cut_gap_ms": round(max(gaps)), "cuts": count}


@contextlib.contextmanager
def _page() -> Iterator[str]:
    """The page and hls.js from a small server: its address."""
    with tempfile.TemporaryDirectory() as folder:
        for file in (HERE / "watch.html", HLS):
            shutil.copy(file, folder)
        handler = functools.partial(_Quiet, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/watch.html"
        finally:
            server.shutdown()
            server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_words: Any) -> None:
        """Requests are no news."""


if __name__ == "__main__":
    sys.exit(main())
