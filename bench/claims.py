"""A first sale under load: five designs, side by side, 64 buyers after 1,000 units.

    haishi bench claims [--json] [--full]

`ours` is `launches.services.claim` (one conditional statement on the pool); `queue` is `request`
for everybody and one `decide`; `for_update` locks the product's row, `advisory` counts orders under
an advisory lock, `naive` reads, checks and writes: the control that oversells. Every buyer is
another person; one buyer in eight presses twice, one in ten of those who got a unit gives it back.
`orders_per_s` is answers (of any kind) a second while units last; for `queue` requests and their
decision. `cpu_ms` is the clients' processor time an answer. Commits reach the disk.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import measure

PROCESSES, THREADS, QUOTA, TRIES = 4, 16, 1_000, 2_048


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="haishi bench claims", description=__doc__)
    parser.add_argument("--json", action="store_true", help="no progress, only the last line")
    parser.add_argument("--full", action="store_true", help="five runs of ours; all must be exact")
    options = parser.parse_args(arguments)
    tell = (lambda _text: None) if options.json else measure.tell
    began, load = time.monotonic(), os.getloadavg()[0]
    result: dict[str, Any] = {"quota": QUOTA, "buyers": PROCESSES * THREADS, "tries": TRIES}
    with measure.installation(durable=True):
        people = _people(TRIES)
        for number in range(5 if options.full else 1):
            result |= _ours(people, tell)
            if result["ours.sold"] != QUOTA:
                raise SystemExit(f"run {number}: sold {result['ours.sold']} of {QUOTA}")
        result |= _queue(people, tell)
        for name, buy in (("for_update", _for_update), ("advisory", _advisory), ("naive", _naive)):
            result |= _control(name, buy, people, tell)
    print(json.dumps(measure.header("claims", began, load) | result))
    return 0


def _people(number: int) -> list[int]:
    from haishi.parties.models import Person

    rows = [Person(email=f"buyer{n}@example.org", name="买家", password="!") for n in range(number)]
    return [row.pk for row in Person.objects.bulk_create(rows)]


def _sale(rule: str) -> int:
    from haishi.launches.tests.factories import sale

    return sale(QUOTA, rule).pk


def _ours(people: list[int], tell: Callable[[str], None]) -> dict[str, Any]:
    from haishi.foundation.models import Pool
    from haishi.launches.models import Allotment, Claim
    from haishi.launches.states import ClaimState

    sale = _sale("first_come")
    answers, took, cpu = _crowd(_claim, sale, people)
    kept = (ClaimState.WON, ClaimState.BOUGHT)
    held = Claim.objects.filter(allotment=sale, state__in=kept).count()
    pool = Pool.objects.get(pk=Allotment.objects.get(pk=sale).pool_id)
    # Units that were given back are sold again until none is left.
    again, _took, _cpu = _crowd(_claim_again, sale, people[::-1])
    sold = Claim.objects.filter(allotment=sale, state__in=kept).count()
    pool.refresh_from_db()
    refused, refused_took, refused_cpu = _crowd(_refused, sale, people)
    result = {
        "ours.orders_per_s": round(sum(answers.values()) / took),
        "ours.cpu_ms": round(cpu / sum(answers.values()), 2),
        "ours.sold": max(sold, pool.taken, held),
        "refusal_cpu_ms": round(refused_cpu / sum(refused.values()), 2),
        "refusals_per_s": round(sum(refused.values()) / refused_took),
    }
    tell(f"ours: {result} {dict(answers)} then {dict(again)}")
    return result


def _queue(people: list[int], tell: Callable[[str], None]) -> dict[str, Any]:
    from haishi.foundation import clock
    from haishi.launches import services
    from haishi.launches.models import Allotment, Claim

    sale = _sale("draw")
    answers, took, cpu = _crowd(_request, sale, people)
    past = clock.now() - dt.timedelta(seconds=1)
    Allotment.objects.filter(pk=sale).update(closes_at=past)
    began = time.monotonic()
    services.decide(sale)
    decided = time.monotonic() - began
    asked = sum(answers.values())
    result = {
        "queue.orders_per_s": round(asked / (took + decided)),
        "queue.cpu_ms": round(cpu / asked, 2),
        "queue.decide_s": round(decided, 3),
        "queue.sold": Claim.objects.filter(allotment=sale, state="won").count(),
    }
    tell(f"queue: {result}")
    return result


def _control(
    name: str, buy: Callable[[int, int], str], people: list[int], tell: Callable[[str], None]
) -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_order, bench_product")
        cursor.execute("CREATE TABLE bench_product (id int PRIMARY KEY, stock int NOT NULL)")
        cursor.execute(
            "CREATE TABLE bench_order (id bigserial PRIMARY KEY, product int, person bigint)"
        )
        cursor.execute("INSERT INTO bench_product VALUES (1, %s)", [QUOTA])
    answers, took, cpu = _crowd(buy, 1, people)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_order")
        (sold,) = cursor.fetchone()
    result = {
        f"{name}.orders_per_s": round(sum(answers.values()) / took),
        f"{name}.cpu_ms": round(cpu / sum(answers.values()), 2),
        f"{name}.sold": sold,
    }
    tell(f"{name}: {result}")
    return result


# A crowd: 64 threads in four processes, each with its own persons and its own connection.


def _crowd(
    act: Callable[[int, int], str], thing: int, people: list[int]
) -> tuple[Counter[str], float, float]:
    """Answers by kind, seconds, and milliseconds of the clients' processor time."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, queue = context.Barrier(PROCESSES + 1), context.Queue()
    workers = [
        context.Process(target=_worker, args=(act, thing, people[n::PROCESSES], start, queue))
        for n in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    start.wait()
    began = time.monotonic()
    answers: Counter[str] = Counter()
    cpu = 0.0
    for _ in workers:
        counted, spent = queue.get()
        answers += counted
        cpu += spent
    took = time.monotonic() - began
    for worker in workers:
        worker.join()
    return answers, took, cpu


def _worker(act: Any, thing: int, people: list[int], start: Any, queue: Any) -> None:
    from django.db import connection, connections

    answers: Counter[str] = Counter()
    connected = threading.Barrier(THREADS + 1)

    def run(mine: list[int]) -> None:
        connection.ensure_connection()
        connected.wait()
        connected.wait()
        for person in mine:
            answers[act(thing, person)] += 1
        connections.close_all()

    threads = [threading.Thread(target=run, args=(people[n::THREADS],)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    connected.wait()
    start.wait()
    before = time.process_time()
    connected.wait()
    for thread in threads:
        thread.join()
    queue.put((answers, (time.process_time() - before) * 1000))


# What one buyer does.


def _person(person: int) -> Any:
    from haishi.parties.models import Person

    return Person(pk=person, email="", is_active=True)


def _claim(sale: int, person: int) -> str:
    from haishi.foundation.errors import Conflict
    from haishi.launches import services

    buyer = _person(person)
    try:
        row = services.claim(buyer, sale)
        if person % 8 == 0:
            assert services.claim(buyer, sale).pk == row.pk
        if person % 10 == 0:
            services.cancel(buyer, row.pk)
            return "given back"
    except Conflict as error:
        return type(error).__name__
    return "won"


def _claim_again(sale: int, person: int) -> str:
    """Whoever had no luck tries once more, and nobody gives back."""
    from haishi.foundation.errors import Conflict
    from haishi.launches import services

    try:
        return str(services.claim(_person(person), sale).state)
    except Conflict as error:
        return type(error).__name__


def _refused(sale: int, person: int) -> str:
    from haishi.foundation.scarcity import SoldOut
    from haishi.launches import services

    try:
        services.claim(_person(-person), sale)  # somebody who has never asked
    except SoldOut:
        return "sold out"
    return "?"


def _request(sale: int, person: int) -> str:
    from haishi.launches import services

    return str(services.request(_person(person), sale).state)


def _for_update(product: int, person: int) -> str:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT stock FROM bench_product WHERE id = %s FOR UPDATE", [product])
        if cursor.fetchone()[0] < 1:
            return "sold out"
        cursor.execute("UPDATE bench_product SET stock = stock - 1 WHERE id = %s", [product])
        cursor.execute(
            "INSERT INTO bench_order (product, person) VALUES (%s, %s)", [product, person]
        )
    return "won"


def _advisory(product: int, person: int) -> str:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [product])
        cursor.execute("SELECT count(*) FROM bench_order WHERE product = %s", [product])
        if cursor.fetchone()[0] >= QUOTA:
            return "sold out"
        cursor.execute(
            "INSERT INTO bench_order (product, person) VALUES (%s, %s)", [product, person]
        )
    return "won"


def _naive(product: int, person: int) -> str:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT stock FROM bench_product WHERE id = %s", [product])
        stock = cursor.fetchone()[0]
        if stock < 1:
            return "sold out"
        cursor.execute("UPDATE bench_product SET stock = %s WHERE id = %s", [stock - 1, product])
        cursor.execute(
            "INSERT INTO bench_order (product, person) VALUES (%s, %s)", [product, person]
        )
    return "won"


if __name__ == "__main__":
    sys.exit(main())
