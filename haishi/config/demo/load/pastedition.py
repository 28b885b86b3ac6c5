"""Last year's edition: smaller, over, and the reason why many firms come again."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from haishi.catalogue.models import Exhibit
from haishi.config.demo import names, programme
from haishi.config.demo.load import encounters, structure, timetable
from haishi.config.demo.load.encounters.season import Season, Stand
from haishi.config.demo.load.exhibitors import page
from haishi.config.demo.load.world import World
from haishi.expo import services
from haishi.expo.models import Booth, BoothStaff, Edition, Exhibitor, NextStep, Reconfirmation, Tier
from haishi.expo.states import ExhibitorState, ReconfirmationState, StepKind
from haishi.foundation.types import SYSTEM

YEAR = dt.timedelta(days=364)  # the same days of the week
SESSIONS = 14
# Of the firms of last year that do not come this time: how they answered.
ANSWERS = (ReconfirmationState.ASKED, ReconfirmationState.DECLINED, ReconfirmationState.EXPIRED)


def past_edition(world: World) -> None:
    """Halls, booths, a programme and what people left with each other; then it was closed."""
    edition = _edition(world)
    firms = _firms(world)
    halls = structure.halls(world, edition, firms, launch=False)
    structure.hang_pictures(world, halls)
    booths = _exhibitors(world, edition, firms, halls)
    _programme(world, edition, {key: hall.pk for key, hall in halls.items()})
    encounters.of_season(world, _season(world, edition, booths))
    _reconfirmations(world, booths)
    services.close(world.accounts["owner"], edition.pk, name=edition.name)


def _firms(world: World) -> tuple[names.Organisation, ...]:
    """Five of six come this year too."""
    past = world.scale.past
    stay = past * 5 // 6
    again = world.shown[:: max(len(world.shown) // stay, 1)][:stay]
    gone = tuple(firm for firm in world.cast[:-1] if firm.key not in world.exhibitors)
    return again + gone[: past - stay]


def _edition(world: World) -> Any:
    """Opened through the services, then dated: they refuse, rightly, an edition in the past."""
    row = structure.edition(world, world.series, world.day_one, "第一届", "1st")
    services.open_edition(SYSTEM, row.pk)
    year = str((world.day_one - YEAR).year)
    Edition.objects.filter(pk=row.pk).update(
        slug=f"haizhou-{year}-1",
        name=f"{year} 海州数字文化应用发展大会",
        name_en=f"Haizhou Conference on Digital Culture Applications {year}",
        theme="让传统看得见，让好物走得远",
        theme_en="Tradition in Sight, Good Things Going Far",
        about="首届大会设数个展馆，四天里办了主旨论坛与十余场交流。展位与产品主页长期保留，今年半数以上的老朋友再次到来。",
        about_en="The first conference had a handful of halls and, over four days, a keynote and a dozen sessions. Its booths and products keep their pages, and many of its firms return this year.",
        opens_at=row.opens_at - YEAR,
        closes_at=row.closes_at - YEAR,
        apply_until=row.apply_until - YEAR,
    )
    row.refresh_from_db()
    structure.tiers(row)
    return row


def _exhibitors(
    world: World, edition: Any, firms: tuple[names.Organisation, ...], halls: dict[str, Any]
) -> list[Stand]:
    tiers = {tier.slug: tier for tier in Tier.objects.filter(edition=edition)}
    free = {
        key: list(Booth.objects.filter(hall=hall).order_by("code")) for key, hall in halls.items()
    }
    rows = [
        _exhibitor(world, edition, number, firm, tiers, free[programme.hall_of(firm)].pop(0))
        for number, firm in enumerate(firms)
    ]
    made = Exhibitor.objects.bulk_create(rows)
    stands = [
        Stand(row, world.people[firm.key][: row.tier.max_staff], _works(world, row))
        for firm, row in zip(firms, made, strict=True)
    ]
    BoothStaff.objects.bulk_create(
        BoothStaff(exhibitor=stand.exhibitor, person=person, order=order)
        for stand in stands
        for order, person in enumerate(stand.staff)
    )
    NextStep.objects.bulk_create(
        NextStep(exhibitor=row, kind=StepKind.ENQUIRE, order=0) for row in made
    )
    Exhibit.objects.bulk_create(
        Exhibit(
            exhibitor=stand.exhibitor, product=product, order=order, featured=order == 0,
            added_at=edition.opens_at - dt.timedelta(days=20),
        )
        for stand in stands
        for order, product in enumerate(stand.products)
    )  # fmt: skip
    for row in made:
        world.ledger.note(row.submitted_at, row.contact, "exhibitor.submitted", row)
        world.ledger.note(row.decided_at, row.decided_by, "exhibitor.approved", row)
    return stands


def _works(world: World, row: Exhibitor) -> list[Any]:
    """The firm's first three works, which it already had."""
    mine = [p for p in world.products.values() if p.organisation_id == row.organisation_id]
    return [product for product in mine if product.state == "listed"][:3]


def _exhibitor(
    world: World,
    edition: Any,
    number: int,
    firm: names.Organisation,
    tiers: dict[str, Tier],
    booth: Booth,
) -> Exhibitor:
    asked = edition.opens_at - dt.timedelta(days=60 - number % 20, hours=number % 7)
    return Exhibitor(
        edition=edition,
        organisation=world.firms[firm.key],
        tier=tiers[structure.tier_of(firm)],
        booth=booth,
        state=ExhibitorState.APPROVED,
        plan=f"{firm.line_zh}，首次参展。",
        contact=world.people[firm.key][0],
        submitted_at=asked,
        decided_at=asked + dt.timedelta(days=3),
        decided_by=world.accounts["reviewer"],
        exhibit_count=3,
        complete=True,
        **page(world, number + 1, firm),
    )


def _programme(world: World, edition: Any, hall_ids: dict[str, int]) -> None:
    opening = world.day_one - YEAR
    planned = programme.sessions()[: min(SESSIONS, world.scale.sessions)]
    rows = timetable.sessions(
        world, edition, planned, hall_ids,
        lambda day, minute: opening + dt.timedelta(days=day, minutes=minute),
    )  # fmt: skip
    for row in rows:
        services.decide(SYSTEM, row.pk, "confirm")
    services.release(SYSTEM, edition.pk, "首版日程")


def _season(world: World, edition: Any, stands: list[Stand]) -> Season:
    scale, opening = world.scale, world.day_one - YEAR
    crowd = world.visitors[:1] + world.visitors[3 : 3 + scale.visitors * 2 // 5]
    return Season(
        edition=edition,
        days=[opening + dt.timedelta(days=day) for day in range(programme.DAYS)],
        until=edition.closes_at,
        stands=stands,
        crowd=crowd,
        rng=Random(f"{names.SEED}:past"),
        cards=scale.cards // 4,
        exchanges=scale.exchanges // 4,
        enquiries=scale.enquiries // 4,
        over=True,
    )


def _reconfirmations(world: World, stands: list[Stand]) -> None:
    """Everybody was asked to come again; those who are here said yes."""
    here = {row.organisation_id for row in world.exhibitors.values()}
    expires = world.day_one - dt.timedelta(days=30)
    rows = []
    for number, stand in enumerate(stands):
        state = ReconfirmationState.CONFIRMED
        if stand.exhibitor.organisation_id not in here:
            state = ANSWERS[number % len(ANSWERS)]
        open_ = state == ReconfirmationState.ASKED
        rows.append(
            Reconfirmation(
                previous=stand.exhibitor,
                edition=world.edition,
                state=state,
                expires_at=world.day_one + dt.timedelta(days=3) if open_ else expires,
                created_at=world.day_one - dt.timedelta(days=75),
            )
        )
    Reconfirmation.objects.bulk_create(rows)
