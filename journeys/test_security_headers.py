"""No page of anybody's makes the browser complain; a passkey opens the door."""

import re
from collections import deque
from collections.abc import Callable, Iterable
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from journeys.cast import CHEN, EDITION, GU, LIN, OPERATOR, PASSWORD, RUAN, SU
from journeys.house import Installation
from journeys.reader import Reader

pytestmark = pytest.mark.journey
MOST = 40
# Addresses that are files, end the session, or lead back by another name.
SKIP = re.compile(
    r"\.(ics|json|xml|csv|xlsx|vcf|png|jpe?g|webp|avif|glb|pdf|mp4|txt)$|/f/|^/api/"
    r"|^/(account/logout|healthz|metrics|static)|/export"
)
STARTS: dict[str, tuple[str, ...]] = {
    "": ("/", "/style/", "/account/login/", "/account/signup/", "/account/password/reset/"),
    SU: ("/desk/", "/me/badges/", "/me/card/", "/desk/account/", "/notices/settings/"),
    LIN: ("/desk/", "/exhibit/", "/products/desk/qingya/", "/desk/organisations/qingya/"),
    CHEN: ("/desk/", "/organise/", f"/organise/{EDITION}/"),
    GU: (f"/organise/{EDITION}/",),
    OPERATOR: ("/desk/", "/desk/verifications/", "/desk/organisers/"),
}


def route_of(path: str) -> str:
    """Addresses of one kind of page are one: numbers and names of things do not count."""
    path = re.sub(r"/\d+(?=/|$)", "/#", path)
    path = re.sub(
        r"^/(o|c|products/c|products/brands|products(?!/(desk|keep|brands|c)/))/[^/]+/$",
        r"/\1/*/",
        path,
    )
    return re.sub(r"/(halls|programme|sessions)/(?!new|changes)[\w-]+", r"/\1/*", path)


def links(one: Reader) -> Iterable[str]:
    """Paths of this house that the page leads to."""
    found = one.page.evaluate("() => [...document.links].map((each) => each.href)")
    for each in found:
        parts = urlsplit(urljoin(one.base, each))
        if f"{parts.scheme}://{parts.netloc}" == one.base and not SKIP.search(parts.path):
            yield parts.path


@pytest.mark.parametrize("email", STARTS, ids=[each.split("@")[0] or "nobody" for each in STARTS])
def test_no_page_makes_the_browser_complain(reader: Callable[..., Reader], email: str) -> None:
    one = reader(f"crawl-{email.split('@')[0] or 'nobody'}")
    if email:
        one.sign_in(email, PASSWORD)
    waiting, known = deque(STARTS[email]), {route_of(path) for path in STARTS[email]}
    visited = 0
    while waiting and visited < MOST:
        one.go(waiting.popleft())
        visited += 1
        for path in links(one):
            # What everybody may see, nobody's crawl has seen.
            private = re.match(
                "/(desk|me|organise|exhibit|products/(desk|keep)|notices|media)", path
            )
            if route_of(path) not in known and (not email or private):
                known.add(route_of(path))
                waiting.append(path)
    assert visited >= len(STARTS[email])


def test_every_answer_carries_the_policy(house: Installation) -> None:
    base = f"http://localhost:{house.port}"
    paths = ("/", "/desk/", "/nowhere/", "/api/v1/", "/search/suggest?q=a", "/robots.txt")
    for path in paths:
        headers = httpx.get(base + path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"], path
        assert "unsafe-inline" not in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path


def test_the_browser_refuses_what_the_policy_refuses(reader: Callable[..., Reader]) -> None:
    one = reader("policy")
    one.go("/")
    one.page.evaluate(
        """() => { const each = document.createElement("script");
        each.textContent = "document.title = 'broken in'"; document.body.append(each); }"""
    )
    expect(one.page).not_to_have_title("broken in")
    assert any("script-src-elem refused inline" in words for words in one.troubles)
    one.troubles.clear()


def test_a_passkey_is_made_and_opens_the_door(reader: Callable[..., Reader]) -> None:
    one = reader("passkey")
    key = one.context.new_cdp_session(one.page)
    key.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    key.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    one.sign_in(RUAN, PASSWORD)
    one.go("/desk/account/security/")
    one.follow("管理通行密钥")
    one.follow("添加通行密钥")
    one.fill("密码", PASSWORD)  # what guards the account asks once more who is there
    one.press("确认")
    one.fill("名称", "书桌上的钥匙")
    one.press("添加")
    one.context.clear_cookies()
    one.go("/account/login/")
    one.press("用通行密钥登录")
    expect(one.page).to_have_url(re.compile("/desk/"))
    one.sees("阮青，你好")
