"""The exhibitor's journey: apply, be returned once, come in, set the booth up, sell."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from haishi.config.demo import art
from haishi.media.tests.files import pdf
from journeys.cast import EDITION, GU, NEWCOMERS, PASSWORD, SU
from journeys.reader import Reader

pytestmark = pytest.mark.journey
PLAN = "带来海潮影像装置与三件衍生品，希望见到文旅项目的采购方。"
BOOTHS = {1280: "A07（4 × 3 m）", 390: "A08（4 × 3 m）"}
FIRMS = {1280: "白兔数字工坊", 390: "白塔数字工坊"}


@pytest.mark.parametrize("width", [1280, 390])
def test_a_firm_is_returned_once_comes_in_sets_up_and_answers(
    reader: Callable[..., Reader], width: int, tmp_path: Path
) -> None:
    firm = FIRMS[width]
    lin, gu = reader("exhibitor", width), reader("reviewer", width)
    lin.sign_in(NEWCOMERS[width], PASSWORD)
    gu.sign_in(GU, PASSWORD)
    desk = applies(lin, firm)
    returns_it(gu, firm)
    corrects_and_submits_again(lin, firm)
    approves_it(gu, firm, BOOTHS[width])
    writes_the_booth_page(lin, desk)
    hangs_banner_and_papers(lin, desk, tmp_path)
    chooses_staff_and_steps(lin, desk)
    booth = f"/e/{EDITION}/booths/{desk.strip('/').rpartition('/')[2]}/"
    nobody_sees_it_yet(reader("stranger", width), booth)
    fills_the_shelf(lin, gu, desk, firm)
    answers_a_visitor(lin, reader("visitor", width), desk, booth)


def applies(one: Reader, firm: str) -> str:
    """Registers the firm and applies; an empty plan comes back to its form. Returns the desk."""
    one.go("/take-part/")
    one.follow("开始申请")
    one.follow("登记单位")
    one.fill("单位名称", firm)
    one.tick("供给方")
    one.press("登记")
    one.sees(firm)
    one.go("/take-part/")
    one.follow("开始申请")
    one.tick("优选展位")
    one.choose("意向展馆", "数字文化馆")
    one.press("保存并继续")
    one.press("提交审核")
    one.sees("请先填写参展计划，再提交申请。")
    one.fill("参展计划", PLAN)
    one.press("保存")
    one.press("提交审核")
    one.sees("申请已在审核队列里。等待时可以先布置展位页面。")
    return one.page.url.removeprefix(one.base)


def returns_it(one: Reader, firm: str) -> None:
    """A reviewer finds it in the queue and asks for more; without a reason that is refused."""
    one.go(f"/organise/{EDITION}/applications/")
    one.follow(firm)
    with one.refused():
        one.press("退回")
    one.choose("常用原因", "请补充展品清单：名称、数量和大致尺寸。")
    one.fill("原因", "装置占地多大也请写上。")
    one.press("退回")
    one.go(f"/organise/{EDITION}/applications/")
    expect(one.page.get_by_role("link", name=firm)).to_have_count(0)


def corrects_and_submits_again(one: Reader, firm: str) -> None:
    """The desk says why; what was typed is kept through a mistake."""
    one.go("/desk/")
    one.sees(f"{firm} 的参展申请被退回", "装置占地多大也请写上。")
    one.follow("修改后再提交")
    one.follow("修改申请")
    expect(one.field("参展计划")).to_have_value(PLAN)
    better = PLAN + "装置一件，六米见方；衍生品三件，均可上桌。"
    one.page.locator("textarea").evaluate("(each) => each.removeAttribute('maxlength')")
    one.fill("参展计划", better + "再" * 2000)
    with one.refused():
        one.press("保存")
    expect(one.field("参展计划")).to_have_value(better + "再" * 2000)
    one.fill("参展计划", better)
    one.press("保存")
    one.press("提交审核")
    one.sees("申请已在审核队列里。")


def approves_it(one: Reader, firm: str, booth: str) -> None:
    """The reviewer reads the better plan and gives a booth."""
    one.go(f"/organise/{EDITION}/applications/")
    one.follow(firm)
    one.sees("装置一件，六米见方")
    one.choose("展位", booth, one.page.locator("#decide"))
    one.press("通过")
    expect(one.page.get_by_role("link", name=firm)).to_have_count(0)


def writes_the_booth_page(one: Reader, desk: str) -> None:
    """Words, layout and colour; too short an introduction does not pass the gate."""
    one.go(desk)
    one.sees("已通过", f"数字文化馆 {BOOTHS[one.width][:3]}", "全部完成后，访客才能看到展位。")
    one.follow("写一个展位标题")
    one.fill("展位标题", "潮声可见")
    one.fill("展位介绍", "太短")
    one.tick("货架：展品为先")
    one.tick("紫")
    one.press("保存")
    one.go(desk)
    line = one.page.get_by_role("listitem").filter(has_text="写一段介绍，至少 40 字")
    expect(line).to_contain_text("待完成")
    one.go(f"{desk}page/")
    one.fill("展位介绍", "我们把潮汐的数据变成看得见的光。" * 3)
    one.press("保存")
    one.go(desk)
    expect(line).to_contain_text("已完成")


def hangs_banner_and_papers(one: Reader, desk: str, folder: Path) -> None:
    """Files go up with a bar that moves; what is no picture is refused in words."""
    banner, paper, fake = folder / "横幅.jpg", folder / "手册.pdf", folder / "假图.jpg"
    banner.write_bytes(art.encode(art.booth_banner(7, "tide"), ".jpg", 85, 0.8))
    paper.write_bytes(pdf())
    fake.write_bytes(b"<script>alert(1)</script>" * 40)
    one.go(f"{desk}media/")
    group = one.page.get_by_role("group", name=re.compile("^横幅"))
    with one.refused(422), one.refused(415):
        group.locator("input[type=file]").set_input_files(fake)
        expect(group.get_by_role("alert")).to_be_visible()
    held: list[Route] = []
    one.page.route("**/media/uploads/**", lambda route: held.append(route), times=1)
    group.locator("input[type=file]").set_input_files(banner)
    expect(group.get_by_role("progressbar", name="上传进度")).to_be_visible()
    held[0].continue_()
    expect(group.get_by_role("status")).to_have_text("已上传：横幅.jpg")
    papers = one.page.get_by_role("group", name=re.compile("^资料"))
    papers.locator("input[type=file]").first.set_input_files(paper)
    expect(papers.get_by_role("status").first).to_have_text("已上传：手册.pdf")
    one.press("保存")
    one.go(f"{desk}media/")
    one.sees("横幅.jpg", "手册.pdf")


def chooses_staff_and_steps(one: Reader, desk: str) -> None:
    """Somebody answers, and visitors have something to press."""
    one.go(f"{desk}staff/")
    name = one.page.get_by_role("rowheader").first.inner_text().split()[-1]
    one.tick(f"{name}在展位")
    one.tick(f"{name}负责回复询价")
    one.tick(f"展示{name}")
    one.press("保存")
    one.go(f"{desk}steps/")
    one.choose("按钮", "询价", one.page.get_by_role("group", name="按钮 1"))
    one.press("保存")
    one.go(desk)
    one.sees("6 / 7")


def nobody_sees_it_yet(one: Reader, booth: str) -> None:
    """A booth that lacks exhibits is not there for visitors."""
    with one.refused(404):
        one.go(booth)


def fills_the_shelf(lin: Reader, gu: Reader, desk: str, firm: str) -> None:
    """One product by hand, two copies of it; a moderator lists them; the booth opens."""
    lin.go("/products/desk/")
    lin.follow("添加产品")
    lin.choose("分类", "影像与声音")
    lin.fill("名称", "潮声灯")
    lin.fill("一句话介绍", "会呼吸的灯，跟着潮汐明暗。")
    lin.fill("详细介绍", "铝与纸，直径三十厘米，附一年的潮汐数据。")
    lin.tick("标价")
    with lin.refused():
        lin.press("保存草稿")
    expect(lin.field("名称")).to_have_value("潮声灯")
    lin.fill("价格", "1280")
    lin.fill("计价单位", "盏")
    lin.press("保存草稿")
    before = "潮声灯"
    for name in ("潮声灯·大", "潮声灯·小"):
        lin.press("提交审核")
        lin.press("复制一份")
        lin.follow(f"{before}（副本）")
        lin.fill("名称", name)
        lin.press("保存")
        before = name
    lin.press("提交审核")
    for name in ("潮声灯", "潮声灯·大", "潮声灯·小"):
        gu.go(f"/organise/{EDITION}/products/")
        row = gu.page.get_by_role("row").filter(has_text=firm)
        gu.follow(name, row)
        gu.press("通过并上架")
    lin.go(f"{desk}exhibits/")
    for _ in range(3):
        lin.press("加入展位")
    lin.go(desk)
    lin.sees("7 / 7", "内容齐全。")


def answers_a_visitor(lin: Reader, su: Reader, desk: str, booth: str) -> None:
    """A visitor finds the open booth and asks; the firm answers; the visitor reads it."""
    su.sign_in(SU, PASSWORD)
    su.go(booth)
    su.sees("潮声可见", "手册.pdf", "潮声灯·大", "¥1,280.00")
    su.follow("询价")
    su.fill("主题", "潮声灯一百盏")
    su.fill("内容", "酒店大堂用，六月前要。")
    su.tick("同时递上我的名片")
    su.press("送出询价")
    talk = su.page.url.removeprefix(su.base)
    lin.go(f"{desk}enquiries/")
    lin.follow("潮声灯一百盏")
    lin.sees("酒店大堂用，六月前要。", "苏晚")
    lin.fill("回复", "可以，单价九折，五月底交付。")
    lin.use(lin.page.get_by_role("button", name="回复", exact=True))
    expect(lin.page.locator("#talk")).to_contain_text("五月底交付")
    lin.look()
    su.go(talk)
    su.sees("可以，单价九折，五月底交付。", "已回复")
    lin.go(f"{desk}funnel/")
    lin.go(f"{desk}leads/")
    lin.sees("苏晚")
