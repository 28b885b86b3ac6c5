"""One connection: who it is, what it may do, which rooms it reads."""

import asyncio
import random
import time
import unicodedata
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.backplane import Unreachable
from gateway.limits import Bucket
from gateway.rooms import Room
from gateway.transport import OVERLOADED, REFUSED, Line, Send
from gateway.words import BLOCK, HOLD
from gateway.worlds import World
from wire import envelope, messages
from wire.tokens import BadToken, Token, verify

if TYPE_CHECKING:
    from gateway.server import Gateway

_WORLD = bytes((envelope.WORLD,))
HELLO_SECONDS, PAUSED_SECONDS = 5.0, 10.0
MOST_ROOMS, MOST_TEXT, MOST_LIKES = 8, 300, 20
MOST_STYLE, MOST_COLOUR = 3, 15
# (seconds, burst): chat of a person; frames, joins and handfuls of hearts of a connection.
CHAT, FRAMES, JOINS, HEARTS = (1.5, 3), (0.05, 60), (1.0, 12), (0.5, 4)


class Person:
    """A `Guest` of the transport, from the first frame to the last."""

    __slots__ = (
        "_address", "_forwarded", "_frames", "_gateway", "_hearts", "_hello", "_joins",
        "_paused_since", "_tasks", "gaps", "hidden", "line", "place", "rooms", "token", "until",
    )  # fmt: skip

    def __init__(self, gateway: "Gateway", forwarded: str = "") -> None:
        self._gateway = gateway
        self.line: Line = _NOBODY
        self.token: Token | None = None
        self.rooms: dict[int, Room] = {}
        # Rooms of which this reader misses something: nothing more is sent until it joins again.
        self.gaps: dict[int, float] = {}
        self.hidden = False
        # The room whose world this person is in, that world, and the slot there.
        self.place: tuple[int, World, int] | None = None
        # After about a day a connection ends, so that no state lives for ever; not all at once.
        longest = gateway.settings.longest
        spread = random.uniform(0.9, 1.1)  # noqa: S311 - a spread, no secret
        self.until = time.monotonic() + longest * spread
        self._address, self._forwarded = "", forwarded
        self._frames, self._joins = Bucket(*FRAMES), Bucket(*JOINS)
        self._hearts = Bucket(*HEARTS)
        self._hello: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # From the transport.

    def opened(self, line: Line, address: str) -> None:
        """Waits for the token, not for long."""
        if self._forwarded and address in self._gateway.settings.proxies:
            address = self._forwarded.rpartition(",")[2].strip()
        self.line, self._address = line, address
        loop = asyncio.get_running_loop()
        self._hello = loop.call_later(HELLO_SECONDS, self._too_slow)
        self._gateway.came(self, address)

    def received(self, frame: bytes) -> None:
        """One message. Nonsense and floods end the connection."""
        if self._frames.take(time.monotonic()):
            self.line.close(REFUSED, "too many messages")
            return
        if frame[:1] == _WORLD and self.place is not None:
            self.place[1].post(self.place[2], frame[1:])
            return
        if not frame or frame[0] != envelope.MESSAGE:
            self.line.close(REFUSED, "not a message")
            return
        try:
            said = messages.read_from_browser(frame[1:])
        except (msgspec.DecodeError, ValueError):
            self.line.close(REFUSED, "not a message")
            return
        if isinstance(said, messages.Hello | messages.Refresh):
            self._greet(said.token)
        elif self.token is None:
            self.line.close(REFUSED, "hello first")
        else:
            self._act(said)

    def closed(self) -> None:
        """Gone."""
        if self._hello is not None:
            self._hello.cancel()
        for number in list(self.rooms):
            self._leave(number)
        for task in self._tasks:
            task.cancel()
        self._gateway.went(self, self._address)

    # Telling.

    def tell(self, message: messages.Message) -> None:
        """A message to this reader alone."""
        self.line.send(envelope.message(messages.encode(message)))

    def fell_behind(self, room: Room) -> None:
        """Too much unsent: batches are left out, the reader is told once it can hear again."""
        now = time.monotonic()
        if room.number not in self.gaps:
            self._gateway.counts["gaps"] += 1
            self.gaps[room.number] = now
            room.place(self)
        if self.line.unsent() > self._gateway.settings.close:
            self._gateway.counts["closed_slow"] += 1
            self.line.close(OVERLOADED, "too slow")

    def look_at_gaps(self, now: float) -> None:
        """Once a second: tell of gaps when the line is free again; end one that stays stuck."""
        for number, since in list(self.gaps.items()):
            if self.line.unsent() < self._gateway.settings.skip:
                del self.gaps[number]
                if self._leave(number):
                    self.tell(messages.Gap(number))
            elif now - since > PAUSED_SECONDS:
                self._gateway.counts["closed_slow"] += 1
                self.line.close(OVERLOADED, "too slow")
                return

    # Acting.

    def _too_slow(self) -> None:
        self._hello = None
        if self.token is None:
            self.line.close(REFUSED, "no hello")

    def _greet(self, signed: str) -> None:
        try:
            token = verify(self._gateway.settings.key, signed)
        except BadToken as error:
            self.line.close(REFUSED, f"token: {error}")
            return
        if self._gateway.is_revoked(token):
            self.line.close(REFUSED, "token: revoked")
            return
        first, self.token = self.token is None, token
        if self._hello is not None:
            self._hello.cancel()
            self._hello = None
        for number, room in list(self.rooms.items()):
            if not token.rights(room.name):
                self._put_out(number, "rights")
        if first:
            wait = self._gateway.wait_ms
            self.tell(messages.Welcome(int(time.time() * 1000), *wait))

    def _put_out(self, number: int, reason: str) -> None:
        if self._leave(number):
            self.tell(messages.Revoked(number, reason))

    def put_off(self, reason: str) -> None:
        """The house took the right to be here back: log-out, erased or closed account."""
        self.tell(messages.Revoked(0, reason))
        self.line.close(REFUSED, f"token: {reason}")

    def _leave(self, number: int) -> bool:
        """Out of a room and its world; whether this person was in it."""
        if self.place is not None and self.place[0] == number:
            self.place[1].leave(self.place[2])
            self.place = None
        room = self.rooms.pop(number, None)
        if room is None:
            return False
        room.leave(self)
        return True

    def is_over(self, now: float) -> bool:
        """Whether the token has run out (seconds since 1970)."""
        return self.token is not None and self.token.until <= now

    def check_bans(self, room: Room, now: float) -> None:
        """Leave when the room's settings say so."""
        if self.token is not None and room.settings.banned.get(self.token.user, 0) > now:
            self._put_out(room.number, "banned")

    def _act(self, said: Any) -> None:
        if isinstance(said, messages.Join):
            self._run(self._join(said))
        elif isinstance(said, messages.Leave):
            self._leave(said.room)
        elif isinstance(said, messages.Passive):
            self.hidden = said.hidden
            for room in self.rooms.values():
                room.place(self)
        elif isinstance(said, messages.Say):
            self._say(said)
        elif isinstance(said, messages.Like):
            self._like(said)
        elif isinstance(said, messages.Remove):
            self._remove(said)

    def _run(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _join(self, wish: messages.Join) -> None:
        assert self.token is not None
        now = time.time()
        rights = self.token.rights(wish.room)
        refused, wait = "", 1_000
        if self._gateway.admission.saturated:
            refused, wait = "busy", self._gateway.admission.wait_ms()
            self._gateway.counts["refused_saturated"] += 1
        elif self._joins.take(time.monotonic()) or len(self.rooms) >= MOST_ROOMS:
            refused = "busy"
        elif not rights & messages.READ or not _is_name(wish.room):
            refused = "rights"
        if refused:
            self.tell(messages.Refused(wish.room, refused, wait))
            return
        try:
            room = await self._gateway.rooms.open(wish.room)
        except Unreachable:
            self.tell(messages.Refused(wish.room, "busy", 2_000))
            return
        if room.settings.banned.get(self.token.user, 0) > now:
            self.tell(messages.Refused(wish.room, "banned"))
            return
        self._enter(room, wish, rights)

    def _enter(self, room: Room, wish: messages.Join, rights: int) -> None:
        """Answer, then what was missed, then live: in one go, so that nothing slips between."""
        missed = room.missed(wish.epoch, wish.offset) if wish.epoch else None
        self.gaps.pop(room.number, None)
        self.tell(
            messages.Joined(
                room.name, room.number, room.epoch, room.last, missed is not None,
                room.settings.slow_ms, rights, room.settings.closed,
            )
        )  # fmt: skip
        for frame in missed or ():
            self.line.send(frame)
        self._gateway.counts["joins"] += 1
        self.rooms[room.number] = room
        room.enter(self)
        world = self._gateway.worlds.of(room.name)
        if world is not None and self.place is None and self.token is not None:
            slot = world.enter(self, self.token)
            if slot is not None:
                self.place = (room.number, world, slot)

    def _say(self, wish: messages.Say) -> None:
        assert self.token is not None
        refused = self._why_not(wish)
        room = self.rooms.get(wish.room)
        if refused or room is None:
            self.tell(messages.Refused(wish.nonce, *(refused or ("room", 0))))
            return
        verdict = self._gateway.words_of(room).judge(_plain(wish.text))
        if verdict.action in (BLOCK, HOLD):
            self._gateway.held_back(room.name, self.token, wish, verdict)
            self.tell(messages.Refused(wish.nonce, "held" if verdict.action == HOLD else "words"))
            return
        rights = self.token.rights(room.name)
        item = messages.Said(
            int(time.time() * 1000), self.token.user, self.token.name[:40], verdict.text,
            wish.style if 0 <= wish.style <= MOST_STYLE else 0,
            wish.colour if 0 <= wish.colour <= MOST_COLOUR else 0,
            rights & (messages.HOST | messages.MODERATE),
        )  # fmt: skip
        self._run(self._keep(room.name, wish.nonce, item, rights))

    def _why_not(self, wish: messages.Say) -> tuple[str, int] | None:
        """(reason, milliseconds to wait) of a line that is not said."""
        assert self.token is not None
        room, user = self.rooms.get(wish.room), self.token.user
        if room is None:
            return "room", 0
        rights, now = self.token.rights(room.name), time.time()
        if self.is_over(now):
            return "token", 0
        if not rights & messages.SAY or not user:
            return "rights", 0
        text = _plain(wish.text)
        if not text or len(text) > MOST_TEXT or not 0 < len(wish.nonce) <= 40:
            return "long", 0
        if room.settings.closed and not rights & messages.HOST:
            return "closed", 0
        if (until := room.settings.muted.get(user, 0)) > now:
            return "muted", int((until - now) * 1000)
        if rights & messages.HOST:
            return None
        wait = self._gateway.chat.take((user, room.number), time.monotonic())
        wait = wait or self._gateway.slow(room, user)
        return ("slow", int(wait * 1000) + 1) if wait else None

    async def _keep(self, room: str, nonce: str, item: messages.Said, rights: int) -> None:
        assert self.token is not None
        at_once = bool(rights & (messages.HOST | messages.MODERATE))
        key = f"{self.token.user}:{nonce}"
        try:
            offset = await self._gateway.say(
                room, key, messages.encode(item), self.token.user, at_once=at_once
            )
        except Unreachable:
            self.tell(messages.Refused(nonce, "busy", 1_000))
        else:
            self._gateway.counts["accepted" if offset else "left_out"] += 1
            self.tell(messages.Accepted(nonce, offset, item.text))

    def _like(self, wish: messages.Like) -> None:
        room = self.rooms.get(wish.room)
        # What is too much is left out without a word: nobody waits for an answer to a heart.
        if room is not None and not self._hearts.take(time.monotonic()):
            room.liked += max(0, min(wish.count, MOST_LIKES))

    def _remove(self, wish: messages.Remove) -> None:
        assert self.token is not None
        room = self.rooms.get(wish.room)
        if room is None or not self.token.rights(room.name) & messages.MODERATE:
            self.tell(messages.Refused("", "rights"))
            return
        item = messages.Removed(int(time.time() * 1000), wish.offset)
        key = f"remove:{wish.offset}"
        self._run(self._gateway.keep_quietly(room.name, key, messages.encode(item)))


class _Nobody:
    """The line of a connection that has not opened yet."""

    def send(self, frame: bytes) -> None:
        """Nowhere."""

    def sender(self) -> Send:
        """Nowhere either."""
        return lambda _kind, _buffer, _start: None

    def close(self, code: int, reason: str = "") -> None:
        """Nothing to close."""

    def unsent(self) -> int:
        """Nothing waits."""
        return 0


_NOBODY = _Nobody()


def _is_name(room: str) -> bool:
    return 0 < len(room) <= 60 and room.isascii() and room.replace("-", "").isalnum()


def _plain(text: str) -> str:
    """One line, without control characters and directional tricks."""
    kept = "".join(c if c.isprintable() else " " for c in text if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFC", kept).split())
