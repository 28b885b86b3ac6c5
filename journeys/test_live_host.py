"""A host on a phone goes live with an encoder: plan, key, rehearsal, on air, pin, end, report."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import imageio_ffmpeg
import psycopg
import pytest
from playwright.sync_api import expect

from journeys.cast import LIN, PASSWORD
from journeys.house import Installation
from journeys.reader import Reader

pytestmark = pytest.mark.journey
TITLE = "青釉夜话"


def sql(house: Installation, statement: str, *values: object) -> list[tuple]:
    with psycopg.connect(house.environment["DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


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
    plans(lin, house)
    console = lin.page.url.removeprefix(lin.base)
    server, key = takes_a_key(lin)
    with encoder(server, key):
        rehearses(lin, console)
        visitor = reader("live-visitor", 390)
        room = console.removesuffix("console/")
        goes_on_air(lin, visitor, room)
        shows_a_product(lin, console)
        ends(lin, console)
    reads_the_report(lin, console)


def plans(one: Reader, house: Installation) -> None:
    [(exhibitor,)] = sql(
        house,
        "SELECT e.id FROM expo_exhibitor e JOIN parties_organisation o ON o.id = e.organisation_id"
        " WHERE o.slug = 'penglai'",
    )
    one.go(f"/exhibit/{exhibitor}/lives/")
    one.follow("安排一场直播")
    [(start, end)] = sql(
        house,
        "SELECT to_char(t, 'YYYY-MM-DD\"T\"HH24:MI'),"
        " to_char(t + interval '1 hour', 'YYYY-MM-DD\"T\"HH24:MI')"
        " FROM (SELECT now() AT TIME ZONE 'Asia/Shanghai' + interval '30 minutes' AS t) AS soon",
    )
    one.fill("标题", TITLE)
    one.fill("开始时间", start)
    one.fill("结束时间", end)
    one.press("保存草稿")
    one.sees("直播已保存为草稿。准备好机位和橱窗，再公布。")
    one.press("公布")
    one.sees("可以推流试播了。")


def takes_a_key(one: Reader) -> tuple[str, str]:
    one.follow("机位与推流")
    one.press("生成推流密钥")
    one.sees("密钥只显示这一次")
    server = one.page.get_by_label("服务器").input_value()
    key = one.page.get_by_label("推流码").input_value()
    assert len(key) == 32
    one.go(one.page.url.removeprefix(one.base).partition("gear/")[0] + "gear/")
    assert key not in one.page.content()
    return server, key


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


def ends(one: Reader, console: str) -> None:
    one.go(console)
    one.follow("结束直播")
    one.sees("结束后不能再开播")
    one.press("结束直播")
    one.sees("直播已结束。")


def reads_the_report(one: Reader, console: str) -> None:
    one.go(console + "report/")
    one.sees("播出时长", "讲解：")
