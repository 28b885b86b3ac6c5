"""What a stream really is, measured while it passes: picture size, rates, key frames, troubles.

Picture size from the sequence parameter set: ITU-T H.264 (08/2021) 7.3.2.1.1, Exp-Golomb codes 9.1;
configuration records: ISO/IEC 14496-15 5.3.3.1 (AVC), 14496-3 1.6.2.1 (AAC).
"""

from typing import NamedTuple

# Rates are taken over this many whole seconds of arrival.
WINDOW = 5
# Nobody should wait longer than this for a picture after a cut (seconds between key frames).
LONG_GOP = 4.0
# Fewer bits per pixel than this look broken, whatever is shown.
POOR_BITS = 0.01
# Arrivals further apart than this, or a stream clock this far behind ours, are unsteady (seconds).
LATE = 1.0
# How long a warning of something that happened once stays (seconds).
REMEMBERED = 60.0
# Profiles whose sets carry chroma format and depth (7.3.2.1.1).
_HIGH = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
_MOST_SIDE = 16_384


class Unreadable(ValueError):
    """Not a configuration that a player could use."""


class Sps(NamedTuple):
    """Pixels as shown (cropped); `chroma` 1 is 4:2:0, `depth` bits per sample."""

    width: int
    height: int
    profile: int
    level: int
    chroma: int
    depth: int


class _Bits:
    """Bits of a raw byte sequence payload, first bit first."""

    def __init__(self, raw: bytes) -> None:
        self._value, self._left = int.from_bytes(raw, "big"), len(raw) * 8

    def take(self, count: int) -> int:
        """The next bits as an unsigned number."""
        self._left -= count
        if self._left < 0:
            raise Unreadable("parameter set ends early")
        return (self._value >> self._left) & ((1 << count) - 1)

    def number(self) -> int:
        """ue(v): unsigned Exp-Golomb."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 32:
                raise Unreadable("number too long")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """se(v): signed Exp-Golomb."""
        code = self.number()
        return (code + 1) // 2 if code & 1 else -(code // 2)


def read_sps(unit: bytes) -> Sps:
    """What a sequence parameter set says of the picture. Raises Unreadable."""
    if len(unit) < 4 or unit[0] & 31 != 7:
        raise Unreadable("not a sequence parameter set")
    # Emulation prevention (7.4.1): 00 00 03 stands for 00 00. What matters comes early.
    bits = _Bits(unit[1:1024].replace(b"\0\0\3", b"\0\0"))
    profile, _, level = bits.take(8), bits.take(8), bits.take(8)
    bits.number()
    chroma, depth = _colour(bits) if profile in _HIGH else (1, 8)
    bits.number()
    _skip_order(bits)
    bits.number()
    bits.take(1)
    columns, rows = bits.number() + 1, bits.number() + 1
    frames_only = bits.take(1)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    width, height = columns * 16, rows * 16 * (2 - frames_only)
    if bits.take(1):
        left, right, top, bottom = (bits.number() for _ in range(4))
        across, down = (2 if chroma in (1, 2) else 1), (2 if chroma == 1 else 1)
        width -= across * (left + right)
        height -= down * (2 - frames_only) * (top + bottom)
    if not (0 < width <= _MOST_SIDE and 0 < height <= _MOST_SIDE):
        raise Unreadable("picture size")
    return Sps(width, height, profile, level, chroma, depth)


def _colour(bits: _Bits) -> tuple[int, int]:
    """Chroma format and depth; leaves the scaling lists behind."""
    chroma = bits.number()
    if chroma > 3:
        raise Unreadable("chroma format")
    separate = bits.take(1) if chroma == 3 else 0
    depth = 8 + bits.number()
    bits.number()
    bits.take(1)
    if bits.take(1):
        for index in range(12 if chroma == 3 else 8):
            if bits.take(1):
                _skip_scaling(bits, 16 if index < 6 else 64)
    return (0 if separate else chroma), depth


def _skip_scaling(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) & 255
        last = following or last


def _skip_order(bits: _Bits) -> None:
    """Picture order count."""
    kind = bits.number()
    if kind == 0:
        bits.number()
    elif kind == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        cycle = bits.number()
        if cycle > 255:
            raise Unreadable("picture order")
        for _ in range(cycle):
            bits.signed()
    elif kind > 2:
        raise Unreadable("picture order")


def read_avc(payload: bytes) -> Sps:
    """The picture of an AVC sequence header (an FLV video tag's body). Raises Unreadable."""
    record = payload[5:]
    if len(record) < 8 or record[0] != 1 or not record[5] & 31:
        raise Unreadable("configuration record")
    size = int.from_bytes(record[6:8], "big")
    if len(record) < 8 + size:
        raise Unreadable("configuration record ends early")
    return read_sps(record[8 : 8 + size])


def read_aac(payload: bytes) -> int:
    """The audio object type of an AAC sequence header (2: LC, 5 and 29: HE). Raises Unreadable."""
    if len(payload) < 4:
        raise Unreadable("audio configuration")
    return payload[2] >> 3


class Measures:
    """One publisher's figures. Costs the same for each message, however long the stream.

    Times are seconds of the owner's clock (`now`) or milliseconds of the feed (`at`).
    """

    def __init__(self, now: float) -> None:
        self.width = self.height = 0
        # Both from the first picture on: how long an encoder prepares says nothing of the stream.
        self._began = self._heard = float("inf")
        self._second = int(now)
        # Per second of arrival, a ring: bytes, pictures, longest silence, last time of the feed.
        self._bytes, self._pictures = [0] * (WINDOW + 1), [0] * (WINDOW + 1)
        self._silence = [0.0] * (WINDOW + 1)
        self._at: list[int | None] = [None] * (WINDOW + 1)
        self._key_at: int | None = None
        self._gop = 0.0
        self._last_at: int | None = None
        self._audio = now - 2 * WINDOW
        self._happened: dict[str, float] = {}

    def resized(self, width: int, height: int, now: float) -> None:
        """A sequence header came."""
        if self.width and (width, height) != (self.width, self.height):
            self.warn("size_changed", now)
        self.width, self.height = width, height

    def warn(self, code: str, now: float) -> None:
        """Something happened that stays known for a minute."""
        self._happened[code] = now

    def picture(self, at: int, size: int, now: float, *, key: bool) -> None:
        """A picture of `size` bytes passed."""
        slot = self._slot(now)
        self._bytes[slot] += size
        self._pictures[slot] += 1
        if self._last_at is None:
            self._began = now
        elif now - self._heard > self._silence[slot]:
            self._silence[slot] = now - self._heard
        self._heard = now
        self._last_at = self._at[slot] = at
        if key:
            if self._key_at is not None:
                self._gop = (at - self._key_at) / 1000
            self._key_at = at

    def sound(self, size: int, now: float) -> None:
        """A piece of sound of `size` bytes passed."""
        self._bytes[self._slot(now)] += size
        self._audio = now

    def _slot(self, now: float) -> int:
        """The ring's place for this second; what it held before is forgotten."""
        second = int(now)
        if second != self._second:
            for each in range(max(self._second, second - WINDOW - 1) + 1, second + 1):
                slot = each % (WINDOW + 1)
                self._bytes[slot] = self._pictures[slot] = 0
                self._silence[slot], self._at[slot] = 0.0, None
            self._second = second
        return second % (WINDOW + 1)

    def _span(self, now: float) -> int:
        """Whole seconds that the figures cover, at most WINDOW; brings the ring up to now."""
        self._slot(now)
        if self._last_at is None:
            return 0
        return min(WINDOW, self._second - int(self._began))

    def _over(self, ring: list[int], span: int) -> int:
        """Sum over the last whole seconds, without the one that is still running."""
        return sum(ring[(self._second - each) % (WINDOW + 1)] for each in range(1, span + 1))

    def kbps(self, now: float) -> int:
        """Kilobits per second that arrived, sound included; 0 in the first second."""
        span = self._span(now)
        return round(self._over(self._bytes, span) * 8 / 1000 / span) if span else 0

    def fps(self, now: float) -> float:
        """Pictures per second that arrived, to a tenth."""
        span = self._span(now)
        return round(self._over(self._pictures, span) / span, 1) if span else 0.0

    def gop(self) -> float:
        """Seconds between the last two key frames, or since the last one when that is longer."""
        if self._key_at is None or self._last_at is None:
            return 0.0
        return round(max(self._gop, (self._last_at - self._key_at) / 1000), 3)

    def audio(self, now: float) -> bool:
        """Sound came within the last seconds."""
        return now - self._audio < WINDOW

    def unsteady(self, now: float) -> bool:
        """Pictures came in lumps, or the stream runs slower than the clock, within the window."""
        self._slot(now)
        if now - self._heard > LATE or max(self._silence) > LATE:
            return True
        # Each second's last picture against the first known one's: a steady stream gains as much
        # as the clock does.
        known = [
            (second, at)
            for second in range(self._second - WINDOW, self._second)
            if (at := self._at[second % (WINDOW + 1)]) is not None
        ]
        if len(known) < 3:
            return False
        (first, first_at), (last, last_at) = known[0], known[-1]
        return (last - first) - (last_at - first_at) / 1000 > LATE

    def warnings(self, now: float) -> list[str]:
        """Codes as in `wire.live.CameraStatus`."""
        found = []
        if now - self._began > WINDOW:
            if not self.audio(now):
                found.append("no_audio")
            if self._poor(now):
                found.append("low_bitrate")
        if self.gop() > LONG_GOP:
            found.append("gop_long")
        if self.unsteady(now):
            found.append("unsteady")
        self._happened = {c: at for c, at in self._happened.items() if now - at < REMEMBERED}
        return found + list(self._happened)

    def _poor(self, now: float) -> bool:
        pixels = self.width * self.height * self.fps(now)
        return self.kbps(now) * 1000 < pixels * POOR_BITS
