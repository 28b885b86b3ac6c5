"""The house and a real origin: armed, published to by a real encoder's messages, cut, ended.

One process beside the test; it is started once, on ports that the system chose.
"""

import contextlib
import html
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import imageio_ffmpeg
import pytest
from django.conf import settings as house
from django.urls import reverse

from haishi.foundation import clock
from haishi.live import selectors, services
from haishi.live.engines import engine_of
from haishi.live.models import Camera, LiveSession, Recording
from haishi.live.tests.factories import LiveFactory
from wire.live import derive

pytestmark = pytest.mark.django_db
PICTURE = ("live", "degraded")
ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(question: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What `question` answers once it is something. Fails the test after `seconds`."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
    return answer


def free_udp_ports(number: int) -> int:
    """The first of so many UDP ports in a row that nobody has."""
    for first in range(20_000, 60_000, number):
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for port in range(first, first + number):
                one = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                one.bind(("127.0.0.1", port))
            return first
    raise AssertionError("no ports")


@pytest.fixture
def origin(tmp_path: Path, settings: Any) -> Iterator[int]:
    """A running origin; gives its RTMP port."""
    port, rtmp = free_port(), free_port()
    environment = {
        **os.environ,
        "HAISHI_ORIGIN_HOST": "127.0.0.1",
        "HAISHI_ORIGIN_PORT": str(port),
        "HAISHI_ORIGIN_RTMP_PORT": str(rtmp),
        "HAISHI_ORIGIN_SRT_PORT": str(free_udp_ports(8)),
        "HAISHI_ORIGIN_FOLDER": str(tmp_path / "live"),
        "HAISHI_ORIGIN_WATCH_KEY": derive(house.SECRET_KEY, "watch").hex(),
        "HAISHI_ORIGIN_CONTROL_KEY": derive(house.SECRET_KEY, "control").hex(),
        "HAISHI_ORIGIN_FREE_MB": "1",
    }
    settings.LIVE_ENGINE_URL = f"http://127.0.0.1:{port}"
    settings.ORIGIN_URL = f"http://127.0.0.1:{port}"
    child = subprocess.Popen([sys.executable, "-m", "origin"], env=environment, cwd=ROOT)

    def healthy() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    try:
        until(healthy)
        yield rtmp
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(20)


@pytest.fixture
def encoder() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """`encoder(url)` publishes a small moving picture with a tone, a key frame a second."""
    children: list[subprocess.Popen[bytes]] = []

    def publish(url: str, form: str = "flv") -> subprocess.Popen[bytes]:
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-re",
            "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10",
            "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p",
            "-c:a", "aac", "-f", form, url,
        ]  # fmt: skip
        children.append(subprocess.Popen(command))
        return children[-1]

    yield publish
    for child in children:
        child.terminate()
        child.wait(10)


def test_a_session_goes_through_a_real_origin(origin, encoder, lin, stranger, exhibitor):
    session = LiveFactory(exhibitor=exhibitor)
    key = services.rotate_key(lin, session.pk, 1)
    assert services.arm_due(clock.now()) == 1

    def now() -> LiveSession:
        services.poll()
        return LiveSession.objects.get()

    assert now().armed_gear == LiveSession.objects.get().gear
    encoder(f"rtmp://127.0.0.1:{origin}/live/{key}")
    until(lambda: now().began_at and selectors.console_state(lin, now()).may_open)
    camera = selectors.cameras_of(session)[0]
    # On a machine with much to do the encoder's pictures come unsteadily: that is a picture, too.
    assert camera.state in PICTURE
    assert (camera.protocol, camera.width, camera.height) == ("rtmp", 160, 90)
    services.open_doors(lin, session.pk)
    page = selectors.room_page(stranger, session.public_id, "viewer", "localhost")
    url = page.playback.angles[0].sources[0].url
    playlist = until(lambda: (a := httpx.get(url, trust_env=False)).status_code == 200 and a)
    assert "#EXT-X-PART:" in playlist.text
    assert httpx.get(url.partition("?")[0], trust_env=False).status_code == 401
    services.cut(lin, session.pk, 0)
    until(lambda: now().source == 0)
    services.cut(lin, session.pk, 1)
    until(lambda: now().source == 1)
    services.end(lin, session.pk)
    assert until(lambda: services.arm_due(clock.now())) == 1
    assert engine_of("own").status() == []
    assert until(lambda: services.take_in_recordings(clock.now())) == 1
    part = Recording.objects.first()
    assert (part.state, part.seconds > 1) == ("finished", True)
    services.publish_replay(lin, session.pk)
    replay = selectors.replay_page(stranger, session.public_id, "viewer", "localhost")
    answer = httpx.get(replay.recordings[0].playlist_url, trust_env=False)
    assert "#EXT-X-ENDLIST" in answer.text
    services.delete_old(LiveSession.objects.get().keep_until)
    assert engine_of("own").recordings(session.public_id) == []


def test_the_printed_srt_address_opens_its_camera_to_a_real_encoder(
    origin, encoder, client, lin, exhibitor
):
    session = LiveFactory(exhibitor=exhibitor, srt=True, cameras=2)
    services.arm_due(clock.now())
    until(lambda: services.poll() and all(row.srt_port for row in selectors.cameras_of(session)))
    client.force_login(lin)
    page = client.post(reverse("live:key", args=[session.public_id, 2])).content.decode()
    [address] = re.findall(r'value="(srt://[^"]+)"', page)
    assert services.arm_due(clock.now()) == 1
    url = html.unescape(address).replace("testserver", "127.0.0.1")
    child = encoder(url, "mpegts")

    def camera() -> Camera:
        nonlocal child
        if child.poll() is not None:  # the port still asked for the key before; encoders call again
            child = encoder(url, "mpegts")
        services.poll()
        return selectors.cameras_of(session)[1]

    until(lambda: camera().state in PICTURE)
    assert (camera().protocol, camera().width, camera().height) == ("srt", 160, 90)
    assert selectors.cameras_of(session)[0].state == "scheduled"
    assert (
        "srt://" not in client.get(reverse("live:gear", args=[session.public_id])).content.decode()
    )
