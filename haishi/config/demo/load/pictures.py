"""Draws and keeps the pictures, in as many processes as there are cores."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from haishi.config.demo.drawing import Drawing, Job, draw_all
from haishi.foundation.types import SYSTEM
from haishi.media import services as media

__all__ = ["Job", "make"]


def make(jobs: Iterable[Job], progress: Callable[[int], None]) -> dict[tuple[str, ...], int]:
    """{key: asset id} of all `jobs`. The children draw; rows are written here, in bulk."""
    todo = {job.key: job for job in jobs}
    drawn: list[Drawing] = []
    with tempfile.TemporaryDirectory(prefix="haishi-demo-") as folder:
        for some in draw_all(list(todo.values()), Path(folder)):
            drawn += some
            progress(len(drawn))
        rows = media.import_drawn(SYSTEM, [_sheet(todo[each.key], each) for each in drawn])
    return {each.key: row.pk for each, row in zip(drawn, rows, strict=True)}


def _sheet(job: Job, drawing: Drawing) -> media.Sheet:
    return media.Sheet(
        organisation_id=job.organisation_id,
        name=f"{job.draw}.jpg",
        alt=job.alt[:200],
        alt_en=job.alt_en[:300],
        folder=drawing.folder,
        files=drawing.files,
        facts=drawing.facts,
        sha256=drawing.sha256,
    )
