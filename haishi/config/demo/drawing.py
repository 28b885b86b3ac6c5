"""Draws pictures and makes models and papers in child processes without Django or the database."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BATCH = 8
FORMATS = ("jpg", "webp")
WIDTHS = (1280, 960, 640, 320)


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
class Paper:
    """One file that is no picture: `make` is "model", "clip" or "brochure"."""

    key: tuple[str, ...]
    make: str
    arguments: tuple[Any, ...]
    organisation_id: int | None
    name: str
    purpose: str
    alt: str = ""
    alt_en: str = ""
    name_en: str = ""


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


@contextmanager
def _children(tasks: int) -> Iterator[ProcessPoolExecutor]:
    """One for each core; for a handful of tasks a single one, as each takes a second to start."""
    context = multiprocessing.get_context("spawn")
    count = min(os.cpu_count() or 2, 1 + tasks // 250)
    pool = ProcessPoolExecutor(count, context, _end_with, (os.getpid(),))
    with _one_thread_each(), pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _end_with(parent: int) -> None:
    """Let this child end soon after its parent, also when that was killed without a word."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def make_all(
    papers: Sequence[Paper], jobs: Sequence[Job], folder: Path
) -> Iterator[list[tuple[Paper, bytes]] | list[Drawing]]:
    """Every paper's bytes, then every job's drawing, a few at a time and in their order.

    Pictures lie under `folder`, written once each; they are drawn while the caller keeps papers.
    """
    starts = range(0, len(jobs), BATCH)
    batches = [(number, jobs[start : start + BATCH]) for number, start in enumerate(starts)]
    with _children(len(papers) + len(jobs)) as pool:
        made: list[tuple[Paper, Future[bytes]]]
        made = [(paper, pool.submit(_make, paper)) for paper in papers]
        waiting = [pool.submit(_draw_some, folder / str(n), list(batch)) for n, batch in batches]
        for paper, future in made:
            yield [(paper, future.result())]
        for drawn in waiting:
            yield drawn.result()


def _make(paper: Paper) -> bytes:
    if paper.make == "model":
        from haishi.config.demo import models3d

        return models3d.model(*paper.arguments)
    from haishi.config.demo import documents

    return (documents.clip if paper.make == "clip" else documents.brochure)(*paper.arguments)


def _draw_some(folder: Path, jobs: list[Job]) -> list[Drawing]:
    return [_draw(folder / str(number), job) for number, job in enumerate(jobs)]


def _draw(folder: Path, job: Job) -> Drawing:
    from haishi.config.demo import art

    svg: str = getattr(art, job.draw)(*job.arguments)
    base = art.rasterise(svg, job.scale).copy_memory()
    folder.mkdir(parents=True)
    files, smallest = _write(base, folder)
    facts = {"width": base.width, "height": base.height, "color": _mean_color(smallest)}
    return Drawing(job.key, folder, files, facts, hashlib.sha256(svg.encode()).hexdigest())


def _write(base: Any, folder: Path) -> tuple[list[dict[str, Any]], Any]:
    """Every size, narrow to wide, and the smallest. Each size is made from the next larger one.

    Flat drawings lose nothing by averaging four pixels into one, which is quicker than any filter.
    """
    sizes = [base]
    for width in WIDTHS:
        if width < base.width:
            last = sizes[-1]
            half = last.width == 2 * width
            sized = last.shrink(2, 2) if half else last.resize(width / last.width)
            sizes.append(sized.copy_memory())
    files = []
    for image in reversed(sizes):
        for form in FORMATS:
            name = f"{image.width}.{form}"
            if form == "jpg":
                image.jpegsave(str(folder / name), Q=82, keep="none")
            else:
                image.webpsave(str(folder / name), Q=80, effort=0, keep="none")
            files.append(
                {"name": name, "format": form, "width": image.width, "height": image.height}
            )
    return files, sizes[-1]


def _mean_color(image: Any) -> str:
    """`#rrggbb`, the mean of the picture."""
    stats = image.stats()
    return "#" + "".join(f"{round(stats(4, band + 1)[0]):02x}" for band in range(3))
