"""What viewers see while no camera lives: a quiet moving card with the session's title."""

from origin.bus import AUDIO, Feed, Message
from origin.loops import Clip, Loop

SOUND_RATE, SAMPLES = 48_000, 1_024


class Slate:
    """A loop with a feed of its own. It speaks between `start` and `stop`, when `tick`ed.

    `sound`, `silence`: the header of its AAC and a frame of nothing, for cameras without sound.
    """

    def __init__(self, session_id: str, clip: Clip) -> None:
        self.feed = Feed(f"{session_id}/slate")
        self.silence = clip.silence()
        self.sound = next(one for one in clip.headers if one.kind == AUDIO)
        self._loop = Loop(clip, lambda kind, at, body: self.feed.push(Message(kind, at, body)))

    def start(self, now: float) -> None:
        """Begin at the first picture, at once. `now`: seconds of a steady clock."""
        self._loop.start(now)

    def tick(self, now: float) -> None:
        """Give what is due."""
        self._loop.tick(now)

    def stop(self) -> None:
        """Say nothing more."""
        self._loop.stop()
