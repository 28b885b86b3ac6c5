"""The programme of a session: one of up to six cameras, or the slate when none lives.

Nothing is transcoded. A cut waits for the wanted camera's next key frame and moves its times so
that the programme's go on: in presentation the new picture follows the last one by at most one
frame while the old camera lives, after a loss the programme's clock is the wall's again. Sound
follows its picture: what the new camera said before its key frame fills up what the old one left
out, what would overlap is dropped. A camera without sound gets the slate's silence, because
players stop where one of two tracks ends.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from origin.bus import AUDIO, VIDEO, Feed, Message
from origin.slate import SAMPLES, SOUND_RATE, Slate
from wire.live import State

SLATE = 0
# Without a picture for so long a camera is lost and another one, or the slate, takes over.
LOST_AFTER = 1.5
# So long the preferred of the living cameras may take to give a key frame before any other one
# and the slate are good enough.
CHOOSY_FOR = 1.0
# A camera that says nothing for so long is taken to have no sound.
QUIET_AFTER = 1.0
# The old camera lives if its last picture is at most so old when the new one's comes.
SEAMLESS = 0.25
# Sound may begin so many milliseconds before the key frame of a switch, to fill a hole.
LEAD = 300
# A clock that goes back so many milliseconds is another clock: the next key frame begins anew.
MOST_BACK = 500
MOST_HEARD, MOST_CUTS, MOST_FRAME = 128, 200, 200
_GONE = frozenset[State]({"idle", "gone", "ended"})
_NEVER = float("-inf")


class UnknownCamera(LookupError):
    """The session has no camera of this number."""


class NotLive(Exception):
    """The camera gives no picture now, so the programme cannot go to it."""


class Cut(NamedTuple):
    """A change of source. `ms`: from the order to the picture; automatic: from the last picture.

    `at`: milliseconds of the programme.
    """

    source: int
    at: int
    ms: int
    automatic: bool


class _Lane:
    """One source as the director sees it: its clock, when it was heard, what it said lately."""

    def __init__(self, number: int, feed: Feed) -> None:
        self.number, self.feed = number, feed
        self.seen_at = self.heard_at = self.began_at = _NEVER
        self.last_at, self.frame, self._step = -1, 40, MOST_FRAME
        self.offset = 0
        # `whole`: its messages may follow each other; false from a loss to the next key frame.
        self.whole = self.over = False
        self.said: deque[Message] = deque(maxlen=MOST_HEARD)
        self.leave: Callable[[], None] = lambda: None

    def picture(self, at: int, now: float) -> None:
        if now - self.seen_at > LOST_AFTER:
            self.began_at = now
        self.seen_at, self.over = now, False
        if 0 <= self.last_at < at:
            # Of two distances the shorter one: the other may be a hole.
            step = at - self.last_at
            self.frame, self._step = min(step, self._step), min(step, MOST_FRAME)
        self.last_at = at

    def lost(self) -> None:
        self.seen_at, self.whole = _NEVER, False
        self.last_at = -1
        self.said.clear()

    def quiet(self, now: float) -> bool:
        """It has no sound, as far as one knows by now."""
        since = self.heard_at if AUDIO in self.feed.headers else _NEVER
        return now - max(since, self.began_at) > QUIET_AFTER


def _shown_after(message: Message) -> int:
    """Milliseconds from decoding to showing (FLV CompositionTime, a signed 24 bit number)."""
    return int.from_bytes(message.payload[2:5], signed=True)


class Director:
    """Owner: calls `tick` some twenty times a second, `camera_state` on changes, `close` at last.

    `now`: a steady clock in seconds. `changed(source)` is called after each change of source.
    `wanted`: the camera that an earlier director was told to show, after a restart; without it
    the first camera that gives a picture is the wanted one. `preference`: whom to fall back to
    first, default by number.
    """

    def __init__(
        self,
        session_id: str,
        programme: Feed,
        cameras: Mapping[int, Feed],
        slate: Slate,
        now: Callable[[], float],
        changed: Callable[[int], None],
        *,
        wanted: int | None = None,
        preference: Sequence[int] = (),
    ) -> None:
        self.session_id, self.programme, self.slate = session_id, programme, slate
        self.preference = tuple(preference)
        self.source, self.wanted = SLATE, wanted
        self.cut_log: deque[Cut] = deque(maxlen=MOST_CUTS)
        self.began = False
        self._now, self._changed = now, changed
        self._lanes: dict[int, _Lane] = {}
        self._on: _Lane | None = None
        self._ordered_at: float | None = None
        self._slating = self._silent = False
        self._began_at, self._pushed_at = 0.0, now()
        self._last = {AUDIO: -1, VIDEO: -1}
        self._shown = self._turned_at = 0
        self._quiet_from = self._quiet_frames = 0
        self.attach(SLATE, slate.feed)
        for number, feed in cameras.items():
            self.attach(number, feed)

    # What the owner says.

    def attach(self, number: int, feed: Feed) -> None:
        """One more camera, or another feed for one that there was."""
        self._drop(number)
        lane = self._lanes[number] = _Lane(number, feed)
        lane.leave = feed.listen(partial(self._hear, lane), catch_up=False)

    def _drop(self, number: int) -> None:
        lane = self._lanes.pop(number, None)
        if lane is not None:
            lane.leave()
            lane.lost()

    def detach(self, number: int) -> None:
        """The camera is no longer part of the session; on air it gives way at once."""
        if number in self._lanes:
            self._lanes[number].over = True
        self._drop(number)
        if self.wanted == number:
            self.wanted = None
        self.tick()

    def dress(self, slate: Slate) -> None:
        """Another slate from now on, also while the old one is on."""
        self.slate.stop()
        self.slate = slate
        self.attach(SLATE, slate.feed)
        if self._slating:
            self._show_slate()

    def close(self) -> None:
        """Say nothing more."""
        self.slate.stop()
        for lane in self._lanes.values():
            lane.leave()
        self._lanes.clear()

    def cut(self, camera: int) -> None:
        """Show this camera from its next key frame on; 0: the slate, at once.

        Raises UnknownCamera, NotLive; the programme then stays as it is.
        """
        lane = self._lanes.get(camera)
        if lane is None:
            raise UnknownCamera(camera)
        if camera != SLATE and not self._lives(lane):
            raise NotLive(camera)
        self.wanted = camera
        self._ordered_at = None if lane is self._on else self._now()
        if camera == SLATE and self._on is not lane:
            self._show_slate()

    def camera_state(self, number: int, state: State) -> None:
        """What the inputs know before the pictures tell: that a camera is gone."""
        lane = self._lanes.get(number)
        if lane is None or number == SLATE or state not in _GONE:
            return
        lane.whole = False
        if state == "ended":
            lane.lost()
            lane.over = True
        self.tick()

    def tick(self) -> None:
        """Notice silence, and let the slate speak while it is on."""
        now = self._now()
        if self._slating:
            self.slate.tick(now)
        elif self.began and self.wanted != SLATE and self._on is not None:
            patience = LOST_AFTER + (CHOOSY_FOR if self._choice() else 0)
            if self._silence() > patience:
                self._show_slate()

    # Who may be on.

    def _lives(self, lane: _Lane) -> bool:
        return self._now() - lane.seen_at <= LOST_AFTER

    def _silence(self) -> float:
        """For how many seconds the programme has had no picture of a camera."""
        if self._on is not None and self._on.number == SLATE:
            return float("inf")
        over = self._on is not None and self._on.over
        return self._now() - self._pushed_at + (LOST_AFTER if over else 0)

    def _choice(self) -> _Lane | None:
        """The first of the living cameras, in the order of preference."""
        order = dict.fromkeys((*self.preference, *sorted(self._lanes)))
        lanes = (self._lanes[number] for number in order if number in self._lanes)
        return next((one for one in lanes if one.number != SLATE and self._lives(one)), None)

    def _may_take(self, lane: _Lane) -> bool:
        """Whether the programme goes to this lane, of which a key frame is here."""
        if lane.number == SLATE:
            return self._slating
        if self.wanted is None:
            self.wanted = lane.number
        if lane.number == self.wanted or lane is self._on:
            return True
        silence = self._silence()
        if self.wanted == SLATE or silence <= LOST_AFTER:
            return False
        return lane is self._choice() or silence > LOST_AFTER + CHOOSY_FOR

    def _show_slate(self) -> None:
        self._slating = True
        self.slate.start(self._now())

    # What the lanes say.

    def _hear(self, lane: _Lane, message: Message) -> None:
        on = lane is self._on and lane.whole
        if message.is_header:
            if on and not (self._silent and message.kind == AUDIO):
                self._header(message, message.at + lane.offset)
        elif message.kind == VIDEO:
            lane.picture(message.at, self._now())
            if message.is_key and self._turns_to(lane, message):
                self._switch(lane, message)
            elif on:
                self._show(lane, message)
        elif message.kind == AUDIO:
            lane.heard_at = self._now()
            if not on:
                lane.said.append(message)
            elif not self._silent:
                self._say(lane, message)

    def _turns_to(self, lane: _Lane, key: Message) -> bool:
        if lane is not self._on or not lane.whole:
            return self._may_take(lane)
        # On air already: its clock went back, or its sound began or ended.
        back = key.at + lane.offset <= self._last[VIDEO]
        return back or lane.quiet(self._now()) != self._silent

    def _switch(self, lane: _Lane, key: Message) -> None:
        """Go on with this lane, whose key frame is here."""
        before, now = self._on, self._now()
        at = key.at + lane.offset
        if lane is not before or not lane.whole or at <= self._last[VIDEO]:
            at = self._place(before, key, now)
        since = self._pushed_at if self.began else now
        self.began = True
        self._on, self._turned_at = lane, at
        lane.offset, lane.whole = at - key.at, True
        self._silent = lane.quiet(now)
        sound = self.slate.sound if self._silent else lane.feed.headers.get(AUDIO)
        for header in (lane.feed.headers.get(VIDEO), sound):
            if header is not None:
                self._header(header, at)
        recent = self._last[AUDIO] >= at - LEAD
        self._quiet_from, self._quiet_frames = self._last[AUDIO] + 1 if recent else at, 0
        self._show(lane, key)
        for message in () if self._silent else tuple(lane.said):
            self._say(lane, message)
        lane.said.clear()
        if before is None or before.number != lane.number:
            self._tell(lane, at, since)

    def _tell(self, lane: _Lane, at: int, since: float) -> None:
        if lane.number != SLATE:
            self._slating = False
            self.slate.stop()
        self.source = lane.number
        ordered = lane.number == self.wanted and self._ordered_at is not None
        if ordered and self._ordered_at is not None:
            since, self._ordered_at = self._ordered_at, None
        ms = round((self._now() - since) * 1000)
        self.cut_log.append(Cut(lane.number, at, ms, not ordered))
        self._changed(lane.number)

    def _place(self, before: _Lane | None, key: Message, now: float) -> int:
        """The programme's decoding time for a key frame that begins a switch."""
        if before is None:
            self._began_at = now
            return 0
        wall = round((now - self._began_at) * 1000)
        latest = self._shown + before.frame - _shown_after(key)
        earliest = max(self._last[VIDEO] + 1, latest - before.frame * 3 // 4)
        if now - self._pushed_at <= SEAMLESS:
            wall = min(wall, latest)
        return max(wall, earliest)

    # What the programme says.

    def _header(self, header: Message, at: int) -> None:
        ours = self.programme.headers.get(header.kind)
        if ours is None or ours.payload != header.payload:
            self.programme.push(header._replace(at=max(at, 0)))

    def _show(self, lane: _Lane, picture: Message) -> None:
        last, at = self._last[VIDEO], picture.at + lane.offset
        if at < last - MOST_BACK:
            lane.whole = False
            return
        at = max(at, last + 1)
        self._last[VIDEO], self._pushed_at = at, self._now()
        self._shown = max(self._shown, at + _shown_after(picture))
        self.programme.push(picture._replace(at=at))
        if self._silent:
            self._keep_silence(at)

    def _say(self, lane: _Lane, sound: Message) -> None:
        at = sound.at + lane.offset
        if at > self._last[AUDIO] and at >= max(0, self._turned_at - LEAD):
            self._last[AUDIO] = at
            self.programme.push(sound._replace(at=at))

    def _keep_silence(self, until: int) -> None:
        """AAC frames of 1,024 samples of nothing, up to the picture's time."""
        while True:
            frames = self._quiet_frames * SAMPLES * 1000 // SOUND_RATE
            at = self._quiet_from + frames
            if at > until:
                return
            self._quiet_frames += 1
            if at > self._last[AUDIO]:
                self._last[AUDIO] = at
                self.programme.push(Message(AUDIO, at, self.slate.silence))
