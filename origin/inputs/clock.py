"""From a publisher's time stamps to the feed's."""

from origin.bus import AUDIO, VIDEO


class Clock:
    """Milliseconds that only grow, whatever the publisher's clock does.

    A publisher's clock is 32 bits wide and may wrap, begin anywhere, or jump; after a reconnect
    it is another clock. Sound and picture share one offset, so their distance is kept.
    """

    # Milliseconds: back by more, or forward by more than really passed, is a jump.
    BACK, FORWARD = 500, 3_000

    def __init__(self) -> None:
        self.last = -1
        self._of_kind = {AUDIO: -1, VIDEO: -1}
        # The kinds that this connection has sent, and their last times.
        self._here: dict[int, int] = {}
        self._raw: int | None = None
        self._offset = 0
        self._former: int | None = None
        self._heard = 0.0

    def restart(self) -> None:
        """Another connection: its first message goes on where the feed would be by now."""
        self._raw = self._former = None
        self._here.clear()

    def turn(self, kind: int, stamp: int, now: float) -> tuple[int, bool]:
        """The feed's time of a message with this stamp (32 bits), and whether the clock jumped.

        Strictly growing for each kind. `now`: seconds.
        """
        passed = max(0, round((now - self._heard) * 1000)) if self.last >= 0 else 0
        self._heard = now
        jumped = False
        if self._raw is None:
            self._raw = stamp
            self._offset = self.last + 1 + passed - stamp
        else:
            # The nearest number that ends in these 32 bits.
            self._raw += ((stamp - self._raw + 0x80000000) & 0xFFFFFFFF) - 0x80000000
            if not self._fits(kind, self._offset, passed):
                jumped = self._jump(kind, passed)
        at = max(self._raw + self._offset, self._of_kind[kind] + 1)
        self._here[kind] = self._of_kind[kind] = at
        if at > self.last:
            self.last = at
        return at, jumped

    def _fits(self, kind: int, offset: int, passed: int) -> bool:
        """Whether the stamp, so moved, is a time that this kind can have now."""
        assert self._raw is not None
        at = self._raw + offset
        earliest = self._here[kind] - self.BACK if kind in self._here else self.last - self.FORWARD
        return earliest <= at <= self.last + self.FORWARD + passed

    def _jump(self, kind: int, passed: int) -> bool:
        """Find another offset; false when the former one will do.

        Sound and picture are delayed differently inside an encoder, so for a while after a jump
        one of them still comes with the old clock.
        """
        assert self._raw is not None
        if self._former is not None and self._fits(kind, self._former, passed):
            self._offset, self._former = self._former, self._offset
            return False
        self._former, self._offset = self._offset, self.last + max(1, passed) - self._raw
        return True
