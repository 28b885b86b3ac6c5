"""Tokens: what the pages tell the gateway about a person, signed, short-lived.

`base64url(MessagePack) . base64url(HMAC-SHA256)`; the key is shared by the pages and the gateway
alone. Verifying costs about 10 µs and asks nobody.
"""

import base64
import binascii
import hashlib
import hmac
import time

import msgspec


class Token(msgspec.Struct, array_like=True, frozen=True):
    """`rooms`: {room: bits of `messages.READ` …}; a room ending in `*` stands for all it begins.

    `user` 0: somebody without an account, who may read. `session` tells two windows apart.
    `until` is in seconds since 1970.
    """

    user: int
    session: str
    name: str
    rooms: dict[str, int]
    until: int

    def rights(self, room: str) -> int:
        """Bits of what this person may do in `room`; 0: nothing, not even read."""
        found = self.rooms.get(room)
        if found is not None:
            return found
        for name, bits in self.rooms.items():
            if name.endswith("*") and room.startswith(name[:-1]):
                return bits
        return 0


class BadToken(ValueError):
    """Not ours, changed on the way, or over."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Token)
LIFETIME = 300


def derive(secret: str) -> bytes:
    """The key of tokens from the installation's secret."""
    return hashlib.sha256(f"haishi:gateway:{secret}".encode()).digest()


def mint(key: bytes, token: Token) -> str:
    """The signed text of a token."""
    content = _encoder.encode(token)
    return f"{_text(content)}.{_text(hmac.digest(key, content, 'sha256'))}"


def verify(key: bytes, signed: str, now: float | None = None) -> Token:
    """The token. Raises BadToken, also when it is over at `now` (seconds; default: the clock)."""
    content, _dot, mac = signed.partition(".")
    try:
        raw, given = _bytes(content), _bytes(mac)
    except (binascii.Error, ValueError):
        raise BadToken("unreadable") from None
    if not hmac.compare_digest(hmac.digest(key, raw, "sha256"), given):
        raise BadToken("signature")
    try:
        token = _decoder.decode(raw)
    except msgspec.DecodeError:
        raise BadToken("unreadable") from None
    if token.until <= (time.time() if now is None else now):
        raise BadToken("over")
    return token


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
