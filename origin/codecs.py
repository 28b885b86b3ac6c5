"""What the packager must know of AAC: rate, channels, and how silence looks.

Source: ISO/IEC 14496-3 (1.6.2.1, AudioSpecificConfig).
"""

from typing import NamedTuple

from origin.measures import Unreadable

_RATES = (
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
)  # fmt: skip
# AAC-LC, 48 kHz, one channel: what a stream without sound gets.
SILENT_CONFIG = b"\x11\x88"
# One raw frame of silence by number of channels; it holds for every sampling rate.
_SILENCE = {
    1: bytes.fromhex("00c800802380"),
    2: bytes.fromhex("210049900219002380"),
    3: bytes.fromhex("00c8008020840126400864008e"),
    4: bytes.fromhex("00c80080208401264008640080 2c80080238"),
    5: bytes.fromhex("00c80080208401264008640082 30049900219002 38"),
    6: bytes.fromhex("00c80080208401264008640082 3004990021900200b2002008e0"),
}


class Sound(NamedTuple):
    """AAC: samples per second, channels, samples in a frame."""

    rate: int
    channels: int
    frame: int

    @property
    def silence(self) -> bytes:
        """One frame of nothing; empty when we know none for so many channels."""
        return _SILENCE.get(self.channels, b"")


class _Bits:
    """Reads from the left."""

    def __init__(self, content: bytes) -> None:
        self._value, self._left = int.from_bytes(content, "big"), 8 * len(content)

    def take(self, count: int) -> int:
        """The next `count` bits. Raises Unreadable when there are fewer."""
        if count > self._left:
            raise Unreadable("audio configuration ends early")
        self._left -= count
        return self._value >> self._left & (1 << count) - 1


def read_sound(config: bytes) -> Sound:
    """Rate, channels and frame length from an AudioSpecificConfig. Raises Unreadable.

    With SBR the core's rate counts: frames have a length in its samples.
    """
    bits = _Bits(config)
    kind = bits.take(5)
    rate = _rate(bits)
    channels = bits.take(4)
    if kind in (5, 29):
        _rate(bits)
        kind = bits.take(5)
    if kind != 2 or not rate or not 1 <= channels <= 7:
        raise Unreadable("not AAC-LC or HE-AAC")
    frame = 960 if bits.take(1) else 1_024
    return Sound(rate, 8 if channels == 7 else channels, frame)


def _rate(bits: _Bits) -> int:
    index = bits.take(4)
    if index == 15:
        return bits.take(24)
    return _RATES[index] if index < len(_RATES) else 0
