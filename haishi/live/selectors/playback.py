"""Signed addresses of pictures, for viewers, hosts and the replay."""

import datetime as dt
import hashlib

from haishi.foundation import clock
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.types import Actor
from haishi.live import policies
from haishi.live.engines import engine_of
from haishi.live.engines.base import PROGRAMME, watch_token
from haishi.live.models import LiveSession, Recording
from haishi.live.selectors.core import cameras_of
from haishi.live.states import LiveState, RecordingState
from haishi.live.types import Angle, Playback, RecordingShown
from wire.live import WATCH_SECONDS

__all__ = ["may_replay", "playback_of", "preview_of", "recordings_of", "viewer_name"]
_WORDS = Bilingual("主画面", "Programme")
REPLAY_SECONDS = 6 * 3600


def viewer_name(actor: Actor, window: str) -> str:
    """Tells viewers apart without naming them: 16 hex letters of the account or the window."""
    who = f"person:{actor.pk}" if actor.is_authenticated else f"window:{window}"
    return hashlib.sha256(who.encode()).hexdigest()[:16]


def playback_of(session: LiveSession, viewer: str, host: str) -> Playback | None:
    """What a player of the room needs; None while there is nothing to see.

    `host`: the name by which this browser knows the house.
    """
    if not (session.on_air and session.opened_at):
        return None
    angles = [(PROGRAMME, _WORDS)]
    shown = (LiveState.LIVE, LiveState.DEGRADED)
    angles += [
        (str(camera.number), camera.name)
        for camera in cameras_of(session)
        if camera.angle and camera.state in shown
    ]
    return _playback(session, session.public_id, angles, viewer, host, "live:playback")


def preview_of(session: LiveSession, viewer: str, host: str) -> Playback:
    """All cameras and the programme, for the console."""
    angles = [(PROGRAMME, _WORDS)]
    angles += [(str(camera.number), camera.name) for camera in cameras_of(session)]
    scope = f"{session.public_id}/preview"
    return _playback(session, scope, angles, viewer, host, "live:preview")


def _playback(
    session: LiveSession,
    scope: str,
    angles: list[tuple[str, Bilingual]],
    viewer: str,
    host: str,
    route: str,
) -> Playback:
    engine = engine_of(session.engine)
    token = watch_token(scope, viewer)
    return Playback(
        angles=[
            Angle(stream, words, engine.playback(session.public_id, stream, token, host))
            for stream, words in angles
        ],
        until=clock.now() + dt.timedelta(seconds=WATCH_SECONDS),
        refresh_url=address(route, session.public_id),
        delay_seconds=session.delay_seconds,
    )


def recordings_of(session: LiveSession, viewer: str, host: str) -> list[RecordingShown]:
    """The parts of the replay, in order; none while it is not shown and after its end."""
    engine = engine_of(session.engine)
    token = watch_token(f"{session.public_id}/replay", viewer, REPLAY_SECONDS)
    shown, offset = [], 0.0
    for row in Recording.objects.filter(session=session).exclude(state=RecordingState.DELETED):
        file, playlist = engine.replay(session.public_id, row.name, token, host)
        shown.append(RecordingShown(file, playlist, row.started_at, row.seconds, offset))
        offset += row.seconds
    return shown


def may_replay(session: LiveSession, actor: Actor) -> bool:
    """Visitors: published ones; the host: any."""
    return policies.replay_shown(session) or policies.can_host(actor, session)
