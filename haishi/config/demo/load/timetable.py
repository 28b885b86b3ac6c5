"""The programme, released twice so that the change log has something to say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

from haishi.config.demo import programme
from haishi.config.demo.load.world import World
from haishi.expo import services
from haishi.expo.states import SessionKind
from haishi.foundation.types import SYSTEM

KINDS = {
    "keynote": SessionKind.KEYNOTE,
    "forum": SessionKind.FORUM,
    "film": SessionKind.TALK,
    "standard": SessionKind.STANDARD,
    "pitch": SessionKind.ROADSHOW,
    "class": SessionKind.TALK,
    "match": SessionKind.TALK,
}
LATE = 3


def timetable(world: World) -> None:
    """This edition's programme; the last sessions were confirmed after the first release."""
    hall_ids = {key: hall.pk for key, hall in world.halls.items()}
    planned = programme.sessions()[: world.scale.sessions]
    rows = sessions(world, world.edition, planned, hall_ids, world.at)
    for row in rows[:-LATE]:
        services.decide(SYSTEM, row.pk, "confirm")
    services.release(SYSTEM, world.edition.pk, "首版日程")
    for row in rows[-LATE:]:
        services.decide(SYSTEM, row.pk, "confirm")
    services.release(SYSTEM, world.edition.pk, "补充三场供需对接")


def sessions(
    world: World,
    edition: Any,
    planned: Sequence[programme.Session],
    hall_ids: dict[str, int],
    at: Callable[[int, int], dt.datetime],
) -> list[Any]:
    """Stages, tracks, speakers and placed sessions in draft; `at` gives the instant of (day, minute)."""
    stages = _stages(edition, hall_ids, {session.stage for session in planned})
    tracks = _tracks(edition)
    speakers = _speakers(world, edition, planned)
    rows = []
    for number, session in enumerate(planned):
        row = services.create_session(
            SYSTEM,
            edition.pk,
            code=f"{re.sub('[^A-Z]', '', session.track.upper())[:2]}{number + 1:02}",
            kind=KINDS[session.track],
            track_id=tracks[session.track],
            title=session.zh[:100],
            title_en=session.en[:200],
            abstract=session.abstract_zh,
            abstract_en=session.abstract_en,
            speakers=[speakers[person.seed] for person in session.speakers],
            moderators=[speakers[session.speakers[0].seed]] if len(session.speakers) > 2 else [],
        )
        starts = at(session.day, session.start)
        services.place(
            SYSTEM, row.pk, row.version, stages[session.stage], starts, session.end - session.start
        )
        rows.append(row)
    return rows


def _stages(edition: Any, hall_ids: dict[str, int], used: set[str]) -> dict[str, int]:
    return {
        stage.key: services.save_stage(
            SYSTEM,
            edition.pk,
            slug=stage.key,
            name=stage.zh,
            name_en=stage.en,
            capacity=stage.seats,
            hall_id=hall_ids.get(stage.hall),
            order=order,
        ).pk
        for order, stage in enumerate(programme.stages())
        if stage.key in used
    }


def _tracks(edition: Any) -> dict[str, int]:
    return {
        track.key: services.save_track(
            SYSTEM, edition.pk, slug=track.key, name=track.zh, name_en=track.en, colour=n % 6 + 1
        ).pk
        for n, track in enumerate(programme.tracks())
    }


def _speakers(world: World, edition: Any, planned: Sequence[programme.Session]) -> dict[int, int]:
    people = {person.seed: person for session in planned for person in session.speakers}
    return {
        seed: services.create_speaker(
            SYSTEM,
            edition.pk,
            name=person.zh,
            name_en=person.en,
            title=person.title_zh,
            title_en=person.title_en,
            portrait_asset_id=world.pictures.get(("speaker", str(seed))),
        ).pk
        for seed, person in people.items()
    }
