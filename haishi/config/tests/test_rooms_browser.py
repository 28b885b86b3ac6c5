"""web/rooms/connection.ts in a real browser, against the house, a broker and a gateway."""

import contextlib
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Page, Route, expect, sync_playwright

from haishi.config.tests.plane import Plane, wait_until
from haishi.foundation.service import service
from haishi.rooms import loops, services
from haishi.rooms.models import RoomEntry, Telling
from haishi.rooms.tests.quay import PUBLIC
from journeys.house import ROOT
from journeys.reader import launch

pytestmark = pytest.mark.django_db(transaction=True)
tell = service(services.tell)
BUNDLE = """
import("vite").then(async ({ build }) => {
  const lib = { entry: "rooms/connection.ts", formats: ["es"] };
  const out = await build({ configFile: false, logLevel: "silent", build: { write: false, lib } });
  process.stdout.write((Array.isArray(out) ? out[0] : out).output[0].code);
});
"""
# A page that writes down what it is told.
PROGRAM = """
import { connection } from "/rooms-under-test/connection.js";
const seen = (window.seen = { texts: [], kinds: [], gaps: [], states: [], history: [] });
const all = connection("/rooms/token/");
all.watch((state) => seen.states.push(state.name));
const room = (window.room = all.join("quay-1", {
  onItems: (items) => items.forEach(({ item }) => {
    seen.texts.push(item.type === "Said" ? item.text : item.kind);
    seen.kinds.push(item.type);
  }),
  onGap: async (before) => {
    seen.gaps.push(before);
    seen.history.push(await room.history(before));
  },
}));
"""


@pytest.fixture
def page(plane: Plane, live_server: Any, settings: Any, monkeypatch: Any) -> Iterator[Page]:
    """A page of the house that knows the program; the house answers beside it."""
    # Playwright's loop runs in this thread, and so do the database's calls of this test.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    settings.GATEWAY_URL, settings.GATEWAY_PORT = None, plane.gateway_port
    bundle = subprocess.run(
        ["node", "-e", BUNDLE], cwd=ROOT / "web", capture_output=True, check=True
    ).stdout
    with sync_playwright() as play, contextlib.closing(launch(play)) as chromium:
        made = chromium.new_page()
        _serve(made, "connection.js", bundle.decode())
        _serve(made, "program.js", PROGRAM)
        made.goto(f"{live_server.url}/style/")
        yield made
        # Made under Playwright's loop, these are not the ones that the end of a run closes.
        connections.close_all()


def _serve(page: Page, name: str, text: str) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=text, content_type="text/javascript")

    page.route(f"**/rooms-under-test/{name}", answer)


def until(page: Page, true: str, seconds: float = 60) -> None:
    """Wait in the page, whose policy forbids what Playwright's own waiting evaluates."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(true):
        assert time.monotonic() < deadline, true
        page.wait_for_timeout(20)


def start(page: Page) -> None:
    page.add_script_tag(url="/rooms-under-test/program.js", type="module")
    until(page, "Boolean(window.seen?.gaps.length)")


def say(page: Page, text: str) -> Any:
    return page.evaluate("text => window.room.say(text)", text)


def arrived(page: Page, *texts: str) -> None:
    """The page has seen exactly these, in this order."""
    until(page, f"window.seen.texts.length >= {len(texts)}")
    assert page.evaluate("window.seen.texts") == list(texts)


def carried() -> bool:
    loops.tell()
    return not Telling.objects.exists()


def sign_in(page: Page, client: Any, person: Any) -> None:
    client.force_login(person)
    url = page.evaluate("location.origin")
    key = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": url}])


def test_a_page_talks_and_comes_back_and_shows_nothing_twice(page, plane, client, lin):
    plane.start_gateway()
    sign_in(page, client, lin)
    start(page)
    answer = say(page, "大家好")
    assert (answer["type"], answer["offset"], answer["text"]) == ("Accepted", 1, "大家好")
    # More than half a kilobyte in one tick: deflated on the way, inflated by the browser.
    long = {str(number): "千里长卷" * 3 for number in range(60)}
    tell(PUBLIC, "plan", long)
    wait_until(carried, "the telling")
    arrived(page, "大家好", "plan")
    plane.kill("gateway")
    until(page, "window.seen.states.at(-1) !== 'open'")
    page.evaluate("void (window.later = window.room.say('断线时说的'))")
    tell(PUBLIC, "pin", {"product": 7})
    plane.start_gateway()
    wait_until(lambda: Telling.objects.update(next_try_at="2020-01-01T00:00Z") and carried(), "it")
    assert page.evaluate("window.later.then(({ text }) => text)") == "断线时说的"
    until(page, "window.seen.texts.length >= 4")
    texts = page.evaluate("window.seen.texts")
    assert texts[:2] == ["大家好", "plan"]
    assert sorted(texts[2:]) == ["pin", "断线时说的"]
    assert page.evaluate("window.seen.states.at(-1)") == "open"
    wait_until(lambda: not loops.archive() and RoomEntry.objects.count() == 4, "the archive")
    page.reload()
    start(page)
    until(page, "window.seen.history.length")
    history = page.evaluate(
        "window.seen.history[0].items.map(({ item }) => item.text ?? item.kind)"
    )
    assert history == texts
    assert page.evaluate("window.seen.texts") == []


def test_a_guest_reads_and_is_told_why_not_to_speak(page, plane, client, lin):
    plane.start_gateway()
    start(page)
    tell(PUBLIC, "pin", {})
    wait_until(carried, "the telling")
    arrived(page, "pin")
    refused = page.evaluate("window.room.say('我').catch(({ reason }) => reason)")
    assert refused == "rights"


def test_without_a_gateway_the_page_stands_and_says_so(page, plane):
    page.add_script_tag(url="/rooms-under-test/program.js", type="module")
    until(page, "window.seen?.states.at(-1) === 'waiting'")
    expect(page.locator("h1").first).to_be_visible()
    plane.start_gateway()
    until(page, "window.seen.states.at(-1) === 'open'")
