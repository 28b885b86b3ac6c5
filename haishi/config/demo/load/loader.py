"""The steps of loading, in order, with their progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from haishi.config.demo import documents, models3d, programme
from haishi.config.demo import products as content
from haishi.config.demo.load import (
    accounts,
    exhibitors,
    life,
    pictures,
    structure,
    timetable,
    works,
)
from haishi.config.demo.load.pictures import Job
from haishi.config.demo.load.world import SHOWN_FIRMS, ZONE, World, firms_of_the_demo
from haishi.expo.models import Hall
from haishi.foundation import clock, outbox
from haishi.foundation.errors import Conflict
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM
from haishi.media import services as media
from haishi.parties.models import Organisation

Progress = Callable[[str, int, int], None]
CLIPS, BROCHURES = 10, 40
# Of a sheet 1200 wide: 960 pixels where a page shows a work large, 640 for the rest.
LARGE, CARD = 0.8, 0.5334


class AlreadyLoaded(Conflict):
    message: Any = "这里已经有数据，演示展会只能载入空的平台。"


def load(progress: Progress) -> None:
    """Load everything into an empty platform. `progress(step, done, total)` is called often.

    One transaction: an interrupted load leaves an empty platform and may simply run again. Facts
    are delivered after it; what is cut off there, the worker delivers. Raises AlreadyLoaded and
    changes nothing when there are organisations already.
    """
    if Organisation.objects.exists():
        raise AlreadyLoaded
    _write(progress)
    progress("索引 · index", 0, 1)
    outbox.drain(rounds=1_000)
    accounts.note_accounts()
    progress("完成 · done", 1, 1)


@service
def _write(progress: Progress) -> None:
    today = clock.local(clock.now(), ZONE).date()
    midnight = dt.datetime.combine(today, dt.time(), ZoneInfo(ZONE)).astimezone(dt.UTC)
    world = World(day_one=midnight - dt.timedelta(days=1))
    progress("账号与单位 · people and firms", 0, 1)
    accounts.people_and_firms(world)
    jobs = list(_jobs(world))
    step = "图片 · pictures"
    world.pictures = pictures.make(jobs, lambda done: progress(step, done, len(jobs)))
    progress("三维模型与资料 · models and documents", 0, 1)
    _files(world)
    _dress(world)
    progress("展馆与展位 · halls and booths", 0, 1)
    structure.editions(world)
    _hang_pictures(world)
    exhibitors.exhibitors(world)
    progress("展品 · exhibits", 0, 1)
    works.works(world)
    progress("日程 · programme", 0, 1)
    timetable.timetable(world)
    progress("往来 · encounters", 0, 1)
    life.life(world)
    exhibitors.tell(world)
    works.tell(world)


def _jobs(world: World) -> Iterator[Job]:
    """Every picture once; works first, because they are what a visitor sees first."""
    keys = {firm.key for firm in firms_of_the_demo()}
    for work in content.products():
        if work.organisation not in keys:
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
                LARGE if large and not shot else CARD,
            )
    yield from _firm_jobs(world)
    for hall in programme.halls():
        key = ("hall", hall.key)
        yield Job(
            key, "hall_header", (sum(map(ord, hall.key)), hall.motif), None, hall.zh, hall.en, 0.76
        )
    for slug, motif in (("shougao", "vase"), ("zhizao", "cubes")):
        yield Job(("brand", slug), "hall_header", (sum(map(ord, slug)), motif), None, "", "", 0.76)
    for person in programme.speakers():
        key = ("speaker", str(person.seed))
        yield Job(key, "speaker_portrait", (person.seed,), None, person.zh, person.en, 0.5)


def _firm_jobs(world: World) -> Iterator[Job]:
    for number, firm in enumerate(firms_of_the_demo()):
        owner = world.firms[firm.key].pk
        yield Job(
            ("mark", firm.key), "organisation_mark", (firm.seed,), owner, firm.zh, firm.en, 0.63
        )
        if number < SHOWN_FIRMS:
            drawing = (firm.seed, firm.motif)
            yield Job(("banner", firm.key), "booth_banner", drawing, owner, firm.zh, firm.en, 0.76)
            yield Job(
                ("portrait", firm.key), "booth_portrait", drawing, owner, firm.zh, firm.en, 0.6
            )


def _files(world: World) -> None:
    """GLB models, brochures and clips."""
    clips = 0
    for work in content.products():
        owner = world.firms.get(work.organisation)
        if owner is None or not work.model:
            continue
        glb = models3d.model(work.model, work.seed)
        world.pictures["model", work.key] = _keep(owner.pk, glb, f"{work.model}.glb", "model", work)
        if clips < CLIPS:
            clips += 1
            clip = documents.clip(work)
            world.pictures["clip", work.key] = _keep(owner.pk, clip, "clip.mp4", "video", work)
    for firm in firms_of_the_demo()[:BROCHURES]:
        made = [work for work in content.products() if work.organisation == firm.key]
        row = media.import_generated(
            SYSTEM,
            world.firms[firm.key].pk,
            documents.brochure(firm, made),
            name=f"{firm.short_zh}.pdf",
            purpose="document",
        )
        world.pictures["brochure", firm.key] = row.pk


def _keep(owner: int, content_: bytes, name: str, purpose: str, work: content.Product) -> int:
    row = media.import_generated(
        SYSTEM, owner, content_, name=name, purpose=purpose, alt=work.title_zh, alt_en=work.title_en
    )
    return row.pk


def _dress(world: World) -> None:
    for key, row in world.firms.items():
        row.logo_asset_id = world.pictures.get(("mark", key))
    Organisation.objects.bulk_update(world.firms.values(), ["logo_asset_id"])


def _hang_pictures(world: World) -> None:
    for key, row in world.halls.items():
        Hall.objects.filter(pk=row.pk).update(picture_asset_id=world.pictures.get(("hall", key)))
