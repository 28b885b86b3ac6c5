"""A crowd of buyers: 64 threads in four processes, each with a connection of its own."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

PROCESSES, THREADS = 4, 16
PRACTICE = 7  # PostgreSQL settles on a plan at the sixth run of a prepared statement
Act = Callable[[Any, int], str]
Practice = tuple[Any, Sequence[int]]


def rush(
    act: Act, thing: Any, people: list[int], practice: Practice | None = None
) -> tuple[Counter[str], float, float]:
    """Answers by kind, seconds, and milliseconds of the clients' processor time.

    `act(thing, person)` is one buyer's try. Before the start each connection acts a few times on
    the thing of `practice` for some of its people, as connections of a running installation have
    already worked.
    """
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, queue = context.Barrier(PROCESSES + 1), context.Queue()
    workers = [
        context.Process(
            target=_worker,
            args=(act, thing, people[n::PROCESSES], _part(practice, n), start, queue),
        )
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


def _part(practice: Practice | None, number: int) -> Practice | None:
    return practice and (practice[0], practice[1][number::PROCESSES])


def _worker(
    act: Act, thing: Any, people: list[int], practice: Practice | None, start: Any, queue: Any
) -> None:
    from django.db import connection, connections

    answers: Counter[str] = Counter()
    connected = threading.Barrier(THREADS + 1)

    def run(number: int) -> None:
        connection.ensure_connection()
        if practice is not None:
            strange, others = practice
            for person in others[number::THREADS][:PRACTICE]:
                act(strange, person)
        connected.wait()
        connected.wait()
        for person in people[number::THREADS]:
            answers[act(thing, person)] += 1
        connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    connected.wait()
    start.wait()
    before = time.process_time()
    connected.wait()
    for thread in threads:
        thread.join()
    queue.put((answers, (time.process_time() - before) * 1000))
