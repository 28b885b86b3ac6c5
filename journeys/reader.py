"""A person at a browser: reads pages, follows links, fills forms, and notices what is wrong.

Every page that comes is checked: no violation of WCAG 2.2 AA that axe can see, no word of complaint
in the console, nothing refused by the content policy, no failed request, no sideways scrolling.
"""

import contextlib
import copy
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Playwright,
    Request,
    Response,
    expect,
)

from journeys.house import ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = ROOT / "build" / "journeys"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
WATCH = """document.addEventListener("securitypolicyviolation",
  (e) => console.error(`policy ${e.violatedDirective} refused ${e.blockedURI}`))"""
# What a page is made of, without its words: axe finds the same in two that are made alike.
MAKE = """() => {
  const made = [innerWidth, document.documentElement.lang];
  for (const each of document.querySelectorAll("*")) {
    made.push(each.tagName, each.childElementCount || each.textContent.trim() !== "");
    for (const { name, value } of each.attributes) {
      if (["href", "src", "srcset", "value", "content", "datetime", "nonce"].includes(name)) {
        made.push(name, value !== "");
      } else made.push(name, value.replace(/[0-9]+/g, "0"));
    }
  }
  return made.join(" ");
}"""
LOOK = """async (rules) => {
  const found = rules.length ? await axe.run(document, {
    runOnly: rules, resultTypes: ["violations"], elementRef: false,
  }) : { violations: [] };
  const root = document.documentElement;
  const wide = root.scrollWidth - root.clientWidth;
  return {
    wide,
    culprits: wide > 0 ? [...document.querySelectorAll("body *")]
      .filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1)
      .slice(0, 5).map((each) => each.outerHTML.slice(0, 160)) : [],
    axe: found.violations.map(({ id, nodes }) => `${id}: ` +
      nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(" | ")),
  };
}"""
RING = """() => {
  const now = document.activeElement;
  const box = now.getBoundingClientRect();
  // The ring of a card's link runs around the card, drawn by what the link puts after itself.
  const styles = [getComputedStyle(now), getComputedStyle(now, "::after"),
    getComputedStyle(now.closest(".card, label") ?? now)];
  return {
    ring: styles.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
    what: now.outerHTML.slice(0, 200),
  };
}"""


JUDGED: set[str] = set()  # by the digest of what a page is made of


def launch(play: Playwright, *flags: str) -> Browser:
    """The machine's own Chromium or Chrome, else the one that Playwright keeps."""
    own = shutil.which("chromium") or shutil.which("google-chrome")
    return play.chromium.launch(executable_path=own, args=[*CHROMIUM, *flags])


class Reader:
    """One person, one browser profile, one page.

    `width` is the window's, in CSS pixels; `agent` what the browser says it is, if not Chromium.
    """

    def __init__(
        self,
        browser: Browser,
        base: str,
        name: str,
        width: int = 1280,
        locale: str = "zh-CN",
        keyboard: bool = False,
        agent: str | None = None,
    ) -> None:
        self.base, self.name, self.width, self.keyboard = base, name, width, keyboard
        self.context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            locale=locale,
            timezone_id="Asia/Shanghai",
            has_touch=width < 600,
            is_mobile=width < 600,
            reduced_motion="reduce",
            user_agent=agent,
        )
        self.context.set_default_timeout(15_000)
        self.context.add_init_script(WATCH)
        self._open()

    def _open(self) -> None:
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._complain(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.troubles: list[str] = []
        self.visited: list[str] = []
        self._expected: set[int] = set()
        self._glances = self._breaks = False
        self._shots = 0

    def beside(self) -> "Reader":
        """The same person in another window of the same browser."""
        other = copy.copy(self)
        other.troubles, other.visited, other._expected = [], [], set()
        other._open()
        return other

    # What is wrong

    def _complain(self, words: str) -> None:
        self.troubles.append(f"{self.page.url} {words}")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if "Failed to load resource" in message.text:
            return  # the response itself is judged
        if self._breaks and "WebSocket connection to" in message.text:
            return
        self._complain(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # A page that is left takes its pictures with it.
        if request.failure != "net::ERR_ABORTED" and not self._breaks:
            self._complain(f"request: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        expected = response.status in self._expected or self._breaks
        if response.status >= 400 and not expected:
            self._complain(f"answer: {response.status} {response.url}")

    @contextlib.contextmanager
    def refused(self, status: int = 422) -> Iterator[None]:
        """Within the block an answer of this status is what one wants to see."""
        self._expected.add(status)
        try:
            yield
        finally:
            self._expected.discard(status)

    @contextlib.contextmanager
    def broken(self) -> Iterator[None]:
        """Within the block parts of the house are killed: the network may fail, scripts may not."""
        self._breaks = True
        try:
            yield
        finally:
            self._breaks = False

    @contextlib.contextmanager
    def glance(self) -> Iterator[None]:
        """Within the block axe is spared: somebody else has just looked at the same pages."""
        self._glances = True
        try:
            yield
        finally:
            self._glances = False

    def look(self) -> None:
        """Judge the page as it stands."""
        try:
            seen = self._judge()
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            # A link in a part that came anew under the finger is pressed, and leads on, twice.
            seen = self._judge()
        if seen["wide"] > 0:
            self._complain(f"scrolls sideways by {seen['wide']} px: {seen['culprits']}")
        for violation in seen["axe"]:
            self._complain(f"axe: {violation}")
        self.visited.append(self.page.url.removeprefix(self.base))
        self._picture()

    def _judge(self) -> Any:
        """What LOOK sees; axe looks once at pages that are made alike."""
        self.page.wait_for_load_state("load")
        made = "" if self._glances else self.page.evaluate(MAKE)
        digest = hashlib.sha256(made.encode()).hexdigest()
        rules = RULES if made and digest not in JUDGED else []
        if rules and not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        seen = self.page.evaluate(LOOK, rules)
        if rules:
            JUDGED.add(digest)
        return seen

    def _picture(self) -> None:
        if not os.environ.get("JOURNEYS_PICTURES"):
            return
        self._shots += 1
        words = re.sub(r"[^\w]+", "-", self.page.url.removeprefix(self.base).split("?")[0])
        name = f"{self.name}-{self.width}-{self._shots:02}{words[:50].rstrip('-')}.png"
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / name, full_page=True)

    def leave(self) -> None:
        """Close the browser. Fails when anything was wrong on the way."""
        self.context.close()
        if self.troubles:
            raise AssertionError("\n".join(dict.fromkeys(self.troubles)))

    # Going

    def go(self, path: str) -> None:
        """Type an address."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        self.look()

    def sees(self, *words: str) -> None:
        """The page's body says these words."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)

    def until(self, words: str, tries: int = 60) -> None:
        """Ask for this page again until it says these words: the worker has to do something."""
        for _ in range(tries):
            if self.page.get_by_text(words).count():
                break
            self.page.wait_for_timeout(200)
            self.page.reload()
        self.sees(words)

    def follow(self, name: str, within: Locator | None = None, exact: bool = True) -> None:
        """Follow the link of this name and look at what comes."""
        place = within or self.page.locator("main")
        self._leave_by(place.get_by_role("link", name=name, exact=exact).first)

    def press(self, name: str, within: Locator | None = None, exact: bool = True) -> None:
        """Press the button of this name and look at what comes."""
        place = within or self.page.locator("main")
        self._leave_by(place.get_by_role("button", name=name, exact=exact).first)

    def _leave_by(self, what: Locator) -> None:
        with self.page.expect_navigation():
            self.use(what)
        self.look()

    def use(self, what: Locator) -> None:
        """Click, tap, or walk there by Tab and press Enter."""
        expect(what).to_be_visible()
        if self.keyboard:
            self.walk_to(what)
            tag = what.evaluate("(each) => each.type || each.tagName")
            self.page.keyboard.press("Space" if tag in ("checkbox", "radio") else "Enter")
        elif self.width < 600:
            what.tap()
        else:
            what.click()

    def fill(self, label: str, words: str, within: Locator | None = None) -> None:
        """Write into the field of this label, replacing what stands there."""
        self.write(self.field(label, within), words)

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The first field of this label; a label may go on with "optional" or a hint."""
        words = re.compile(rf"^\s*{re.escape(label)}(选填|\s|$)")
        return (within or self.page.locator("main")).get_by_label(words).first

    def write(self, field: Locator, words: str) -> None:
        """Replace what stands in a field."""
        if not self.keyboard:
            field.fill(words)
            return
        self.walk_to(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def tick(self, label: str, within: Locator | None = None) -> None:
        """Choose the box or the one of several."""
        words = re.compile(rf"^\s*{re.escape(label)}")
        box = (within or self.page.locator("main")).get_by_label(words).first
        if self.keyboard:
            self.use(box)
        else:
            box.check()
        expect(box).to_be_checked()

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        """Take an option of a list."""
        self.field(label, within).select_option(label=option)

    # By keyboard alone

    def walk_to(self, what: Locator, steps: int = 150) -> None:
        """Tab until this has the focus; at every stop the focus can be seen."""
        # A group of radio buttons is one stop; inside it the arrows lead on.
        for _ in range(steps):
            self.page.keyboard.press("Tab")
            self._sees_focus()
            if what.evaluate("(each) => each === document.activeElement"):
                return
            if self._same_group(what):
                self._arrow_to(what)
                return
        raise AssertionError(f"{what} cannot be reached by Tab")

    def _sees_focus(self) -> None:
        now = self.page.evaluate(RING)
        if "<body" not in now["what"] and not (now["ring"] and now["seen"]):
            self._complain(f"focus cannot be seen: {now}")

    def _same_group(self, what: Locator) -> bool:
        return bool(
            what.evaluate(
                "(each) => each.type === 'radio' && document.activeElement.name === each.name"
            )
        )

    def _arrow_to(self, what: Locator) -> None:
        for _ in range(20):
            if what.evaluate("(each) => each === document.activeElement"):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{what} cannot be reached by the arrows")

    # Accounts

    def sign_in(self, email: str, password: str) -> None:
        """Log in with a password; one lands on the desk."""
        self.go("/account/login/")
        self.fill("电子邮件", email)
        self.fill("密码", password)
        self.press("登录")
        expect(self.page).to_have_url(re.compile("/desk/"))


def newest_mail(home: Path, to: str) -> Any:
    """The last message to an address, from the files that the embedded default writes."""
    from email import message_from_bytes, policy

    found = []
    for path in (home / "mail").glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        if to in str(message["To"]):
            found.append((path.stat().st_mtime_ns, message))
    return max(found, key=lambda pair: pair[0])[1] if found else None
