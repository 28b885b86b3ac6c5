"""A licence, from its chain of title over the offer to the royalty statement."""

import re
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import expect

from haishi.media.tests.files import pdf
from journeys.cast import GU, LIN, PASSWORD
from journeys.house import ROOT, Installation
from journeys.licence_cast import PEI, STUDIO, WORKS
from journeys.reader import Reader

pytestmark = pytest.mark.journey
NARROW = 390


@pytest.fixture(scope="module")
def market(house: Installation) -> None:
    """The works and the studio."""
    run = subprocess.run(
        [sys.executable, "-m", "journeys.licence_cast"],
        env=house.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("width", [1280, NARROW])
@pytest.mark.usefixtures("market")
def test_a_work_is_verified_offered_licensed_approved_sold_and_settled(
    house: Installation, reader: Callable[..., Reader], width: int
) -> None:
    work = WORKS[width]
    lin, gu, pei = (reader(name, width) for name in ("licensor", "verifier", "licensee"))
    lin.sign_in(LIN, PASSWORD)
    gu.sign_in(GU, PASSWORD)
    pei.sign_in(PEI, PASSWORD)
    writes_the_chain(lin, work)
    verifies_it(gu, work)
    offer = opens_an_offer(lin, work)
    asks_for_less(pei, offer, work)
    contract = accepts(lin, work)
    signs(lin, contract)
    signs(pei, contract)
    if width == NARROW:
        sees_it_signed(pei, work)
        return
    licence = pays_and_receives(pei, work)
    makes_a_toy(pei, licence)
    approves_it(lin, licence)
    begins_earlier(house, licence)
    reports_and_sees_the_statement(pei, licence)


def writes_the_chain(one: Reader, work: str) -> None:
    """Two steps, the second with its document; the first try does not hold."""
    one.go("/licences/firms/qingya/")
    row = one.page.get_by_role("row", name=work)
    one.press(f"整理权属 {work}", row)
    add_step(one, "画师杜若", "2021-03-01")
    one.press("提交核验")
    one.sees("最后没有到达本单位：权利在“画师杜若”手里")
    one.choose("依据", "权利转让")
    one.fill("让与方", "画师杜若")
    add_step(one, "青崖风筝坊", "2022-06-01")
    one.sees("画师杜若 → 青崖风筝坊", "鲁作登字-2022-F-00817")
    one.press("提交核验")
    one.sees("已提交核验")


def add_step(one: Reader, taker: str, on: str) -> None:
    """Fill in one step and its paper."""
    one.fill("取得方", taker)
    one.page.get_by_label("日期", exact=True).fill(on)
    one.fill("登记号", "鲁作登字-2022-F-00817")
    papers = one.page.get_by_role("group", name=re.compile("^证明文件"))
    papers.locator("input[type=file]").first.set_input_files(
        {"name": "登记证书.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    expect(papers.get_by_role("status").first).to_have_text("已上传：登记证书.pdf")
    one.press("加入")


def verifies_it(one: Reader, work: str) -> None:
    """A reviewer sees chain and papers."""
    one.go("/licences/queue/")
    one.follow(work)
    one.until("登记证书.pdf")
    one.press("权属已核")
    one.sees("权属已核。")


def opens_an_offer(one: Reader, work: str) -> str:
    """Exclusive toys in mainland China, ¥500 guarantee, 8 % online."""
    one.go("/licences/firms/qingya/")
    one.follow(f"写授权条款 {work}", one.page.get_by_role("row", name=work))
    one.tick("商品化")
    one.tick("玩具与手办")
    one.page.get_by_label("独占", exact=True).check()
    one.page.get_by_label("地域").select_option(label="中国大陆")
    one.fill("保底金", "500.00")
    one.fill("线上零售版税率（%）", "8")
    one.page.get_by_label("样品", exact=True).uncheck()
    one.fill("授权说明", "适合潮玩、摆件与盲盒。")
    one.press("保存")
    one.press("开放授权")
    one.sees("已开放，所有人都能看到并申请。", "权属已核", "线上零售 8%")
    return one.page.url.removeprefix(one.base)


def asks_for_less(one: Reader, offer: str, work: str) -> None:
    """Finds it in the market and asks for another royalty."""
    one.go("/licences/?right=merchandise&exclusivity=exclusive")
    one.follow(work)
    one.follow("申请授权")
    one.fill("用途说明", "做一套十二生肖摆件。")
    one.fill("线上零售版税率（%）", "7.5")
    one.press("提交申请")
    one.sees("申请已发出", "等待授权方答复", "线上零售 7.5%")


def accepts(one: Reader, work: str) -> str:
    """The difference is plain; the licensor agrees. Returns where the contract is."""
    one.go("/licences/mine/?side=licensor&state=talks")
    one.follow(work, exact=False)
    one.sees("线上零售 8%", "线上零售 7.5%", STUDIO)
    one.press("接受条款")
    one.sees("条款已议定，合同等各方签署。", "等待你方签署合同")
    href = one.page.get_by_role("link", name="查看合同").get_attribute("href")
    assert href
    return href


def signs(one: Reader, contract: str) -> None:
    """Reads what is to be signed, shows the password anew, signs."""
    one.go(contract)
    one.follow("查看并签署")
    one.press("确认身份")
    one.fill("密码", PASSWORD)
    one.press("确认")
    one.press("签署")
    one.sees("签署。", "已签署")


def sees_it_signed(one: Reader, work: str) -> None:
    """On a narrow screen the way ends here; the rest is the same page."""
    one.go("/licences/mine/?state=talks")
    one.follow(work, exact=False)
    one.until("等待支付保底金")
    one.sees("支付保底金", "已签署")


def pays_and_receives(one: Reader, work: str) -> str:
    """The guarantee at the sandbox's cashier; a seat; the files are received."""
    one.go("/licences/mine/?state=talks")
    one.follow(work, exact=False)
    licence = one.page.url.removeprefix(one.base)
    one.follow("支付保底金", exact=False)
    one.press("去付款", exact=False)
    one.press("模拟支付")
    one.go(licence)
    one.until("接收授权文件")
    one.fill("同事的邮箱", PEI)
    one.press("指派席位")
    one.sees("席位已指派。", "1 / 3")
    one.press("确认接收")
    one.sees("已确认接收")
    return licence


def makes_a_toy(one: Reader, licence: str) -> None:
    """Registers a product and hands in its first stage."""
    one.go(licence)
    one.fill("授权商品名称", "生肖摆件")
    one.press("登记商品")
    one.follow("送监修 生肖摆件")
    one.fill("送审说明", "十二个动作的线稿。")
    one.press("送监修")
    one.sees("已送监修")


def approves_it(one: Reader, licence: str) -> None:
    """Without a remark a return is refused; then it passes."""
    one.go(licence)
    one.follow("方案 · 第 1 轮")
    one.tick("退回修改")
    with one.refused():
        one.press("提交答复")
    one.tick("通过")
    one.press("提交答复")
    one.sees("已答复", "监修通过")


def begins_earlier(house: Installation, licence: str) -> None:
    """As if four months had gone by, and production had been approved meanwhile."""
    number = licence.strip("/").rpartition("/")[2]
    with psycopg.connect(house.environment["DATABASE_URL"], autocommit=True) as database:
        database.execute(
            "UPDATE licences_licence SET starts_on = starts_on - interval '4 months', "
            "stages = '{concept}' WHERE number = %s",
            [number],
        )


def reports_and_sees_the_statement(one: Reader, licence: str) -> None:
    """¥12,000 × 7.5 % = ¥900, of which the guarantee of ¥500 is recouped first."""
    one.go(licence)
    one.follow("报告销售", exact=False)
    one.fill("线上零售数量", "120")
    with one.refused():
        one.press("提交报告")
    one.sees("数量和金额要一起填写。")
    one.fill("线上零售金额", "12000.00")
    one.press("提交报告")
    one.sees("版税结算单 第 1 号", "¥900.00", "¥500.00", "¥400.00")
    one.follow("支付版税", exact=False)
    one.press("去付款", exact=False)
    one.press("模拟支付")
    one.go(f"{licence}statements/1/")
    one.until("已支付")
