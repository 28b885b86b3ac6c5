"""One armed session: its cameras, its programme, its viewers, one state for the house."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec

from origin.director import NotLive
from origin.inputs import Change, Input
from origin.metrics import Metrics
from origin.programme import Programme
from origin.recorder import Archive
from origin.reports import Reports
from origin.settings import Settings
from origin.streams import Stream
from origin.watchers import Watchers
from wire.live import PROGRAMME, Session, State, Status, TargetStatus

log = logging.getLogger("origin")
# A camera's own stream is packed while somebody watches it, and for so long after.
UNWATCHED_SECONDS = 30.0
_SHOWN = ("live", "degraded")


class Unknown(LookupError):
    """No such session, camera or target."""


class Over(Exception):
    """The session has ended: nothing can be ordered any more."""


class Maker(Protocol):
    """Makes what a session needs; see `origin.assembly`."""

    async def programme(self, live: "Live") -> Programme:
        """A programme that waits for its first picture."""

    def dress(self, live: "Live") -> None:
        """The session has another title."""


@dataclass(frozen=True)
class House:
    """What all sessions share. `now`: seconds since 1970 by a clock that does not step."""

    settings: Settings
    now: Callable[[], float]
    watchers: Watchers
    archive: Archive
    reports: Reports
    metrics: Metrics


class Live:
    """One armed session. `wanted`: the camera that the house ordered last, for a restart."""

    def __init__(
        self, session: Session, cameras: Mapping[int, Input], house: House, maker: Maker
    ) -> None:
        self.session, self.cameras = session, cameras
        self.house, self._maker = house, maker
        self.programme: Programme | None = None
        self.wanted: int | None = None
        self.state: State = "idle"
        self.since = house.now()
        self.over = False
        self._streams: dict[int, Stream] = {}
        self._making: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._alone_since: float | None = None

    # For viewers.

    @property
    def flv(self) -> bool:
        """FLV is allowed."""
        return self.session.flv

    def stream(self, name: str, *, private: bool) -> Stream | None:
        """A stream that may be watched; `private`: by its hosts, who see every camera."""
        if name == PROGRAMME:
            return self.programme.stream if self.programme else None
        number = int(name)
        place = self.cameras.get(number)
        if place is None or not (private or place.camera.angle):
            return None
        if number not in self._streams:
            window = self.house.settings.window
            self._streams[number] = Stream(place.feed, self.house.now, window)
        return self._streams[number]

    # Orders.

    def renew(self, session: Session, cameras: Mapping[int, Input]) -> None:
        """Armed again, perhaps with changes."""
        former, self.session, self.cameras = self.session, session, cameras
        for number in [number for number in self._streams if number not in cameras]:
            self._streams.pop(number).stop()
        programme = self.programme
        if programme is None or self.over:
            return
        numbers = {camera.number for camera in former.cameras}
        for number in numbers - set(cameras):
            programme.director.detach(number)
        for number in set(cameras) - numbers:
            programme.director.attach(number, cameras[number].feed)
        programme.restreams.arm(session.targets)
        programme.shown.change(session.delay)
        if (session.slate, session.title) != (former.slate, former.title):
            self._maker.dress(self)

    def cut(self, camera: int) -> None:
        """Show a camera. Raises Over, Unknown, and what the director raises."""
        programme = self._running()
        if camera and camera not in self.cameras:
            raise Unknown("camera")
        programme.director.cut(camera)
        self.wanted = camera

    def kick(self, camera: int) -> None:
        """Send a publisher away. Raises Unknown."""
        place = self.cameras.get(camera)
        if place is None:
            raise Unknown("camera")
        place.kick("kicked")

    def aim(self, target: str, wanted: bool) -> None:
        """Start or stop one other network. Raises Over, Unknown."""
        programme = self._running()
        if all(each.id != target for each in self.session.targets):
            raise Unknown("target")
        turned = [
            msgspec.structs.replace(each, wanted=wanted) if each.id == target else each
            for each in self.session.targets
        ]
        self.session = msgspec.structs.replace(self.session, targets=turned)
        programme.restreams.arm(turned)

    def _running(self) -> Programme:
        if self.over:
            raise Over
        if self.programme is None:
            raise NotLive("no programme yet")
        return self.programme

    def begin(self) -> None:
        """Make a programme, unless there is one or one is being made."""
        if self._making is None and self.programme is None and not self.over:
            self._making = asyncio.create_task(self._make())

    async def _make(self) -> None:
        try:
            programme = await self._maker.programme(self)
            if self.over:
                self._leave(programme)
                return
            self.programme = programme
            programme.restreams.arm(self.session.targets)
        except Exception:
            log.exception("session %s has no programme", self.session.id)
        finally:
            self._making = None

    def end(self, *, for_good: bool) -> None:
        """Close the programme. `for_good`: by order or clock, else until a camera is back."""
        self.over = self.over or for_good
        programme = self.programme
        if programme is not None and not for_good and not programme.began_at:
            return
        if programme is not None:
            self._leave(programme)
        self.house.archive.growing.discard(self.session.id)
        self._become("ended")

    def _leave(self, programme: Programme, *, for_good: bool = True) -> None:
        """What a closed programme still has to do; nobody waits for it but `close`."""
        self._leaving = {each for each in self._leaving if not each.done()}
        self._leaving.add(programme.close(for_good=for_good))

    async def close(self) -> None:
        """The process stops: the recording is finished, states stay as they were told."""
        if self.programme is not None and self.state != "ended":
            self._leave(self.programme, for_good=False)
        if self._making is not None:
            self._making.cancel()
        for stream in self._streams.values():
            stream.stop()
        await asyncio.gather(*self._leaving, return_exceptions=True)

    # What happens.

    def camera_changed(self, camera: int, state: Change, code: str) -> None:
        """A camera of this session has another state."""
        if state != "idle":
            self.house.reports.tell(self.session.id, state, camera=camera, code=code)
        if state == "refused":
            return
        if self.state == "ended" and not self.over and state == "live":
            # Back after the end: a programme of its own, so that nobody waits for the old one.
            self.programme = None
            self.begin()
        if self.programme is not None and self.state != "ended":
            self.programme.director.camera_state(camera, state)
        self.judge()

    def source_changed(self, source: int) -> None:
        """The programme shows another camera, or the slate."""
        self.house.reports.tell(self.session.id, "cut", code=str(source))
        self.judge()

    def tick(self) -> None:
        """Some twenty times a second."""
        if self.programme is not None and self.state != "ended":
            self.programme.tick()

    def tick_second(self) -> None:
        """Once a second: end what is over, stop what nobody watches, look at the state."""
        now = self.house.now()
        for number, stream in list(self._streams.items()):
            if now - stream.touched > UNWATCHED_SECONDS and not stream.flv:
                stream.stop()
                del self._streams[number]
        if not self.over and now >= self.session.closes_at:
            self.end(for_good=True)
            return
        if not self.over and now >= self.session.opens_at - 60 and self.state != "ended":
            self.begin()
        self.judge()

    def judge(self) -> None:
        """Find the state of the whole session from the programme and its cameras."""
        if self.state == "ended" and (self.over or self.programme is None or self._closed()):
            return
        now = self.house.now()
        if self._alone(now):
            self.end(for_good=False)
            return
        self._become(self._judge())

    def _closed(self) -> bool:
        return self.programme is not None and self.programme.stream.ring.ended

    def _alone(self, now: float) -> bool:
        """No camera has been there for as long as the session's grace."""
        began = self.programme is not None and self.programme.began_at
        here = ("connecting", *_SHOWN)
        if not began or any(place.state in here for place in self.cameras.values()):
            self._alone_since = None
            return False
        if self._alone_since is None:
            self._alone_since = now
        return now - self._alone_since >= self.session.grace

    def _judge(self) -> State:
        programme = self.programme
        states = {number: place.state for number, place in self.cameras.items()}
        if programme is not None and programme.began_at:
            if programme.director.source:
                return "degraded" if states.get(programme.director.source) == "degraded" else "live"
            # The slate: by order while a camera lives, else because all are gone.
            return "live" if any(state in _SHOWN for state in states.values()) else "gone"
        here = any(state in ("connecting", *_SHOWN) for state in states.values())
        return "connecting" if here else "idle"

    def _become(self, state: State) -> None:
        if state == self.state:
            return
        self.state, self.since = state, self.house.now()
        if state != "idle":
            self.house.reports.tell(self.session.id, state)

    def recording_told(self, code: str, name: str, seconds: float) -> None:
        """The recorder has finished a file, or could not go on."""
        self.house.metrics.count("recordings", code=code)
        if code != "resumed":
            self.house.reports.tell(
                self.session.id, "recording", code=code, name=name, seconds=round(seconds, 3)
            )

    def target_changed(self, target: TargetStatus) -> None:
        """Another network has another state."""
        self.house.reports.tell(self.session.id, "target", name=target.id, code=target.state)

    def status(self) -> Status:
        """All of it at this moment."""
        programme, session = self.programme, self.session
        recorder = programme.recorder if programme else None
        return Status(
            id=session.id,
            state=self.state,
            since=self.since,
            source=programme.director.source if programme else 0,
            began_at=programme.began_at if programme else 0.0,
            viewers=self.house.watchers.count(session.id),
            cameras=[place.status() for _number, place in sorted(self.cameras.items())],
            targets=programme.restreams.statuses() if programme else [],
            recorded_seconds=round(self.house.archive.seconds(session.id), 3),
            recording_error=recorder.error if recorder else "",
        )
