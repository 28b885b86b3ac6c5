"""Draws and keeps pictures, models and papers, in as many processes as there are cores."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from haishi.config.demo import models3d, programme
from haishi.config.demo import products as content
from haishi.config.demo.drawing import Drawing, Job, Paper, make_all
from haishi.config.demo.load.structure import tier_of
from haishi.config.demo.load.world import World
from haishi.foundation.types import SYSTEM
from haishi.media import services as media

# Of a sheet 1200 wide: 960 pixels where a page shows a work large, 640 for the rest.
LARGE, CARD = 0.8, 0.5334
# Of a sheet 1680 wide: 1280 and 960 pixels.
WIDE, BANNER = 0.76191, 0.57143
FEATURED = ("feature", "pavilion")


def make(world: World, progress: Callable[[int, int], None]) -> None:
    """Fill `world.pictures`: {key: asset id}. The children draw; rows are written here."""
    papers = list(_papers(world))
    jobs = {job.key: job for job in _jobs(world)}
    total, done = len(papers) + len(jobs), 0
    drawn: list[Drawing] = []
    progress(0, total)
    with _drawing_room() as folder:
        for some in make_all(papers, list(jobs.values()), folder):
            for each in some:
                if isinstance(each, Drawing):
                    drawn.append(each)
                else:
                    world.pictures[each[0].key] = _keep(*each)
            done += len(some)
            progress(done, total)
        rows = media.import_drawn(SYSTEM, [_sheet(jobs[each.key], each) for each in drawn])
    world.pictures |= {each.key: row.pk for each, row in zip(drawn, rows, strict=True)}


class _drawing_room:  # noqa: N801 - used as a context manager
    """A folder beside the media, so that pictures move by name; what a killed load left goes."""

    def __enter__(self) -> Path:
        self.folder: Path = settings.HAISHI_HOME / "cache" / "demo"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self.folder

    def __exit__(self, *_reason: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _papers(world: World) -> Iterator[Paper]:
    """Clips and brochures, which take longest, then the models of goods."""
    works = [
        (work, world.firms[work.organisation].pk)
        for work in content.products()
        if work.organisation in world.firms and work.model
    ]
    for work, owner in works[: world.scale.clips]:
        yield Paper(
            ("clip", work.key), "clip", (work,), owner, "clip.mp4", "video",
            work.title_zh, work.title_en,
        )  # fmt: skip
    for firm in world.cast[: world.scale.brochures]:
        made = [work for work in content.products() if work.organisation == firm.key]
        yield Paper(
            ("brochure", firm.key), "brochure", (firm, made), world.firms[firm.key].pk,
            f"{firm.short_zh}产品册.pdf", "document", name_en=f"{firm.short_en} catalogue.pdf",
        )  # fmt: skip
    for work, owner in works:
        assert work.model in models3d.MODELS
        yield Paper(
            ("model", work.key), "model", (work.model, work.seed), owner, f"{work.model}.glb",
            "model", work.title_zh, work.title_en,
        )  # fmt: skip


def _keep(paper: Paper, content_: bytes) -> int:
    row = media.import_generated(
        SYSTEM,
        paper.organisation_id,
        content_,
        name=paper.name,
        purpose=paper.purpose,
        alt=paper.alt[:200],
        alt_en=paper.alt_en[:300],
        name_en=paper.name_en,
    )
    return row.pk


def _jobs(world: World) -> Iterator[Job]:
    """Every picture once."""
    sharp = world.scale.sharpness
    for work in content.products():
        if work.organisation not in world.firms:
            continue
        large = bool(work.model)
        for shot, motif in enumerate(work.pictures if large else work.pictures[:1]):
            yield Job(
                ("work", work.key, str(shot)),
                "product_picture",
                (work.seed, motif, shot),
                world.firms[work.organisation].pk,
                work.title_zh,
                work.title_en,
                sharp * (LARGE if large and not shot else CARD),
            )
    yield from _firm_jobs(world, sharp)
    for hall in programme.halls():
        seed, key = sum(map(ord, hall.key)), ("hall", hall.key)
        yield Job(key, "hall_header", (seed, hall.motif), None, hall.zh, hall.en, sharp * WIDE)
    for slug, motif in (("shougao", "vase"), ("zhizao", "cubes")):
        seed = sum(map(ord, slug))
        yield Job(("brand", slug), "hall_header", (seed, motif), None, "", "", sharp * WIDE)
    planned = programme.sessions()[: world.scale.sessions]
    for person in {one.seed: one for session in planned for one in session.speakers}.values():
        key = ("speaker", str(person.seed))
        yield Job(key, "speaker_portrait", (person.seed,), None, person.zh, person.en, sharp * 0.5)


def _firm_jobs(world: World, sharp: float) -> Iterator[Job]:
    for firm in world.cast:
        owner = world.firms[firm.key].pk
        yield Job(
            ("mark", firm.key), "organisation_mark", (firm.seed,), owner, firm.zh, firm.en,
            sharp * 0.625,
        )  # fmt: skip
    for number, firm in enumerate(world.shown):
        owner, drawing = world.firms[firm.key].pk, (firm.seed, firm.motif)
        # The booths on the home page fill its width; the others are met as cards first.
        wide = WIDE if number == 0 or tier_of(firm) in FEATURED else BANNER
        for kind, draw, scale in (
            ("banner", "booth_banner", wide),
            ("portrait", "booth_portrait", 0.6),
        ):
            yield Job((kind, firm.key), draw, drawing, owner, firm.zh, firm.en, sharp * scale)


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
