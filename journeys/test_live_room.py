"""A live with two cameras, two other networks, three viewers: from the first key to the replay."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from playwright.sync_api import expect

from journeys import broadcast, live_story
from journeys.broadcast import TURN, Networks, sees_it_move, sees_picture
from journeys.cast import LIN, NEWCOMERS, PASSWORD, SU, ZHOU
from journeys.house import Installation, wait_for
from journeys.live_story import hears, says
from journeys.reader import Reader

pytestmark = pytest.mark.journey
TITLE, THING = "两个机位看光影", "海市光影装置"


def test_a_live_with_two_cameras_from_the_first_key_to_the_replay(
    reader: Callable[..., Reader], house: Installation
) -> None:
    lin = reader("room-host", 390)
    with lin.glance(), broadcast.networks(2) as networks, ThreadPoolExecutor(1) as beside:
        lin.sign_in(LIN, PASSWORD)
        console = live_story.plans(lin, house, TITLE)
        room = console.removesuffix("console/")
        arms(lin, console)
        connects_networks(lin, console)
        moved = beside.submit(
            broadcast.moves_targets, house, room.split("/")[2], *networks.addresses
        )
        first = live_story.takes_a_key(lin, console, 1)
        second = live_story.takes_a_key(lin, console, 2)
        with broadcast.camera(*first, 1), broadcast.camera(*second, 2):
            su, zhou, liang = viewers = come(reader, room)
            moved.result()
            live_story.has_a_signal(lin, console, 2)
            live_story.goes_on_air(lin)
            [number] = {sees_it_move(each).camera for each in viewers}
            loses_a_network(lin, networks)
            cuts(lin, viewers, 3 - number)
            shows_a_product(lin, console)
            sent = talk(viewers)
            is_muted(lin, room, zhou, (su, liang))
            buys(su)
            sees_it_move(su)
            live_story.ends(lin, console)
        for each in viewers:
            each.sees("直播已结束，聊天关闭了。")
        live_story.publishes_the_replay(lin, console)
        replays(liang, room, sent)


def arms(one: Reader, console: str) -> None:
    """A second camera beside the one that every live has."""
    one.go(f"{console}gear/")
    one.use(one.page.locator("summary", has_text="添加机位"))
    one.fill("机位名称", "桌面")
    one.press("添加机位")
    one.sees("机位已添加。取得推流密钥后就能推流。")


def connects_networks(one: Reader, console: str) -> None:
    """Two other networks; an address of this machine is refused and keeps what was written."""
    for name, url, done in (
        ("海州视听", "rtmp://127.0.0.1:1935/live/key", False),
        ("海州视听", "rtmp://push.haizhou.example/live/key", True),
        ("东海在线", "rtmp://push.donghai.example/live/key", True),
    ):
        if not one.page.get_by_label("推流地址与密钥").is_visible():
            one.use(one.page.locator("summary", has_text="添加平台"))
        one.choose("平台", "其他（RTMP）")
        one.fill("名称", name)
        one.fill("推流地址与密钥", url)
        with one.refused():
            one.press("添加平台")
        if done:
            one.sees("平台已添加，直播时会同时推流。")
        else:
            expect(one.page.get_by_label("推流地址与密钥")).to_have_value(url)


def come(reader: Callable[..., Reader], room: str) -> tuple[Reader, Reader, Reader]:
    """Three people open the room before the doors do; one by phone."""
    people = (
        reader("room-phone", 390),
        reader("room-viewer", 1280),
        reader("room-other", 1280),
    )
    for one, email in zip(people, (SU, ZHOU, NEWCOMERS[1280]), strict=True):
        with one.glance():
            one.sign_in(email, PASSWORD)
            one.go(room)
            one.sees("距开播")
    return people


def loses_a_network(one: Reader, networks: Networks) -> None:
    """One network dies: the console says so in words; the other one takes on."""
    rows = [one.page.get_by_role("row").filter(has_text=name) for name in ("海州视听", "东海在线")]
    for row in rows:
        expect(row).to_contain_text("推流中", timeout=40_000)
    networks.die(0)
    expect(rows[0]).to_contain_text("正在重试", timeout=30_000)
    expect(rows[0]).to_contain_text(re.compile("连接不上对方服务器，请检查地址。|对方断开了连接。"))
    before = networks.taken(1)
    wait_for(lambda: networks.taken(1) > before + 50)
    expect(rows[1]).to_contain_text("推流中")


def cuts(one: Reader, viewers: tuple[Reader, ...], number: int) -> None:
    """The host takes the other camera, and that is what everybody sees."""
    one.press("切到这个机位", one.page.locator(f"#camera-{number}"))
    for each in viewers:
        sees_picture(each, lambda now: now.camera == number)
    sees_it_move(viewers[0])


def shows_a_product(one: Reader, console: str) -> None:
    one.go(f"{console}stage/")
    one.choose("展品", THING)
    one.press("放进橱窗")
    one.press("讲解")
    one.sees("讲解中")


def talk(viewers: tuple[Reader, ...]) -> tuple[str, int]:
    """Each line appears for all, once, with the picture during which it was said; returns a line
    and when it was said, in milliseconds since 1970."""
    su, zhou, liang = viewers
    text = "这束光是怎么调的？"
    broadcast.traces(liang, text)
    says(su, "从手机上也看得清楚")
    says(zhou, text)
    sent = int(time.time() * 1000)
    for each in viewers:
        hears(each, "从手机上也看得清楚")
        hears(each, text)
    taken, _trace = broadcast.shown_at(liang)
    assert abs(taken - sent % TURN) <= 1_000
    return text, sent


def is_muted(host: Reader, room: str, loud: Reader, others: tuple[Reader, ...]) -> None:
    """A muted person is told why, and nobody reads what she says."""
    host.go(f"/rooms/live-{room.split('/')[2]}/moderate/")
    host.until("这束光是怎么调的？")
    row = host.page.get_by_role("row").filter(has_text="这束光是怎么调的？")
    host.follow("禁言或移出…", row)
    host.fill("理由", "刷屏")
    host.press("执行")
    host.sees("已生效。")
    says(loud, "还有没有人理我")
    refused = loud.page.locator(".chat-line[data-state=refused]")
    expect(refused).to_contain_text("还有没有人理我")
    expect(refused).to_contain_text("你在这里已被禁言（30 分钟）。")
    says(others[0], "请继续讲")
    for each in (*others, loud):
        hears(each, "请继续讲")  # the room keeps its order: what was said before would be here
    for each in others:
        expect(each.page.locator(".chat-line").filter(has_text="还有没有人理我")).to_have_count(0)


def buys(one: Reader) -> None:
    """From the thing on the screen to a paid order; the picture goes on behind it."""
    one.use(one.page.locator("#room-pin-open"))
    sheet = one.page.locator("dialog[data-sheet-dialog]")

    def press(name: str, role: Literal["button", "link"] = "button") -> None:
        one.use(sheet.get_by_role(role, name=name, exact=True).first)

    expect(sheet).to_contain_text(THING)
    press("立即购买")
    expect(sheet).to_contain_text("确认订单")
    press("添加地址", "link")
    for label, words in (
        ("收货人", "苏晚"),
        ("电话", "13800000000"),
        ("省市区", "山东省烟台市芝罘区"),
        ("详细地址", "海岸路 8 号"),
    ):
        one.fill(label, words, sheet)
    press("保存地址")
    press("提交订单")
    expect(sheet).to_contain_text("待付款")
    press("去付款 ¥128.00")
    expect(sheet).to_contain_text("沙箱收银台")
    press("模拟支付")
    expect(sheet).to_contain_text("支付已提交，结果很快会显示在订单里。")
    expect(sheet).to_contain_text("已付款", timeout=30_000)  # the page in the sheet renews itself
    one.use(sheet.locator("[data-close]"))
    expect(sheet).to_be_hidden()


def replays(one: Reader, room: str, sent: tuple[str, int]) -> None:
    """The replay shows the line with the picture during which it was said, and not before."""
    text, said_at = sent
    one.page.emulate_media(reduced_motion="no-preference")
    answer = one.context.request.get(f"{one.base}{room}replay/lines/?from=0&to=600").json()
    [second] = [line["seconds"] for line in answer["lines"] if line["text"] == text]
    with one.glance():
        one.go(f"{room}replay/?t={max(0, int(second) - 4)}")
    broadcast.traces(one, text)
    sees_it_move(one)
    taken, trace = broadcast.shown_at(one)
    at = said_at % TURN
    assert abs(taken - at) <= 1_000
    [drawn] = one.page.evaluate("() => window.drawn")
    assert abs(drawn - at) <= 1_000
    early = [each for each in trace if each[0] <= at - 3_000]
    assert early
    assert not any(listed for _taken, listed, _lines in early)
