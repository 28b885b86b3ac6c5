"""The programme of a session from first picture to end: mixed, packed, recorded, sent on."""

import asyncio
from dataclasses import dataclass

from origin.delay import Delay
from origin.director import Director
from origin.recorder import Recorder
from origin.restream import Restreams
from origin.streams import Stream


@dataclass
class Programme:
    """The director makes a feed, `shown` is that feed after its delay: what viewers see."""

    director: Director
    shown: Delay
    stream: Stream
    recorder: Recorder | None
    restreams: Restreams

    @property
    def began_at(self) -> float:
        """The first picture, in seconds since 1970; 0.0 before it."""
        return self.stream.ring.began_at

    def tick(self) -> None:
        """Some twenty times a second."""
        self.director.tick()
        self.shown.tick()

    def close(self, *, for_good: bool = True) -> "asyncio.Task[None]":
        """The end: the recording is finished, other networks are left, playlists say so.

        Not `for_good`: this process alone ends. Children are gone when the task is done.
        """
        self.director.close()
        self.shown.close()
        self.stream.end(for_good=for_good)
        if self.recorder is not None:
            self.recorder.finish()
        return asyncio.create_task(self.restreams.close())
