"""Series, editions, tiers, halls and their plans."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from typing import Any

from haishi.config.demo import names, programme
from haishi.config.demo.load.world import ZONE, World
from haishi.expo import selectors, services
from haishi.expo.models import Hall
from haishi.expo.types import Place
from haishi.foundation.types import SYSTEM

CODES = {"shandong": "A", "industry": "B", "travel": "C", "bigdata": "D", "screen": "E", "trade": "F", "launch": "L"}  # fmt: skip
# slug, name, English name, rank, exhibits, staff, media, video, model, leads, featured
TIERS = (
    ("maker", "匠人", "Maker", 0, 6, 2, 4, False, False, False, False),
    ("standard", "标准", "Standard", 1, 12, 4, 8, False, True, True, False),
    ("feature", "特色", "Feature", 2, 24, 8, 16, True, True, True, True),
    ("pavilion", "主题馆", "Pavilion", 3, 60, 20, 40, True, True, True, True),
)
FIELDS = (
    "slug", "name", "name_en", "rank", "max_exhibits", "max_staff", "max_media", "may_video",
    "may_model", "may_export_leads", "featured",
)  # fmt: skip


def editions(world: World) -> None:
    """The open edition, set so that today is its second day; the next one, in planning."""
    series = world.series = services.create_series(
        SYSTEM,
        world.organiser.pk,
        slug="haizhou-expo",
        name="海州数字文化应用发展大会",
        name_en="Haizhou Conference on Digital Culture Applications",
    )
    world.edition = edition(world, series, world.day_one, "第二届", "2nd")
    services.open_edition(SYSTEM, world.edition.pk)
    edition(world, series, world.day_one + dt.timedelta(days=364), "第三届", "3rd")
    world.edition = selectors.get_edition_by_id(SYSTEM, world.edition.pk)
    tiers(world.edition)
    world.halls = halls(world, world.edition, world.shown)


def edition(world: World, series: Any, day_one: dt.datetime, zh: str, en: str) -> Any:
    """An edition of four days in planning."""
    year = (day_one + dt.timedelta(days=1)).year
    return services.create_edition(
        SYSTEM,
        series.pk,
        slug=f"haizhou-{year}-{en[0]}",
        name=f"{year} 海州数字文化应用发展大会",
        name_en=f"Haizhou Conference on Digital Culture Applications {year}",
        theme=programme.THEME[0],
        theme_en=programme.THEME[1],
        about=f"{zh}大会设六馆一厅，两百余家单位带来千余件展品与百余场首发，论坛、路演、影视周同期举行。展期之后，展位与产品主页长期保留。",
        about_en=f"The {en} conference has six halls and a launch hall: over 200 organisations with more than 1,000 exhibits, forums, roadshows and a film week. Booths and products keep their pages afterwards.",
        city="海州",
        city_en="Haizhou",
        venue="东海会展中心",
        venue_en="Donghai Expo Centre",
        time_zone=ZONE,
        opens_at=day_one + dt.timedelta(hours=9),
        closes_at=day_one + dt.timedelta(days=3, hours=21),
        apply_until=day_one + dt.timedelta(days=3),
    )


def tiers(edition: Any) -> None:
    """Our own four tiers in place of the starting set."""
    for tier in selectors.tiers_of(edition):
        services.remove_tier(SYSTEM, tier.pk)
    for row in TIERS:
        services.add_tier(SYSTEM, edition.pk, **dict(zip(FIELDS, row, strict=True)))


def halls(
    world: World, edition: Any, firms: tuple[names.Organisation, ...], launch: bool = True
) -> dict[str, Any]:
    """{key: hall} with plans that hold `firms` and some free booths; small halls are left out."""
    crowds = Counter(programme.hall_of(firm) for firm in firms)
    rows: dict[str, Any] = {}
    for hall in programme.halls():
        if not launch and hall.key not in crowds:
            continue
        crowd = crowds.get(hall.key, 8)
        row = rows[hall.key] = services.add_hall(
            SYSTEM,
            edition.pk,
            slug=hall.key,
            code=CODES[hall.key],
            name=hall.zh,
            name_en=hall.en,
            summary=hall.intro_zh[:200],
            summary_en=hall.intro_en[:400],
            is_launch_hall=hall.key == "launch",
            **dict(zip(("width", "depth"), _size(crowd), strict=True)),
        )
        services.save_plan(SYSTEM, row.pk, row.version, places=_plan(CODES[hall.key], crowd))
    return rows


def hang_pictures(world: World, rows: dict[str, Any]) -> None:
    """Each hall's picture, the same at every edition."""
    for key, row in rows.items():
        Hall.objects.filter(pk=row.pk).update(picture_asset_id=world.pictures.get(("hall", key)))


def _columns(crowd: int) -> int:
    return max(6, round(math.sqrt(crowd * 2.6)))


def _size(crowd: int) -> tuple[int, int]:
    columns = _columns(crowd)
    rows = -(-int(crowd * 1.12 + 4) // columns)
    return columns * 40 + 120, -(-rows // 2) * 130 + 80


def _plan(code: str, crowd: int) -> list[Place]:
    """Islands of two rows back to back, with aisles between; large booths at the ends."""
    columns, places, number = _columns(crowd), [], 1
    total = int(crowd * 1.12 + 4)
    row = 0
    while number <= total:
        y = 50 + (row // 2) * 130 + (row % 2) * 40
        for column in range(columns):
            if number > total:
                break
            wide = column in (0, columns - 1)
            x = 60 + column * 40 - (10 if column == 0 else 0)
            width = 50 if wide else 40
            places.append(Place(f"{code}{number:02}", x, y, width, 40))
            number += 1
        row += 1
    return places


def tier_of(firm: names.Organisation) -> str:
    """Which tier a firm took, by its number."""
    roll = firm.seed % 20
    return (
        "pavilion" if roll == 0 else "feature" if roll < 4 else "maker" if roll > 15 else "standard"
    )
