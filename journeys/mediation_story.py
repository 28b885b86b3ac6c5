"""The story of a claim that is not agreed: bought, claimed, refused, heard, decided."""

import re

import psycopg
from playwright.sync_api import expect

from journeys.house import Installation
from journeys.reader import Reader

# The clock's work of half a minute at most, done at once.
CLOCK = "from haishi.trade.services import disputes_due; print(disputes_due())"


def buys(one: Reader, name: str, price: str) -> str:
    """Straight from the page of an exhibit to the sandbox's cashier. Returns the order's number."""
    one.go("/products/")
    one.follow(name)
    one.press("立即购买")
    if one.page.get_by_text("还没有收货地址").count():  # known from another journey
        _names_an_address(one)
    one.press("提交订单")
    one.press(f"去付款 {price}")
    one.press("模拟支付")
    one.until("已付款")
    return re.split("[/?#]", one.page.url.split("/orders/")[1])[0]


def _names_an_address(one: Reader) -> None:
    one.follow("添加地址")
    one.fill("收货人", "苏晚")
    one.fill("电话", "13800000000")
    one.fill("省市区", "山东省烟台市芝罘区")
    one.fill("详细地址", "海岸路 8 号")
    one.press("保存地址")


def asks_for_a_mediator(one: Reader, claim: str, words: str) -> None:
    """Nothing comes of talking."""
    one.go(claim)
    one.page.get_by_text("谈不拢，申请调解").click()
    one.fill("说明", words, one.page.locator("details").filter(has_text="申请调解"))
    one.press("申请调解")
    one.sees("调解举证")


def refuses(one: Reader, claim: str, words: str) -> None:
    """The seller wants to give nothing back."""
    one.go(claim)
    one.fill("退给买家", "0")
    one.fill("说明", words)
    one.press("提交方案")
    one.sees("轮到买家答复", words)


def evidence_ends(house: Installation, claim: str) -> None:
    """Five days pass; from here on nothing more is heard."""
    number = claim.strip("/").rpartition("/")[2]
    with psycopg.connect(house.environment["DATABASE_URL"]) as link:
        link.execute("UPDATE trade_dispute SET due_at = now() WHERE number = %s", [number])
    run = house.call("manage", "shell", "-c", CLOCK)
    assert run.returncode == 0, run.stderr


def decides(one: Reader, edition: str, claim: str, amount: str, verdict: str) -> None:
    """An officer of the organiser, from the queue; more than is held is refused, and kept."""
    one.go(f"/organise/{edition}/disputes/")
    one.follow(claim.strip("/").rpartition("/")[2])
    one.fill("退给买家", "999999.00")
    one.fill("裁决理由", verdict)
    with one.refused():
        one.press("作出裁决")
    one.fill("退给买家", amount)
    one.press("作出裁决")
    one.sees("已裁决", verdict)


def sees_the_split(one: Reader, claim: str, back: str, rest: str, verdict: str) -> None:
    """The same figures and the same words for either side."""
    one.go(claim)
    one.sees("已裁决", verdict)
    stats = one.page.locator(".stat")
    expect(stats.filter(has_text="退给买家")).to_contain_text(back)
    expect(stats.filter(has_text="归卖家方")).to_contain_text(rest)
