"""What the house and the gateways share through the message service (NATS with JetStream).

`ROOMS.<room>`: the log of a room, one `Stored` a tick (docs/adr/0011). `say`: an `Order` of the
house, answered with the offset, empty when it was not kept. `held`: a `Held` line as JSON.
`hearts`: `Hearts` as JSON.
Settings are JSON in the bucket `rooms`: `room.<room>`, `words` and `words.<organiser>`,
`revoked.s-<session>` and `revoked.u-<user>`.
"""

import msgspec

STREAM, SETTINGS, SAY, HELD, HEARTS = "ROOMS", "rooms", "say", "held", "hearts"


class Stored(msgspec.Struct, array_like=True, frozen=True):
    """One entry of a room's log: a tick.

    `frame` goes to the readers as it is; `hidden` are items that were said and not shown (a fair
    sample of a flood), kept for the archive. `nonces` repeat an answer instead of the act. `at` is
    in milliseconds since 1970.
    """

    frame: bytes
    nonces: tuple[tuple[str, int], ...]
    hidden: tuple[bytes, ...]
    at: int


class Order(msgspec.Struct, array_like=True, frozen=True):
    """Something the house says in a room, through whichever gateway takes it."""

    room: str
    nonce: str
    item: bytes


class RoomSettings(msgspec.Struct, frozen=True):
    """What the house says about a room. `muted`, `banned`: {user: until, seconds since 1970}.

    `words`: whose list its lines are held against.
    """

    slow_ms: int = 0
    closed: bool = False
    muted: dict[int, float] = {}
    banned: dict[int, float] = {}
    words: str = ""


class Revoked(msgspec.Struct, frozen=True):
    """Tokens of a session or a user that end at `until` or before are void (seconds)."""

    until: float


class Held(msgspec.Struct, frozen=True):
    """A line with a word of the list. `action`: hold or block; `at` in seconds since 1970."""

    room: str
    user: int
    name: str
    text: str
    word: str
    action: str
    nonce: str
    style: int
    colour: int
    at: float


class Hearts(msgspec.Struct, frozen=True):
    """Hearts that a run of a gateway (`source`) counted in a room in one minute (since 1970).

    Told again with the whole as it grows: the largest `count` holds, however often it comes.
    """

    room: str
    minute: int
    source: str
    count: int
