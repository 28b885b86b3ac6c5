"""A publisher whose pictures carry the time: python -m bench.live.burnt URL CAMERA

640 × 360, 25 a second, a key frame every second. The upper 80 lines are two rows of 20 squares: a
bright one is a 1. 40 bits of the milliseconds since 1970, the last two of them the camera's number.
"""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys
import time

import imageio_ffmpeg

WIDTH, HEIGHT, RATE = 640, 360, 25
SQUARE, ROWS, COLUMNS = 32, 2, 20
DARK, BRIGHT, GREY = 16, 235, 90


def main() -> int:
    """Entry point; runs until it is ended."""
    url, camera = sys.argv[1], int(sys.argv[2])
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(0))
    encoder = subprocess.Popen(command(url), stdin=subprocess.PIPE)
    assert encoder.stdin is not None
    scene = _scene(camera)
    colour = bytes([128]) * (WIDTH * HEIGHT // 2)
    began, number = time.monotonic(), 0
    try:
        while encoder.poll() is None:
            time.sleep(max(0.0, began + number / RATE - time.monotonic()))
            shift = number * 4 % WIDTH
            encoder.stdin.write(_clock(_code(camera)) + scene[shift:] + scene[:shift] + colour)
            encoder.stdin.flush()
            number += 1
    except BrokenPipeError:
        return 1
    finally:
        with contextlib.suppress(OSError):
            encoder.stdin.close()
        encoder.terminate()
        encoder.wait()
    return 1


def command(url: str) -> list[str]:
    """ffmpeg that takes raw pictures and publishes them with as little delay as encoders allow."""
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE)]
    tone = ["-f", "lavfi", "-i", "sine=frequency=300:sample_rate=44100"]
    x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", str(RATE)]
    rest = ["-keyint_min", str(RATE), "-sc_threshold", "0", "-b:v", "800k", "-threads", "1"]
    sound = ["-c:a", "aac", "-b:a", "96k", "-flush_packets", "1"]
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error"]
    return [
        *ffmpeg, "-fflags", "nobuffer", *raw, "-i", "pipe:0", *tone, *x264, *rest, *sound,
        "-flvflags", "no_duration_filesize", "-f", "flv", url,
    ]  # fmt: skip


def _code(camera: int) -> int:
    """38 bits of milliseconds, then two of the camera."""
    return (int(time.time() * 1000) & ((1 << 38) - 1)) << 2 | camera


def _clock(code: int) -> bytes:
    """The upper lines of a picture: two rows of squares, each in a grey frame."""
    grey = bytes([GREY]) * (WIDTH * 4)
    rows = [grey]
    for row in range(ROWS):
        line = b"".join(
            bytes([BRIGHT if code >> (row * COLUMNS + column) & 1 else DARK]) * SQUARE
            for column in range(COLUMNS)
        )
        rows += [line * SQUARE, grey, grey]
    return b"".join([*rows, grey])


def _scene(seed: int) -> bytes:
    """Something that moves, so that the encoder has work."""
    noise = random.Random(seed)
    blocks = [bytes([noise.randrange(60, 120)]) * 8 for _block in range(WIDTH * (HEIGHT - 88) // 8)]
    return b"".join(blocks)


if __name__ == "__main__":
    sys.exit(main())
