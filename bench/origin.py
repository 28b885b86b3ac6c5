"""What live video costs the origin: publishers in, viewers out, other networks.

    haishi bench origin [--json] [--full]

Ten encoders (ffmpeg, 720p, 25 pictures a second, 2 Mbit/s, key frames every second) publish over
RTMP to ten sessions, each packed and recorded. `cpu_s_per_stream_s`: CPU of the origin for each
second of each stream, all in. `ll_viewers_per_core`: low latency viewers (blocking reload, parts,
no cache in front) that a whole core would carry, from the CPU that `viewers` of them cost; for
`viewer_errors` of their requests the answer was not 200. `restream_cpu_s_per_stream_s`: CPU of the
origin and its children for each second sent to another network. `restream_recovery_s`: from the
moment such a network, which was away for two seconds, listens again until it is live.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import measure
from bench.live.place import Place, origin, running
from bench.restreams import restream_figures

PUBLISHERS, VIEWERS = 10, 200
SETTLE = 4.0
PARTS_A_SECOND = 5.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="haishi bench origin", description=__doc__)
    parser.add_argument("--json", action="store_true", help="no progress, only the last line")
    parser.add_argument("--full", action="store_true", help="a minute each")
    options = parser.parse_args(arguments)
    tell = (lambda _text: None) if options.json else measure.tell
    began, load = time.monotonic(), os.getloadavg()[0]
    seconds = 60.0 if options.full else 12.0
    with tempfile.TemporaryDirectory() as folder:
        film = _film(Path(folder))
        result = _publishers(film, seconds, tell)
        result |= _viewers(film, seconds, tell)
        found = restream_figures()
    tell(f"restream: {found['cpu_per_stream_second']} CPU s, back in {found['recovery_seconds']} s")
    result |= {
        "restream_cpu_s_per_stream_s": found["cpu_per_stream_second"],
        "restream_recovery_s": found["recovery_seconds"],
    }
    print(json.dumps(measure.header("origin", began, load) | result, ensure_ascii=False))
    return 0


def _film(folder: Path) -> str:
    """Ten seconds of pictures that use up their bits, made once."""
    path = folder / "film.flv"
    pictures = ["-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25,noise=alls=12:allf=t"]
    tone = ["-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000"]
    x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-keyint_min", "25"]
    rate = [
        "-sc_threshold",
        "0",
        "-b:v",
        "2M",
        "-minrate",
        "2M",
        "-maxrate",
        "2M",
        "-bufsize",
        "2M",
    ]
    sound = ["-c:a", "aac", "-b:a", "96k", "-ac", "2"]
    command = [
        *_ffmpeg(),
        *pictures,
        *tone,
        "-t",
        "10",
        *x264,
        *rate,
        *sound,
        "-f",
        "flv",
        str(path),
    ]
    subprocess.run(command, check=True)
    return str(path)


def _ffmpeg() -> list[str]:
    import imageio_ffmpeg

    return [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "fatal", "-y"]


def _encoder(film: str, url: str) -> list[str]:
    loop = ["-re", "-stream_loop", "-1", "-i", film]
    return [*_ffmpeg(), *loop, "-c", "copy", "-flvflags", "no_duration_filesize", "-f", "flv", url]


def _cost(place: Place, seconds: float) -> float:
    """CPU seconds of the origin and its children for each second."""
    before, began = measure.cpu_ms(place.pid), time.monotonic()
    time.sleep(seconds)
    return (measure.cpu_ms(place.pid) - before) / 1000 / (time.monotonic() - began)


def _publishers(film: str, seconds: float, tell: Callable[[str], None]) -> dict[str, Any]:
    names = [f"bench{number}" for number in range(PUBLISHERS)]
    with origin() as place:
        for name in names:
            place.arm(name)
        while not list(place.folder.glob("slates/*.flv")):
            time.sleep(0.5)  # the slate is drawn once in an installation's life
        idle = _cost(place, 5.0)
        with running(*(_encoder(film, place.publish_url(name)) for name in names)):
            for name in names:
                place.until("live", name)
            time.sleep(SETTLE)
            cost = _cost(place, seconds)
            found = place.order("GET", "/control/sessions")["sessions"]
        kbps = [each["cameras"][0]["kbps"] for each in found]
        recorded = min(each["recorded_seconds"] for each in found)
    live = sum(each["state"] == "live" for each in found)
    tell(f"{live} publishers: {cost / PUBLISHERS:.4f} CPU s per stream second, idle {idle:.4f}")
    return {
        "publishers": live,
        "cpu_s_per_stream_s": round(cost / PUBLISHERS, 5),
        "idle_cpu_share": round(idle, 5),
        "kbps": round(sum(kbps) / len(kbps)),
        "recorded_s_least": round(recorded, 1),
    }


def _viewers(film: str, seconds: float, tell: Callable[[str], None]) -> dict[str, Any]:
    with origin() as place:
        place.arm()
        with running(_encoder(film, place.publish_url())):
            place.until("live")
            time.sleep(SETTLE)
            alone = _cost(place, min(seconds, 5.0))
            # One token a viewer, as pages give them.
            urls = ",".join(place.watch_url("programme/index.m3u8") for _turn in range(VIEWERS))
            command = [sys.executable, "-m", "bench.live.viewers", urls, str(VIEWERS), str(seconds)]
            crowd = subprocess.Popen(command, cwd=measure.ROOT, stdout=subprocess.PIPE, text=True)
            assert crowd.stdout is not None
            crowd.stdout.readline()
            before, began = measure.cpu_ms(place.pid), time.monotonic()
            crowd.stdout.readline()
            cost = (measure.cpu_ms(place.pid) - before) / 1000 / (time.monotonic() - began)
            found = json.loads(crowd.stdout.readline())
            crowd.wait(timeout=30)
    parts = found["parts"] / found["seconds"] / VIEWERS
    # On a busy machine viewers fall behind and ask less often: only whole viewers count.
    served = VIEWERS * min(1.0, parts / PARTS_A_SECOND)
    tell(f"{served:.0f} viewers: {served / (cost - alone):.0f} a core, {parts:.2f} parts a second")
    return {
        "ll_viewers_per_core": round(served / (cost - alone)),
        "viewers": VIEWERS,
        "parts_per_viewer_s": round(parts, 2),
        "viewers_mbit_s": round(found["bytes"] * 8 / found["seconds"] / 1e6, 1),
        "viewer_errors": found["errors"] + found["lost"],
    }


if __name__ == "__main__":
    sys.exit(main())
