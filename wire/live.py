"""What the house and the origin tell each other about a live session, and who may watch.

The house arms sessions (`PUT /control/sessions/{id}`, a `Session` as JSON) and gives orders; the
origin answers with `Status` and reports `Event`s. Both sides may be restarted: arming twice is
arming once, events carry a number and may come twice or never, and the status can be asked.
"""

import base64
import hashlib
import hmac
import time
from typing import Literal

import msgspec

State = Literal["idle", "connecting", "live", "degraded", "gone", "ended"]
TargetState = Literal["off", "connecting", "live", "retrying", "failed"]
Network = Literal["douyin", "bilibili", "channels", "kuaishou", "rtmp", "srt"]
PROGRAMME = "programme"  # the stream that the director makes; cameras are "1" to "6"
MOST_CAMERAS = 6


class Camera(msgspec.Struct, frozen=True, kw_only=True):
    """One place to publish to. `key_hash`: `hash_key` of the key; the key itself never travels."""

    number: int
    label: str
    key_hash: str
    single_use: bool = False
    # "angle": viewers may choose it beside the programme.
    angle: bool = False


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Another network. `url` holds its stream key: never logged, never shown."""

    id: str
    name: str
    network: Network
    url: str
    wanted: bool = True


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A live session as the origin needs it. Times: seconds since 1970; spans: seconds."""

    id: str
    title: str
    cameras: list[Camera]
    targets: list[Target] = []
    opens_at: float
    closes_at: float
    record: bool = True
    flv: bool = True
    srt: bool = False
    # Everything that viewers see comes this much later (delay mode, for moderation).
    delay: float = 0.0
    # How long a programme that lost every camera waits behind its slate before it ends.
    grace: float = 60.0
    slate: str = ""


class CameraStatus(msgspec.Struct, kw_only=True):
    """`fps`, `kbps`, `gop` (seconds between key frames): measured over the last seconds.

    `warnings` are codes, the words are the house's: `no_audio`, `gop_long`, `low_bitrate`,
    `unsteady`, `clock_jump`, `size_changed`. `srt_port`: where it also listens for SRT, 0: nowhere.
    """

    number: int
    state: State
    since: float
    protocol: str = ""
    address: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    kbps: int = 0
    gop: float = 0.0
    audio: bool = False
    warnings: list[str] = []
    srt_port: int = 0


class TargetStatus(msgspec.Struct, kw_only=True):
    """`reason` is a code: `refused`, `unreachable`, `stalled`, `bad_key`, `closed`, `other`."""

    id: str
    state: TargetState
    since: float
    reason: str = ""
    kbps: int = 0
    tries: int = 0
    dropped: int = 0


class Status(msgspec.Struct, kw_only=True):
    """All of a session at one moment. `source`: the camera on the programme, 0: the slate.

    `began_at`: the first picture of the programme; times of a recording count from it.
    """

    id: str
    state: State
    since: float
    source: int = 0
    began_at: float = 0.0
    viewers: int = 0
    cameras: list[CameraStatus] = []
    targets: list[TargetStatus] = []
    recorded_seconds: float = 0.0
    recording_error: str = ""


EventKind = Literal[
    "connecting", "live", "degraded", "gone", "ended", "refused", "cut", "target", "recording"
]


class Event(msgspec.Struct, kw_only=True):
    """Something happened. `number` grows by one for each event of an origin and is kept on disk.

    `camera` 0: the programme. `code`: why (refused), which source (cut), state of a target,
    `finished` or `disk_full` (recording). `name`: a target's id or a recording's file name.
    """

    number: int
    session: str
    kind: EventKind
    at: float
    camera: int = 0
    code: str = ""
    name: str = ""
    seconds: float = 0.0


class Watcher(msgspec.Struct, array_like=True, frozen=True):
    """Who may watch what until when. `viewer` tells people apart: for counts, against sharing."""

    session: str
    viewer: str
    until: int


class BadWatcher(ValueError):
    """Not ours, changed on the way, or over."""


WATCH_SECONDS = 300
_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Watcher).decode


def hash_key(key: str) -> str:
    """A stream key as it is kept: SHA-256 in hex. Keys are 32 random characters, not passwords."""
    return hashlib.sha256(key.encode()).hexdigest()


def srt_passphrase(key_hash: str) -> str:
    """What publishes over SRT to the camera with this key: 32 characters (SRT allows 10 to 79)."""
    return hashlib.sha256(f"haishi:srt:{key_hash}".encode()).hexdigest()[:32]


def derive(secret: str, purpose: Literal["watch", "control"]) -> bytes:
    """A key from the installation's secret."""
    return hashlib.sha256(f"haishi:origin:{purpose}:{secret}".encode()).digest()


def mint(key: bytes, watcher: Watcher) -> str:
    """The token of a playback address, `?w=…`: 16 bytes of HMAC-SHA256, then the content."""
    content = _encode(watcher)
    mac = hmac.digest(key, content, "sha256")[:16]
    return base64.urlsafe_b64encode(mac + content).rstrip(b"=").decode()


def watcher(key: bytes, token: str, now: float | None = None) -> Watcher:
    """Who holds the token. Raises BadWatcher, also when it is over at `now` (default: clock)."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise BadWatcher("unreadable") from None
    mac, content = raw[:16], raw[16:]
    if not hmac.compare_digest(hmac.digest(key, content, "sha256")[:16], mac):
        raise BadWatcher("signature")
    try:
        found = _decode(content)
    except msgspec.DecodeError:
        raise BadWatcher("unreadable") from None
    if found.until <= (time.time() if now is None else now):
        raise BadWatcher("over")
    return found
