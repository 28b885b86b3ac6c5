"""Who opens the programme and its editor."""

import datetime as dt
from typing import Any

from haishi.expo import selectors, services
from haishi.expo.tests.factories import EditionFactory
from haishi.foundation import clock
from haishi.foundation.tests.access import Row, World


def _edition(world: World) -> Any:
    now = clock.now()
    return EditionFactory(
        series__organiser=world.organiser,
        opens_at=now + dt.timedelta(days=1),
        closes_at=now + dt.timedelta(days=4),
    )


def edition(world: World) -> dict[str, Any]:
    """An open edition."""
    return {"edition": _edition(world).slug}


def _session(world: World, edition: Any) -> Any:
    stage = services.save_stage(world.chen, edition.pk, name="主会场")
    row = services.create_session(world.chen, edition.pk, code="KEY1", title="主旨论坛")
    services.place(world.chen, row.pk, 1, stage.pk, edition.opens_at, 60)
    services.decide(world.chen, row.pk, "confirm")
    return row


def released(world: World) -> dict[str, Any]:
    """A public session."""
    row = _edition(world)
    _session(world, row)
    services.release(world.chen, row.pk)
    return {"edition": row.slug, "code": "KEY1"}


def draft(world: World) -> dict[str, Any]:
    """A session of the draft."""
    row = _edition(world)
    return {"edition": row.slug, "session_id": _session(world, row).pk}


def decision(world: World) -> dict[str, Any]:
    """Cancel it."""
    return {**draft(world), "action": "cancel"}


def part(world: World) -> dict[str, Any]:
    """Add a stage."""
    return {**edition(world), "what": "stage"}


def stage(world: World) -> dict[str, Any]:
    """A stage without sessions."""
    row = _edition(world)
    made = services.save_stage(world.chen, row.pk, name="主会场")
    return {"edition": row.slug, "what": "stage", "part_id": made.pk}


def schedule(world: World) -> dict[str, Any]:
    """The export as JSON."""
    released(world)
    return {"edition": released(world)["edition"], "form": "json"}


def speaker(world: World) -> dict[str, Any]:
    """Somebody who speaks in a public session."""
    row = _edition(world)
    who = services.create_speaker(world.chen, row.pk, name="苏晚")
    talk = _session(world, row)
    services.edit_session(world.chen, talk.pk, 3, speakers=[who.pk])
    services.release(world.chen, row.pk)
    return {"edition": row.slug, "speaker_id": who.pk}


def api_edition(world: World) -> dict[str, Any]:
    """The same edition, as the API names it."""
    return {"slug": edition(world)["edition"]}


def api_session(world: World) -> dict[str, Any]:
    """The same session, as the API names it."""
    named = released(world)
    return {"slug": named["edition"], "code": named["code"]}


def sheet(world: World) -> dict[str, Any]:
    """The draft as CSV."""
    return {**edition(world), "form": "csv"}


def feed(world: World) -> dict[str, Any]:
    """周's calendar by its secret address."""
    return {"token": selectors.agenda_token(world.zhou)}


ROWS = [
    #                              nobody 外人 周 林 陈 operator
    Row("expo:programme", "200", edition),
    Row("expo:programme_changes", "200", edition),
    Row("expo:session", "200", released),
    Row("expo:session_ics", "200", released),
    Row("expo:keep_session", "302", released, "post"),
    Row("expo:schedule", "200", schedule),
    Row("expo:speakers", "200", edition),
    Row("expo:speaker", "200", speaker),
    Row("expo:my_agenda", "302 200 200 200 200 200"),
    Row("expo:agenda_feed", "200", feed),
    Row("expo:renew_feed", "302", method="post"),
    Row("api:expo_programme", "200", api_edition),
    Row("api:expo_session", "200", api_session),
    Row("expo:timetable", "302 404 404 404 200 200", edition),
    Row("expo:programme_parts", "302 404 404 404 200 200", edition),
    Row("expo:part_new", "302 404 404 404 200 200", part),
    Row("expo:part_new", "302 404 404 404 422 422", part, "post"),
    Row("expo:part_edit", "302 404 404 404 200 200", stage),
    Row("expo:part_edit", "302 404 404 404 422 422", stage, "post"),
    Row("expo:part_move", "302 404 404 404 302 302", stage, "post"),
    Row("expo:part_remove", "302 404 404 404 200 200", stage),
    Row("expo:part_remove", "302 404 404 404 302 302", stage, "post"),
    Row("expo:speaker_new", "302 404 404 404 200 200", edition),
    Row("expo:speaker_edit", "302 404 404 404 200 200", speaker),
    Row("expo:import_sessions", "302 404 404 404 200 200", edition),
    Row("expo:export_sessions", "302 404 404 404 200 200", sheet),
    Row("expo:session_new", "302 404 404 404 200 200", edition),
    Row("expo:session_edit", "302 404 404 404 200 200", draft),
    Row("expo:session_decide", "302 404 404 404 302 302", decision, "post"),
]
