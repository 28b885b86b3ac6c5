"""Search at size: how well and how fast 200,000 records answer questions as people type them.

    haishi bench search [--json] [--full]

The platform's own path is measured: rows in PostgreSQL, the index built from them by the indexer,
questions through `search.selectors.search` as an anonymous reader, facets and marked words
included. The peer, in the same run over the same rows, is PostgreSQL's full text search (tsvector,
GIN, ts_rank) given the same Chinese segmentation, all words first and any word where that leaves
the page unfilled. nDCG@10 uses gains 2^relevance - 1 (Burges et al., 2005).

`--full` asks every question five times instead of twice. The last line of stdout is the result.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import gc
import json
import math
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import corpus  # noqa: E402 - the checkout is not an installed package
from bench.corpus import Question, Record  # noqa: E402

RECORDS = 200_000
QUESTIONS = 240


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="haishi bench search", description=__doc__)
    parser.add_argument("--json", action="store_true", help="no progress, only the last line")
    parser.add_argument("--full", action="store_true", help="ask more often; for published figures")
    parser.add_argument("--records", type=int, default=RECORDS, help="fewer, for a quick look")
    options = parser.parse_args(arguments)
    tell = (lambda _text: None) if options.json else _tell
    started = time.monotonic()
    load = os.getloadavg()[0]
    with _installation():
        result = _measure(options.records, 5 if options.full else 2, tell)
    result |= {
        "name": "search",
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "memory_gb": _memory()},
        "seconds": round(time.monotonic() - started, 1),
        "load": round(load, 2),
    }
    print(json.dumps(result, ensure_ascii=False))
    return 0


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _memory() -> float:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return round(pages / 1024**3, 1)


@contextlib.contextmanager
def _installation() -> Iterator[None]:
    """A throw-away home with a database of its own."""
    from haishi.config.supervisor.home import Home
    from haishi.config.supervisor.postgres import FORGETFUL, Cluster, cluster_running

    folder = Path(tempfile.mkdtemp(prefix="haishi-bench-"))
    folder.chmod(0o711)
    os.environ |= {"HAISHI_HOME": str(folder), "HAISHI_LOG_LEVEL": "ERROR"}
    try:
        with cluster_running(Cluster(Home(folder), FORGETFUL)) as url:
            os.environ["DATABASE_URL"] = url
            yield
            from django.db import connections

            connections.close_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "search", verbosity=0, skip_checks=True)


def _measure(count: int, rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    # The peer fills its table on the other core, before this process has a connection to inherit.
    peer = multiprocessing.get_context("fork").Process(
        target=_fill_peer, args=(os.environ["DATABASE_URL"], count)
    )
    peer.start()
    _django()
    records = list(corpus.records(count))
    questions = corpus.questions(QUESTIONS)
    ideals = _ideals(questions, records)
    tell(f"{count} records, {len(questions)} questions")
    tell(f"rows in PostgreSQL: {_timed(partial(_fill, records)):.1f} s")
    from haishi.search import services

    build_s = _timed(services.rebuild)
    size = sum(p.stat().st_size for p in _search_root().rglob("*") if p.is_file()) / 1e6
    tell(f"index built: {build_s:.1f} s, {size:.0f} MB")
    peer.join()
    assert peer.exitcode == 0
    by_number = {record.number: record for record in records}
    del records
    gc.collect()
    gc.freeze()  # the labels are the benchmark's, not the platform's: spare it walking them
    ours = _ask_ours(questions, rounds)
    ours |= _quality(questions, ours.pop("answers"), by_number, ideals)
    tell(f"asked: nDCG@10 {ours['ndcg10']}, {ours['cpu_ms']} ms CPU, p99 {ours['p99_ms']} ms")
    theirs, peer_p50 = _ask_peer(questions)
    found = _quality(questions, theirs, by_number, ideals)
    tell(f"peer: nDCG@10 {found['ndcg10']}, median {peer_p50} ms")
    return {
        "records": count,
        **ours,
        **{f"peer_{key}": value for key, value in found.items()},
        "peer_p50_ms": peer_p50,
        "build_s": round(build_s, 1),
        "index_mb": round(size),
    }


def _timed(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _search_root() -> Path:
    from django.conf import settings

    return Path(settings.SEARCH_ROOT)


def _fill(records: Sequence[Record]) -> None:
    """Rows as `services.put_many` writes them, by COPY, as a restored backup brings them."""
    from django.db import connection

    from haishi.search.models import SearchDocument
    from haishi.search.services import row_of

    fields = [f for f in SearchDocument._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(f.column for f in fields)
    with connection.cursor() as cursor:
        statement = f"COPY {SearchDocument._meta.db_table} ({columns}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for record in records:
                row = row_of(_document(record))
                values = (f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields)
                copy.write_row(list(values))
        cursor.execute("ANALYZE")


def _document(record: Record) -> Any:
    from haishi.search.types import Document

    return Document(
        record.kind,
        record.number,
        record.title,
        f"/things/{record.number}",
        summary=record.body[:60],
        body=record.body,
        facets={
            "city": [record.city],
            "hall": [f"hall-{record.subject % 6}"],
            "category": [f"category-{record.offering}"],
        },
        price_minor=record.price_minor if record.kind == "product" else None,
    )


def _ask_ours(questions: Sequence[Question], rounds: int) -> dict[str, Any]:
    from django.contrib.auth.models import AnonymousUser

    from haishi.search import index, selectors
    from haishi.search.types import Query

    reader = AnonymousUser()
    for question in corpus.questions(QUESTIONS + 60)[QUESTIONS:]:  # others warm the caches
        selectors.search(reader, Query(question.text, per_page=10))
    answers, waits = [], []
    cpu = time.process_time()
    for turn in range(rounds):
        opened = index.current()
        assert opened is not None
        opened.kept.clear()  # a kept answer would measure nothing
        for question in questions:
            started = time.perf_counter()
            found = selectors.search(reader, Query(question.text, per_page=10))
            waits.append((time.perf_counter() - started) * 1000)
            if turn == 0:
                answers.append([hit.object_id for hit in found.hits])
    cpu_ms = (time.process_time() - cpu) * 1000 / len(waits)
    waits.sort()
    return {
        "cpu_ms": round(cpu_ms, 2),
        "p50_ms": round(statistics.median(waits), 2),
        "p99_ms": round(waits[int(len(waits) * 0.99)], 2),
        "answers": answers,
    }


def _fill_peer(url: str, count: int) -> None:
    import psycopg

    from haishi.search.analysis import index_words

    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE peer (number bigint PRIMARY KEY, words tsvector)")
        with cursor.copy("COPY peer FROM STDIN") as copy:
            for record in corpus.records(count):
                words = _vector(index_words(record.body), "D")
                words |= _vector(index_words(record.title), "A")
                vector = " ".join(f"'{word}':{place}" for word, place in words.items())
                copy.write_row((record.number, vector))
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("CREATE INDEX peer_words ON peer USING gin (words)")
        cursor.execute("ANALYZE peer")


def _vector(words: Sequence[str], weight: str) -> dict[str, str]:
    offset = 1 if weight == "A" else 200
    found: dict[str, str] = {}
    for position, word in enumerate(words):
        if "'" not in word and "\\" not in word:
            found.setdefault(word, f"{min(offset + position, 16_000)}{weight}")
    return found


def _ask_peer(questions: Sequence[Question]) -> tuple[list[list[int]], float]:
    from django.db import connection

    from haishi.search.analysis import read

    answers, waits = [], []
    with connection.cursor() as cursor:
        for question in questions:
            words = [f"'{group.words[0]}'" for group in read(question.text)]
            started = time.perf_counter()
            found = _peer_page(cursor, " & ".join(words))
            if len(found) < 10 and len(words) > 1:
                more = _peer_page(cursor, " | ".join(words))
                found = list(dict.fromkeys(found + more))[:10]
            waits.append((time.perf_counter() - started) * 1000)
            answers.append(found)
    return answers, round(statistics.median(waits), 2)


def _peer_page(cursor: Any, asked: str) -> list[int]:
    cursor.execute(
        "SELECT number FROM peer, (SELECT %s::tsquery) AS q(q) WHERE words @@ q"
        " ORDER BY ts_rank(words, q) DESC, number LIMIT 10",
        [asked],
    )
    return [number for (number,) in cursor.fetchall()]


def _ideals(questions: Sequence[Question], records: Sequence[Record]) -> list[float]:
    """The best DCG@10 each question allows."""
    pairs: dict[tuple[int, int], list[Record]] = defaultdict(list)
    for record in records:
        pairs[record.subject, record.offering].append(record)
    found = []
    for question in questions:
        gains = sorted(
            (corpus.relevance(question, r) for r in pairs[question.subject, question.offering]),
            reverse=True,
        )[:10]
        gains += [1] * (10 - len(gains))  # partial matches abound
        found.append(_dcg(gains))
    return found


def _dcg(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / math.log2(rank + 2) for rank, gain in enumerate(gains))


def _quality(
    questions: Sequence[Question],
    answers: Sequence[Sequence[int]],
    records: dict[int, Record],
    ideals: Sequence[float],
) -> dict[str, Any]:
    scores: dict[str, list[float]] = defaultdict(list)
    for question, answer, ideal in zip(questions, answers, ideals, strict=True):
        gains = [corpus.relevance(question, records[number]) for number in answer[:10]]
        scores[question.kind].append(_dcg(gains) / ideal)
    every = [score for kind in scores.values() for score in kind]
    return {
        "ndcg10": round(statistics.mean(every), 3),
        **{f"ndcg10.{kind}": round(statistics.mean(scores[kind]), 3) for kind in corpus.KINDS},
    }


if __name__ == "__main__":
    sys.exit(main())
