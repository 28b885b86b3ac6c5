"""The programme of a session from first picture to end: mixed, packed, recorded, sent on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from origin.bus import Feed
from origin.recorder import Recorder
from origin.streams import Stream
from wire.live import State, Target, TargetStatus


class Mixer(Protocol):
    """What makes one feed of several cameras: `origin.director`. `source` 0: the slate."""

    source: int
    wanted: int | None

    def attach(self, number: int, feed: Feed) -> None:
        """One more camera."""

    def detach(self, number: int) -> None:
        """One camera less."""

    def cut(self, camera: int) -> None:
        """Show this camera."""

    def camera_state(self, number: int, state: State) -> None:
        """What the inputs know of a camera."""

    def tick(self) -> None:
        """Some twenty times a second."""

    def close(self) -> None:
        """Say nothing more."""


class Restream(Protocol):
    """One other network: `origin.restream`."""

    def status(self) -> TargetStatus:
        """How it does."""

    def want(self, wanted: bool) -> None:
        """Start or stop it."""

    def close(self) -> None:
        """Stop for good."""


class Later(Protocol):
    """Holds a feed back: `origin.delay`."""

    feed: Feed

    def set(self, seconds: float) -> None:
        """Another delay."""

    def tick(self) -> None:
        """Give out what is due; some twenty times a second."""

    def close(self) -> None:
        """Forget what is held."""


@dataclass
class Programme:
    """`feed` is what the mixer makes; `stream` packs it, after its delay if there is one."""

    feed: Feed
    mixer: Mixer
    later: Later | None
    stream: Stream
    recorder: Recorder | None
    make_restream: Callable[[Target, Feed], Restream]
    restreams: dict[str, tuple[Target, Restream]]

    @property
    def shown(self) -> Feed:
        """What viewers see, and other networks get."""
        return self.later.feed if self.later else self.feed

    @property
    def began_at(self) -> float:
        """The first picture, in seconds since 1970; 0.0 before it."""
        return self.stream.ring.began_at

    def tick(self) -> None:
        """Some twenty times a second."""
        self.mixer.tick()
        if self.later is not None:
            self.later.tick()

    def aim(self, targets: list[Target]) -> None:
        """Send to these networks and to no others; what stays the same goes on undisturbed."""
        wanted = {target.id: target for target in targets}
        for name in [name for name in self.restreams if name not in wanted]:
            self.restreams.pop(name)[1].close()
        for name, target in wanted.items():
            known = self.restreams.get(name)
            if known is not None and known[0].url == target.url:
                if known[0].wanted != target.wanted:
                    known[1].want(target.wanted)
                self.restreams[name] = target, known[1]
                continue
            if known is not None:
                known[1].close()
            self.restreams[name] = target, self.make_restream(target, self.shown)

    def close(self) -> None:
        """The end: playlists are closed, the recording is finished, other networks are left."""
        self.mixer.close()
        if self.later is not None:
            self.later.close()
        for _target, restream in self.restreams.values():
            restream.close()
        self.stream.end()
        self.stream.stop()
        if self.recorder is not None:
            self.recorder.finish()
