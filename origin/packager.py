"""Messages of a feed become fMP4: initialisation segments and parts of a fifth of a second.

Nothing is decoded. The rules that players depend on:

- A part ends where the next picture begins, so its length is exact. It is as long as
  `PART_MOST_MS` and the frame rate allow.
- A segment begins at a key frame and lasts a second or more. Its longest length, `target`, is
  measured once, from the first group of pictures, and kept (RFC 8216, 4.3.3.1; "MUST NOT change").
  When a later group is longer, the segment is cut without a key frame.
- There always are both tracks: Media Source Extensions refuse a stream whose number of tracks
  changes. Where sound is missing, frames of silence stand in, so that players never starve.
- Other headers, or a hole in time, begin a new run: a new initialisation segment or the same one
  again, a discontinuity, and nothing before the next key frame.
"""

from collections import deque
from math import ceil
from statistics import median_low
from typing import NamedTuple, Protocol

from origin import boxes, codecs
from origin.bus import AUDIO, VIDEO, Message
from origin.measures import Unreadable, read_avc

# Parts of 200 ms; encoders round, 24 and 30 pictures a second give up to 209 ms.
PART_MOST_MS = 210
SEGMENT_MS = 1_000
# Players without parts stay three targets behind: a key frame every second is worth 4 s, not 7.
LEAST_TARGET, MOST_TARGET = 1, 10
# A playlist may round (RFC 8216, 4.3.3.1): a segment of 2.4 s is within a target of 2.
ROUNDING_MS = 400
# How long the first pictures wait for the header of the sound, and later for the sound itself.
AUDIO_WAIT_MS, AUDIO_LATE_MS = 1_500, 1_000
HOLE_MS = 2_000
LAST_GROUPS = 8
# Sound within so many milliseconds of where it should be is put exactly there.
SNAP_MS = 60
MOST_SOUNDS = 1_000
MOST_HELD = 2_000


class Init(NamedTuple):
    """An initialisation segment. `size` in pixels."""

    number: int
    content: bytes
    size: tuple[int, int]


class Part(NamedTuple):
    """A piece of a segment. `start` and `duration`: milliseconds of the feed's clock.

    `key`: holds a key frame. `first`: begins a segment. `broken`: a discontinuity comes before.
    """

    start: int
    duration: int
    content: bytes
    init: int
    key: bool
    first: bool
    broken: bool


class Sink(Protocol):
    """Who gets what the packager makes; quick, and never raises."""

    def init(self, init: Init) -> None:
        """Parts that follow belong to this one."""

    def part(self, part: Part) -> None:
        """The next part."""


class _Picture(NamedTuple):
    at: int
    offset: int
    key: bool
    content: memoryview


class Packager:
    """Listens to one feed: `feed.listen(packager.push)`.

    `target`: longest segment in whole seconds, 0 until it is known; `refused` counts headers that
    could not be read, `frames` pictures taken.
    """

    def __init__(self, *sinks: Sink) -> None:
        self.sinks = list(sinks)
        self.target = 0
        self.refused = self.frames = self.inits = 0
        self._part_most = PART_MOST_MS
        self._headers: dict[int, bytes] = {}
        self._size = (0, 0)
        self._sound = codecs.read_sound(codecs.SILENT_CONFIG)
        self._init: Init | None = None
        self._made_of: tuple[bytes, bytes] | None = None
        # A new run begins at the next key frame; until then nothing comes out, or what comes is
        # the former run without its sound.
        self._wanted, self._stale = True, False
        self._held: list[Message] = []
        self._waited = False
        self._pictures: list[_Picture] = []
        self._sounds: list[memoryview | bytes] = []
        self._sound_at = 0  # in samples: where the sounds that wait begin
        self._parts = 0
        self._segment_at = self._last_key = -1
        # Lengths of the last groups of pictures: an encoder may put a key frame in between.
        self._groups: deque[int] = deque(maxlen=LAST_GROUPS)
        self._intervals: deque[int] = deque([40], maxlen=9)
        self._first = self._broken = False
        self._longest = 0  # milliseconds of the longest segment so far

    @property
    def part_target(self) -> float:
        """Longest part in seconds. Grows only when pictures come more rarely than that."""
        return self._part_most / 1000

    @property
    def _hole(self) -> int:
        """Milliseconds without a picture that no segment can bridge within what is promised."""
        return min(HOLE_MS, 1000 * self.target) if self.target else HOLE_MS

    def push(self, message: Message) -> None:
        """Take the next message of the feed."""
        if message.is_header:
            self._take_header(message.kind, message.payload)
        elif len(message.payload) < 3 or message.payload[1] != 1:
            return
        elif self._waited:
            self._take(message)
        else:
            self._hold(message)

    def flush(self) -> None:
        """The feed has ended: give out what waits."""
        for message in self._release():
            self._take(message)
        if self._pictures:
            self._cut(self._pictures[-1].at + self._interval())
        self._wanted = True

    def _take_header(self, kind: int, payload: bytes) -> None:
        content = bytes(payload[5:] if kind == VIDEO else payload[2:])
        if self._headers.get(kind) == content:
            return
        try:
            if kind == VIDEO:
                found = read_avc(payload)
                self._size = found.width, found.height
            else:
                codecs.read_sound(content)
        except Unreadable:
            self.refused += 1
            return
        self._headers[kind] = content
        if kind == VIDEO:
            self._wanted = True
        else:
            self._stale = True
        if kind == AUDIO and VIDEO in self._headers:
            for message in self._release():
                self._take(message)

    def _hold(self, message: Message) -> None:
        """Before the first run: wait a little for the header of the sound."""
        if not self._held and not message.is_key:
            return
        self._held.append(message)
        waited = message.at - self._held[0].at
        if AUDIO in self._headers or waited >= AUDIO_WAIT_MS or len(self._held) > MOST_HELD:
            for each in self._release():
                self._take(each)

    def _release(self) -> list[Message]:
        self._waited = self._waited or bool(self._held)
        held, self._held = self._held, []
        return held

    def _take(self, message: Message) -> None:
        content = memoryview(message.payload)
        if message.kind == VIDEO and len(content) > 5 and content[0] & 15 == 7:
            offset = int.from_bytes(content[2:5], "big", signed=True)
            self._picture(_Picture(message.at, offset, message.is_key, content[5:]))
        elif message.kind == AUDIO and not (self._wanted or self._stale) and content[0] >> 4 == 10:
            self._hear(message.at, content[2:])

    def _picture(self, picture: _Picture) -> None:
        if self._pictures:
            passed = picture.at - self._pictures[-1].at
            if passed > self._hole:
                self._cut(self._pictures[-1].at + self._interval())
                self._wanted = True
            elif passed > 0:
                self._intervals.append(passed)
            else:  # decoding order is what counts
                picture = picture._replace(at=self._pictures[-1].at + 1)
        if self._wanted or (self._stale and picture.key):
            if not picture.key or VIDEO not in self._headers:
                return
            self._begin(picture.at)
        elif picture.key:
            self._at_key(picture.at)
        elif self._is_full(picture.at):
            self._cut(picture.at)
            self._force(picture.at)
        if picture.key:
            self._last_key = picture.at
        self.frames += 1
        self._pictures.append(picture)

    def _begin(self, at: int) -> None:
        """A new run at a key frame."""
        if self._pictures:
            self._cut(at)
        made_of = (self._headers[VIDEO], self._headers.get(AUDIO, codecs.SILENT_CONFIG))
        self._broken = self._init is not None
        if made_of != self._made_of:
            self._made_of, self._sound = made_of, codecs.read_sound(made_of[1])
            content = boxes.beginning(
                made_of[0], self._size, made_of[1], self._sound.rate, self._sound.channels
            )
            self._init = Init(self.inits, content, self._size)
            self.inits += 1
            for sink in self.sinks:
                sink.init(self._init)
        self._wanted = self._stale = False
        self._groups.clear()
        self._sounds.clear()
        self._sound_at = at * self._sound.rate // 1000
        self._segment_at, self._first = at, True

    def _at_key(self, at: int) -> None:
        group = at - self._last_key
        if not self.target:
            # A part more than it lasts: `_force` looks ahead by one.
            self._measure(ceil((group + self._part_most - ROUNDING_MS) / 1000))
        self._groups.append(group)
        elapsed = at - self._segment_at
        # Another such group would not fit: better a short segment than one without a key frame.
        # And a picture stays for an interval, also when nothing follows it.
        coming = max(*self._groups, self._interval())
        if elapsed >= SEGMENT_MS or elapsed + coming > self.target * 1000 + ROUNDING_MS:
            self._cut(at)
            self._segment_at, self._first = at, True
        elif self._is_full(at):
            self._cut(at)

    def _force(self, at: int) -> None:
        """End a segment without a key frame before it exceeds what was promised."""
        elapsed = at - self._segment_at + self._part_most
        if not self.target and elapsed > MOST_TARGET * 1000:
            self._measure(MOST_TARGET)
        if self.target and elapsed > self.target * 1000 + ROUNDING_MS:
            self._segment_at, self._first = at, True

    def _measure(self, seconds: int) -> None:
        # A run that a hole ended before its second key frame has been told with the rest.
        told = ceil((self._longest - ROUNDING_MS) / 1000)
        self.target = min(max(seconds, told, LEAST_TARGET), MOST_TARGET)

    def _interval(self) -> int:
        return median_low(self._intervals)

    def _is_full(self, at: int) -> bool:
        return at - self._pictures[0].at + self._interval() > self._part_most

    # Sound.

    def _hear(self, at: int, content: memoryview) -> None:
        rate, frame = self._sound.rate, self._sound.frame
        due = self._sound_at + len(self._sounds) * frame
        ahead = at * rate // 1000 - due
        if ahead < -SNAP_MS * rate // 1000:
            return  # silence has stood in already
        if ahead > SNAP_MS * rate // 1000:
            if self._sounds and not self._sound.silence:
                return  # a gap can only stand between parts
            self._be_silent(due + ahead - frame // 2)
        if len(self._sounds) < MOST_SOUNDS:
            self._sounds.append(content)

    def _be_silent(self, until: int) -> None:
        """Fill with silence up to `until` (samples)."""
        silence, frame = self._sound.silence, self._sound.frame
        missing = (until - self._sound_at) // frame - len(self._sounds)
        if silence:
            self._sounds += [silence] * min(missing, MOST_SOUNDS - len(self._sounds))
        elif not self._sounds:
            self._sound_at = until

    # Parts.

    def _cut(self, end: int) -> None:
        """Give out what waits as a part that ends at `end`."""
        pictures, self._pictures = self._pictures, []
        start = pictures[0].at
        longest = self.target * 1000 + ROUNDING_MS
        if self.target and self._segment_at < start and end - self._segment_at > longest:
            # The last picture stayed longer than others do: what is promised counts more.
            self._segment_at, self._first = start, True
        self._longest = max(self._longest, end - self._segment_at)
        self._part_most = max(self._part_most, self._interval())
        late = 0 if self._stale or AUDIO not in self._headers else AUDIO_LATE_MS
        self._be_silent((end - late) * self._sound.rate // 1000)
        ends = [each.at for each in pictures[1:]] + [end]
        samples = [
            boxes.Picture(until - each.at, each.offset, each.key, each.content)
            for each, until in zip(pictures, ends, strict=True)
        ]
        sounds, self._sounds = self._sounds, []
        sound_at, self._sound_at = self._sound_at, self._sound_at + len(sounds) * self._sound.frame
        self._parts += 1
        content = boxes.fragment(self._parts, start, samples, sound_at, self._sound.frame, sounds)
        assert self._init is not None
        part = Part(
            start,
            end - start,
            content,
            self._init.number,
            any(each.key for each in pictures),
            self._first,
            self._broken,
        )
        self._first = self._broken = False
        for sink in self.sinks:
            sink.part(part)
