"""The programme of a session from first picture to end: mixed, packed, recorded, sent on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from origin.bus import Feed
from origin.delay import Delay
from origin.director import Director
from origin.recorder import Recorder
from origin.streams import Stream
from wire.live import Target, TargetStatus


class Restream(Protocol):
    """One other network: `origin.restream`."""

    def status(self) -> TargetStatus:
        """How it does."""

    def want(self, wanted: bool) -> None:
        """Start or stop it."""

    def close(self) -> None:
        """Stop for good."""


@dataclass
class Programme:
    """The director makes a feed, `shown` is that feed after its delay: what viewers see."""

    director: Director
    shown: Delay
    stream: Stream
    recorder: Recorder | None
    make_restream: Callable[[Target, Feed], Restream]
    restreams: dict[str, tuple[Target, Restream]] = field(default_factory=dict)

    @property
    def began_at(self) -> float:
        """The first picture, in seconds since 1970; 0.0 before it."""
        return self.stream.ring.began_at

    def tick(self) -> None:
        """Some twenty times a second."""
        self.director.tick()
        self.shown.tick()

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
        self.director.close()
        self.shown.close()
        for _target, restream in self.restreams.values():
            restream.close()
        self.stream.end()
        self.stream.stop()
        if self.recorder is not None:
            self.recorder.finish()
