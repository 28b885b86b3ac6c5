"""House, broker, gateway and a reader together: what is said arrives, once, whoever was away."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from gateway.tests.client import Client, client
from haishi.config.tests.plane import Plane, wait_until
from haishi.foundation.service import service
from haishi.foundation.sessions import mark
from haishi.rooms import loops, services
from haishi.rooms.models import HeldLine, RoomEntry, Telling
from haishi.rooms.tests.quay import PUBLIC
from haishi.rooms.veil import veiled
from wire import messages

pytestmark = pytest.mark.django_db(transaction=True)
tell = service(services.tell)


class Reader:
    """A connection whose loop runs beside the test, so that the test may use the database."""

    def __init__(self, port: int, signed: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._port, self._signed = port, signed
        # A gateway on a busy machine turns newcomers away for a moment.
        self.seen: Client = wait_until(self._try, "the connection")

    def _try(self) -> Client | None:
        self._open = client(self._port, self._signed)
        try:
            return self.run(self._open.__aenter__())
        except InvalidStatus:
            return None

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def items(self, kind: type) -> list[Any]:
        """What came in the room's order, of one kind."""
        lines = dict(self.seen.lines)
        return [lines[place] for place in sorted(lines) if isinstance(lines[place], kind)]

    def told(self, kind: type) -> list[Any]:
        """What came outside of it."""
        return [each for each in list(self.seen.told) if isinstance(each, kind)]

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.run(self._open.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextlib.contextmanager
def reading(plane: Plane, person: Any, session: str = "") -> Iterator[Reader]:
    """Somebody in the room, with a token of the house."""
    granted = services.grant(person, [PUBLIC], session or None, "")
    wait_until(lambda: not loops.share(), "settings")
    reader = Reader(plane.gateway_port, granted.token)
    try:
        reader.run(reader.seen.join(PUBLIC))
        yield reader
    finally:
        reader.close()


def carried() -> bool:
    """Whether all that the house says is said."""
    loops.tell()
    return not Telling.objects.exists()


def test_what_the_house_says_arrives_once_and_what_people_say_is_archived(plane, lin):
    plane.start_gateway()
    with reading(plane, lin) as reader:
        tell(PUBLIC, "pin", {"product": 7}, key="event-1")
        tell(PUBLIC, "pin", {"product": 7}, key="event-1")
        wait_until(carried, "the telling")
        tell(PUBLIC, "pin", {"product": 7}, key="event-1")
        tell(PUBLIC, "unpin", {}, key="event-2")
        wait_until(carried, "the telling")
        wait_until(lambda: len(reader.items(messages.Posted)) == 2, "both")
        assert [(each.kind, each.body) for each in reader.items(messages.Posted)] == [
            ("pin", {"product": 7}),
            ("unpin", {}),
        ]
        answer = reader.run(reader.seen.say("大家好"))
        wait_until(lambda: not loops.archive() and RoomEntry.objects.count() == 3, "the archive")
    row = RoomEntry.objects.get(kind="said")
    assert (row.person, row.name, row.text, row.offset) == (lin.pk, "林海", "大家好", answer.offset)
    assert RoomEntry.objects.get(offset=1).body == {"kind": "pin", "body": {"product": 7}}


def test_a_held_line_is_shown_when_a_moderator_says_so(plane, lin, chen):
    services.add_words(chen, "haizhou", lines="广告\n骗子,拦截", action="hold")
    loops.check()
    plane.start_gateway()
    with reading(plane, lin) as reader:
        assert reader.run(reader.seen.say("发个广 告")).reason == "held"
        assert reader.run(reader.seen.say("骗子")).reason == "words"
        wait_until(lambda: loops.hear_held() or HeldLine.objects.exists(), "the held line")
        row = HeldLine.objects.get()
        services.decide(chen, row.pk, "show")
        wait_until(carried, "the telling")
        wait_until(lambda: reader.items(messages.Said), "the line")
        (line,) = reader.items(messages.Said)
        assert (line.user, line.name, line.text) == (veiled(lin.pk), "林海", "发个广 告")


def test_the_banned_and_the_signed_out_are_put_out_at_once(plane, lin, zhou, chen):
    plane.start_gateway()
    with reading(plane, lin) as one, reading(plane, zhou, "a session") as two:
        one.run(one.seen.say("骂人的话"))
        wait_until(lambda: loops.archive() or RoomEntry.objects.exists(), "the archive")
        began = time.monotonic()
        services.sanction(chen, PUBLIC, lin.pk, "ban", 5, "骂人")
        services.revoke_session(mark("a session"))
        loops.share()
        wait_until(lambda: one.told(messages.Revoked) and two.told(messages.Revoked), "both")
        assert time.monotonic() - began < 1
        room = one.seen.joined.number
        assert one.told(messages.Revoked) == [messages.Revoked(room, "banned")]
        assert two.told(messages.Revoked) == [messages.Revoked(0, "revoked")]
        assert two.run(two.seen.closed()) == (1008, "token: revoked")
        granted = services.grant(lin, [PUBLIC], None, "")
        again = Reader(plane.gateway_port, granted.token)
        again.run(again.seen.send(messages.Join(PUBLIC)))
        refused = again.run(again.seen.wait_for(messages.Refused))
        again.close()
        assert refused.reason == "banned"


def test_with_the_broker_dead_nothing_fails_and_all_is_said_when_it_is_back(plane, lin):
    plane.start_gateway()
    with reading(plane, lin) as reader:
        plane.kill("nats")
        tell(PUBLIC, "pin", {"product": 7})
        assert loops.tell() == 0
        assert Telling.objects.get().failures == 1
        plane.start_nats()
        Telling.objects.update(next_try_at="2020-01-01T00:00:00Z")
        wait_until(lambda: carried() or not _hurry(), "the telling")
        wait_until(lambda: reader.items(messages.Posted), "the item")
        assert [each.kind for each in reader.items(messages.Posted)] == ["pin"]


def _hurry() -> int:
    """Time passes for what waits to be tried again."""
    return Telling.objects.update(next_try_at="2020-01-01T00:00:00Z")
