"""A launch that is unveiled on its live stage: the room counts down, sees it with the picture of
the moment, and the first sale opens beside the picture.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from journeys import broadcast, live_story
from journeys.broadcast import READ, TURN, sees_it_move
from journeys.cast import LIN, PASSWORD, SU
from journeys.house import Installation
from journeys.live_story import sql
from journeys.reader import Reader
from journeys.test_launch import (
    NAMES,
    ON_STAGE,
    SECRETS,
    accepts_it,
    announces_it,
    writes_a_dossier,
)

pytestmark = pytest.mark.journey
NAME = NAMES[ON_STAGE]
# The picture on the screen when the stage first says the name.
WATCH = f"""(name) => {{ window.unveiled = new Promise((tell) => {{
  const read = {READ};
  const look = () => document.querySelector("#room-stage").textContent.includes(name)
    ? tell(read().taken) : setTimeout(look, 10);
  look();
}}) }}"""


def test_a_launch_is_unveiled_on_its_live_stage(
    reader: Callable[..., Reader], house: Installation, tmp_path: Path
) -> None:
    lin, gu, su = reader("stage-host"), reader("stage-reviewer"), reader("stage-viewer", 390)
    with lin.glance(), gu.glance(), su.glance():
        lin.sign_in(LIN, PASSWORD)
        desk = writes_a_dossier(lin, house, ON_STAGE, tmp_path)
        accepts_it(gu, ON_STAGE)
        slug = announces_it(lin, desk).strip("/").rpartition("/")[2]
        console = live_story.plans(lin, house, "海上揭幕", 直播的内容=f"新品：{NAME}")
        server, key = live_story.takes_a_key(lin, console)
        with broadcast.camera(server, key):
            su.sign_in(SU, PASSWORD)
            live_story.has_a_signal(lin, console)
            live_story.goes_on_air(lin)
            lin.go("/desk/")
            sees_the_unveiling(house, su, slug, console.removesuffix("console/"))
            takes_part(su)
            live_story.ends(lin, console)


def sees_the_unveiling(house: Installation, one: Reader, slug: str, room: str) -> None:
    """Not a word before; then the name, without a reload, with the picture of the instant."""
    at = time.time() + 15
    moved = "to_timestamp(%s)"
    sql(house, f"UPDATE launches_launch SET unveil_at = {moved} WHERE slug = %s", at, slug)
    sql(
        house,
        f"UPDATE launches_allotment SET opens_at = {moved}, closes_at = {moved}"
        " WHERE launch_id = (SELECT id FROM launches_launch WHERE slug = %s)",
        at, at + 3_600, slug,
    )  # fmt: skip
    one.go(room)
    one.page.evaluate("() => { window.untouched = true }")
    one.page.evaluate(WATCH, NAME)
    stage = one.page.locator("#room-stage")
    expect(stage).to_contain_text("台上揭幕")
    page = one.page.content()
    assert [word for word in (NAME, *SECRETS) if word in page] == []
    sees_it_move(one)
    assert time.time() < at, "too slow a machine for this test"
    expect(stage).to_contain_text(NAME, timeout=25_000)
    expect(stage).to_contain_text("已揭幕")
    # An encoder is a moment behind the clock that the origin gives its pictures.
    taken = one.page.evaluate("() => window.unveiled")
    assert -500 <= taken - int(at * 1000) % TURN < 2_500
    assert one.page.evaluate("() => window.untouched")


def takes_part(one: Reader) -> None:
    """The first sale has opened: in the sheet, while the picture goes on behind it."""
    one.use(one.page.locator("#room-stage").get_by_role("link", name="查看首发"))
    sheet = one.page.locator("dialog[data-sheet-dialog]")
    expect(sheet).to_contain_text("¥88.00")
    one.use(sheet.get_by_role("button", name="立即抢购"))
    expect(sheet).to_contain_text("抢到了！请在时限内付款。")
    one.use(sheet.locator("[data-close]"))
    sees_it_move(one)
