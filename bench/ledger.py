"""What the ledger takes: 64 clients posting payments and releases; and a million splits.

    haishi bench ledger [--json] [--full]

Each client posts orders of its own: a payment into escrow, then its release to seller, platform
and rights holder. `entries_per_s` counts journal entries, `postings_per_s` their lines, all
durably committed through `trade.services.post`. `hot_entries_per_s` is the control: the same with
one shared account that keeps its balance, which makes every client wait for every other.
`trial_balance` is the sum of all differences (0), `split_errors` counts splits that do not sum to
their total or leave a share off by more than one minor unit. `--full` runs five times as long.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import measure

PROCESSES, THREADS, SECONDS = 4, 16, 8
SPLITS = 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="haishi bench ledger", description=__doc__)
    parser.add_argument("--json", action="store_true", help="no progress, only the last line")
    parser.add_argument("--full", action="store_true", help="run longer; for published figures")
    options = parser.parse_args(arguments)
    tell = (lambda _text: None) if options.json else measure.tell
    began, load = time.monotonic(), os.getloadavg()[0]
    seconds = SECONDS * (5 if options.full else 1)
    with measure.installation(durable=True):
        result = _rate("", seconds) | _rate("hot", seconds)
        tell(str(result))
        result |= _books()
    result |= _splits(SPLITS)
    print(json.dumps(measure.header("ledger", began, load) | result))
    return 0


def _rate(control: str, seconds: float) -> dict[str, Any]:
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    answers: Any = context.Queue()
    workers = [
        context.Process(target=_client, args=(control, number, seconds, answers))
        for number in range(PROCESSES)
    ]
    began = time.monotonic()
    for worker in workers:
        worker.start()
    entries, postings = (sum(each) for each in zip(*(answers.get() for _ in workers), strict=True))
    for worker in workers:
        worker.join()
    took = time.monotonic() - began
    name = f"{control}_" if control else ""
    return {
        f"{name}entries_per_s": round(entries / took),
        f"{name}postings_per_s": round(postings / took),
    }


def _client(control: str, process: int, seconds: float, answers: Any) -> None:
    deadline = time.monotonic() + seconds
    done: list[tuple[int, int]] = []
    threads = [
        threading.Thread(target=_post_orders, args=(control, f"{process}.{n}", deadline, done))
        for n in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put(tuple(sum(each) for each in zip(*done, strict=True)))


def _post_orders(control: str, client: str, deadline: float, done: list[tuple[int, int]]) -> None:
    from django.db import connections

    from haishi.foundation.money import split
    from haishi.trade import services
    from haishi.trade.types import AccountName, Line

    floor = 0 if control else None  # an account with a floor keeps its balance
    provider = AccountName(f"provider:{control}", "CNY", 1, floor)
    takers = [AccountName(f"{name}:{control}", "CNY", -1) for name in ("seller", "fees", "rights")]
    number = postings = 0
    while time.monotonic() < deadline:
        order = f"{control}{client}.{number}"
        held = AccountName(f"escrow:{order}", "CNY", -1, 0)
        services.post(f"pay:{order}", "payment", order, [Line(provider, 9900), Line(held, -9900)])
        parts = zip(takers, split(9900, [90, 3, 7]), strict=True)
        lines = [Line(held, 9900), *(Line(taker, -part) for taker, part in parts)]
        services.post(f"release:{order}", "release", order, lines)
        number, postings = number + 2, postings + 6
    done.append((number, postings))
    connections.close_all()


def _books() -> dict[str, Any]:
    from haishi.trade import selectors

    found = selectors.trial_balance()
    return {
        "entries": found.entries,
        "trial_balance": sum(map(abs, found.difference.values())) + len(found.wrong_accounts),
    }


def _splits(number: int) -> dict[str, Any]:
    from haishi.foundation.money import split

    luck = random.Random(20261123)
    errors = 0
    for _ in range(number):
        total = luck.randrange(1, 10**9)
        weights = [luck.randrange(0, 1000) for _ in range(luck.randrange(2, 7))]
        weights[0] += 1
        shares, whole = split(total, weights), sum(weights)
        exact = sum(shares) == total and all(
            abs(share * whole - total * weight) < whole
            for share, weight in zip(shares, weights, strict=True)
        )
        errors += not exact
    return {"splits_checked": number, "split_errors": errors}


if __name__ == "__main__":
    sys.exit(main())
