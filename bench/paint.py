"""When the largest element of a page is painted on a throttled phone, cold cache, first visit.

    haishi bench paint [--json] [--full] [--at URL]

A 390-pixel phone in Chromium with the profile of Lighthouse's mobile runs: 150 ms round trips,
1.6 Mbit/s down, 0.75 up, a processor four times slower. `lcp_s.<page>` is the median of three
visits (`--full`: seven) of the last Largest Contentful Paint entry, `first_s.<page>` of the first
paint with content, `kb.<page>` what came over the wire. `control` is one line of text from the same
server: what the profile alone costs.
`--at` measures a house that is running already.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import measure

RTT_MS, DOWN, UP, SLOWER = 150, 1_600_000 / 8, 750_000 / 8, 4
WATCH = """
window.__paint = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.__paint = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
"""
READ = """() => ({
  largest: window.__paint,
  first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  bytes: performance.getEntriesByType("navigation")
    .concat(performance.getEntriesByType("resource"))
    .reduce((sum, entry) => sum + entry.transferSize, 0),
})"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="haishi bench paint", description=__doc__)
    parser.add_argument("--json", action="store_true", help="no progress, only the last line")
    parser.add_argument("--full", action="store_true", help="seven visits a page, not three")
    parser.add_argument("--at", default="", help="the address of a running house")
    options = parser.parse_args(arguments)
    tell = (lambda _text: None) if options.json else measure.tell
    began, load = time.monotonic(), os.getloadavg()[0]
    with contextlib.nullcontext(options.at) if options.at else _house(tell) as base:
        result = _measure(base.rstrip("/"), 7 if options.full else 3, tell)
    print(json.dumps(measure.header("paint", began, load) | result, ensure_ascii=False))
    return 0


@contextlib.contextmanager
def _house(tell: Callable[[str], None]) -> Iterator[str]:
    with measure.installation():
        from haishi.config.demo.load import load as load_demo

        load_demo(lambda step, done, total: tell(f"  {step} {done}/{total}"))
        with measure.serving(2, {}) as (port, _server):
            yield f"http://127.0.0.1:{port}"


def _measure(base: str, visits: int, tell: Callable[[str], None]) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    from journeys.reader import launch

    result: dict[str, Any] = {}
    with sync_playwright() as play, contextlib.closing(launch(play)) as browser:
        paths = {"control": "/healthz", **_paths(browser, base)}
        for name, path in paths.items():
            seen = [_visit(browser, base + path) for _turn in range(visits)]
            for key, field, scale in (
                ("lcp_s", "largest", 1000),
                ("first_s", "first", 1000),
                ("kb", "bytes", 1024),
            ):
                middle = statistics.median(each[field] for each in seen)
                result[f"{key}.{name}"] = round(middle / scale, 2)
            tell(f"{name}: {result[f'lcp_s.{name}']} s, {result[f'kb.{name}']} KB")
    return result


def _paths(browser: Any, base: str) -> dict[str, str]:
    """The pages a visitor comes through, found by the links a visitor would follow."""
    page = browser.new_page(base_url=base)
    page.goto("/")
    hall = page.locator("a[href*='/halls/']:not([href$='/halls/'])").first.get_attribute("href")
    page.goto(hall)
    booth = page.locator("a[href*='/booths/']").first.get_attribute("href")
    page.goto("/products/")
    product = page.locator("main .card-title a").first.get_attribute("href")
    programme = page.locator("a[href*='/programme/']").first.get_attribute("href")
    page.close()
    return {
        "home": "/",
        "hall": hall,
        "booth": booth,
        "products": "/products/",
        "product": product,
        "search": "/search/?q=%E9%9D%92%E7%93%B7",
        "programme": programme,
        "launches": "/launches/",
    }


def _visit(browser: Any, url: str) -> dict[str, float]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": RTT_MS, "downloadThroughput": DOWN, "uploadThroughput": UP},
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="networkidle")
    seen: dict[str, float] = page.evaluate(READ)
    context.close()
    return seen


if __name__ == "__main__":
    sys.exit(main())
