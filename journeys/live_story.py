"""How a live comes about, as its host does it: plan, keys, on air, over."""

import psycopg
from playwright.sync_api import expect

from journeys.house import Installation
from journeys.reader import Reader


def sql(house: Installation, statement: str, *values: object) -> list[tuple]:
    """Rows of a query to the house's database."""
    with psycopg.connect(house.environment["DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def plans(one: Reader, house: Installation, title: str, **choices: str) -> str:
    """A live of 蓬莱影业 in half an hour, announced: the address of its console.

    `choices`: lists of the form by their labels, and what to take of them.
    """
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
    one.fill("标题", title)
    one.fill("开始时间", start)
    one.fill("预计结束时间", end)
    for label, option in choices.items():
        one.choose(label, option)
    one.press("保存草稿")
    one.sees("直播已保存为草稿。准备好机位和橱窗，再公布。")
    one.press("公布")
    one.sees("可以推流试播了。")
    return one.page.url.removeprefix(one.base)


def takes_a_key(one: Reader, console: str, number: int = 1) -> tuple[str, str]:
    """The server and the key of a camera; the key is shown once."""
    one.go(console.removesuffix("console/") + "console/gear/")
    row = one.page.get_by_role("listitem").filter(has_text=f"{number} · ")
    one.press("生成推流密钥", row)
    one.sees("密钥只显示这一次")
    server = one.page.get_by_label("服务器").input_value()
    key = one.page.get_by_label("推流码").input_value()
    assert len(key) == 32
    one.go(f"{console}gear/")
    assert key not in one.page.content()
    return server, key


def has_a_signal(one: Reader, console: str, cameras: int = 1) -> None:
    """The signal of so many cameras is seen on the console without a reload."""
    one.go(console)
    for number in range(1, cameras + 1):
        place = one.page.locator(f"#camera-{number}")
        expect(place).to_contain_text("信号正常", timeout=40_000)


def goes_on_air(one: Reader) -> None:
    """From the console; from now on visitors see the picture."""
    one.press("现在开播")
    one.sees("已开播，观众看到画面了。")


def ends(one: Reader, console: str) -> None:
    """For good."""
    one.go(console)
    one.follow("结束直播")
    one.sees("结束后不能再开播")
    one.press("结束直播")
    one.sees("直播已结束。")


def publishes_the_replay(one: Reader, console: str) -> None:
    """As soon as the recording is there."""
    one.go(f"{console}records/")
    one.until("发布回放")
    one.press("发布回放")
    one.sees("回放已发布。")


def says(one: Reader, text: str) -> None:
    """Into the chat of the room."""
    field = one.page.get_by_label("说点什么")
    expect(field).to_be_enabled(timeout=30_000)
    field.fill(text)
    one.use(one.page.get_by_role("button", name="发送", exact=True))


def hears(one: Reader, text: str, times: int = 1) -> None:
    """The line stands in the chat so often, taken by the room."""
    lines = one.page.locator(".chat-line[data-state=said]").filter(has_text=text)
    expect(lines).to_have_count(times, timeout=30_000)
