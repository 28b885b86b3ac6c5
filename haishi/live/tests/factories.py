"""The least valid live sessions, and an engine that writes down what it is asked."""

import datetime as dt
from typing import Any

import factory

from haishi.expo.tests.factories import EditionFactory, ShownExhibitorFactory
from haishi.foundation import clock
from haishi.live.engines.base import File, Ingest, Place, Unreachable, Unwilling, srt_address
from haishi.live.models import Camera, LiveSession
from haishi.live.types import Source
from wire.live import Session, Status, hash_key


class LiveFactory(factory.django.DjangoModelFactory):
    """Planned for in an hour, at a shown booth."""

    class Meta:
        model = LiveSession
        skip_postgeneration_save = True

    exhibitor = factory.SubFactory(ShownExhibitorFactory)
    edition = factory.SelfAttribute("exhibitor.edition")
    title = "青瓷开窑"
    title_en = "Opening the celadon kiln"
    state = "scheduled"
    starts_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(hours=1))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + dt.timedelta(hours=1))

    @factory.post_generation
    def cameras(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for number in range(1, (extracted or 1) + 1):
            Camera.objects.create(
                session=self,
                number=number,
                label=f"机位{number}",
                key_hash=hash_key(f"{self.pk}/{number}"),
            )


class OnAirFactory(LiveFactory):
    """On air since half an hour."""

    state = "live"
    starts_at = factory.LazyFunction(lambda: clock.now() - dt.timedelta(minutes=30))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + dt.timedelta(hours=2))
    began_at = factory.SelfAttribute("starts_at")
    opened_at = factory.SelfAttribute("starts_at")
    since = factory.SelfAttribute("starts_at")
    armed_gear = 1


class OrganisersFactory(LiveFactory):
    """Of the organiser itself."""

    exhibitor = None
    edition = factory.SubFactory(EditionFactory)


class FakeEngine:
    """Keeps what it is told; `down` or `refuses` make it fail."""

    name = "own"
    cuts = restreams = True

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.armed: dict[str, Session] = {}
        self.statuses: list[Status] = []
        self.files: list[File] = []
        self.down = False
        self.refuses = ""

    def _hear(self, *call: Any) -> None:
        self.calls.append(call)
        if self.down:
            raise Unreachable("down")
        if self.refuses:
            raise Unwilling(self.refuses)

    def arm(self, session: Session) -> None:
        self._hear("arm", session.id)
        self.armed[session.id] = session

    def disarm(self, session_id: str) -> None:
        self._hear("disarm", session_id)
        self.armed.pop(session_id, None)

    def status(self) -> list[Status]:
        self._hear("status")
        return self.statuses

    def cut(self, session_id: str, camera: int) -> None:
        self._hear("cut", session_id, camera)

    def kick(self, session_id: str, camera: int) -> None:
        self._hear("kick", session_id, camera)

    def push(self, session_id: str, target_id: str, wanted: bool) -> None:
        self._hear("push", session_id, target_id, wanted)

    def end(self, session_id: str) -> None:
        self._hear("end", session_id)

    def recordings(self, session_id: str) -> list[File]:
        self._hear("recordings", session_id)
        return self.files

    def erase(self, session_id: str) -> None:
        self._hear("erase", session_id)

    def ingest(self, place: Place, key: str, host: str) -> Ingest:
        srt = srt_address("origin.example", place.srt_port, key) if place.srt_port else ""
        return Ingest("rtmp://origin.example/live", key, srt=srt)

    def playback(self, session_id: str, stream: str, token: str, host: str) -> list[Source]:
        return [Source("ll-hls", f"http://origin.example/live/{session_id}/{stream}?w={token}")]

    def replay(self, session_id: str, name: str, token: str, host: str) -> tuple[str, str]:
        base = f"http://origin.example/recordings/{session_id}"
        return f"{base}/{name}?w={token}", f"{base}/index.m3u8?w={token}"
