"""Who may open the pages of the floor and of exhibitors."""

import datetime as dt
from typing import Any

from haishi.expo.tests.factories import (
    EditionFactory,
    ExhibitorFactory,
    HallFactory,
    ShownExhibitorFactory,
    TierFactory,
)
from haishi.foundation import clock
from haishi.foundation.tests.access import Row, World


def _edition(world: World) -> Any:
    now = clock.now()
    return EditionFactory(
        series__organiser=world.organiser,
        opens_at=now + dt.timedelta(days=3),
        closes_at=now + dt.timedelta(days=7),
    )


def edition(world: World) -> dict[str, Any]:
    return {"edition": _edition(world).slug}


def hall(world: World) -> dict[str, Any]:
    row = HallFactory(edition=_edition(world))
    return {"edition": row.edition.slug, "hall": row.slug}


def tier(world: World) -> dict[str, Any]:
    row = TierFactory(edition=_edition(world))
    return {"edition": row.edition.slug, "tier_id": row.pk}


def announcement(world: World) -> dict[str, Any]:
    from haishi.expo.models import Announcement

    row = Announcement.objects.create(edition=_edition(world), title="开馆", body="九点开馆。")
    return {"edition": row.edition.slug, "announcement_id": row.pk}


def firm(world: World) -> dict[str, Any]:
    row = _edition(world)
    shown = ShownExhibitorFactory(edition=row, organisation=world.firm)
    return {"edition": row.slug, "exhibitor_id": shown.pk}


def suspend(world: World) -> dict[str, Any]:
    return {**firm(world), "action": "suspend"}


def own(world: World) -> dict[str, Any]:
    return {"exhibitor_id": firm(world)["exhibitor_id"]}


def draft(world: World) -> dict[str, Any]:
    row = ExhibitorFactory(edition=_edition(world), organisation=world.firm)
    return {"exhibitor_id": row.pk}


def sheet(world: World) -> dict[str, Any]:
    return {**edition(world), "form": "csv"}


def api_edition(world: World) -> dict[str, Any]:
    return {"slug": _edition(world).slug}


def api_apply(world: World) -> dict[str, Any]:
    row = _edition(world)
    TierFactory(edition=row)
    return {"slug": row.slug}


def api_hall(world: World) -> dict[str, Any]:
    row = HallFactory(edition=_edition(world))
    return {"slug": row.edition.slug, "hall": row.slug}


def own_firm(world: World) -> dict[str, Any]:
    return {"organisation": world.firm.slug, "plan": "展出三部影像。"}


ORGANISER = "302 404 404 404 200 200"
ORGANISER_POST = "302 404 404 404 302 302"
FIRM = "302 404 403 200 404 200"
ROWS = [
    #                            nobody 外人 周 林 陈 operator
    Row("expo:organise_home", "302 403 403 403 200 200"),
    Row("expo:series_new", "302 403 403 403 200 200"),
    Row("expo:edition_new", "302 403 403 403 302 302"),
    Row("expo:organise", ORGANISER, edition),
    Row("expo:edition_edit", ORGANISER, edition),
    Row("expo:edition_cover", ORGANISER, edition),
    Row("expo:edition_state", ORGANISER_POST, edition, "post"),
    Row("expo:tiers", ORGANISER, edition),
    Row("expo:tier_new", ORGANISER, edition),
    Row("expo:tier_edit", ORGANISER, tier),
    Row("expo:tier_remove", ORGANISER_POST, tier, "post"),
    Row("expo:announcements", ORGANISER, edition),
    Row("expo:announcement_remove", ORGANISER_POST, announcement, "post"),
    Row("expo:halls", ORGANISER, edition),
    Row("expo:hall_new", ORGANISER, edition),
    Row("expo:hall_edit", ORGANISER, hall),
    Row("expo:hall_picture", ORGANISER, hall),
    Row("expo:hall_move", ORGANISER_POST, hall, "post"),
    Row("expo:hall_remove", ORGANISER, hall),
    Row("expo:plan", ORGANISER, hall),
    Row("expo:plan_rows", "302 404 404 404 422 422", hall, "post"),
    Row("expo:import_booths", ORGANISER, edition),
    Row("expo:export_booths", ORGANISER, sheet),
    Row("expo:queue", ORGANISER, edition),
    Row("expo:exhibitors", ORGANISER, edition),
    Row("expo:import_exhibitors", ORGANISER, edition),
    Row("expo:export_exhibitors", ORGANISER, sheet),
    Row("expo:review", ORGANISER, firm),
    Row("expo:decide", ORGANISER_POST, suspend, "post", lambda world: {"reason": "待核实"}),
    Row("expo:public_announcements", "200", edition),
    Row("expo:seen", "404", method="post"),
    Row("expo:take_part", "302 200 200 200 200 200", edition),
    Row("expo:exhibits", "302 200 200 200 200 200"),
    Row("expo:exhibit", "302 404 200 200 404 200", own),
    Row("expo:application", FIRM, own),
    Row("expo:application_submit", "302 404 403 302 404 302", draft, "post"),
    Row("expo:booth_setup", FIRM, own),
    Row("expo:booth_media", FIRM, own),
    Row("expo:booth_staff", FIRM, own),
    Row("expo:booth_steps", FIRM, own),
    Row("api:expo_editions", "200"),
    Row("api:expo_edition", "200", api_edition),
    Row("api:expo_halls", "200", api_edition),
    Row("api:expo_booths", "200", api_hall),
    Row("api:expo_exhibitors", "200", api_edition),
    Row(
        "api:expo_exhibitors",
        "401 404 403 201 404 201",
        api_apply,
        "post",
        own_firm,
        json=True,
    ),
    Row("api:expo_mine", "401 200 200 200 200 200"),
    Row("api:expo_exhibitor", "200", own),
    Row("api:expo_exhibitor", "404 404 200 200 404 200", draft),
    Row("api:expo_submit", "401 404 403 200 404 200", draft, "post"),
]
