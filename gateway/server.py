"""The gateway: opens the door, finds the owner of each room, keeps the clocks."""

import asyncio
import hashlib
import logging
import random
import time
from collections import Counter
from collections.abc import Mapping

import msgspec

from gateway.admission import Admission
from gateway.backplane import Backplane, Stale, Unreachable
from gateway.guests import CHAT, Person
from gateway.hearts import Tally
from gateway.limits import Bucket, Buckets
from gateway.rooms import Room, Rooms
from gateway.sequencer import AT_ONCE, SAMPLED, Pace, Sequencer
from gateway.settings import Settings
from gateway.sounds import sound
from gateway.transport import OVERLOADED, REFUSED, RESTARTING, Guest
from gateway.words import Verdict, Words
from gateway.worlds import Worlds
from wire import messages
from wire.broker import HEARTS, HELD, SAY, Held, Order, Revoked, RoomSettings
from wire.tokens import Token

log = logging.getLogger("gateway")
# A gateway that has not been heard for this long is taken for dead.
BEAT_SECONDS, DEAD_SECONDS = 1.0, 3.0
ANSWER_SECONDS, TRY_SECONDS = 2.0, 8.0
COUNTERS = (
    "accepted", "closed_daily", "closed_slow", "connections", "gaps", "held_back", "joins",
    "left_out", "refused_address", "refused_full", "refused_origin", "refused_saturated",
    "unanswered", "world_dropped", "world_frames", "world_full", "world_skipped", "world_ticks",
)  # fmt: skip
FIRST_WAIT_MS, LONGEST_WAIT_MS = 1_000, 30_000


class Beat(msgspec.Struct, array_like=True, frozen=True):
    """What a gateway says of itself every second. `rooms`: {room: (readers, new hearts)}."""

    name: str
    leaving: bool
    rooms: dict[str, tuple[int, int]]


class Wish(msgspec.Struct, array_like=True, frozen=True):
    """Something to be said in a room, from one gateway to the owner of the room."""

    room: str
    nonce: str
    item: bytes
    kind: int
    speaker: int


_beat, _wish = msgspec.msgpack.Decoder(Beat), msgspec.msgpack.Decoder(Wish)
_settings = msgspec.json.Decoder(RoomSettings)
_word_list = msgspec.json.Decoder(dict[str, str])
_order, _revoked = msgspec.msgpack.Decoder(Order), msgspec.json.Decoder(Revoked)
_offset = msgspec.msgpack.Decoder(int)
_encode = msgspec.msgpack.Encoder().encode


class Gateway:
    """A `Door`, and what all its guests share."""

    def __init__(self, settings: Settings, backplane: Backplane) -> None:
        self.settings, self.backplane = settings, backplane
        self.rooms = Rooms(backplane, settings.gap)
        # By organiser; under "" all words of all, for a room that is not known yet.
        self.words = {"": Words({})}
        self._revoked: dict[str, float] = {}
        self.chat = Buckets(*CHAT)
        self.counts: Counter[str] = Counter()
        self.admission = Admission(settings.most_late)
        self.worlds = Worlds(settings.skip, self.counts)
        self._hearts = Tally(settings.name)
        self.wait_ms = (FIRST_WAIT_MS, LONGEST_WAIT_MS)
        self._people: set[Person] = set()
        self._addresses: Counter[str] = Counter()
        self._sequencers: dict[str, Sequencer] = {}
        self._peers: dict[str, tuple[float, Beat]] = {}
        self._slow: dict[tuple[int, int], Bucket] = {}
        self._leaving = False
        self._returns = backplane.returns()
        self._tasks: list[asyncio.Task[None]] = []

    # The door.

    def welcome(self, headers: Mapping[str, str]) -> Guest | int:
        """Pages of ours alone, and not more than fit."""
        origin = headers.get("origin", "")
        if self.settings.origins and origin not in self.settings.origins:
            self.counts["refused_origin"] += 1
            return 403
        if self._leaving or len(self._people) >= self.settings.most_connections:
            self.counts["refused_full"] += 1
            return 503
        if self.admission.saturated:
            self.counts["refused_saturated"] += 1
            return 503
        return Person(self, headers.get("x-forwarded-for", ""))

    def page(self, path: str) -> tuple[int, str] | None:
        """/healthz and /metrics."""
        if path == "/healthz":
            return (503, "leaving") if self._leaving else (200, "ok")
        if path == "/metrics":
            return 200, self._metrics()
        return None

    def came(self, person: Person, address: str) -> None:
        """A connection opened."""
        self.counts["connections"] += 1
        self._people.add(person)
        self._addresses[address] += 1
        if self._addresses[address] > self.settings.most_per_address:
            self.counts["refused_address"] += 1
            person.line.close(OVERLOADED, "too many connections")

    def went(self, person: Person, address: str) -> None:
        """A connection ended."""
        self._people.discard(person)
        self._addresses[address] -= 1
        if self._addresses[address] <= 0:
            del self._addresses[address]

    # Saying.

    async def say(self, room: str, nonce: str, item: bytes, speaker: int, *, at_once: bool) -> int:
        """Have the room's owner keep a line; its offset, 0 when a flood left it out.

        An owner that dies is replaced: the same nonce is asked again until somebody answers. Raises
        Unreachable after eight seconds.
        """
        wish = Wish(room, nonce, item, AT_ONCE if at_once else SAMPLED, speaker)
        until = time.monotonic() + TRY_SECONDS
        pause = 0.05
        while True:
            try:
                return await self._ask_owner(wish)
            except (Unreachable, Stale):
                if time.monotonic() + pause > until:
                    self.counts["unanswered"] += 1
                    raise Unreachable(room) from None
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    async def keep_quietly(self, room: str, nonce: str, item: bytes) -> None:
        """As `say`, for what nobody waits for."""
        try:
            await self.say(room, nonce, item, 0, at_once=True)
        except Unreachable:
            log.warning("not kept in %s: %s", room, nonce)

    async def _ask_owner(self, wish: Wish) -> int:
        owner = self.owner(wish.room)
        if owner == self.settings.name:
            return await self._keep(wish)
        answer = await self.backplane.ask(f"own.{owner}", _encode(wish), ANSWER_SECONDS)
        if not answer:
            raise Unreachable(wish.room)
        return _offset.decode(answer)

    async def _keep(self, wish: Wish) -> int:
        sequencer = self._sequencers.get(wish.room)
        if sequencer is None:
            sequencer = self._sequencers[wish.room] = Sequencer(
                wish.room, self.backplane, lambda: self._pace(wish.room), time.time
            )
        return await sequencer.say(wish.nonce, wish.item, wish.kind, wish.speaker)

    async def _kept_for_another(self, content: bytes) -> bytes:
        try:
            return _encode(await self._keep(_wish.decode(content)))
        except (Unreachable, Stale, msgspec.DecodeError):
            return b""

    async def _said_by_the_house(self, content: bytes) -> bytes:
        """Empty: not kept, ask again; the nonce makes asking again safe."""
        try:
            order = _order.decode(content)
            offset = await self.say(order.room, order.nonce, order.item, 0, at_once=True)
        except (Unreachable, msgspec.DecodeError):
            return b""
        return _encode(offset)

    def _pace(self, room: str) -> Pace:
        few = self.viewers(room) < self.settings.quick_below
        tick = self.settings.quick_tick if few else self.settings.tick
        return Pace(tick, self.settings.most_shown)

    def slow(self, room: Room, user: int) -> float:
        """Seconds to wait under the room's slow mode; 0.0: none."""
        if not room.settings.slow_ms:
            return 0.0
        key = (user, room.number)
        bucket = self._slow.get(key)
        if bucket is None:
            if len(self._slow) > 100_000:
                self._slow.clear()
            bucket = self._slow[key] = Bucket(room.settings.slow_ms / 1000, 1)
        return bucket.take(time.monotonic())

    def held_back(self, room: str, token: Token, wish: messages.Say, verdict: Verdict) -> None:
        """A line with a word of the list: moderators hear of it."""
        self.counts["held_back"] += 1
        note = Held(
            room, token.user, token.name, verdict.text, verdict.word, verdict.action, wish.nonce,
            wish.style, wish.colour, time.time(),
        )  # fmt: skip
        self._tasks.append(
            asyncio.create_task(self.backplane.tell(HELD, msgspec.json.encode(note)))
        )

    # Who owns what, who is there.

    def owner(self, room: str) -> str:
        """The gateway that writes a room: the highest of hash(gateway, room) over the living."""
        now = time.monotonic()
        alive = [name for name, (seen, _b) in self._peers.items() if now - seen < DEAD_SECONDS]
        return max([*alive, self.settings.name], key=lambda name: _weight(name, room))

    def viewers(self, room: str) -> int:
        """Readers of a room on all gateways, at most a second old."""
        here = self.rooms.get(room)
        there = sum(b.rooms.get(room, (0, 0))[0] for _seen, b in self._peers.values())
        return (len(here.people) if here else 0) + there

    def _heard_beat(self, content: bytes) -> None:
        beat = _beat.decode(content)
        if beat.name == self.settings.name:
            return
        if beat.leaving:
            self._peers.pop(beat.name, None)
            return
        self._peers[beat.name] = (time.monotonic(), beat)
        for name, (_readers, hearts) in beat.rooms.items():
            if hearts and (room := self.rooms.get(name)) is not None:
                room.likes += hearts

    def _heard_setting(self, name: str, value: bytes) -> None:
        try:
            if name == "words" or name.startswith("words."):
                words = Words(_word_list.decode(value or b"{}"), sound)
                self.words[name.partition(".")[2]] = words
            elif name.startswith("revoked."):
                self._revoke(name.removeprefix("revoked."), value)
            elif name.startswith("room."):
                self._settle(name.removeprefix("room."), _settings.decode(value or b"{}"))
        except msgspec.DecodeError:
            log.error("a setting that cannot be read: %s", name)

    def words_of(self, room: Room) -> Words:
        """The list of the room's organiser."""
        return self.words.get(room.settings.words) or self.words[""]

    def is_revoked(self, token: Token) -> bool:
        """Whether the house took this token back before its end."""
        keys = f"s-{token.session}", f"u-{token.user}"
        return any(token.until <= self._revoked.get(key, 0) for key in keys)

    def _revoke(self, key: str, value: bytes) -> None:
        if not value:  # the house has forgotten it: every token it was about is over
            self._revoked.pop(key, None)
            return
        self._revoked[key] = _revoked.decode(value).until
        for person in list(self._people):
            if person.token is not None and self.is_revoked(person.token):
                person.put_off("revoked")

    def _settle(self, name: str, settings: RoomSettings) -> None:
        self.rooms.settings[name] = settings
        room = self.rooms.get(name)
        if room is None:
            return
        before, room.settings = room.settings, settings
        now = time.time()
        for person in list(room.people):
            person.check_bans(room, now)
        if before.slow_ms != settings.slow_ms:
            self._slow = {key: b for key, b in self._slow.items() if key[1] != room.number}
        if (before.slow_ms, before.closed) != (settings.slow_ms, settings.closed):
            room.tell(messages.Settings(room.number, settings.slow_ms, settings.closed))

    # Clocks.

    async def start(self) -> None:
        """Join the others."""
        await self.backplane.hear("beat", self._heard_beat)
        await self.backplane.serve(f"own.{self.settings.name}", self._kept_for_another)
        await self.backplane.serve(SAY, self._said_by_the_house)
        await self.backplane.settings(self._heard_setting)
        self._tasks.append(asyncio.create_task(self._beat_for_ever()))
        self._tasks.append(asyncio.create_task(self.admission.watch()))

    async def _beat_for_ever(self) -> None:
        while True:
            try:
                await self.beat()
            except Exception:
                log.exception("beat")
            await asyncio.sleep(BEAT_SECONDS)

    async def beat(self) -> None:
        """Once a second: numbers to readers, news to peers, a look at slow and expired readers."""
        now, instant = time.time(), time.monotonic()
        self._tasks = [task for task in self._tasks if not task.done()]
        gone = [n for n, (seen, _b) in self._peers.items() if instant - seen > DEAD_SECONDS]
        for name in gone:
            del self._peers[name]
        rooms = {}
        for room in self.rooms:
            rooms[room.name] = (len(room.people), room.liked)
            room.likes += room.liked
            self._hearts.add(room.name, room.liked, now)
            room.liked = 0
        await self.backplane.tell("beat", _encode(Beat(self.settings.name, self._leaving, rooms)))
        for note in self._hearts.due(now):
            await self.backplane.tell(HEARTS, note)
        for room in self.rooms:
            self._count(room)
            room.look()
        for person in list(self._people):
            if person.gaps:
                person.look_at_gaps(instant)
            if person.is_over(now - 30):
                person.line.close(REFUSED, "token: over")
            elif instant > person.until:
                self.counts["closed_daily"] += 1
                person.line.close(RESTARTING, "once a day")
        if (returns := self.backplane.returns()) != self._returns:
            self._returns = returns
            for room in self.rooms:
                room.look_again()
        await self.rooms.sweep()
        self.worlds.sweep()

    def _count(self, room: Room) -> None:
        viewers = self.viewers(room.name)
        if (viewers, room.likes) != (room.viewers, room.sent_likes):
            room.viewers, room.sent_likes = viewers, room.likes
            room.tell(messages.Counters(room.number, viewers, room.likes))

    async def drain(self) -> None:
        """Leave: hand rooms over, then send everybody away, spread over `drain` seconds."""
        self._leaving = True
        for task in self._tasks:
            task.cancel()
        await self.backplane.tell("beat", _encode(Beat(self.settings.name, True, {})))
        now = time.time()
        for room in self.rooms:
            self._hearts.add(room.name, room.liked, now)
        for note in self._hearts.due(now, all_of_it=True):
            await self.backplane.tell(HEARTS, note)
        for sequencer in self._sequencers.values():
            await sequencer.close()
        people = list(self._people)
        random.shuffle(people)
        pause = self.settings.drain / max(1, len(people))
        for number, person in enumerate(people, 1):
            person.line.close(RESTARTING, "restarting")
            if pause * number >= 0.01 or number % 100 == 0:
                await asyncio.sleep(pause if pause > 0.01 else pause * 100)
        self.worlds.stop()
        await self.backplane.close()

    def _metrics(self) -> str:
        """Text for Prometheus (exposition format 0.0.4); every counter is there from the start."""
        gauges = {
            "connections": len(self._people),
            "rooms": sum(1 for _room in self.rooms),
            "rooms_owned": len(self._sequencers),
            "peers": len(self._peers),
            "loop_late_seconds": round(self.admission.late, 4),
        }
        counted = {name: self.counts[name] for name in COUNTERS} | self.counts
        counted["frames_sent"] = self.rooms.sent
        lines = []
        for name, value in gauges.items():
            lines += [f"# TYPE haishi_gateway_{name} gauge", f"haishi_gateway_{name} {value}"]
        for name, value in sorted(counted.items()):
            whole = f"haishi_gateway_{name}_total"
            lines += [f"# TYPE {whole} counter", f"{whole} {value}"]
        return "\n".join([*lines, ""])


def _weight(name: str, room: str) -> bytes:
    return hashlib.blake2b(f"{name}\0{room}".encode(), digest_size=8).digest()
