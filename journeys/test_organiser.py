"""The organiser's journey: an edition, a hall, a programme without clashes, a gate, the end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.cast import CHEN, PASSWORD, SU
from journeys.reader import Reader

pytestmark = pytest.mark.journey
NAMES = {1280: "2027 海州影像节", 390: "2027 海州声音节"}


@pytest.mark.parametrize("width", [1280, 390])
def test_an_organiser_opens_builds_resolves_checks_in_and_closes(
    reader: Callable[..., Reader], width: int
) -> None:
    chen = reader("organiser", width)
    chen.sign_in(CHEN, PASSWORD)
    slug, name = f"haizhou-2027-{width}", NAMES[width]
    desk = f"/organise/{slug}/"
    creates_the_edition(chen, slug, name)
    builds_a_hall(chen)
    if width > 600:
        draws_booths(chen)
    else:
        writes_booths_into_the_table(chen)
    plans_two_sessions_at_once(chen, desk)
    resolves_the_clash_and_releases(chen, desk)
    code = opens_and_lets_a_visitor_register(chen, reader("visitor", width), desk, slug, name)
    checks_the_visitor_in(chen, desk, code)
    closes_for_good(chen, reader("stranger", width), desk, slug, name)


def creates_the_edition(one: Reader, slug: str, name: str) -> None:
    """An edition that ends before it begins is refused and keeps its words."""
    one.go("/organise/")
    one.follow("开设新一届")
    one.fill("展会名称", name)
    one.fill("网址后缀", slug)
    one.fill("开幕时间", "2027-05-08T09:00")
    one.fill("闭幕时间", "2027-05-01T18:00")
    with one.refused():
        one.press("开设")
    expect(one.field("展会名称")).to_have_value(name)
    expect(one.field("开幕时间")).to_have_value("2027-05-08T09:00")
    one.fill("闭幕时间", "2027-05-11T18:00")
    one.press("开设")
    one.sees("展会已建立，处于筹备中。下一步：添加展馆。")


def builds_a_hall(one: Reader) -> None:
    """A hall of forty metres by twenty."""
    one.follow("添加展馆")
    one.fill("展馆名称", "影像馆")
    one.fill("网址后缀", "film")
    one.fill("展位号前缀", "B")
    one.fill("宽（米）", "40")
    one.fill("深（米）", "20")
    one.press("添加")
    one.sees("展馆已添加。现在可以画展位图。")


def draws_booths(one: Reader) -> None:
    """By mouse: two booths, one dragged over the other and away again, then saved."""
    page = one.page
    editor = page.locator("hs-floor-editor")
    for _ in range(2):
        one.use(editor.get_by_role("button", name="添加展位"))
    drag(one, 1, 0, 0, onto=0)
    expect(editor.get_by_role("status")).to_contain_text("个展位重叠、越界或编号有误")
    expect(editor.get_by_role("button", name="保存展位图")).to_be_disabled()
    drag(one, 1, 150, 90)
    expect(editor.get_by_role("status")).to_contain_text("拖动展位来移动")
    one.use(editor.get_by_role("button", name="保存展位图"))
    expect(editor.get_by_role("button", name="已保存")).to_be_visible()
    one.look()
    page.reload()
    expect(page.locator("[data-index]")).to_have_count(2)
    one.look()


def drag(one: Reader, index: int, right: int, down: int, onto: int | None = None) -> None:
    """Take a booth at its middle and pull it, or pull it onto another one."""
    box = one.page.locator(f'[data-index="{index}"] rect').first.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    goal = (middle[0] + right, middle[1] + down)
    if onto is not None:
        other = one.page.locator(f'[data-index="{onto}"] rect').first.bounding_box()
        assert other
        goal = (other["x"] + other["width"] / 2 + 5, other["y"] + other["height"] / 2)
    one.page.mouse.move(*middle)
    one.page.mouse.down()
    one.page.mouse.move(*goal, steps=5)
    one.page.mouse.up()


def writes_booths_into_the_table(one: Reader) -> None:
    """On a phone: two lines of the table; an overlap is named, then put right."""
    lines = one.page.locator("main form table tbody tr")
    for number, left in ((0, "2"), (1, "3")):
        for label, words in (
            ("展位号", f"B0{number + 1}"),
            ("左起（米）", left),
            ("上起（米）", "2"),
            ("宽（米）", "3"),
            ("深（米）", "3"),
        ):
            one.fill(label, words, lines.nth(number))
    with one.refused():
        one.press("保存展位图")
    one.sees("B01", "B02")
    one.fill("左起（米）", "8", lines.nth(1))
    one.press("保存展位图")
    expect(one.page.locator("[data-index]")).to_have_count(2)


def plans_two_sessions_at_once(one: Reader, desk: str) -> None:
    """A stage, and two sessions on it at the same time: the desk says so."""
    one.go(f"{desk}timetable/")
    one.follow("新增场地")
    one.fill("名称", "海音台")
    one.press("保存")
    for title, time in (("潮汐与节拍", "2027-05-08T10:00"), ("灯塔里的录音室", "2027-05-08T10:30")):
        one.go(f"{desk}timetable/new/session/")
        one.fill("标题", title)
        one.press("保存")
        one.press("确认举行")
        place = one.page.locator("#place")
        one.choose("场地", "海音台", place)
        one.fill("开始", time, place)
        one.fill("时长（分钟）", "60", place)
        one.press("排入日程")
    one.sees("同一场地时间重叠", "潮汐与节拍")


def resolves_the_clash_and_releases(one: Reader, desk: str) -> None:
    """A programme with a clash is not released; half an hour later it is."""
    one.go(f"{desk}timetable/")
    one.sees("需要解决的冲突")
    with one.refused(409), one.refused():
        one.press("发布新版本")
    one.sees("日程有 1 处冲突，请先解决再发布。")
    one.go(f"{desk}timetable/")
    one.follow("灯塔里的录音室", one.page.locator(".programme"))
    one.fill("开始", "2027-05-08T11:00", one.page.locator("#place"))
    one.press("排入日程")
    one.go(f"{desk}timetable/")
    expect(one.page.locator("#clashes")).to_have_count(0)
    one.fill("说明", "首版")
    one.press("发布新版本")
    one.sees("第 1 版日程已发布。")


def opens_and_lets_a_visitor_register(
    chen: Reader, su: Reader, desk: str, slug: str, name: str
) -> str:
    """The edition opens; a visitor reads the programme and takes a badge. Returns its code."""
    chen.go(desk)
    chen.press("对外开放")
    su.sign_in(SU, PASSWORD)
    su.go(f"/e/{slug}/programme/")
    su.sees("潮汐与节拍", "灯塔里的录音室", "海音台")
    su.go(f"/e/{slug}/")
    su.sees(name)
    su.follow("登记参观")
    su.press("领取胸牌")
    return su.page.locator(".badge .number").inner_text()


def checks_the_visitor_in(one: Reader, desk: str, code: str) -> None:
    """Once is enough; without a network the gate goes on and catches up."""
    one.go(f"{desk}gates/")
    one.fill("名称", "东门")
    one.press("新增")
    one.follow("东门")
    said = one.page.locator(".gate-said")
    one.fill("胸牌编号", code)
    with one.page.expect_response("**/sync/") as answer:
        one.use(one.page.get_by_role("button", name="签到", exact=True))
    assert answer.value.ok
    expect(said).to_contain_text("可以入场。")
    one.page.context.set_offline(True)
    one.fill("胸牌编号", code)
    one.use(one.page.get_by_role("button", name="签到", exact=True))
    expect(said).to_contain_text("这枚胸牌已经签到过了。")
    expect(one.page.locator("hs-checkin")).to_contain_text("待同步 1")
    with one.page.expect_response("**/sync/"):
        one.page.context.set_offline(False)
    expect(one.page.locator("hs-checkin")).not_to_contain_text("待同步")
    one.page.reload()
    one.look()
    expect(one.page.locator(".stat dd")).to_have_text("1")


def closes_for_good(chen: Reader, stranger: Reader, desk: str, slug: str, name: str) -> None:
    """Only the typed name closes; afterwards the pages stay and nobody registers any more."""
    chen.go(f"{desk}close/")
    chen.fill("展会名称", "别的展会")
    with chen.refused():
        chen.press("闭幕归档")
    chen.fill("展会名称", name)
    chen.press("闭幕归档")
    chen.sees("展会已闭幕，存档正在生成。")
    stranger.go(f"/e/{slug}/")
    stranger.sees(name, "已归档")
    expect(stranger.page.get_by_role("link", name="登记参观")).to_have_count(0)
    stranger.go(f"/e/{slug}/programme/")
    stranger.sees("潮汐与节拍")
