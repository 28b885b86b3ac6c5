"""Delay mode: what viewers see comes some seconds later, so that a moderator can act before them.

Times inside the messages stay as they are: they are the programme's, and a recording or a danmaku
placed by them stays right. Only when they are told changes.
"""

from collections import deque
from collections.abc import Callable

from origin.bus import Feed, Message

# Two minutes of 4 Mbit/s. What comes beyond it is left out up to a key frame for which there is
# room: nothing is ever shown too early.
MOST_HELD = 64 << 20


class Delay(Feed):
    """A feed that tells another feed's messages `seconds` later; its owner `tick`s it.

    `now`: a steady clock in seconds. `dropped` counts the messages given up for want of room or
    thrown away by `discard`. With no delay messages pass at once, without waiting for a tick.
    """

    def __init__(
        self, name: str, source: Feed, seconds: float, now: Callable[[], float],
        most: int = MOST_HELD,
    ) -> None:  # fmt: skip
        super().__init__(name)
        self.seconds, self.held, self.dropped = max(0.0, seconds), 0, 0
        self._now, self._most = now, most
        self._waiting: deque[tuple[float, Message]] = deque()
        # `_full`: nothing is taken in before a key frame; `_broken`: nothing told before one.
        self._full = self._broken = False
        self._leave = source.listen(self._take)

    def change(self, seconds: float) -> None:
        """Another delay, while live: longer, and viewers wait once; shorter, and they get at once
        what is now old enough."""
        self.seconds = max(0.0, seconds)
        self.tick()

    def tick(self) -> None:
        """Tell what has waited long enough."""
        until = self._now() - self.seconds
        while self._waiting and self._waiting[0][0] <= until:
            self._tell(self._pop())

    def discard(self) -> None:
        """Nobody shall see what is held back: the next thing told is a later key frame."""
        while self._waiting:
            self._give_up(self._pop())
        self._broken = True

    def close(self) -> None:
        """Hear and say nothing more; what is held is not told."""
        self._leave()
        self._waiting.clear()
        self.held = 0

    def _take(self, message: Message) -> None:
        size = len(message.payload)
        if not message.is_header:
            self._full = self.held + size > self._most or (self._full and not message.is_key)
            if self._full:
                self.dropped += 1
                return
        self._waiting.append((self._now(), message))
        self.held += size
        self.tick()

    def _pop(self) -> Message:
        _came, message = self._waiting.popleft()
        self.held -= len(message.payload)
        return message

    def _give_up(self, message: Message) -> None:
        """Headers are needed by what comes after."""
        if message.is_header:
            self.push(message)
        else:
            self.dropped += 1

    def _tell(self, message: Message) -> None:
        if self._broken and not message.is_header:
            if not message.is_key:
                self.dropped += 1
                return
            self._broken = False
        self.push(message)
