"""A launch with three browsers: a host, two buyers whose clocks are wrong, and one who is late.

The instants are moved by hand in the database, because nobody wants to wait ten minutes.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import expect

from haishi.config.demo import art
from journeys.cast import EDITION, GU, LIN, NEWCOMERS, PASSWORD, SU, ZHOU
from journeys.house import Installation, wait_for
from journeys.reader import Reader

pytestmark = pytest.mark.journey
ON_STAGE = 0  # the launch of test_live_unveil.py, beside those of the two widths
NAMES = {1280: "听潮匣", 390: "拾浪匣", ON_STAGE: "望潮匣"}
TEASERS = {
    1280: "把海装进一只盒子",
    390: "把海装进一只小盒子",
    ON_STAGE: "把海搬上舞台",
}
SECRETS = ("贴近耳朵", "88.00")
# Three hours fast, three hours slow: what the browser says has no say.
SKEW = """(() => {
  const off = %d, Real = Date;
  class Skewed extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + off); }
    static now() { return Real.now() + off; }
  }
  globalThis.Date = Skewed;
  const origin = performance.timeOrigin;
  Object.defineProperty(performance, "timeOrigin", { get: () => origin + off });
  globalThis.trueNow = () => Real.now();
})()"""
HOURS = 3_600_000


def skewed(one: Reader, hours: int) -> Reader:
    """The same person with a wrong clock."""
    one.context.add_init_script(SKEW % (hours * HOURS))
    return one


def sql(house: Installation, statement: str, *values: object) -> list[tuple]:
    with psycopg.connect(house.environment["DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_launch_from_dossier_to_certificate(
    reader: Callable[..., Reader], house: Installation, width: int, tmp_path: Path
) -> None:
    lin = reader("host", width)
    first, second = skewed(reader("fast", width), 3), skewed(reader("slow", width), -3)
    lin.sign_in(LIN, PASSWORD)
    desk = writes_a_dossier(lin, house, width, tmp_path)
    accepts_it(reader("reviewer", width), width)
    page = announces_it(lin, desk)
    slug = page.strip("/").rpartition("/")[2]
    first.sign_in(SU, PASSWORD)
    second.sign_in(NEWCOMERS[width], PASSWORD)
    for one in (first, second):
        reserves(one, page, TEASERS[width])
    nothing_leaks(first, NAMES[width], page)
    both_see_it_at_the_instant(house, slug, first, second, page, width)
    buys(first, page)
    waits(second)
    late = reader("late", width)
    late.sign_in(ZHOU, PASSWORD)
    comes_late(house, late, slug, page)
    gets_a_paper(lin, late, desk, page)


def writes_a_dossier(one: Reader, house: Installation, width: int, folder: Path) -> str:
    """Words, a picture, the instant, a first sale of one piece; then hands it in."""
    [(exhibitor,)] = sql(
        house,
        "SELECT e.id FROM expo_exhibitor e JOIN parties_organisation o ON o.id = e.organisation_id"
        " WHERE o.slug = 'penglai'",
    )
    one.go(f"/exhibit/{exhibitor}/launches/")
    one.follow("准备一场发布")
    one.fill("预告语", TEASERS[width])
    one.fill("新品名称", NAMES[width])
    one.fill("揭幕内容", "贴近耳朵，能听见老港的潮声。")
    [(at,)] = sql(
        house, "SELECT to_char(now() AT TIME ZONE 'Asia/Shanghai' + interval '2 hours',"
        " 'YYYY-MM-DD\"T\"HH24:MI')",
    )  # fmt: skip
    one.fill("揭幕时刻", at)
    cover = folder / "揭幕.jpg"
    cover.write_bytes(art.encode(art.product_picture(5, "tide"), ".jpg", 82, 0.5))
    group = one.page.get_by_role("group", name=re.compile("^揭幕图"))
    group.locator("input[type=file]").set_input_files(cover)
    expect(group.get_by_role("status")).to_have_text("已上传：揭幕.jpg")
    one.fill("首发数量", "1")
    one.fill("价格", "88")
    one.tick("先到先得")
    one.press("保存草稿")
    one.press("提交审核")
    return one.page.url.removeprefix(one.base)


def accepts_it(gu: Reader, width: int) -> None:
    gu.sign_in(GU, PASSWORD)
    gu.go(f"/organise/{EDITION}/launches/")
    gu.follow(NAMES[width])
    gu.sees("贴近耳朵", "¥88.00")
    gu.press("通过")


def announces_it(one: Reader, desk: str) -> str:
    """The teaser is public; the firm raises the quota and lowers it again."""
    one.go(desk)
    one.press("发布预告")
    one.follow("更改首发数量")
    one.fill("首发数量", "2")
    one.press("更改")
    one.sees("首发数量已更改。")
    one.follow("更改首发数量")
    one.fill("首发数量", "1")
    one.press("更改")
    one.follow("查看页面")
    return one.page.url.removeprefix(one.base)


def reserves(one: Reader, page: str, teaser: str) -> None:
    one.go("/launches/")
    one.sees(teaser)
    one.go(page)
    one.sees("距揭幕")
    one.press("预约提醒")
    one.sees("已预约，揭幕前 10 分钟提醒你。")


def nothing_leaks(one: Reader, name: str, page: str) -> None:
    """No address says more than the teaser; what is secret is as absent as what never was."""
    for address in (
        page, f"{page}calendar.ics", "/launches/", "/launches/feed.xml", "/launches/mine/", "/",
        "/feed.xml", "/sitemap.xml?part=0", f"/search/?q={name}", "/api/v1/launches/launches",
    ):  # fmt: skip
        answer = one.context.request.get(one.base + address)
        # The search page repeats the question; nothing else on it may come from the launch.
        words = SECRETS if "/search/" in address else (name, *SECRETS)
        found = [word for word in words if word in answer.text()]
        assert answer.status in (200, 401), address
        assert found == [], address
    hidden = one.context.request.get(one.base + f"{page}result/")
    never = one.context.request.get(one.base + "/launches/l-0000000000/result/")
    assert (hidden.status, never.status) == (404, 404)


def both_see_it_at_the_instant(
    house: Installation, slug: str, first: Reader, second: Reader, page: str, width: int
) -> None:
    """Neither reloads, both clocks are wrong by hours, and both pages change within a second."""
    lead = 8
    at = time.time() + lead
    moved = "to_timestamp(%s)"
    sql(
        house,
        f"UPDATE launches_launch SET unveil_at = {moved} WHERE slug = %s",
        at, slug,
    )  # fmt: skip
    sql(
        house,
        f"UPDATE launches_allotment SET opens_at = {moved}, closes_at = {moved}"
        " WHERE launch_id = (SELECT id FROM launches_launch WHERE slug = %s)",
        at, at + 3_600, slug,
    )  # fmt: skip
    for one in (first, second):
        one.page.goto(one.base + page)
        one.page.evaluate("() => { window.untouched = true }")
        one.page.evaluate(
            """(name) => { window.seen = new Promise((tell) => {
              const look = () => document.querySelector("h1")?.textContent.includes(name)
                ? tell(window.trueNow()) : setTimeout(look, 10);
              look(); }) }""",
            NAMES[width],
        )
        assert time.time() < at, "too slow a machine for this test"
    for one in (first, second):
        title = one.page.get_by_role("heading", level=1)
        expect(title).to_contain_text(NAMES[width], timeout=(lead + 5) * 1_000)
        seen = one.page.evaluate("() => window.seen") / 1000
        assert 0 <= seen - at < 1, f"{one.name} saw it {seen - at:+.3f} s from the instant"
        assert one.page.evaluate("() => window.untouched")
        one.look()
        one.sees("¥88.00", "立即抢购")


def buys(one: Reader, page: str) -> None:
    """Claims the only piece, orders it, pays; the back button does not order twice."""
    one.press("立即抢购")
    one.sees("抢到了！请在时限内付款。")
    one.follow("去付款")
    if one.page.get_by_text("填写新地址").count():  # an address from an earlier purchase is known
        one.tick("新地址")
        one.use(one.page.get_by_text("填写新地址"))
    one.fill("收货人", "苏晚")
    one.fill("电话", "13800000000")
    with one.refused():
        one.press("下单并付款")
    one.sees("请填写这一项。")
    one.fill("省市区", "山东省烟台市芝罘区")
    one.fill("详细地址", "海岸路 8 号")
    one.press("下单并付款")
    one.press("去付款 ¥88.00")
    cashier = one.page.url
    one.go(f"{page}pay/")
    one.sees("待付款")
    one.page.goto(cashier)
    one.press("模拟支付")
    one.until("已付款")
    one.go("/launches/mine/")
    one.until("已购买")


def waits(one: Reader) -> None:
    """The other one is a moment too late and stands in the waiting list."""
    one.press("立即抢购")
    one.sees("已经没有余量了。")
    one.press("加入候补")
    one.sees("你在候补名单里，有人让出时会通知你。")


def comes_late(house: Installation, one: Reader, slug: str, page: str) -> None:
    """After the end: the result, not a button."""
    sql(
        house,
        "UPDATE launches_allotment SET closes_at = now()"
        " WHERE launch_id = (SELECT id FROM launches_launch WHERE slug = %s)",
        slug,
    )
    wait_for(
        lambda: sql(house, "SELECT state FROM launches_launch WHERE slug = %s", slug)
        == [("closed",)]
    )
    one.go(page)
    expect(one.page.get_by_role("button", name="立即抢购")).to_have_count(0)
    one.follow("首发结果")
    one.sees("最终结果", "已售出")
    one.until("首发证书")


def gets_a_paper(lin: Reader, late: Reader, desk: str, page: str) -> None:
    """Anybody checks the certificate; the firm downloads it."""
    link = late.page.get_by_role("link", name=re.compile(r"^SF\d+"))
    number = link.inner_text().strip()
    late.follow(number)
    late.until("核验通过")
    lin.go(desk)
    lin.follow("首发证书")
    lin.sees(number)
    file = lin.context.request.get(f"{lin.base}/launches/certificates/{number}.pdf")
    assert file.body().startswith(b"%PDF")
    lin.go("/launches/")
    lin.sees("往期结果")
