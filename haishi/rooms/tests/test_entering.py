"""Tokens: who gets which rights, for whom a room does not exist, and when a token ends."""

import json
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from haishi.foundation import outbox
from haishi.foundation.errors import NotFound, TooMany
from haishi.foundation.sessions import mark
from haishi.rooms import selectors, services
from haishi.rooms.errors import RoomsInvalid
from haishi.rooms.models import GatewaySetting, Room
from haishi.rooms.tests.quay import PUBLIC, SECRET
from haishi.rooms.veil import MOST, unveiled, veiled
from wire import tokens
from wire.broker import Revoked, RoomSettings

pytestmark = pytest.mark.django_db
READS, SPEAKS, MODERATES = 1, 3, 11


def read(signed: str) -> tokens.Token:
    return tokens.verify(tokens.derive(settings.SECRET_KEY), signed)


def ask(client: Client, *rooms: Any, **headers: str) -> Any:
    return client.post(
        "/rooms/token/", {"rooms": list(rooms)}, content_type="application/json", headers=headers
    )


def test_a_person_gets_a_token_with_what_they_may_do(zhou):
    granted = services.grant(zhou, [PUBLIC, SECRET], "a session", "10.0.0.1")
    assert granted.rights == {PUBLIC: SPEAKS, SECRET: SPEAKS}
    assert granted.seconds == 300
    token = read(granted.token)
    assert (token.name, token.rooms) == ("周遥", {PUBLIC: SPEAKS, SECRET: SPEAKS})
    assert (token.user, unveiled(token.user)) == (veiled(zhou.pk), zhou.pk)
    assert token.session == mark("a session")
    assert len(token.session) == 18


def test_a_moderator_keeps_order(chen):
    assert services.grant(chen, [PUBLIC], None, "").rights == {PUBLIC: MODERATES}


def test_a_guest_reads_and_never_speaks(anonymous):
    first, second = (read(services.grant(anonymous, [PUBLIC], None, "").token) for _ in "12")
    assert (first.user, first.name, first.rooms) == (0, "", {PUBLIC: READS})
    assert len(first.session) == 18
    assert first.session != second.session


def test_a_hidden_room_is_left_out_and_alone_not_found(stranger):
    granted = services.grant(stranger, [PUBLIC, SECRET], None, "")
    assert granted.rights == {PUBLIC: SPEAKS, SECRET: 0}
    assert read(granted.token).rooms == {PUBLIC: SPEAKS}
    for name in (SECRET, "quay-9", "elsewhere-1", "quay-1.x", "quay- 1", "x" * 61):
        with pytest.raises(NotFound):
            services.grant(stranger, [name], None, "")
    assert list(Room.objects.values_list("name", flat=True)) == [PUBLIC]


@pytest.mark.parametrize("names", [[], ["quay-1"] * 9, [7]])
def test_what_names_no_rooms_is_refused(anonymous, names):
    with pytest.raises(RoomsInvalid):
        services.grant(anonymous, names, None, "")
    assert not Room.objects.exists()


def test_nobody_asks_without_end(anonymous):
    for _ in range(120):
        services.grant(anonymous, [PUBLIC], None, "10.0.0.9")
    with pytest.raises(TooMany):
        services.grant(anonymous, [PUBLIC], None, "10.0.0.9")
    services.grant(anonymous, [PUBLIC], None, "10.0.0.8")


def test_gateways_hear_whose_words_count_before_the_first_line(stranger, organiser):
    services.grant(stranger, [PUBLIC], None, "")
    services.grant(stranger, [PUBLIC], None, "")
    setting = GatewaySetting.objects.get(key="room.quay-1")
    assert setting.changes == 1
    value = msgspec.json.decode(setting.value, type=RoomSettings)
    assert value == RoomSettings(words=str(organiser.pk))


def test_the_page_of_tokens_answers_with_the_gateway_under_the_readers_name(client, settings):
    settings.GATEWAY_URL = None
    settings.GATEWAY_PORT = 8001
    answer = ask(client, PUBLIC, host="expo.test:8000")
    assert answer.json()["url"] == "ws://expo.test:8001/rt"
    assert answer.json()["rights"] == {PUBLIC: READS}
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ws://expo.test:8001" in answer.headers["Content-Security-Policy"]
    settings.GATEWAY_URL = "wss://rooms.expo.test/rt"
    assert ask(client, PUBLIC).json()["url"] == "wss://rooms.expo.test/rt"


def test_an_ipv6_reader_finds_the_gateway(client, settings):
    settings.GATEWAY_URL = None
    settings.GATEWAY_PORT = 8001
    assert ask(client, PUBLIC, host="[::1]:8000").json()["url"] == "ws://[::1]:8001/rt"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"rooms": 1}', b"\xff", b'{"rooms": {}}'])
def test_a_body_that_is_none_is_refused(client, body):
    answer = client.post("/rooms/token/", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json() == {"error": "RoomsInvalid", "message": "请给出一到八个房间名。"}


def test_the_longest_prefix_says_what_a_room_is():
    services.register_rooms("quay-deck-", lambda _actor, _room: 1)
    try:
        assert selectors.kind_of("quay-deck-1").prefix == "quay-deck-"
        assert selectors.kind_of("quay-1").prefix == "quay-"
    finally:
        services.forget_rooms("quay-deck-")


def test_a_log_out_takes_the_tokens_of_that_session_back(client, stranger):
    client.force_login(stranger)
    key = client.session.session_key
    signed = json.loads(ask(client, PUBLIC).content)["token"]
    client.post("/account/logout/")
    outbox.drain()
    setting = GatewaySetting.objects.get(key=f"revoked.s-{mark(key)}")
    until = msgspec.json.decode(setting.value, type=Revoked).until
    assert read(signed).session == mark(key)
    assert read(signed).until <= until
    assert setting.forget_at.timestamp() == pytest.approx(until + 60)


def test_a_room_knows_a_person_by_a_number_that_is_not_the_accounts():
    numbers = [veiled(pk) for pk in range(1, 2_000)]
    assert len(set(numbers)) == 1_999
    assert all(0 < number <= MOST for number in numbers)
    assert [unveiled(number) for number in numbers] == [*range(1, 2_000)]
    assert (veiled(0), unveiled(0), unveiled(-1), unveiled(MOST + 1)) == (0, 0, 0, 0)
