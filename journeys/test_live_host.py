"""A host on a phone goes live with an encoder: plan, key, rehearsal, on air, pin, end, report."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import imageio_ffmpeg
import pytest
from playwright.sync_api import expect

from journeys.cast import LIN, PASSWORD
from journeys.house import Installation
from journeys.live_story import ends, plans, takes_a_key
from journeys.reader import Reader

pytestmark = pytest.mark.journey
TITLE = "青釉夜话"


@contextmanager
def encoder(server: str, key: str) -> Iterator[None]:
    """ffmpeg as OBS would send: H.264 with a key frame a second, AAC."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-re",
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=15",
        "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
        "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "15",
        "-pix_fmt", "yuv420p", "-b:v", "300k", "-c:a", "aac", "-f", "flv", f"{server}/{key}",
    ]  # fmt: skip
    child = subprocess.Popen(command)
    try:
        yield
    finally:
        child.terminate()
        child.wait(10)


def test_a_host_goes_live_from_the_plan_to_the_report(
    reader: Callable[..., Reader], house: Installation
) -> None:
    lin = reader("live-host", 390)
    lin.sign_in(LIN, PASSWORD)
    console = plans(lin, house, TITLE)
    server, key = takes_a_key(lin, console)
    with encoder(server, key):
        rehearses(lin, console)
        visitor = reader("live-visitor", 390)
        room = console.removesuffix("console/")
        goes_on_air(lin, visitor, room)
        shows_a_product(lin, console)
        ends(lin, console)
    reads_the_report(lin, console)


def rehearses(one: Reader, console: str) -> None:
    """The signal is seen without a reload, with its measures."""
    one.go(console)
    state = one.page.locator("#live-state")
    expect(state).to_contain_text("信号正常", timeout=40_000)
    expect(state).to_contain_text("320×180", timeout=20_000)
    expect(state).to_contain_text("正在试播，观众还看不到。")


def goes_on_air(one: Reader, visitor: Reader, room: str) -> None:
    visitor.go(room)
    answer = visitor.context.request.get(visitor.base + f"{room}playback/").json()
    assert answer["playback"] == {}
    one.press("现在开播")
    one.sees("已开播，观众看到画面了。")
    answer = visitor.context.request.get(visitor.base + f"{room}playback/").json()
    url = answer["playback"]["angles"][0]["sources"][0]["url"]
    playlist = visitor.context.request.get(url)
    assert playlist.status == 200, playlist.text()
    assert "#EXT-X-PART" in playlist.text()


def shows_a_product(one: Reader, console: str) -> None:
    one.go(console + "stage/")
    one.press("放进橱窗")
    one.sees("已添加。")
    one.press("讲解")
    one.sees("讲解中")


def reads_the_report(one: Reader, console: str) -> None:
    one.go(console + "report/")
    one.sees("播出时长", "讲解：")
