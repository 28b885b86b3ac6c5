"""The worker process: jobs, and the loops that modules register."""

import signal
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from haishi.foundation.loops import LOOPS, Loop

log = structlog.get_logger("haishi.worker")


def _run(loop: Loop, stop: threading.Event) -> None:
    """Step until told to stop. A failing step is logged and tried again after a pause."""
    while not stop.is_set():
        try:
            close_old_connections()
            done = loop.step()
            pause = 0.0 if done else loop.seconds
        except Exception:  # the loop outlives a database restart and every bug of a step
            log.exception("loop.failed", loop=loop.name)
            connection.close()
            pause = max(1.0, loop.seconds)
        if pause:
            stop.wait(pause)
    connection.close()


class Command(BaseCommand):
    help = "Run jobs and background loops until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        threads = [
            threading.Thread(target=_run, args=(loop, stop), name=loop.name, daemon=True)
            for loop in LOOPS.values()
        ]
        for thread in threads:
            thread.start()
        log.info("worker.started", loops=sorted(LOOPS))
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self._jobs(stop)
        except KeyboardInterrupt:
            pass
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=5)

    def _jobs(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
                with app.replace_connector(connector) as jobs:
                    jobs.run_worker(delete_jobs="successful", concurrency=2)
                return
            except KeyboardInterrupt:
                raise
            except Exception:  # PostgreSQL restarts; the worker waits and goes on
                log.exception("jobs.interrupted")
                stop.wait(2)
