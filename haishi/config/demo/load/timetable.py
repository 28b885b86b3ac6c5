"""The programme, released twice so that the change log has something to say."""

from __future__ import annotations

import re

from haishi.config.demo import programme
from haishi.config.demo.load.world import World
from haishi.expo import selectors, services
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
    """Stages, tracks, speakers and sessions through the services, placed and released."""
    edition = world.edition.pk
    for order, stage in enumerate(programme.stages()):
        world.stages[stage.key] = services.save_stage(
            SYSTEM,
            edition,
            slug=stage.key,
            name=stage.zh,
            name_en=stage.en,
            capacity=stage.seats,
            hall_id=world.halls[stage.hall].pk,
            order=order,
        )
    tracks = {
        track.key: services.save_track(
            SYSTEM, edition, slug=track.key, name=track.zh, name_en=track.en, colour=n % 6 + 1
        )
        for n, track in enumerate(programme.tracks())
    }
    speakers = _speakers(world)
    held_back = []
    for number, session in enumerate(programme.sessions()):
        row = services.create_session(
            SYSTEM,
            edition,
            code=f"{re.sub('[^A-Z]', '', session.track.upper())[:2]}{number + 1:02}",
            kind=KINDS[session.track],
            track_id=tracks[session.track].pk,
            title=session.zh[:100],
            title_en=session.en[:200],
            abstract=session.abstract_zh,
            abstract_en=session.abstract_en,
            speakers=[speakers[person.seed] for person in session.speakers],
            moderators=[speakers[session.speakers[0].seed]] if len(session.speakers) > 2 else [],
        )
        # The last ones are confirmed only after the first release.
        if number >= len(programme.sessions()) - LATE:
            held_back.append(row)
        else:
            services.decide(SYSTEM, row.pk, "confirm")
        _place(world, row.pk, session)
    services.release(SYSTEM, edition, "首版日程")
    for row in held_back:
        services.decide(SYSTEM, row.pk, "confirm")
    services.release(SYSTEM, edition, "补充三场供需对接")


def _speakers(world: World) -> dict[int, int]:
    return {
        person.seed: services.create_speaker(
            SYSTEM,
            world.edition.pk,
            name=person.zh,
            name_en=person.en,
            title=person.title_zh,
            title_en=person.title_en,
            portrait_asset_id=world.pictures.get(("speaker", str(person.seed))),
        ).pk
        for person in programme.speakers()
    }


def _place(world: World, session_id: int, session: programme.Session) -> None:
    row = selectors.draft_sessions(world.edition).get(pk=session_id)
    services.place(
        SYSTEM,
        session_id,
        row.version,
        world.stages[session.stage].pk,
        world.at(session.day, session.start),
        session.end - session.start,
    )
