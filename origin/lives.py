"""All armed sessions."""

import asyncio
from collections.abc import Callable

from origin.inputs import Change, Inputs
from origin.metrics import Row
from origin.sessions import House, Live, Maker, Unknown
from wire.live import Session

# A session that is over is forgotten a day after its time, if the house does not say so before.
FORGET_SECONDS = 86_400.0


class Lives:
    """All armed sessions. `keep` is called after each change of what must outlive a restart."""

    def __init__(
        self, inputs: Inputs, house: House, maker: Maker, keep: Callable[[], None]
    ) -> None:
        self.inputs, self.house, self._maker, self.keep = inputs, house, maker, keep
        self._lives: dict[str, Live] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def find(self, session: str) -> Live | None:
        """By id."""
        return self._lives.get(session)

    def get(self, session: str) -> Live:
        """By id. Raises Unknown."""
        found = self._lives.get(session)
        if found is None:
            raise Unknown("session")
        return found

    def all(self) -> list[Live]:
        """By id, in order."""
        return [self._lives[name] for name in sorted(self._lives)]

    def arm(self, session: Session) -> Live:
        """Arm, or bring up to date. Raises ValueError, and changes nothing, when it makes no sense.

        A session that was ended stays so: it takes another id to begin again.
        """
        live = self._lives.get(session.id)
        if live is not None and live.over:
            return live
        cameras = self.inputs.arm(session)
        if live is None:
            live = self._lives[session.id] = Live(session, cameras, self.house, self._maker)
            live.tick_second()
        else:
            live.renew(session, cameras)
        self.keep()
        return live

    def restore(self, session: Session, wanted: int | None, *, over: bool) -> None:
        """Armed before a restart. Raises ValueError as `arm` does."""
        cameras = {} if over else self.inputs.arm(session)
        self.house.archive.mend(session.id)
        live = self._lives[session.id] = Live(session, cameras, self.house, self._maker)
        live.wanted, live.over = wanted, over
        if over:
            live.state = "ended"

    def disarm(self, session: str) -> None:
        """Forget a session; its recordings stay. Raises Unknown."""
        live = self.get(session)
        self.end(session)
        del self._lives[session]
        self._leaving = {each for each in self._leaving if not each.done()}
        self._leaving.add(asyncio.create_task(live.close()))
        self.keep()

    def end(self, session: str) -> Live:
        """End it for good: publishers are sent away, the recording is finished. Raises Unknown."""
        live = self.get(session)
        if not live.over:
            live.end(for_good=True)
            self.inputs.disarm(session)
            self.keep()
        return live

    def changed(self, session: str, camera: int, state: Change, code: str) -> None:
        """What `Inputs` tells."""
        live = self._lives.get(session)
        if live is not None:
            live.camera_changed(camera, state, code)
        if state in ("live", "ended"):
            self.keep()

    def tick(self) -> None:
        """Some twenty times a second."""
        for live in self._lives.values():
            live.tick()

    def tick_second(self) -> None:
        """Once a second.

        What is over ends before its cameras do: no slate shall be the last of a recording.
        """
        for live in list(self._lives.values()):
            over = live.over
            live.tick_second()
            if live.over and not over:
                self.inputs.disarm(live.session.id)
                self.keep()
            if live.over and self.house.now() > live.session.closes_at + FORGET_SECONDS:
                self.disarm(live.session.id)
        self.inputs.tick(self.house.now())

    async def close(self) -> None:
        """The process stops; no child is left."""
        await asyncio.gather(*(live.close() for live in self._lives.values()), *self._leaving)

    def gauges(self) -> list[Row]:
        """For /metrics."""
        states: dict[str, int] = {}
        networks: dict[str, int] = {}
        waiting = flv = 0
        for live in self._lives.values():
            states[live.state] = states.get(live.state, 0) + 1
            if live.programme is None:
                continue
            waiting += live.programme.stream.ring.waiting
            flv += len(live.programme.stream.flv)
            for target in live.programme.restreams.statuses():
                state = target.state
                networks[state] = networks.get(state, 0) + 1
        return [
            *(("sessions", {"state": state}, count) for state, count in states.items()),
            *(("restreams", {"state": state}, count) for state, count in networks.items()),
            ("viewers", {}, sum(self.house.watchers.count(name) for name in self._lives)),
            ("waiting_requests", {}, waiting),
            ("flv_viewers", {}, flv),
            ("publishers", {}, sum(place.taken for place in self.inputs)),
            ("events_waiting", {}, self.house.reports.waiting),
        ]
