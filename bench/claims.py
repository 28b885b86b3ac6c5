"""A first sale under load: five designs, side by side, 64 buyers after 1,000 units.

    haishi bench claims [--json] [--full]

`ours` is `launches.services.claim` (one statement, the pool counted last); `queue` is `request` for
everybody and one `decide`. The controls ask the same questions and write the same rows through the
ORM: `for_update` locks the pool, `advisory` counts holds under an advisory lock, `naive` reads,
checks and writes: the control that oversells. `for_update_sql` is four bare statements under the
lock that ask nothing. Every buyer is another person. After the rush of `ours` one winner in ten
gives the unit back, one in eight presses again, everybody else tries once more, and exactly the
quota must be sold. `orders_per_s` is answers (of any kind) a second; for `queue` requests, whose
decision, once after the sale, takes `queue.decide_s`. `cpu_ms` is the clients' processor time an
answer. `http_orders_per_s` are presses of the button by people who are logged in, through two web
processes. Commits reach the disk; each connection has made a few such tries before, as those of a
running installation have.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import claims_controls, crowd, measure

QUOTA, TRIES, TOKEN = 1_000, 2_048, "a" * 32
_lines = threading.local()


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="haishi bench claims", description=__doc__)
    parser.add_argument("--json", action="store_true", help="no progress, only the last line")
    parser.add_argument("--full", action="store_true", help="five runs of ours; all must be exact")
    options = parser.parse_args(arguments)
    tell = (lambda _text: None) if options.json else measure.tell
    began, load = time.monotonic(), os.getloadavg()[0]
    result: dict[str, Any] = {
        "quota": QUOTA,
        "buyers": crowd.PROCESSES * crowd.THREADS,
        "tries": TRIES,
    }
    with measure.installation(durable=True):
        people = _people(TRIES)
        others = _people(TRIES, "earlier")
        for number in range(5 if options.full else 1):
            result |= _ours(people, others, tell)
            if result["ours.sold"] != QUOTA:
                raise SystemExit(f"run {number}: sold {result['ours.sold']} of {QUOTA}")
        result |= _queue(people, others, tell)
        for design in claims_controls.DESIGNS:
            result |= _control(design.__name__, design, people, others, tell)
        result |= _http(people, tell)
    print(json.dumps(measure.header("claims", began, load) | result))
    return 0


def _people(number: int, name: str = "buyer") -> list[int]:
    from haishi.parties.models import Person

    emails = [f"{name}{n}@example.org" for n in range(number)]
    rows = [Person(email=email, name="买家", password="!") for email in emails]
    return [row.pk for row in Person.objects.bulk_create(rows)]


def _sale(rule: str) -> int:
    from haishi.launches.tests.factories import sale

    return sale(QUOTA, rule).pk


def _ours(people: list[int], others: list[int], tell: Callable[[str], None]) -> dict[str, Any]:
    from haishi.foundation.models import Pool
    from haishi.launches.models import Allotment, Claim
    from haishi.launches.states import ClaimState

    sale = _sale("first_come")
    answers, took, cpu = crowd.rush(_claim, sale, people, (_sale("first_come"), others))
    given, _took, _cpu = crowd.rush(_give_back, sale, people)
    again, _took, _cpu = crowd.rush(_claim, sale, people[::-1])
    kept = (ClaimState.WON, ClaimState.BOUGHT)
    pool = Pool.objects.get(pk=Allotment.objects.get(pk=sale).pool_id)
    sold = Claim.objects.filter(allotment=sale, state__in=kept).count()
    refused, refused_took, refused_cpu = crowd.rush(_refused, sale, people, (sale, others))
    result = {
        "ours.orders_per_s": round(sum(answers.values()) / took),
        "ours.cpu_ms": round(cpu / sum(answers.values()), 2),
        # Units and claims must agree; the larger one is told when they do not.
        "ours.sold": max(sold, pool.taken),
        "refusal_cpu_ms": round(refused_cpu / sum(refused.values()), 2),
        "refusals_per_s": round(sum(refused.values()) / refused_took),
    }
    tell(f"ours: {result} {dict(answers)}, then {dict(given)}, then {dict(again)}")
    return result


def _queue(people: list[int], others: list[int], tell: Callable[[str], None]) -> dict[str, Any]:
    from haishi.foundation import clock
    from haishi.launches import services
    from haishi.launches.models import Allotment, Claim

    sale = _sale("draw")
    answers, took, cpu = crowd.rush(_request, sale, people, (_sale("draw"), others))
    past = clock.now() - dt.timedelta(seconds=1)
    Allotment.objects.filter(pk=sale).update(closes_at=past)
    began = time.monotonic()
    services.decide(sale)
    decided = time.monotonic() - began
    asked = sum(answers.values())
    result = {
        "queue.orders_per_s": round(asked / took),
        "queue.cpu_ms": round(cpu / asked, 2),
        "queue.decide_s": round(decided, 3),
        "queue.sold": Claim.objects.filter(allotment=sale, state="won").count(),
    }
    tell(f"queue: {result}")
    return result


def _control(
    name: str,
    buy: Callable[[Any, int], str],
    people: list[int],
    others: list[int],
    tell: Callable[[str], None],
) -> dict[str, Any]:
    from haishi.foundation.models import Hold
    from haishi.launches.models import Allotment

    def units() -> tuple[int, int, int]:
        sale = _sale("first_come")
        return sale, Allotment.objects.values_list("pool_id", flat=True).get(pk=sale), QUOTA

    thing = units()
    answers, took, cpu = crowd.rush(buy, thing, people, (units(), others))
    result = {
        f"{name}.orders_per_s": round(sum(answers.values()) / took),
        f"{name}.cpu_ms": round(cpu / sum(answers.values()), 2),
        f"{name}.sold": Hold.objects.filter(pool_id=thing[1]).count(),
    }
    tell(f"{name}: {result}")
    return result


def _http(people: list[int], tell: Callable[[str], None]) -> dict[str, Any]:
    """Presses of the button on the launch's page: a quarter of the people get a unit."""
    from haishi.launches.models import Allotment, Claim
    from haishi.launches.tests.factories import sale as open_sale

    few = people[:QUOTA]
    cookies = _log_in(few)
    sale = open_sale(QUOTA // 4)
    row = Allotment.objects.select_related("launch").get(pk=sale.pk)
    path = f"{row.launch.get_absolute_url()}claim/"
    with measure.serving(2, {}) as (port, _server):
        answers, took, _cpu = crowd.rush(_press, (port, path, cookies), few)
    sold = Claim.objects.filter(allotment=sale.pk, state="won").count()
    if sold != QUOTA // 4 or answers["302"] != len(few):
        raise SystemExit(f"over HTTP: {dict(answers)}, sold {sold}")
    result = {"http_orders_per_s": round(len(few) / took), "http.sold": sold}
    tell(f"http: {result}")
    return result


def _log_in(people: list[int]) -> dict[int, str]:
    """{person: session key}."""
    from django.conf import settings
    from django.test import Client

    from haishi.parties.models import Person

    keys = {}
    for person in Person.objects.filter(pk__in=people):
        client = Client()
        client.force_login(person)
        keys[person.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return keys


# What one buyer does.


def _press(where: tuple[int, str, dict[int, str]], person: int) -> str:
    """One POST as a browser sends it, over a connection of its own thread."""
    port, path, cookies = where
    known = getattr(_lines, "line", None)
    if known is None:
        known = _lines.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"sessionid={cookies[person]}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
    known.request("POST", path, headers=headers)
    answer = known.getresponse()
    answer.read()
    return str(answer.status)


def _person(person: int) -> Any:
    from haishi.parties.models import Person

    return Person(pk=person, email="", is_active=True)


def _claim(sale: int, person: int) -> str:
    from haishi.foundation.errors import Conflict
    from haishi.launches import services

    try:
        return str(services.claim(_person(person), sale).state)
    except Conflict as error:
        return type(error).__name__


def _give_back(sale: int, person: int) -> str:
    """One winner in ten gives up, one in eight presses again; everybody may have been refused."""
    from haishi.launches import services
    from haishi.launches.models import Claim

    mine = Claim.objects.filter(allotment=sale, person=person).first()
    if mine is None:
        return "nothing"
    if person % 8 == 0:
        assert services.claim(_person(person), sale).pk == mine.pk
    if person % 10 == 0:
        services.cancel(_person(person), mine.pk)
        return "given back"
    return "kept"


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


if __name__ == "__main__":
    sys.exit(main())
