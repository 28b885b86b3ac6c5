"""The worker's part: carry what the house says, tell settings, keep what was said.

Each step reads and writes rows in short transactions and talks to the broker between them. With the
broker away every step is a step that did nothing.
"""

import threading
import time
from collections.abc import Callable, Iterable
from functools import wraps

import msgspec
import structlog

from haishi.foundation import clock
from haishi.foundation.loops import loop
from haishi.rooms import services
from haishi.rooms.broker import Message, Unreachable, broker
from haishi.rooms.types import Entry
from wire.broker import HEARTS, HELD, SAY, STREAM, Hearts, Held
from wire.envelope import Malformed

log = structlog.get_logger("haishi.rooms")
HELD_STREAM, HELD_SECONDS = "HELD", 600.0
HEARTS_STREAM, HEARTS_SECONDS = "HEARTS", 86_400.0
BATCH, WAIT = 200, 1.0
# How often the broker is asked whether it still knows what it was told.
CHECK_SECONDS = 60.0
_order = msgspec.msgpack.Encoder().encode
_offset = msgspec.msgpack.Decoder(int)
_held = msgspec.json.Decoder(Held)
_hearts = msgspec.json.Decoder(Hearts)
_away = threading.Event()


def _later(step: Callable[[], int]) -> Callable[[], int]:
    """A step that does nothing while the broker is away; that is said once."""

    @wraps(step)
    def run() -> int:
        try:
            done = step()
        except Unreachable as error:
            if not _away.is_set():
                _away.set()
                log.warning("rooms.unreachable", step=step.__name__, reason=str(error))
            return 0
        if done and _away.is_set():
            _away.clear()
            log.info("rooms.reachable")
        return done

    return run


@loop("rooms-tell", 0.1)
@_later
def tell() -> int:
    """Carry to a gateway what the house says; of each room in order, again until it is kept."""
    said, stuck = 0, set()
    for each in services.claim_tellings(clock.now()):
        if each.order.room in stuck or not _say(each.order):
            stuck.add(each.order.room)
            services.note_unsaid(each.telling_id, clock.now())
            continue
        services.note_said(each.telling_id)
        said += 1
    return said


def _say(order: object) -> bool:
    try:
        return bool(broker().ask(SAY, _order(order)))
    except Unreachable:
        return False


@loop("rooms-settings", 0.2)
@_later
def share() -> int:
    """Tell gateways what changed, forget what is over."""
    told = 0
    for setting in services.untold():
        if setting.forget:
            broker().forget(setting.key)
        else:
            broker().put(setting.key, setting.value.encode())
        services.note_told(setting)
        told += 1
    return told


@loop("rooms-check", CHECK_SECONDS)
@_later
def check() -> int:
    """A broker that lost what it kept is told everything again."""
    broker().make_stream(HELD_STREAM, HELD, HELD_SECONDS)
    broker().make_stream(HEARTS_STREAM, HEARTS, HEARTS_SECONDS)
    mark = f"{time.time():.0f}".encode()
    if broker().get("house") is None:
        services.tell_all_again()
    broker().put("house", mark)
    return 0


@loop("rooms-archive", 0.05)
@_later
def archive() -> int:
    """Write what was said: first into the table, then the broker hears that it may forget it."""
    found = broker().fetch(STREAM, "archive", BATCH, WAIT)
    if not found:
        return 0
    services.keep(_entries(found))
    broker().acknowledge(STREAM, "archive")
    return len(found)


def _entries(found: Iterable[Message]) -> list[Entry]:
    entries: list[Entry] = []
    for message in found:
        room = message.subject.removeprefix(f"{STREAM}.")
        try:
            entries += services.entries_of(room, message.number, message.content)
        except (msgspec.DecodeError, Malformed, ValueError) as error:
            # It will never be readable; those behind it must not wait for it.
            log.error("rooms.unreadable", room=room, number=message.number, reason=str(error))
    return entries


@loop("rooms-held", 0.2)
@_later
def hear_held() -> int:
    """Lines that gateways held back, for moderators."""
    found = broker().fetch(HELD_STREAM, "moderation", BATCH, WAIT)
    if not found:
        return 0
    lines = []
    for message in found:
        try:
            lines.append(_held.decode(message.content))
        except msgspec.DecodeError as error:
            log.error("rooms.unreadable", subject=HELD, reason=str(error))
    services.keep_held(lines)
    broker().acknowledge(HELD_STREAM, "moderation")
    return len(found)


@loop("rooms-hearts", 1.0)
@_later
def hear_hearts() -> int:
    """What gateways counted: a row for each minute, however many pressed."""
    found = broker().fetch(HEARTS_STREAM, "figures", BATCH, WAIT)
    if not found:
        return 0
    counted = []
    for message in found:
        try:
            counted.append(_hearts.decode(message.content))
        except msgspec.DecodeError as error:
            log.error("rooms.unreadable", subject=HEARTS, reason=str(error))
    services.keep_hearts(counted)
    broker().acknowledge(HEARTS_STREAM, "figures")
    return len(found)


@loop("rooms-expiry", 5.0)
def expire() -> int:
    """Close held lines and sanctions whose time is over."""
    now = clock.now()
    return services.expire_held(now) + services.end_sanctions(now)


@loop("rooms-sweep", 3600.0)
def sweep() -> int:
    """Forget old lines and figures."""
    now = clock.now()
    return services.sweep(now) + services.sweep_hearts(now)
