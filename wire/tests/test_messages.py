"""Messages read by an older or newer side, and tokens that cannot be made up."""

import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire import messages, tokens
from wire.tokens import BadToken, Token

KEY = tokens.derive("one secret")
ROOMS = {"live-1": messages.READ | messages.SAY, "hall-*": messages.READ}


def token(**changes) -> Token:
    values = {"user": 7, "session": "w", "name": "林海", "rooms": ROOMS, "until": 2_000_000_000}
    return Token(**values | changes)


@pytest.mark.parametrize(
    "message",
    [
        messages.Hello("t"),
        messages.Join("live-1", 5, 9),
        messages.Say(1, "n", "你好", 2, 3),
        messages.Remove(1, 4),
    ],
)
def test_a_message_is_read_as_it_was_written(message):
    assert messages.read_from_browser(messages.encode(message)) == message


def test_fields_that_came_later_are_left_out_by_the_old_and_ignored_from_the_new():
    old = msgspec.msgpack.encode([2, "live-1"])
    assert messages.read_from_browser(old) == messages.Join("live-1", 0, 0)
    new = msgspec.msgpack.encode([2, "live-1", 5, 9, "a field of tomorrow"])
    assert messages.read_from_browser(new) == messages.Join("live-1", 5, 9)


@settings(max_examples=10_000, deadline=None)
@given(st.binary(max_size=80))
def test_bytes_of_a_stranger_are_a_message_or_an_error(content):
    for read in (messages.read_from_browser, messages.read_to_browser, messages.read_item):
        try:
            message = read(content)
        except (msgspec.DecodeError, ValueError):
            continue
        assert messages.encode(message)[:1] != b""


def test_a_token_is_read_with_its_own_key_until_its_time():
    signed = tokens.mint(KEY, token(until=1_000))
    assert tokens.verify(KEY, signed, now=999.9) == token(until=1_000)
    for key, text, now in (
        (KEY, signed, 1_000.0),
        (tokens.derive("another secret"), signed, 0.0),
        (KEY, signed[:-2] + ("AA" if signed[-2:] != "AA" else "BB"), 0.0),
        (KEY, "." + signed, 0.0),
        (KEY, signed.partition(".")[0], 0.0),
        (KEY, "漢字", 0.0),
    ):
        with pytest.raises(BadToken):
            tokens.verify(key, text, now=now)


@settings(max_examples=2_000)
@given(st.text(max_size=200))
def test_no_text_is_a_token_by_chance(text):
    with pytest.raises(BadToken):
        tokens.verify(KEY, text, now=0)


def test_rights_are_those_of_the_room_or_of_the_rooms_it_belongs_to():
    asked = [token().rights(room) for room in ("live-1", "hall-9", "live-10", "hall", "")]
    assert asked == [3, 1, 0, 0, 0]


def test_a_token_lasts_five_minutes_by_the_clock():
    signed = tokens.mint(KEY, token(until=int(time.time()) + tokens.LIFETIME))
    assert tokens.verify(KEY, signed).user == 7
