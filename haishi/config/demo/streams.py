"""`python -m haishi.config.demo.streams`: keeps the demo's lives on air with drawn pictures.

A publisher like any other: it speaks RTMP with the origin and knows its cameras' keys. It also
makes the short recordings of the demo's lives that are over, once.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import signal
import sys
from pathlib import Path

import structlog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402 - settings come first

from haishi.config.demo.keys import key_of  # noqa: E402
from haishi.config.demo.load.lives import (  # noqa: E402
    LANTERN,
    OVER,
    REPLAY_SECONDS,
    STREET,
    TIDE,
)
from haishi.foundation.service import service  # noqa: E402
from haishi.live.models import LiveSession, Recording  # noqa: E402
from haishi.live.services.reports import keep  # noqa: E402
from haishi.live.states import Ending, LiveState, RecordingState, Replay  # noqa: E402
from origin.bus import Feed, Message  # noqa: E402
from origin.loops import Clip, Loop  # noqa: E402
from origin.packager import Packager  # noqa: E402
from origin.recorder import Recorder  # noqa: E402
from origin.rtmp.publisher import Publisher, Rejected  # noqa: E402
from origin.synthetic import WALK, prepare, scene  # noqa: E402

log = structlog.get_logger("haishi.demo")
# (session, camera, scene): the walk's cameras run on one clock.
PLACES = (
    (TIDE, 1, "tide"),
    (LANTERN, 1, "lantern"),
    *((STREET, number, name) for number, name in enumerate(WALK, 1)),
)
TICK, AGAIN, LOOK = 0.05, 3.0, 30.0
MOST_UNSENT = 2_000_000


async def keep_on_air(session: str, number: int, clip: Clip, began: float) -> None:
    """Publish one camera, again and again until cancelled."""
    clock = asyncio.get_running_loop().time
    while True:
        try:
            publisher = await Publisher.connect(
                "127.0.0.1", settings.RTMP_PORT, key_of(session, number)
            )
        except Rejected as refused:
            log.info("demo.refused", session=session, camera=number, code=refused.code)
            await asyncio.sleep(AGAIN)
            continue
        loop = Loop(clip, publisher.send)
        # All cameras of a scene begin at the same moment of its clock.
        loop.start(began + (clock() - began) // (clip.length / 1000) * (clip.length / 1000))
        try:
            while not publisher.ended.done():
                if publisher.unsent < MOST_UNSENT:
                    loop.tick(clock())
                await asyncio.sleep(TICK)
        finally:
            await publisher.close()
        await asyncio.sleep(AGAIN)


def record(folder: Path, clip: Clip, at: dt.datetime) -> float:
    """Write `REPLAY_SECONDS` of a clip as the origin records; returns the seconds kept."""
    kept: list[float] = []
    recorder = Recorder(
        folder, 0, at.timestamp, lambda _code, _name, seconds: kept.append(seconds), lambda: 0.0
    )
    packager = Packager(recorder)
    feed = Feed("demo/programme")
    feed.listen(packager.push)
    loop = Loop(clip, lambda kind, ms, payload: feed.push(Message(kind, ms, payload)))
    loop.start(0.0)
    for second in range(1, REPLAY_SECONDS + 1):
        loop.tick(float(second))
    recorder.finish()
    return kept[-1] if kept else 0.0


def record_past(scenes: Path, recordings: Path) -> int:
    """Make the recordings that are missing, and publish these replays; returns how many."""
    made = 0
    for address, name, *_words in OVER:
        session = LiveSession.objects.filter(public_id=address).first()
        if session is None or session.opened_at is None or session.recordings.exists():
            continue
        seconds = record(recordings / address, scene(name).clip(scenes), session.opened_at)
        if seconds:
            _published(session.pk, seconds)
            made += 1
    return made


@service
def _published(live_id: int, seconds: float) -> None:
    session = LiveSession.objects.select_for_update().get(pk=live_id)
    assert session.opened_at is not None
    Recording.objects.create(
        session=session,
        name="001.mp4",
        state=RecordingState.FINISHED,
        started_at=session.opened_at,
        seconds=seconds,
    )
    keep(session)
    session.replay, session.replay_published_at = Replay.PUBLISHED, session.ended_at
    session.save(update_fields=["replay", "replay_published_at", "updated_at"])


@service
def revive() -> int:
    """Demo lives that ended because nobody published for long go on; returns how many."""
    names = {session for session, _number, _scene in PLACES}
    rows = LiveSession.objects.select_for_update().filter(
        public_id__in=names, state=LiveState.ENDED, ending=Ending.SIGNAL, armed_gear=0
    )
    done = 0
    for session in rows:
        session.state, session.ending, session.ended_at = LiveState.GONE, "", None
        session.gear += 1
        session.save()
        done += 1
    return done


async def run() -> None:
    """Until SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    folder = Path(settings.HAISHI_HOME) / "live"
    scenes = folder / "synthetic"
    drawing = asyncio.create_task(prepare(scenes))
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({drawing, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        drawing.cancel()
        await asyncio.gather(drawing, return_exceptions=True)
        return
    drawing.result()
    await asyncio.to_thread(record_past, scenes, folder / "recordings")
    began = asyncio.get_running_loop().time()
    tasks = [
        asyncio.create_task(keep_on_air(session, number, scene(name).clip(scenes), began))
        for session, number, name in PLACES
    ]
    while not stop.is_set():
        await asyncio.to_thread(revive)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(run())
    sys.exit(0)
