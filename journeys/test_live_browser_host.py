"""A host goes live with nothing but a browser: its camera, WHIP, and a viewer who watches."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from journeys import live_story
from journeys.cast import LIN, PASSWORD
from journeys.house import Installation, wait_for
from journeys.reader import Reader, launch

pytestmark = pytest.mark.journey
# A camera that is a picture with a clock in it, and a microphone that beeps.
DEVICES = ("--use-fake-device-for-media-stream=fps=15", "--use-fake-ui-for-media-stream")
# Brightness of sixteen places of the picture.
LOOK = """() => {
  const video = document.querySelector("hs-player video");
  if (!video || video.readyState < 2) return null;
  const pen = Object.assign(document.createElement("canvas"), { width: 4, height: 4 })
    .getContext("2d");
  pen.drawImage(video, 0, 0, 4, 4);
  return { time: video.currentTime, points: [...pen.getImageData(0, 0, 4, 4).data].join() };
}"""


@pytest.fixture(scope="module")
def browser(house: Installation) -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = launch(play, *DEVICES)
        yield chromium
        chromium.close()


def test_a_host_goes_live_with_the_camera_of_a_browser(
    reader: Callable[..., Reader], house: Installation
) -> None:
    lin, viewer = reader("browser-host"), reader("browser-viewer", 390)
    with lin.glance(), viewer.glance():
        lin.sign_in(LIN, PASSWORD)
        console = live_story.plans(lin, house, "只用浏览器开播")
        sends(lin, console)
        desk = lin.beside()
        with desk.glance():
            live_story.has_a_signal(desk, console)
            live_story.goes_on_air(desk)
            viewer.go(console.removesuffix("console/"))
            sees_it_move(viewer)
            stops(lin)
            live_story.ends(desk, console)
        assert desk.troubles == []


def sends(one: Reader, console: str) -> None:
    """The page with the key offers this device's camera; the key is in it for a moment only."""
    one.go(f"{console}gear/")
    one.press("生成推流密钥")
    one.use(one.page.get_by_role("button", name="用这台设备的摄像头"))
    preview = one.page.get_by_label("本机画面预览")
    wait_for(lambda: preview.evaluate("(video) => video.videoWidth > 0 && video.currentTime > 0"))
    one.use(one.page.get_by_role("button", name="开始推流"))
    expect(one.page.locator("hs-camera")).to_contain_text("已推流。", timeout=30_000)


def sees_it_move(one: Reader) -> None:
    """Two seconds pass on the screen, with pictures that differ."""
    seen: dict[str, float] = {}

    def moves() -> bool:
        if now := one.page.evaluate(LOOK):
            seen.setdefault(now["points"], now["time"])
        return len(seen) > 3 and max(seen.values()) >= min(seen.values()) + 2

    wait_for(moves, 40)


def stops(one: Reader) -> None:
    one.use(one.page.get_by_role("button", name="停止推流"))
    expect(one.page.get_by_role("button", name="开始推流")).to_be_visible()
