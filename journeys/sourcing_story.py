"""The story of a sealed request as its people live it: asked, quoted, opened, awarded, shared."""

import datetime as dt
import re

import psycopg
from playwright.sync_api import expect

from journeys.house import Installation
from journeys.reader import Reader

PARTNERS = (("青岛礼品社", "20"), ("烟台工坊", "20"), ("蓬莱影业", "10"), ("东昌木版年画社", "10"))


def publishes(one: Reader, title: str) -> str:
    """Writes a sealed request; what lacks is told; publishes it. Returns its slug."""
    one.go("/rfqs/mine/")
    one.follow("新建询价单")
    one.follow("青崖风筝坊")
    one.fill("标题", title)
    one.fill("名称", "纪念徽章")
    with one.refused():
        one.press("保存草稿")
    one.sees("请填写数量。")
    one.fill("采购数量", "100")
    one.fill("需求说明", "徽章与礼盒各一百套，验收以封样为准。")
    second = one.page.get_by_role("group", name="第 2 行", exact=True)
    one.fill("名称", "礼盒", second)
    one.fill("采购数量", "100", second)
    one.tick("密封报价")
    there = dt.datetime.now(dt.timezone(dt.timedelta(hours=8)))
    closes = (there + dt.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    one.fill("报价截止", closes)
    one.press("保存草稿")
    one.press("发布询价")
    one.sees("询价已发布，开始接受报价。", "密封中")
    return one.page.url.split("/rfqs/")[1].split("/")[0]


def quotes(one: Reader, title: str, badge: str, box: str, days: str) -> None:
    """Finds the request on the board and hands in a quotation."""
    one.go("/rfqs/")
    one.follow(title)
    one.sees("密封报价：截止前任何人都看不到报价内容和数量")
    one.follow("填写报价")
    one.fill("交期（天）", days)
    one.fill("报价有效期至", (dt.date.today() + dt.timedelta(days=90)).isoformat())  # noqa: DTZ011
    groups = one.page.get_by_role("group", name=re.compile("^[12]\\. "))
    one.fill("单价", badge, groups.nth(0))
    one.fill("单价", box, groups.nth(1))
    one.press("提交报价")
    one.sees("报价已提交。截止前可以修改或撤回。", "第 1 版")


def changes_its_mind(one: Reader, slug: str, badge: str) -> None:
    """A second version, seen beside the first line by line."""
    one.follow("修改报价")
    one.fill("单价", badge, one.page.get_by_role("group", name=re.compile("^1\\. ")))
    one.press("提交新版本")
    one.sees("第 2 版")
    one.follow("与上一版比较")
    row = one.page.get_by_role("row").filter(has_text="纪念徽章")
    expect(row).to_contain_text("¥38.00")
    expect(row).to_contain_text("¥36.50")
    expect(row).to_contain_text("−¥150.00")


def cannot_look_yet(one: Reader, slug: str) -> None:
    """Not even how many have quoted."""
    one.go(f"/rfqs/{slug}/desk/")
    one.sees("截止并启封之前，报价的内容和数量都看不到。")
    with one.refused(409):
        one.go(f"/rfqs/{slug}/compare/")


def reach_the_deadline(house: Installation, slug: str) -> None:
    """Nobody may bring a deadline forward; only the owner of the database, with its rule off."""
    with psycopg.connect(house.environment["DATABASE_URL"]) as link:
        link.execute("ALTER TABLE sourcing_rfq DISABLE TRIGGER terms_stay")
        link.execute(
            "UPDATE sourcing_rfq SET opens_at = now() - interval '2 days', closes_at = now(), "
            "questions_until = now() WHERE slug = %s",
            [slug],
        )
        link.execute("ALTER TABLE sourcing_rfq ENABLE TRIGGER terms_stay")


def is_late(one: Reader, slug: str) -> None:
    """The form of a minute ago is refused; the page names both instants."""
    one.go(f"/rfqs/{slug}/quote/")
    one.fill("单价", "1", one.page.get_by_role("group", name=re.compile("^1\\. ")))
    with one.refused(409), one.refused(422):
        one.press("提交新版本")
    one.sees("已过截止时刻：截止于", "服务器收到时为")


def compares_and_awards(one: Reader, slug: str) -> None:
    """The worker has opened the seals; marks complete the points; the first wins everything."""
    one.go(f"/rfqs/{slug}/desk/")
    one.until("比较报价")
    one.follow("比较报价")
    one.sees("潍坊风筝厂", "¥4,850.00", "最低")
    for firm, points in (("潍坊风筝厂", "95"), ("青岛礼品社", "80"), ("烟台工坊", "70")):
        one.fill(f"{firm} · 质量与样品", points)
    one.press("保存评分")
    one.follow("定标")
    one.press("确认定标")
    one.sees("定标已记录。", "潍坊风筝厂", "¥4,850.00")


def shares_with_four(one: Reader, title: str) -> str:
    """The winner keeps forty and names four partners; a wrong sum is refused and kept.

    Returns the address of the contract that is drawn up.
    """
    one.go("/quotations/")
    one.follow(title)
    one.sees("恭喜中标")
    one.follow("确认分账方案")
    one.fill("比例（%）", "40")
    for n, (firm, percent) in enumerate(PARTNERS, 1):
        group = one.page.get_by_role("group", name=f"合作方 {n}", exact=True)
        one.fill("单位名称", firm, group)
        one.fill("比例（%）", "5" if n == 4 else percent, group)
    with one.refused():
        one.press("确定分账方案")
    one.sees("分账比例合计须为百分之百")
    last = one.page.get_by_role("group", name="合作方 4", exact=True)
    one.fill("比例（%）", "10", last)
    one.press("确定分账方案")
    one.sees("分账方案已确定", "东昌木版年画社")
    one.until("查看合同")
    one.follow("查看合同")
    one.sees(title, "东昌木版年画社", "烟台工坊")
    return one.page.url.removeprefix(one.base)


def hears_the_result(one: Reader, title: str) -> None:
    """A loser is told, with thanks."""
    one.go("/notices/")
    one.until(f"结果：{title}")
    one.sees("这次没有选用你们的报价，感谢参与。")
