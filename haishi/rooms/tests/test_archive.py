"""The archive: every line once, whatever dies in between; history; erasure."""

import datetime as dt

import msgspec
import pytest

from haishi.foundation import clock
from haishi.foundation.errors import Forbidden, Invalid, NotFound
from haishi.parties.services import export_person
from haishi.rooms import loops, selectors, services
from haishi.rooms.models import GatewaySetting, RoomEntry, Telling
from haishi.rooms.tests import factories
from haishi.rooms.tests.quay import PUBLIC, SECRET
from haishi.rooms.veil import veiled
from wire import envelope, messages
from wire.broker import Stored

AT = 1_795_813_162_400


def said(user: int, text: str) -> bytes:
    return messages.encode(messages.Said(AT, user, "林海", text, 1, 2))


def tick(last: int, *items: bytes, hidden: tuple[bytes, ...] = (), epoch: int = 5) -> bytes:
    """An entry of a room's log, as a sequencer writes it."""
    frame = envelope.pack(9, epoch, last, items)
    return msgspec.msgpack.encode(Stored(frame, (), hidden, AT))


def rows() -> list[tuple[int, int, str, str]]:
    fields = ("epoch", "offset", "kind", "text")
    return list(RoomEntry.objects.order_by("epoch", "offset").values_list(*fields))


@pytest.mark.django_db
def test_a_tick_becomes_rows_with_its_flood_below_zero(lin):
    posted = messages.encode(messages.Posted(AT, "pin", {"product": 7}))
    content = tick(2, said(veiled(lin.pk), "一"), posted, hidden=(said(veiled(lin.pk), "没显示"),))
    assert services.keep(services.entries_of(PUBLIC, 12, content)) == 3
    assert rows() == [
        (5, -120_000, "said", "没显示"),
        (5, 1, "said", "一"),
        (5, 2, "posted", ""),
    ]
    line = RoomEntry.objects.get(offset=1)
    assert (line.room, line.person, line.name, line.style, line.colour) == (
        PUBLIC, lin.pk, "林海", 1, 2
    )  # fmt: skip
    assert line.at == dt.datetime.fromtimestamp(AT / 1000, dt.UTC)
    assert RoomEntry.objects.get(offset=2).body == {"kind": "pin", "body": {"product": 7}}


@pytest.mark.django_db
def test_the_same_tick_again_changes_nothing(lin):
    entries = services.entries_of(PUBLIC, 1, tick(1, said(veiled(lin.pk), "一")))
    services.keep(entries)
    RoomEntry.objects.update(text="二")
    services.keep(entries)
    assert rows() == [(5, 1, "said", "二")]


@pytest.mark.django_db
@pytest.mark.parametrize("removal_first", [True, False])
def test_a_removal_takes_its_line_away_in_either_order(lin, removal_first):
    line = services.entries_of(PUBLIC, 1, tick(1, said(veiled(lin.pk), "要撤的")))
    removal = messages.encode(messages.Removed(AT, 1))
    removals = services.entries_of(PUBLIC, 2, tick(2, removal))
    for entries in (removals, line) if removal_first else (line, removals):
        services.keep(entries)
    assert RoomEntry.objects.get(offset=1).removed_at is not None
    assert selectors.history(lin, PUBLIC) == ([], None)


@pytest.mark.django_db
def test_a_line_that_arrives_after_an_erasure_arrives_empty(stranger, lin):
    from haishi.parties.services import erase_person

    factories.line(stranger, "以前说的")
    factories.line(lin, "别人的")
    number = veiled(stranger.pk)
    assert export_person(stranger)["rooms"]["lines"][0]["text"] == "以前说的"
    erase_person(stranger)
    services.keep(services.entries_of(PUBLIC, 1, tick(9, said(number, "后到的"))))
    assert [text for *_place, text in rows()] == ["", "别人的", ""]
    assert not RoomEntry.objects.filter(person=stranger.pk).exists()
    assert [row.text for row in selectors.history(lin, PUBLIC)[0]] == ["别人的"]
    assert GatewaySetting.objects.filter(key=f"revoked.u-{number}").exists()


@pytest.mark.django_db
def test_history_goes_back_page_by_page_over_epochs(client, lin, monkeypatch):
    monkeypatch.setattr(selectors, "PAGE", 2)
    for epoch, offset in ((5, 1), (5, 2), (5, 3), (6, 1), (6, -10_000)):
        factories.line(lin, f"{epoch}.{offset}", epoch=epoch, offset=offset)
    factories.line(lin, kind="posted", epoch=6, offset=2, body={"kind": "pin", "body": {"a": 1}})
    newest = client.get("/rooms/quay-1/history/").json()
    at = newest["items"][1]["item"]["at"]
    assert newest["items"][1] == {
        "epoch": 6,
        "offset": 2,
        "item": {"type": "Posted", "at": at, "kind": "pin", "body": {"a": 1}},
    }
    assert newest["items"][0]["item"]["text"] == "6.1"
    assert newest["items"][0]["item"]["user"] == veiled(lin.pk)
    older = client.get("/rooms/quay-1/history/", {"before": newest["before"]}).json()
    assert [each["item"]["text"] for each in older["items"]] == ["5.2", "5.3"]
    last = client.get("/rooms/quay-1/history/", {"before": older["before"]}).json()
    assert ([each["item"]["text"] for each in last["items"]], last["before"]) == (["5.1"], None)


@pytest.mark.django_db
def test_history_is_for_those_who_may_read(client, stranger, anonymous):
    with pytest.raises(NotFound):
        selectors.history(stranger, SECRET)
    with pytest.raises(Invalid):
        selectors.history(anonymous, PUBLIC, "5")
    assert client.get("/rooms/quay-secret/history/").json()["error"] == "NotFound"


@pytest.mark.django_db
def test_a_moderator_takes_a_line_away_here_and_on_all_screens(chen, lin, stranger):
    line = factories.line(stranger, "要撤的")
    with pytest.raises(Forbidden):
        services.remove_line(lin, PUBLIC, line.epoch, line.offset)
    assert not Telling.objects.exists()
    services.remove_line(chen, PUBLIC, line.epoch, line.offset)
    removed = messages.read_item(bytes(Telling.objects.get().item))
    assert (type(removed), removed.offset) == (messages.Removed, line.offset)
    with pytest.raises(NotFound):
        services.remove_line(chen, PUBLIC, line.epoch, line.offset)


@pytest.mark.django_db
def test_old_lines_are_forgotten(lin, settings):
    settings.ROOM_DAYS = 30
    now = clock.now()
    for days in (29, 31):
        factories.line(lin, str(days), at=now - dt.timedelta(days=days))
    assert services.sweep(now) == 1
    assert [text for *_place, text in rows()] == ["29"]


@pytest.mark.django_db
def test_with_the_message_service_away_a_step_does_nothing(settings):
    settings.NATS_URL = "nats://127.0.0.1:1"
    assert [step() for step in (loops.archive, loops.hear_held, loops.share, loops.check)] == [
        0
    ] * 4
