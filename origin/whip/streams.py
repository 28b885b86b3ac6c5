"""From what a browser sends to what FLV carries: pictures, sound, and one time for both."""

import fractions
from typing import Final

import av
from av.audio.resampler import AudioResampler

from origin.bus import AUDIO, VIDEO

RATE: Final = 48_000
AAC_BITS: Final = 96_000
# Sound further than this from where it should be was lost or made: the time line follows.
_SLACK = RATE * 40 // 1000
_SPS, _PPS, _DELIMITER, _FILLER, _IDR = 7, 8, 9, 12, 5
# Seconds to wait for sender reports before arrival decides.
REPORTS = 2.0


def split(content: bytes) -> list[bytes]:
    """The NAL units of a byte stream (ITU-T H.264 annex B), without their zero bytes."""
    units = []
    begin = content.find(b"\0\0\1")
    while begin >= 0:
        begin += 3
        following = content.find(b"\0\0\1", begin)
        end = len(content) if following < 0 else following
        # A unit never ends in a zero byte (7.4.1): those belong to the next start code.
        unit = content[begin:end].rstrip(b"\0")
        if unit:
            units.append(unit)
        begin = following
    return units


class Pictures:
    """H.264 access units as FLV bodies. `header` is None until parameter sets came."""

    def __init__(self) -> None:
        self.header: bytes | None = None
        self._sps = self._pps = b""

    def take(self, content: bytes) -> tuple[bytes, bool] | None:
        """(body, whether it is a key frame) of one access unit; None when nothing is to show."""
        out, key = [], False
        for unit in split(content):
            kind = unit[0] & 31
            if kind == _SPS:
                self._sps = unit
            elif kind == _PPS:
                self._pps = unit
            elif kind not in (_DELIMITER, _FILLER):
                key = key or kind == _IDR
                out += [len(unit).to_bytes(4, "big"), unit]
        if key and self._sps and self._pps:
            self.header = avc_header(self._sps, self._pps)
        if not out or self.header is None:
            return None
        return b"".join((b"\x17\1\0\0\0" if key else b"\x27\1\0\0\0", *out)), key


def avc_header(sps: bytes, pps: bytes) -> bytes:
    """The FLV body with an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1)."""
    return b"".join((
        b"\x17\0\0\0\0\1", sps[1:4], b"\xff\xe1", len(sps).to_bytes(2, "big"), sps,
        b"\1", len(pps).to_bytes(2, "big"), pps,
    ))  # fmt: skip


class Sound:
    """Decoded sound as AAC: FLV bodies with their times."""

    def __init__(self) -> None:
        encoder = av.CodecContext.create("aac", "w")
        assert isinstance(encoder, av.AudioCodecContext)
        encoder.sample_rate, encoder.layout, encoder.format = RATE, "stereo", "fltp"
        encoder.bit_rate, encoder.time_base = AAC_BITS, fractions.Fraction(1, RATE)
        encoder.open()
        self.header = b"\xaf\0" + bytes(encoder.extradata or b"")[:2]
        self._encoder = encoder
        self._resampler = AudioResampler("fltp", "stereo", RATE, frame_size=1024)
        self._taken = self._given = 0  # samples in, samples to the encoder
        self._base: int | None = None

    def take(self, frame: av.AudioFrame) -> list[tuple[float, bytes]]:
        """(seconds on the frame's own clock, body) of what this piece completes."""
        assert frame.pts is not None
        at = frame.pts * RATE // frame.sample_rate
        if self._base is None or abs(at - self._base - self._taken) > _SLACK:
            self._base = at - self._taken
        self._taken += frame.samples * RATE // frame.sample_rate
        frame.pts = None
        found = []
        for piece in self._resampler.resample(frame):
            piece.pts, piece.time_base = self._given, fractions.Fraction(1, RATE)
            self._given += piece.samples
            for packet in self._encoder.encode(piece):
                assert packet.pts is not None
                found.append(((packet.pts + self._base) / RATE, b"\xaf\1" + bytes(packet)))
        return found


class Lips:
    """One time line for sound and picture, whose clocks begin anywhere.

    Sender reports (RFC 3550 6.4.1) say which moment of the sender's wall clock a time stamp is.
    When they do not come for both kinds within two seconds, arrival decides, once and for all.
    """

    def __init__(self, kinds: frozenset[int] = frozenset({AUDIO, VIDEO})) -> None:
        self._kinds = kinds
        self._reported: dict[int, float] = {}
        self._arrived: dict[int, float] = {}
        self._chosen: dict[int, float] | None = None
        self._first: float | None = None
        self._zero = 0.0

    def report(self, kind: int, wall: float, media: float) -> None:
        """A sender report: the stream's `media` seconds are the sender's `wall` seconds."""
        self._reported.setdefault(kind, wall - media)

    def place(self, kind: int, media: float, now: float) -> int | None:
        """Milliseconds on the common line of something that came now; None: it is too early."""
        if self._first is None:
            self._first = now
        self._arrived.setdefault(kind, now - media)
        if self._chosen is None:
            if len(self._kinds) > 1 and not self._kinds <= self._reported.keys():
                if now - self._first < REPORTS:
                    return None
                self._chosen = self._arrived
            else:
                both = self._kinds <= self._reported.keys()
                self._chosen = self._reported if both else self._arrived
            self._zero = media + self._chosen[kind]
        offset = self._chosen.get(kind)
        if offset is None:
            return None
        return round((media + offset - self._zero) * 1000)
