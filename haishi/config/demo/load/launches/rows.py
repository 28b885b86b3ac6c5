"""Launches, their first sales and who wants to be reminded, in bulk."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from haishi.config.demo import names
from haishi.config.demo.load.launches import words
from haishi.config.demo.load.launches.plan import Planned
from haishi.config.demo.load.world import World
from haishi.foundation import draws
from haishi.foundation.models import Pool
from haishi.foundation.types import SYSTEM
from haishi.launches.models import Allotment, Launch, Reservation
from haishi.launches.services.dossier import LEAD
from haishi.launches.services.reservations import GROWN, LONG
from haishi.launches.states import LaunchState, Rule
from haishi.parties import selectors as parties

OPEN = (LaunchState.ANNOUNCED, LaunchState.LIVE, LaunchState.CLOSED)
KNOWN = 3  # accounts that one can sign in with stand first among the visitors
PAYING = dt.timedelta(minutes=1440)
REASON = "预告语里出现了产品名称，请改写；并补一张竖版图片。"


def launches(world: World, planned: list[Planned]) -> list[Launch]:
    """All launches with the audit rows of their way so far."""
    rows = Launch.objects.bulk_create(_launch(world, each) for each in planned)
    for each, row in zip(planned, rows, strict=True):
        _note(world, each, row)
    return rows


def _launch(world: World, each: Planned) -> Launch:
    firm, exhibitor = world.firms[each.firm], world.exhibitors[each.firm]
    name = words.named(each.work, each.number)
    teaser = words.teaser(each.number)
    story = words.story(each.work, name, (firm.name, firm.name_en or firm.name))
    shots = [world.pictures.get(("work", each.work.key, str(n))) for n in range(3)]
    pictures = [pk for pk in shots if pk]
    returned = each.state == LaunchState.DRAFT and each.number % 2
    return Launch(
        exhibitor=exhibitor,
        slug=f"l-{draws.digest_of([each.work.key, each.firm])[:10]}",
        state=each.state,
        name=name[0],
        name_en=name[1],
        teaser=teaser[0],
        teaser_en=teaser[1],
        story=story[0],
        story_en=story[1],
        teaser_asset_id=exhibitor.banner_asset_id,
        cover_asset_id=next(iter(pictures), None),
        picture_ids=pictures[1:],
        unveil_at=each.unveil_at,
        announced_at=_announced(world, each),
        closed_at=_closed(each),
        review_note=REASON if returned else "",
    )


def _announced(world: World, each: Planned) -> dt.datetime | None:
    if each.state not in OPEN:
        return None
    return world.day_one - dt.timedelta(hours=3 + 2 * (each.number % 40))


def _closed(each: Planned) -> dt.datetime | None:
    if each.state != LaunchState.CLOSED:
        return None
    return each.unveil_at + dt.timedelta(minutes=each.open_minutes + 15)


def _note(world: World, each: Planned, row: Launch) -> None:
    owner, moderator = world.people[each.firm][0], world.accounts["moderator"]
    handed_in = world.day_one - dt.timedelta(days=5, minutes=17 * each.number)
    world.ledger.note(handed_in, owner, "launch.drafted", row)
    if each.state != LaunchState.DRAFT:
        world.ledger.note(handed_in + dt.timedelta(hours=2), owner, "launch.submit", row)
    if each.state in (*OPEN, LaunchState.EMBARGOED):
        world.ledger.note(handed_in + dt.timedelta(hours=9), moderator, "launch.approve", row)
    world.ledger.note(row.announced_at, owner, "launch.announce", row)
    if each.state in (LaunchState.LIVE, LaunchState.CLOSED):
        world.ledger.note(row.unveil_at, SYSTEM, "launch.unveil", row)
    world.ledger.note(row.closed_at, SYSTEM, "launch.close", row)


def sales(world: World, planned: list[Planned], rows: list[Launch]) -> dict[int, Allotment]:
    """{launch id: its first sale}; those that are announced have their units and their seed."""
    selling = [(each, row) for each, row in zip(planned, rows, strict=True) if each.sells]
    pools = iter(
        Pool.objects.bulk_create(
            Pool(kind=f"launch:{row.pk}", capacity=each.quota)
            for each, row in selling
            if each.state in OPEN
        )
    )
    made = []
    for each, row in selling:
        pool = next(pools) if each.state in OPEN else None
        made.append(_sale(each, row, pool))
    Allotment.objects.bulk_create(made)
    return {row.launch_id: row for row in made}


def _sale(each: Planned, row: Launch, pool: Pool | None) -> Allotment:
    closes = each.unveil_at + dt.timedelta(minutes=each.open_minutes)
    # Deterministic, as all of the demo: a real seed comes from the system's random source.
    seed = draws.commitment_of(f"{names.SEED}:{row.slug}")
    decided = each.state == LaunchState.CLOSED and each.sells != Rule.FIRST_COME
    return Allotment(
        launch=row,
        rule=each.sells or Rule.DRAW,
        quota=each.quota,
        price_minor=each.price_minor,
        opens_at=each.unveil_at,
        closes_at=closes,
        pay_minutes=PAYING.total_seconds() // 60 if each.state == LaunchState.LIVE else 15,
        pool_id=pool.pk if pool else None,
        seed=seed if pool else "",
        commitment=draws.commitment_of(seed) if pool else "",
        decided_at=closes if decided else None,
    )


def reservations(world: World, planned: list[Planned], rows: list[Launch]) -> None:
    """Visitors want to be reminded of what is announced; some launches are awaited more."""
    rng = Random(f"{names.SEED}:reservations")
    points = _points(world)
    visitor = world.accounts["visitor"]
    made = []
    for each, row in zip(planned, rows, strict=True):
        if each.state not in OPEN:
            continue
        most = 24 if each.unveil_at < world.now + dt.timedelta(hours=2) else 70
        crowd = world.visitors[KNOWN:]
        people = rng.sample(crowd, min(len(crowd), rng.randint(2, most)))
        if each.state == LaunchState.ANNOUNCED and each.number % 4 == 0:
            people.append(visitor)
        made += [_reservation(world, row, person, points) for person in people]
        row.reservations = len(people)
        row.points = sum(points.get(person.pk, 0) for person in people)
    Reservation.objects.bulk_create(made, batch_size=2_000)
    Launch.objects.bulk_update(rows, ["reservations", "points"])


def _points(world: World) -> dict[int, int]:
    grown = parties.grown_accounts(world.now - GROWN).values_list("pk", flat=True)
    long = parties.grown_accounts(world.now - LONG).values_list("pk", flat=True)
    return dict.fromkeys(grown, 1) | dict.fromkeys(long, 2)


def _reservation(world: World, row: Launch, person: Any, points: dict[int, int]) -> Reservation:
    assert row.unveil_at is not None
    near = row.unveil_at <= world.now + LEAD
    return Reservation(
        launch=row,
        person=person,
        points=points.get(person.pk, 0),
        created_at=(row.announced_at or world.now) + dt.timedelta(minutes=person.pk % 600),
        reminded_at=world.now if near else None,
    )
