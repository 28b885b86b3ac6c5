"""What a page costs: CPU of the web process and queries, at the demo's size and a large one.

    haishi bench pages [--json] [--full] [--size demo|large]

The demo edition is loaded into a throw-away installation; the large size multiplies it to 4,000
exhibitors with 100,000 products (bulk SQL, shared pictures). `cpu_ms` is user + system time of the
web processes per anonymous page with the page cache off, `cpu_ms_member` the same for somebody
logged in. `control_cpu_ms` is a list of sixty products in plain Django under the same server, turn
by turn with the pages, `ratio` each page as a multiple of it. `anonymous_rps` has two web processes
and the page cache as in production; the client shares the machine with them. `--full` reads five
times as many pages.
`--here` measures what DATABASE_URL and HAISHI_HOME name (a loaded demo, which `large` changes).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import measure

PAGES, WARM = 40, 10
VISITOR = "visitor@haishi.example"
WORDS = "%E9%9D%92%E7%93%B7"  # 青瓷


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="haishi bench pages", description=__doc__)
    parser.add_argument("--json", action="store_true", help="no progress, only the last line")
    parser.add_argument("--full", action="store_true", help="read more; for published figures")
    parser.add_argument("--size", choices=("demo", "large"), help="only one size")
    parser.add_argument("--here", action="store_true", help="measure a loaded installation")
    options = parser.parse_args(arguments)
    tell = (lambda _text: None) if options.json else measure.tell
    began, load = time.monotonic(), os.getloadavg()[0]
    result: dict[str, Any] = {}
    with contextlib.nullcontext() if options.here else measure.installation():
        if options.here:
            measure.django()
        else:
            from haishi.config.demo.load import load as load_demo

            load_demo(lambda step, done, total: tell(f"  {step} {done}/{total}"))
        for size in [options.size] if options.size else ["demo", "large"]:
            if size == "large":
                from bench import multitude

                multitude.grow(tell)
            result |= _measure(size, PAGES * (5 if options.full else 1), tell)
    print(json.dumps(measure.header("pages", began, load) | result, ensure_ascii=False))
    return 0


ROUNDS = 5
CONTROL = {"DJANGO_SETTINGS_MODULE": "bench.plain", "PYTHONPATH": str(measure.ROOT)}


def _measure(size: str, count: int, tell: Callable[[str], None]) -> dict[str, Any]:
    paths = _paths()
    result: dict[str, Any] = {f"queries.{page}.{size}": _queries(paths[page]) for page in paths}
    result |= _costs(paths, size, count, tell)
    if size == "demo":
        with measure.serving(2, {}) as (port, _server):
            for page in ("home", "booth"):
                measure.read_pages(port, paths[page], WARM)
                rate = measure.requests_per_second(port, paths[page], 5)
                result[f"anonymous_rps.{page}"] = round(rate)
                tell(f"{page}: {rate:.0f} pages a second")
    return result


def _costs(
    paths: dict[str, str], size: str, count: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Pages and control turn by turn: a machine that slows down for a while slows down both."""
    visits = [(f"cpu_ms.{page}", path, "") for page, path in paths.items()]
    member = _session()
    visits += [(f"cpu_ms_member.{page}", path, member) for page, path in paths.items()]
    spent: dict[str, float] = {"control": 0.0} | {key: 0.0 for key, _path, _cookie in visits}
    with (
        measure.serving(1, {"HAISHI_PAGE_CACHE_SECONDS": "0"}) as ours,
        measure.serving(1, CONTROL, "bench.plain_wsgi:application") as plain,
    ):
        turns = [(key, ours, path, cookie) for key, path, cookie in visits]
        turns.append(("control", plain, "/", ""))
        for round_number in range(ROUNDS):
            for key, (port, server), path, cookie in turns:
                measure.read_pages(port, path, 2 if round_number else WARM, cookie)
                before = measure.cpu_ms(server.pid)
                measure.read_pages(port, path, count // ROUNDS, cookie)
                spent[key] += measure.cpu_ms(server.pid) - before
            tell(f"{size}: round {round_number + 1} of {ROUNDS}")
    pages = count // ROUNDS * ROUNDS
    found = {f"{key}.{size}": round(spent[key] / pages, 1) for key, _path, _cookie in visits}
    found[f"control_cpu_ms.{size}"] = round(spent["control"] / pages, 1)
    for page in paths:
        found[f"ratio.{page}.{size}"] = round(spent[f"cpu_ms.{page}"] / spent["control"], 2)
    tell(str(found))
    return found


def _paths() -> dict[str, str]:
    """A busy hall and the last booth and product that stand in it."""
    from haishi.catalogue.models import Exhibit
    from haishi.expo.models import Edition

    edition = Edition.objects.get(state="open")
    shown = Exhibit.objects.filter(
        exhibitor__edition=edition,
        exhibitor__state="approved",
        exhibitor__complete=True,
        exhibitor__booth__isnull=False,
        product__state="listed",
    )
    last = shown.select_related("exhibitor__booth__hall", "product").latest("exhibitor_id", "id")
    hall = last.exhibitor.booth.hall
    return {
        "home": "/",
        "hall": f"/e/{edition.slug}/halls/{hall.slug}/",
        "booth": f"/e/{edition.slug}/booths/{last.exhibitor_id}/",
        "product": f"/products/{last.product.slug}/",
        "search": f"/search/?q={WORDS}",
        "programme": f"/e/{edition.slug}/programme/",
    }


def _session() -> str:
    """The cookie of a visitor who has just logged in."""
    from django.conf import settings
    from django.test import Client

    from haishi.parties.models import Person

    client = Client()
    client.force_login(Person.objects.get(email=VISITOR))
    return f"sessionid={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _queries(path: str) -> int:
    """Queries of an anonymous page, once everything that a process keeps is kept."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.PAGE_CACHE_SECONDS = 0
    client = Client(SERVER_NAME="127.0.0.1")
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        if (status := client.get(path).status_code) != 200:
            raise SystemExit(f"{path}: {status}")
    return len(seen)


if __name__ == "__main__":
    sys.exit(main())
