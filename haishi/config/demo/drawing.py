"""Draws pictures in child processes that know neither Django nor the database."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BATCH = 8
FORMATS = ("jpg", "webp")


@dataclass(frozen=True)
class Job:
    """One picture: how `art` draws it, whose it is, what it shows.

    `scale` sizes the drawing's own sheet: a work is 1200 units wide, a hall or banner 1680.
    """

    key: tuple[str, ...]
    draw: str
    arguments: tuple[Any, ...]
    organisation_id: int | None
    alt: str
    alt_en: str
    scale: float = 0.8


@dataclass(frozen=True)
class Drawing:
    """What was drawn for a job: the folder's files (name, format, width, height) and facts."""

    key: tuple[str, ...]
    folder: Path
    files: list[dict[str, Any]]
    facts: dict[str, Any]
    sha256: str


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """As many processes as cores do the work; libvips reads this when a child loads it."""
    before = os.environ.get("VIPS_CONCURRENCY")
    os.environ["VIPS_CONCURRENCY"] = "1"
    try:
        yield
    finally:
        os.environ.pop("VIPS_CONCURRENCY")
        if before is not None:
            os.environ["VIPS_CONCURRENCY"] = before


def draw_all(jobs: list[Job], folder: Path) -> Iterator[list[Drawing]]:
    """Every job's drawing, a few at a time; files lie under `folder`, written once each."""
    starts = range(0, len(jobs), BATCH)
    batches = [(number, jobs[start : start + BATCH]) for number, start in enumerate(starts)]
    context = multiprocessing.get_context("spawn")
    with _one_thread_each(), ProcessPoolExecutor(os.cpu_count() or 2, context) as pool:
        waiting = [pool.submit(_draw_some, folder / str(n), batch) for n, batch in batches]
        for future in waiting:
            yield future.result()


def _draw_some(folder: Path, jobs: list[Job]) -> list[Drawing]:
    return [_draw(folder / str(number), job) for number, job in enumerate(jobs)]


def _draw(folder: Path, job: Job) -> Drawing:
    from haishi.config.demo import art
    from haishi.media.workbench import pictures

    svg: str = getattr(art, job.draw)(*job.arguments)
    base = art.rasterise(svg, job.scale).copy_memory()
    folder.mkdir(parents=True)
    files = pictures.write(base, folder, FORMATS, effort=0)
    facts = {"width": base.width, "height": base.height, "color": pictures.mean_color(base)}
    return Drawing(job.key, folder, files, facts, hashlib.sha256(svg.encode()).hexdigest())
