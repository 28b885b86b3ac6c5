"""What every public page says of itself to search engines and to whoever shares it.

The pages are those of the access matrix that anybody may open, each with its own objects.
"""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from haishi.config.tests.test_access import address_of, rows, world  # noqa: F401 - a fixture
from haishi.foundation.tests.access import Row, World

# Pages about nothing that could be shared: the house's own workshop and the way in.
PLAIN = ("foundation:", "api:", "account_", "socialaccount_", "mfa_", "usersessions_")


def public_rows() -> list[Row]:
    """Rows that everybody gets with GET."""
    return [
        row
        for row in rows()
        if row.method == "get"
        and row.expected()["nobody"] == 200
        and not row.route.startswith(PLAIN)
    ]


def head_of(page: str) -> dict[str, Any]:
    """{what: value} of a page's `<head>`; hreflang as {code: address}."""
    head = page[: page.index("</head>")]
    meta = {
        name: unescape(value)
        for name, value in re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', head)
    }
    title = re.search(r"<title>(.*?)</title>", head, re.DOTALL)
    canonical = re.search(r'<link rel="canonical" href="([^"]+)"', head)
    links = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', head))
    return {
        "title": unescape(title[1]).strip() if title else "",
        "canonical": unescape(canonical[1]) if canonical else "",
        "hreflang": links,
        **meta,
    }


@pytest.mark.parametrize("row", public_rows(), ids=lambda row: row.route)
def test_a_public_page_can_be_found_and_shared(row: Row, world: World, settings: Any):  # noqa: F811
    settings.WHITENOISE_USE_FINDERS = True
    client, path = Client(headers={"accept-language": "zh"}), address_of(row, world)
    answer = client.get(path)
    if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
        answer.close()
        return
    head = head_of(answer.content.decode())
    assert head["canonical"] == settings.PUBLIC_URL + path == head["og:url"]
    assert head["hreflang"] == {
        code: f"{settings.PUBLIC_URL}{path}?lang={word}"
        for code, word in (("zh-Hans", "zh-hans"), ("en", "en"))
    }
    name = head["og:title"]
    assert name.split(" · ")[0] == head["title"].split(" · ")[0]
    assert name != "海市" or path == "/"
    assert len(head["description"]) >= 8
    picture = head["og:image"]
    assert picture.startswith(settings.PUBLIC_URL)
    shown = client.get(picture.removeprefix(settings.PUBLIC_URL))
    assert (shown.status_code, shown.headers["Content-Type"][:6]) == (200, "image/")
    shown.close()
    assert head["twitter:card"] == "summary_large_image"


def test_the_walk_has_the_pages_that_visitors_use_most():
    found = {row.route for row in public_rows()}
    wanted = {"portal:home", "portal:tour", "portal:take_part", "expo:programme", "portal:hall"}
    assert wanted | {"portal:booth", "catalogue:product", "launches:hall"} <= found
