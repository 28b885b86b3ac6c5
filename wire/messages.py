"""The messages themselves, as MessagePack arrays: a number for the kind, then the fields in order.

A field is only ever added at the end, with a default: older and newer sides then understand each
other. Times are milliseconds since 1970 UTC on the server's clock. `wire.typescript` writes these
classes for the browser.
"""

from typing import Any

import msgspec

# What a person may do in a room; bits of a token's role.
READ, SAY, HOST, MODERATE = 1, 2, 4, 8


class Message(msgspec.Struct, array_like=True):
    """Base of all; nobody changes one that was made."""


# From the browser.


class Hello(Message, tag=1):
    """The first frame: who I am."""

    token: str


class Join(Message, tag=2):
    """Into a room. With the last (epoch, offset) that was seen, what was missed comes first."""

    room: str
    epoch: int = 0
    offset: int = 0


class Leave(Message, tag=3):
    """Out of a room."""

    room: int


class Say(Message, tag=4):
    """A line of chat. `nonce` comes back with the answer; the same nonce again says it once.

    `style`: 0 chat, 1 danmaku rolling, 2 at the top, 3 at the bottom; `colour` an index.
    """

    room: int
    nonce: str
    text: str
    style: int = 0
    colour: int = 0


class Like(Message, tag=5):
    """`count` presses of the heart since the last time."""

    room: int
    count: int


class Refresh(Message, tag=6):
    """A new token on an open connection."""

    token: str


class Passive(Message, tag=7):
    """The page is hidden (or shown again): only what matters at once is wanted."""

    hidden: bool


class Remove(Message, tag=8):
    """A moderator takes a line away."""

    room: int
    offset: int


# To the browser, outside of a room's order.


class Welcome(Message, tag=1):
    """The token is good. On a break, wait a random part of `wait_ms`, doubling up to `most_ms`."""

    now: int
    wait_ms: int
    most_ms: int


class Joined(Message, tag=2):
    """In. `recovered`: what was missed follows; False: fetch history by HTTP, nothing follows."""

    room: str
    number: int
    epoch: int
    offset: int
    recovered: bool
    slow_ms: int
    rights: int
    closed: bool = False


class Accepted(Message, tag=3):
    """What was said under `nonce` is kept and has this place in the room; it survives a crash."""

    nonce: str
    offset: int
    text: str


class Refused(Message, tag=4):
    """Not done. `reason`: slow muted banned words held rights room token long busy closed.

    `nonce` is the room's name when a join is refused; held: a moderator looks at the line first.
    """

    nonce: str
    reason: str
    wait_ms: int = 0


class Counters(Message, tag=5):
    """Numbers of a room, one to five times a second: people in it, hearts so far."""

    room: int
    viewers: int
    likes: int


class Gap(Message, tag=6):
    """This reader was too slow: batches were left out. Join again from the last offset seen."""

    room: int


class Revoked(Message, tag=7):
    """The right to be here ended; `room` 0 means the connection."""

    room: int
    reason: str


class Settings(Message, tag=8):
    """A room's settings changed."""

    room: int
    slow_ms: int
    closed: bool


# In a room's order: items of batches.


class Said(Message, tag=1):
    """Somebody said something. `user` is a number for the room's eyes, not an account."""

    at: int
    user: int
    name: str
    text: str
    style: int = 0
    colour: int = 0
    role: int = 0


class Posted(Message, tag=2):
    """The house said something: a product pinned, a poll, an unveiling. `kind` names the shape."""

    at: int
    kind: str
    body: dict[str, Any]


class Removed(Message, tag=3):
    """An earlier item is not shown any more."""

    at: int
    offset: int


FromBrowser = Hello | Join | Leave | Say | Like | Refresh | Passive | Remove
ToBrowser = Welcome | Joined | Accepted | Refused | Counters | Gap | Revoked | Settings
Item = Said | Posted | Removed

_encoder = msgspec.msgpack.Encoder()
_from_browser = msgspec.msgpack.Decoder(FromBrowser)
_to_browser = msgspec.msgpack.Decoder(ToBrowser)
_item = msgspec.msgpack.Decoder(Item)


def encode(content: Any) -> bytes:
    """MessagePack of a message, an item or a plain value."""
    return _encoder.encode(content)


def read_from_browser(content: bytes) -> Any:
    """One of `FromBrowser`. Raises msgspec.DecodeError."""
    return _from_browser.decode(content)


def read_to_browser(content: bytes) -> Any:
    """One of `ToBrowser`. Raises msgspec.DecodeError."""
    return _to_browser.decode(content)


def read_item(content: bytes) -> Any:
    """One of `Item`. Raises msgspec.DecodeError."""
    return _item.decode(content)
