"""Order in a room: its pace, who may not speak or be there, held lines, words."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from haishi.foundation import clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.models import AuditEntry, Outbox
from haishi.rooms import selectors, services
from haishi.rooms.errors import (
    AlreadyDecided,
    AlreadyLifted,
    NobodyThere,
    NotOneOfThem,
    TooManyWords,
    WordInvalid,
)
from haishi.rooms.health import on_their_way
from haishi.rooms.models import GatewaySetting, HeldLine, Room, Sanction, Telling, Word
from haishi.rooms.services import wordlists
from haishi.rooms.tests import factories
from haishi.rooms.tests.quay import PUBLIC
from haishi.rooms.veil import veiled
from wire import messages
from wire.broker import Held, RoomSettings

pytestmark = pytest.mark.django_db


def settings_of(room: str = PUBLIC) -> RoomSettings:
    """What gateways are told about a room."""
    value = GatewaySetting.objects.get(key=f"room.{room}").value
    return msgspec.json.decode(value, type=RoomSettings)


def item(row: Telling) -> Any:
    return messages.read_item(bytes(row.item))


def test_a_moderator_sets_the_pace(chen, organiser):
    services.change_settings(chen, PUBLIC, slow_seconds=30, closed=True)
    assert settings_of() == RoomSettings(30_000, True, words=str(organiser.pk))
    assert AuditEntry.objects.get().action == "room.settings"


def test_others_do_not(lin):
    with pytest.raises(Forbidden):
        services.change_settings(lin, PUBLIC, slow_seconds=30, closed=True)
    assert not Room.objects.exists()
    assert not GatewaySetting.objects.exists()


def test_a_muted_and_a_banned_person_are_told_to_gateways_until_it_is_lifted(chen, stranger, lin):
    factories.line(stranger)
    factories.line(lin)
    mute = services.sanction(chen, PUBLIC, stranger.pk, "mute", 30, "刷屏")
    services.sanction(chen, PUBLIC, lin.pk, "ban", 60, "骂人")
    told = settings_of()
    assert told.muted == {veiled(stranger.pk): mute.until.timestamp()}
    assert list(told.banned) == [veiled(lin.pk)]
    services.lift(chen, mute.pk)
    assert settings_of().muted == {}
    assert [each.measure for each in selectors.sanctions(mute.room)] == ["ban"]
    with pytest.raises(AlreadyLifted):
        services.lift(chen, mute.pk)
    assert Outbox.objects.filter(label="rooms.PersonSanctioned").count() == 2


def test_a_second_mute_changes_the_first_and_a_new_one_follows_an_old_one(chen, stranger):
    factories.line(stranger)
    first = services.sanction(chen, PUBLIC, stranger.pk, "mute", 30, "刷屏")
    again = services.sanction(chen, PUBLIC, stranger.pk, "mute", 5, "还刷")
    assert (again.pk, again.reason) == (first.pk, "还刷")
    Sanction.objects.update(until=clock.now() - dt.timedelta(seconds=1))
    later = services.sanction(chen, PUBLIC, stranger.pk, "mute", 5, "又刷")
    assert later.pk != first.pk
    assert Sanction.objects.filter(lifted_at=None).count() == 1


def test_only_speakers_are_sanctioned_and_no_moderator(chen, stranger, lin):
    factories.line(chen)
    with pytest.raises(NobodyThere):
        services.sanction(chen, PUBLIC, stranger.pk, "mute", 5, "")
    with pytest.raises(NotOneOfThem):
        services.sanction(chen, PUBLIC, chen.pk, "ban", 5, "")
    with pytest.raises(Forbidden):
        services.sanction(lin, PUBLIC, chen.pk, "ban", 5, "")
    assert not Sanction.objects.exists()


def test_sanctions_end_by_themselves(chen, stranger):
    factories.line(stranger)
    made = services.sanction(chen, PUBLIC, stranger.pk, "mute", 5, "刷屏")
    assert services.end_sanctions(made.until - dt.timedelta(seconds=1)) == 0
    assert services.end_sanctions(made.until) == 1
    assert selectors.sanctions(made.room) == []


def note(person: Any, text: str = "发个广告", **fields: Any) -> Held:
    values = {
        "room": PUBLIC, "user": veiled(person.pk), "name": person.name, "text": text,
        "word": "广告", "action": "hold", "nonce": "n1", "style": 1, "colour": 2,
        "at": clock.now().timestamp(),
    }  # fmt: skip
    return Held(**values | fields)


def test_held_lines_are_kept_once_and_blocked_ones_not(stranger, organiser):
    factories.room(organiser=organiser)
    notes = [note(stranger), note(stranger), note(stranger, action="block", nonce="n2")]
    assert services.keep_held(notes) == 1
    assert services.keep_held(notes) == 0
    assert services.keep_held([note(stranger, user=12345)]) == 0  # nobody's number
    assert services.keep_held([note(stranger, room="quay-9")]) == 0
    row = HeldLine.objects.get()
    assert (row.person, row.text, row.word, row.state) == (stranger, "发个广告", "广告", "waiting")
    assert row.expires_at - row.held_at == dt.timedelta(minutes=10)


def test_a_line_that_is_let_through_is_said_in_its_speakers_name(chen, stranger):
    row = factories.held(stranger, style=1, colour=2)
    services.decide(chen, row.pk, "show")
    telling = Telling.objects.get()
    said = item(telling)
    assert (said.user, said.name, said.text) == (veiled(stranger.pk), "外人", "发个广告")
    assert (said.style, said.colour, telling.key) == (1, 2, f"quay-1:held:{row.pk}")
    with pytest.raises(AlreadyDecided):
        services.decide(chen, row.pk, "drop")
    assert HeldLine.objects.get().state == "shown"


def test_a_dropped_line_is_not_said(chen, stranger):
    row = factories.held(stranger)
    services.decide(chen, row.pk, "drop")
    assert HeldLine.objects.get().state == "dropped"
    assert not Telling.objects.exists()


def test_a_held_line_is_decided_by_moderators_in_time(chen, stranger, lin):
    row = factories.held(stranger)
    with pytest.raises(Forbidden):
        services.decide(lin, row.pk, "show")
    HeldLine.objects.update(expires_at=clock.now())
    with pytest.raises(AlreadyDecided):
        services.decide(chen, row.pk, "show")
    assert selectors.held_lines(row.room) == []
    assert services.expire_held(clock.now()) == 1
    assert HeldLine.objects.get().state == "expired"
    assert not Telling.objects.exists()
    services.expire_held(clock.now() + dt.timedelta(days=31))
    assert not HeldLine.objects.exists()


def test_a_list_of_words_is_imported_line_by_line(chen, organiser):
    lines = "广告\n骗子,拦截\n# 说明\n\n坏话，打码 首字母\nfoo,bar\n广告学,放行"
    assert services.add_words(chen, "haizhou", lines=lines, action="hold") == 5
    expected = {
        "广告": "hold",
        "骗子": "block",
        "坏话": "mask initials",
        "foo,bar": "hold",
        "广告学": "allow",
    }
    assert selectors.actions(organiser.pk) == expected
    told = GatewaySetting.objects.get(key=f"words.{organiser.pk}")
    assert msgspec.json.decode(told.value) == expected
    assert msgspec.json.decode(GatewaySetting.objects.get(key="words").value) == expected


def test_the_same_word_again_changes_what_happens(chen, organiser):
    services.add_words(chen, "haizhou", lines="广告", action="hold")
    services.add_words(chen, "haizhou", lines="广 告", action="block")
    assert selectors.actions(organiser.pk) == {"广 告": "block"}
    word = Word.objects.get()
    services.remove_word(chen, "haizhou", word.pk)
    assert not Word.objects.exists()
    assert GatewaySetting.objects.get(key="words").value == "{}"
    with pytest.raises(NotFound):
        services.remove_word(chen, "haizhou", word.pk)


@pytest.mark.parametrize(("lines", "line"), [("好\n!!", 2), ("字" * 41, 1), ("#只有说明", 1)])
def test_a_line_that_is_no_word_is_named_and_nothing_is_added(chen, lines, line):
    with pytest.raises(WordInvalid) as refusal:
        services.add_words(chen, "haizhou", lines=lines, action="hold")
    assert refusal.value.values == {"line": line}
    assert not Word.objects.exists()
    assert not GatewaySetting.objects.exists()


def test_a_list_has_an_end(chen, monkeypatch):
    monkeypatch.setattr(wordlists, "MOST_WORDS", 2)
    with pytest.raises(TooManyWords):
        services.add_words(chen, "haizhou", lines="一\n二\n三", action="hold")
    assert not Word.objects.exists()


def test_other_peoples_lists_do_not_exist(lin, firm, chen):
    for slug in ("haizhou", "penglai"):
        with pytest.raises(NotFound):
            services.add_words(lin, slug, lines="词", action="hold")
    with pytest.raises(NotFound):  # a firm that organises nothing has no list
        services.add_words(chen, "penglai", lines="词", action="hold")
    assert not Word.objects.exists()


def test_the_test_box_says_what_would_happen(client, chen):
    lines = "骗子,拦截\n坏话,打码\n广告\n广告学,放行"
    services.add_words(chen, "haizhou", lines=lines, action="hold")
    client.force_login(chen)
    for text, words in {
        "你这骗-子": "拦截", "都是坏话": "都是**", "发个guanggao": "先审核",
        "学过广告学": "照常显示", "大家好": "照常显示",
    }.items():  # fmt: skip
        page = client.post("/rooms/words/haizhou/probe/", {"text": text}).content.decode()
        assert words in page.partition('<p role="status">')[2].partition("</p>")[0]


def test_a_moderators_page_shows_what_waits_and_keeps_what_was_typed(client, chen, stranger):
    row = factories.held(stranger)
    line = factories.line(stranger, "最近这句")
    client.force_login(chen)
    page = client.get("/rooms/quay-1/moderate/").content.decode()
    assert "发个广告" in page
    assert "最近这句" in page
    queue = client.get("/rooms/quay-1/moderate/?part=queue", headers={"HX-Request": "true"})
    assert queue.content.decode().startswith("<section")
    bad = client.post(
        f"/rooms/quay-1/lines/{line.epoch}/{line.offset}/sanction/",
        {"measure": "mute", "minutes": 30, "reason": ""},
    )
    assert bad.status_code == 422
    assert "最近这句" in bad.content.decode().partition('id="sanction"')[2]
    assert not Sanction.objects.exists()
    client.post(f"/rooms/held/{row.pk}/drop/")
    late = client.post(f"/rooms/held/{row.pk}/show/", follow=True)
    assert "这句话已经有人处理过" in late.content.decode()


def test_the_doctor_sees_what_cannot_reach_a_gateway(chen, stranger):
    row = factories.held(stranger)
    services.decide(chen, row.pk, "show")
    assert (on_their_way().ok, on_their_way().detail) == (True, "1 条待送达")
    Telling.objects.update(created_at=clock.now() - dt.timedelta(seconds=31))
    assert not on_their_way().ok
