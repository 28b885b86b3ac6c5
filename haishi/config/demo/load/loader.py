"""The steps of loading, in order, with their progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from haishi.catalogue import selectors as catalogue
from haishi.catalogue.models import Product
from haishi.config.demo.load import (
    accounts,
    deals,
    encounters,
    exhibitors,
    launches,
    leftovers,
    licensing,
    lives,
    money,
    pastedition,
    pictures,
    quarrels,
    sourcing,
    structure,
    timetable,
    works,
)
from haishi.config.demo.load.world import ZONE, Scale, World
from haishi.expo import selectors as expo
from haishi.expo.models import Edition
from haishi.foundation import clock, outbox
from haishi.foundation.errors import Conflict
from haishi.foundation.service import service
from haishi.launches import selectors as launch_selectors
from haishi.launches.models import Launch
from haishi.licences import selectors as licences
from haishi.live import selectors as live_selectors
from haishi.live.models import LiveSession
from haishi.parties.models import Organisation
from haishi.search import services as search
from haishi.search.errors import IndexBusy
from haishi.sourcing import selectors as requests

Progress = Callable[[str, int, int], None]


class AlreadyLoaded(Conflict):
    message: Any = "这里已经有数据，演示展会只能载入空的平台。"


def is_empty() -> bool:
    """Whether nobody has moved in yet."""
    return not Organisation.objects.exists()


def load(progress: Progress, scale: Scale | None = None, now: dt.datetime | None = None) -> None:
    """Load everything into an empty platform. `progress(step, done, total)` is called often.

    The same `now` gives the same people, words and moments; without it, it is this very moment.

    One transaction: an interrupted load leaves no row and simply runs again; files it left are
    removed first. Facts are delivered after it; what is cut off there, `finish` or the worker
    delivers. Raises AlreadyLoaded and changes nothing when there are organisations already.
    """
    if not is_empty():
        raise AlreadyLoaded
    leftovers.clear()
    _write(progress, _there(scale or Scale(), now or clock.now()))
    finish(progress)


def finish(progress: Progress) -> None:
    """What follows the transaction: facts are delivered and everything can be found."""
    progress("通知 · notices", 0, 1)
    outbox.drain(rounds=1_000)
    progress("合同 · contracts", 0, 1)
    deals.strike()
    licensing.half_signed()
    quarrels.quarrel()
    outbox.drain(rounds=1_000)
    progress("索引 · index", 0, 1)
    index()
    accounts.note_accounts()
    progress("完成 · done", 1, 1)


def index() -> None:
    """Put every hall, booth, request and product into the search index, in a few statements."""
    for edition in Edition.objects.order_by("pk"):
        search.put_many(expo.hall_documents(expo.hall_ids_in(edition.pk)))
        search.put_many(expo.exhibitor_documents(expo.exhibitor_ids_in(edition_id=edition.pk)))
    search.put_many(requests.documents(requests.rfq_ids()))
    search.put_many(catalogue.documents(Product.objects.values_list("pk", flat=True)))
    search.put_many(launch_selectors.documents(Launch.objects.values_list("pk", flat=True)))
    for live_id in LiveSession.objects.values_list("pk", flat=True):
        if document := live_selectors.document(live_id):
            search.put(document)
    search.put_many(licences.documents(licences.open_offers().values_list("pk", flat=True)))
    try:
        search.rebuild()
    except IndexBusy:
        return  # a worker runs already: it takes the rows in as it takes all others


def _there(scale: Scale, now: dt.datetime) -> World:
    """The day of `now` is the second one of the edition."""
    today = clock.local(now, ZONE).date()
    midnight = dt.datetime.combine(today, dt.time(), ZoneInfo(ZONE)).astimezone(dt.UTC)
    return World(day_one=midnight - dt.timedelta(days=1), now=now, scale=scale)


@service
def _write(progress: Progress, world: World) -> None:
    progress("账号与单位 · people and firms", 0, 1)
    accounts.people_and_firms(world)
    step = "图片、模型与资料 · pictures, models and papers"
    pictures.make(world, lambda done, total: progress(step, done, total))
    _dress(world)
    progress("展馆与展位 · halls and booths", 0, 1)
    structure.editions(world)
    structure.hang_pictures(world, world.halls)
    exhibitors.exhibitors(world)
    progress("展品 · exhibits", 0, 1)
    works.works(world)
    progress("日程 · programme", 0, 1)
    timetable.timetable(world)
    # First what happened first: ledgers and lists show the newest row on top.
    progress("往届 · the edition before", 0, 1)
    pastedition.past_edition(world)
    progress("往来 · encounters", 0, 1)
    encounters.of_this_edition(world)
    progress("新品发布 · launches", 0, 1)
    launches.first_launches(world)
    progress("直播 · live", 0, 1)
    lives.lives(world)
    progress("资金 · money", 0, 1)
    money.settle(world)
    progress("授权 · licences", 0, 1)
    licensing.licensing(world)
    sourcing.ask_and_quote(world)
    world.ledger.write()


def _dress(world: World) -> None:
    for key, row in world.firms.items():
        row.logo_asset_id = world.pictures.get(("mark", key))
    Organisation.objects.bulk_update(world.firms.values(), ["logo_asset_id"])
