"""What the packager must know of H.264 and AAC: size, rate, channels, and how silence looks.

Source: ISO/IEC 14496-10 (7.3.2.1.1, sequence parameter set), 14496-15 (5.3.3, decoder
configuration record), 14496-3 (1.6.2.1, AudioSpecificConfig).
"""

from typing import NamedTuple

_RATES = (
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
)  # fmt: skip
_WITH_CHROMA = (100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135)
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


class Unreadable(ValueError):
    """A header that breaks the standard, or that we do not carry."""


class Sound(NamedTuple):
    """AAC: samples per second, channels, samples in a frame."""

    rate: int
    channels: int
    frame: int

    @property
    def silence(self) -> bytes:
        """One frame of nothing; empty when we know none for so many channels."""
        return _SILENCE.get(self.channels, b"")


class Bits:
    """Reads bits from the left, and Exp-Golomb codes (14496-10, 9.1)."""

    def __init__(self, content: bytes) -> None:
        self._value, self._left = int.from_bytes(content, "big"), 8 * len(content)

    def take(self, count: int) -> int:
        """The next `count` bits. Raises Unreadable when there are fewer."""
        if count > self._left:
            raise Unreadable("too short")
        self._left -= count
        return self._value >> self._left & (1 << count) - 1

    def unsigned(self) -> int:
        """ue(v)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 32:
                raise Unreadable("no number")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """se(v)."""
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)


def picture_size(avc: bytes) -> tuple[int, int]:
    """Width and height of the pictures, cropped, from an AVCDecoderConfigurationRecord.

    Raises Unreadable.
    """
    if len(avc) < 8 or avc[0] != 1 or not avc[5] & 31:
        raise Unreadable("not a decoder configuration")
    length = int.from_bytes(avc[6:8], "big")
    unit = avc[8 : 8 + length]
    if len(unit) < 4 or len(unit) != length:
        raise Unreadable("sequence parameter set cut short")
    # Emulation prevention: 00 00 03 stands for 00 00.
    return _size(Bits(unit[1:].replace(b"\0\0\x03", b"\0\0")))


def _size(bits: Bits) -> tuple[int, int]:
    profile = bits.take(8)
    bits.take(16)
    bits.unsigned()
    chroma = 1
    if profile in _WITH_CHROMA:
        chroma = bits.unsigned()
        _skip_depth(bits, chroma)
    _skip_order(bits)
    width = (bits.unsigned() + 1) * 16
    maps = bits.unsigned() + 1
    frames_only = bits.take(1)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    left, right, top, bottom = [bits.unsigned() for _ in range(4)] if bits.take(1) else [0] * 4
    unit_x, unit_y = (2 if chroma in (1, 2) else 1), (2 if chroma == 1 else 1)
    height = maps * 16 * (2 - frames_only)
    size = (
        width - unit_x * (left + right),
        height - unit_y * (2 - frames_only) * (top + bottom),
    )
    if not (0 < size[0] <= 16_384 and 0 < size[1] <= 16_384):
        raise Unreadable("no such size")
    return size


def _skip_depth(bits: Bits, chroma: int) -> None:
    if chroma == 3:
        bits.take(1)
    bits.unsigned()
    bits.unsigned()
    bits.take(1)
    if not bits.take(1):
        return
    for number in range(12 if chroma == 3 else 8):
        if not bits.take(1):
            continue
        last = upcoming = 8
        for _entry in range(16 if number < 6 else 64):
            if upcoming:
                upcoming = (last + bits.signed()) % 256
            last = upcoming or last


def _skip_order(bits: Bits) -> None:
    bits.unsigned()
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _entry in range(min(bits.unsigned(), 256)):
            bits.signed()
    bits.unsigned()
    bits.take(1)


def sound(config: bytes) -> Sound:
    """Rate, channels and frame length from an AudioSpecificConfig. Raises Unreadable.

    With SBR the core's rate counts: frames have a length in its samples.
    """
    bits = Bits(config)
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


def _rate(bits: Bits) -> int:
    index = bits.take(4)
    if index == 15:
        return bits.take(24)
    return _RATES[index] if index < len(_RATES) else 0
