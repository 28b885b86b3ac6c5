"""One camera of an armed session: what its publishers send becomes one feed."""

from collections.abc import Callable
from typing import Literal, Protocol

from origin.bus import AAC, AUDIO, AVC, VIDEO, Feed, Message
from origin.inputs.clock import Clock
from origin.measures import Measures, Unreadable, read_aac, read_avc
from wire.live import Camera, CameraStatus, Session, State

Code = Literal[
    "unknown_key", "not_open", "over", "taken", "used", "revoked", "codec", "too_many",
]  # fmt: skip
Change = State | Literal["refused"]
# Tells a connection why it must end.
Kick = Callable[[str], None]

# Seconds: a publisher this silent is unsteady; gone, and may be replaced; sent away.
QUIET, SILENT, DEAD = 2.0, 5.0, 30.0
# Seconds within which the first picture must come.
FIRST_PICTURE = 15.0
# The same refusal of the same camera is reported once in this many seconds.
REFUSAL_PAUSE = 10.0
# What browsers decode: 4:2:0 with eight bits; AAC-LC, HE-AAC and HE-AAC v2.
_PLAYABLE_SOUND = frozenset({2, 5, 29})
_VIDEO_NAMES = {2: "H.263", 4: "VP6", 12: "HEVC"}
_AUDIO_NAMES = {2: "MP3", 9: "Enhanced RTMP", 11: "Speex", 14: "MP3"}


class Refused(Exception):
    """A publisher may not, or not like this. `detail` is for logs and technicians (e.g. HEVC)."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


class Owner(Protocol):
    """What an input needs of those who keep it."""

    def now(self) -> float:
        """Seconds since 1970."""

    def changed(self, session_id: str, camera: int, state: Change, code: str) -> None:
        """Something happened to a camera."""

    def spend(self, place: "Input", *, come_back: bool = True) -> None:
        """Its key has been used; who used it may come back with it, or nobody may."""


class Input:
    """One camera of an armed session. `feed` and the times in it outlive every connection.

    A publisher that was kicked must not touch its input again.
    """

    def __init__(self, session: Session, camera: Camera, now: float, owner: Owner) -> None:
        self.session, self.camera = session, camera
        self.feed = Feed(f"{session.id}/{camera.number}")
        self.state: State = "idle"
        self.since = now
        self.protocol = self.address = ""
        self.srt_port = 0
        self._owner = owner
        self._kick: Kick | None = None
        self._heard = now
        self._clock = Clock()
        self._measures = Measures(now)
        # No picture passes before this connection's header and key frame.
        self._headed = self._waiting = True
        self._refusals: dict[str, float] = {}

    # The publisher's side.

    def push(self, kind: int, at_ms: int, payload: bytes) -> None:
        """A message as the publisher sent it: FLV tag body, its own stamp (32 bits).

        Other kinds than sound and picture are left out. Raises Refused("codec").
        """
        now = self._heard = self._owner.now()
        if kind == VIDEO:
            self._picture(at_ms, payload, now)
        elif kind == AUDIO:
            self._sound(at_ms, payload, now)

    def gone(self, code: str) -> None:
        """The publisher left by itself: `closed` in order, `lost` without a word."""
        self._kick = None
        if self.state in ("connecting", "live", "degraded"):
            self._become("gone", code)

    def _picture(self, stamp: int, payload: bytes, now: float) -> None:
        if not payload:
            return
        if payload[0] & 0x8F != AVC:
            raise Refused("codec", _video_name(payload))
        if len(payload) < 6 or payload[1] > 1:
            return
        if payload[1] == 0:
            self._header(VIDEO, payload, now)
            return
        key = payload[0] >> 4 == 1
        if self._waiting:
            if not (key and self._headed):
                return
            self._waiting = False
        at = self._time(VIDEO, stamp, now)
        self._measures.picture(at, len(payload), now, key=key)
        self.feed.push(Message(VIDEO, at, payload))
        if self.state != "live" and self.state != "degraded":
            self._owner.spend(self)
            self._become("live")

    def _sound(self, stamp: int, payload: bytes, now: float) -> None:
        if not payload:
            return
        if payload[0] >> 4 != AAC:
            raise Refused("codec", _AUDIO_NAMES.get(payload[0] >> 4, f"audio {payload[0] >> 4}"))
        if len(payload) < 3:
            return
        if payload[1] == 0:
            self._header(AUDIO, payload, now)
        elif AUDIO in self.feed.headers:
            at = self._time(AUDIO, stamp, now)
            self._measures.sound(len(payload), now)
            self.feed.push(Message(AUDIO, at, payload))

    def _time(self, kind: int, stamp: int, now: float) -> int:
        at, jumped = self._clock.turn(kind, stamp, now)
        if jumped:
            self._measures.warn("clock_jump", now)
        return at

    def _header(self, kind: int, payload: bytes, now: float) -> None:
        """A sequence header; one that changes nothing is not passed on."""
        try:
            if kind == VIDEO:
                picture = read_avc(payload)
                if picture.chroma != 1 or picture.depth != 8:
                    raise Refused("codec", f"H.264 profile {picture.profile}, not 8-bit 4:2:0")
                self._measures.resized(picture.width, picture.height, now)
                self._headed = True
            elif read_aac(payload) not in _PLAYABLE_SOUND:
                raise Refused("codec", f"AAC object type {read_aac(payload)}")
        except Unreadable as error:
            raise Refused("codec", str(error)) from None
        known = self.feed.headers.get(kind)
        if known is None or known.payload != payload:
            self.feed.push(Message(kind, self.feed.last_at, payload))

    # The owner's side.

    @property
    def taken(self) -> bool:
        """A publisher is connected, silent or not."""
        return self._kick is not None

    def status(self) -> CameraStatus:
        """How it is now; figures are zero while nobody publishes."""
        now, found = self._owner.now(), self._measures
        status = CameraStatus(number=self.camera.number, state=self.state, since=self.since)
        status.srt_port = self.srt_port
        if self._kick is None:
            return status
        status.protocol, status.address = self.protocol, self.address
        status.width, status.height = found.width, found.height
        status.fps, status.kbps = found.fps(now), found.kbps(now)
        status.gop, status.audio = found.gop(), found.audio(now)
        if self.state in ("live", "degraded"):
            status.warnings = found.warnings(now)
        return status

    def kick(self, code: str) -> None:
        """Send the publisher away, if there is one; it may come back while its key is good."""
        kick, self._kick = self._kick, None
        if kick is not None:
            kick(code)
        if self.state in ("connecting", "live", "degraded"):
            self._become("gone", code)

    def end(self, code: str) -> None:
        """Over: sends the publisher away. A session that is still open may begin again."""
        kick, self._kick = self._kick, None
        if kick is not None:
            kick(code)
        if self.state != "ended":
            self._become("ended", code)

    def admit(self, protocol: str, address: str, kick: Kick) -> None:
        """A publisher came and is welcome."""
        now = self._owner.now()
        former = self._measures
        self._kick, self.protocol, self.address = kick, protocol, address
        self._heard = now
        self._measures = Measures(now)
        self._measures.width, self._measures.height = former.width, former.height
        self._headed, self._waiting = False, True
        self._clock.restart()
        self._become("connecting")

    def refuse(self, refused: Refused) -> Refused:
        """Tell the owner, not more often than is useful; returns what to raise."""
        now = self._owner.now()
        if now - self._refusals.get(refused.code, -REFUSAL_PAUSE) >= REFUSAL_PAUSE:
            self._refusals[refused.code] = now
            self._owner.changed(self.session.id, self.camera.number, "refused", refused.code)
        return refused

    def silent(self, now: float) -> bool:
        """Nothing came for so long that another publisher may take the place."""
        return now - self._heard > SILENT

    def tick(self, now: float) -> None:
        """Once a second."""
        if now >= self.session.closes_at:
            if self.state != "ended":
                self.end("over")
        elif self._kick is not None:
            self._watch(now)
        if self.state == "gone" and now - self.since >= self.session.grace:
            self.end("grace")

    def _watch(self, now: float) -> None:
        """The publisher that is here."""
        quiet = now - self._heard
        if quiet > DEAD:
            self.kick("silent")
        elif self.state == "connecting":
            if now - self.since > FIRST_PICTURE:
                self.kick("no_picture")
        elif self.state in ("live", "degraded"):
            if quiet > SILENT:
                self._become("gone", "silent")
            else:
                trouble = quiet > QUIET or self._measures.unsteady(now)
                if trouble != (self.state == "degraded"):
                    self._become("degraded" if trouble else "live", "unsteady" if trouble else "")

    def _become(self, state: State, code: str = "") -> None:
        self.state, self.since = state, self._owner.now()
        if state == "ended":
            self._owner.spend(self, come_back=False)
        self._owner.changed(self.session.id, self.camera.number, state, code)


def _video_name(payload: bytes) -> str:
    """What a refused picture is called; Enhanced RTMP names its codec in four letters."""
    if payload[0] & 0x80:
        name = payload[1:5].decode("ascii", "replace")
        return {"hvc1": "HEVC", "av01": "AV1", "vp09": "VP9"}.get(name, repr(name)[1:-1])
    return _VIDEO_NAMES.get(payload[0] & 15, f"video {payload[0] & 15}")
