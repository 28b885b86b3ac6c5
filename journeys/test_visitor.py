"""The visitor's journey: find by pinyin, come in, leave a card, take it back, ask.

Once with the mouse, once with a finger on a phone, once by keyboard alone.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.cast import EDITION
from journeys.house import Installation, wait_for
from journeys.reader import Reader, newest_mail

pytestmark = pytest.mark.journey
PASSWORD = "kan-hai-ting-feng-88"


def test_home_follows_the_language_of_the_browser(reader: Callable[..., Reader]) -> None:
    for locale, lang, words in (("en-US", "en", "All exhibits"), ("zh-CN", "zh-Hans", "全部展品")):
        one = reader(f"language-{lang}", locale=locale)
        one.go("/")
        expect(one.page.locator("html")).to_have_attribute("lang", lang)
        one.sees(words)


@pytest.mark.parametrize(
    ("width", "keyboard"),
    [(1280, False), (390, False), (1280, True)],
    ids=["mouse", "touch", "keys"],
)
def test_a_visitor_finds_registers_leaves_a_card_takes_it_back_and_asks(
    house: Installation, reader: Callable[..., Reader], width: int, keyboard: bool
) -> None:
    hand = "keys" if keyboard else width
    one = reader(f"visitor-{hand}", width, keyboard=keyboard)
    finds_the_kite_by_pinyin(one)
    one.follow("交换名片")  # one has to sign in first
    signs_up(house, one, f"tan.{hand}@visitors.example", f"谭云{hand}")
    expect(one.page).to_have_url(re.compile(r"/e/haizhou-2026/booth/\d+/card/$"))
    leaves_a_card_and_takes_it_back(one)
    gets_a_badge(one, f"谭云{hand}")
    asks_about_the_kite(one, str(hand))


def finds_the_kite_by_pinyin(one: Reader) -> None:
    """From home by the search box to the product and on to its booth."""
    one.go("/")
    if one.keyboard:
        skips_to_the_text(one)
    if one.width < 600:
        one.follow("搜索", one.page.locator("header"))
    box = one.page.locator("header" if one.width > 600 else "main").get_by_role("searchbox")
    one.write(box, "fengzheng")
    with one.page.expect_navigation():
        box.press("Enter")
    one.look()
    one.sees("龙头蜈蚣风筝", "产品与作品 · 数字文化馆 · 潍坊", "沙燕风筝，出自青崖风筝坊。")
    one.follow("沙燕风筝")
    one.sees("面议", "沙燕风筝由青崖风筝坊制作")
    one.follow("数字文化馆 A01")
    one.sees("把风请进屋里")


def skips_to_the_text(one: Reader) -> None:
    """The first stop of Tab is the way past the head of the page."""
    one.page.keyboard.press("Tab")
    expect(one.page.locator(":focus")).to_have_text("跳到正文")
    expect(one.page.locator(":focus")).to_be_in_viewport()
    one.page.keyboard.press("Enter")
    expect(one.page.locator("main")).to_be_focused()
    one.page.keyboard.press("Tab")
    expect(one.page.locator(":focus")).to_have_text("进入展馆")
    one.page.keyboard.press("Shift+Tab")


def signs_up(house: Installation, one: Reader, email: str, name: str) -> None:
    """A new account, its address confirmed with the code from the mail."""
    one.follow("现在注册")
    one.fill("姓名", name)
    one.fill("电子邮件", email)
    one.fill("密码", "kurz")
    with one.refused(200):
        one.press("注册并验证邮箱")
    one.sees("密码太短，至少要有 10 个字符。")
    expect(one.page.get_by_label("姓名")).to_have_value(name)
    one.fill("密码", PASSWORD)
    one.press("注册并验证邮箱")
    wait_for(lambda: newest_mail(house.root, email) is not None)
    letter = newest_mail(house.root, email).get_body(("plain",)).get_content()
    found = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\s*$", letter, re.M)
    assert found, letter
    one.write(one.page.locator("main").get_by_role("textbox").first, found[1])
    one.press("确认")


def leaves_a_card_and_takes_it_back(one: Reader) -> None:
    """A card is given after one has seen what is on it, listed, and revoked."""
    one.sees("青崖风筝坊 会看到下面这张名片，你随时可以收回。")
    one.press("递上名片")
    one.sees("名片已递上")
    one.go("/me/cards/")
    row = one.page.get_by_role("row").filter(has_text="青崖风筝坊")
    expect(row).to_contain_text("持有中")
    one.press("收回", row)
    expect(row).to_contain_text("已收回")


def gets_a_badge(one: Reader, name: str) -> None:
    """From home to a badge with a code on it."""
    one.go("/")
    one.follow("登记参观")
    one.tick("专业买家")
    one.fill("单位", "云上采购")
    one.tick("允许参展商扫我的胸牌获得名片")
    one.press("领取胸牌")
    one.sees(name, "云上采购", "专业买家", "取消登记")
    expect(one.page.locator(".badge-qr svg")).to_be_visible()


def asks_about_the_kite(one: Reader, hand: str) -> None:
    """An enquiry without words is refused and keeps its subject; with words it is sent."""
    one.go(f"/e/{EDITION}/halls/craft/")
    booth = one.page.locator("article a", has_text="青崖风筝坊").first.get_attribute("href")
    one.go(booth or "")
    one.follow("询价")
    one.fill("主题", f"二十只沙燕风筝 {hand}")
    with one.refused():
        one.press("送出询价")
    expect(one.page.locator("[data-error-summary]")).to_be_focused()
    expect(one.page.get_by_label("主题")).to_have_value(f"二十只沙燕风筝 {hand}")
    one.fill("内容", "三月前交货，能否印上海州的城徽？")
    one.press("送出询价")
    one.sees(f"二十只沙燕风筝 {hand}", "待回复")
