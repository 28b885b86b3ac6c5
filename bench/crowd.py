"""A crowd of buyers: 64 threads in four processes, each with a connection of its own."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

PROCESSES, THREADS = 4, 16
Act = Callable[[Any, int], str]


def rush(
    act: Act, thing: Any, people: list[int], warm: Callable[[], None] = lambda: None
) -> tuple[Counter[str], float, float]:
    """Answers by kind, seconds, and milliseconds of the clients' processor time.

    `act(thing, person)` is one buyer's try. `warm` (the same shape) runs a few times on each
    connection before the start, as connections of a running installation have already worked.
    """
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, queue = context.Barrier(PROCESSES + 1), context.Queue()
    workers = [
        context.Process(target=_worker, args=(act, thing, people[n::PROCESSES], warm, start, queue))
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


def _worker(
    act: Act, thing: Any, people: list[int], warm: Callable[[], None], start: Any, queue: Any
) -> None:
    from django.db import connection, connections

    answers: Counter[str] = Counter()
    connected = threading.Barrier(THREADS + 1)

    def run(mine: list[int]) -> None:
        connection.ensure_connection()
        warm()
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
