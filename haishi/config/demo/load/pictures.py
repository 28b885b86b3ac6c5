"""Draws and keeps the pictures, in as many processes as there are cores."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections

from haishi.config.demo import art
from haishi.foundation.types import SYSTEM
from haishi.media import services as media

BATCH = 8


@dataclass(frozen=True)
class Job:
    """One picture: how `art` draws it, whose it is, what it shows."""

    key: tuple[str, ...]
    draw: str
    arguments: tuple[Any, ...]
    organisation_id: int | None
    alt: str
    alt_en: str
    scale: float = 0.8


def make(jobs: Iterable[Job], progress: Callable[[int], None]) -> dict[tuple[str, ...], int]:
    """{key: asset id} of all `jobs`. Each process has a connection of its own."""
    todo = list(jobs)
    connections.close_all()
    found: dict[tuple[str, ...], int] = {}
    with multiprocessing.get_context("fork").Pool(os.cpu_count() or 2) as pool:
        for made in pool.imap_unordered(_make_some, _batches(todo)):
            found.update(made)
            progress(len(found))
    return found


def _batches(jobs: list[Job]) -> Iterator[list[Job]]:
    for start in range(0, len(jobs), BATCH):
        yield jobs[start : start + BATCH]


def _make_some(jobs: list[Job]) -> list[tuple[tuple[str, ...], int]]:
    return [(job.key, _make(job)) for job in jobs]


def _make(job: Job) -> int:
    svg = getattr(art, job.draw)(*job.arguments)
    content = art.encode(svg, ".jpg", quality=88, scale=job.scale)
    row = media.import_generated(
        SYSTEM,
        job.organisation_id,
        content,
        name=f"{job.draw}.jpg",
        alt=job.alt[:200],
        alt_en=job.alt_en[:300],
    )
    return row.pk
