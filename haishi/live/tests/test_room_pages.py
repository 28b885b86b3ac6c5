"""What visitors see: the lobby, the room with its parts, the replay, the way of a walk."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client

from haishi.foundation import clock
from haishi.live.models import Moment, Pin, Poll, PollOption, Question, Recording, Route, Station
from haishi.live.tests.factories import FakeEngine, LiveFactory, OnAirFactory
from haishi.rooms.tests.factories import line

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def island(page: str, tag: str) -> Any:
    """The JSON of an island of the page."""
    found = re.search(rf"<{tag}[^>]*>\s*<script type=\"application/json\">(.*?)</script>", page)
    assert found
    return json.loads(found[1])


def read(client: Client, path: str, **headers: str) -> str:
    """A page that answers 200."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_lobby_says_what_is_live_what_comes_and_what_remains(client: Client) -> None:
    on_air = OnAirFactory(title="此刻开窑", viewers=1203)
    LiveFactory(title="明日首发")
    LiveFactory(title="还没有公布", state="draft")
    page = read(client, "/live/")
    assert page.index("此刻开窑") < page.index("明日首发")
    assert f"/live/{on_air.public_id}/" in page
    assert "还没有公布" not in page


def test_an_empty_lobby_says_so(client: Client) -> None:
    assert "还没有直播" in read(client, "/live/")


def test_a_room_gives_its_player_signed_addresses_and_the_way_to_new_ones(
    client: Client, on_air: Any, engine: FakeEngine
) -> None:
    page = read(client, f"/live/{on_air.public_id}/")
    player = island(page, "hs-player")
    [angle] = player["playback"]["angles"]
    assert angle["stream"] == "programme"
    assert angle["sources"][0]["kind"] == "ll-hls"
    assert player["refresh"] == f"/live/{on_air.public_id}/playback/"
    room = island(page, "hs-live-room")
    assert room["room"] == on_air.room
    assert room["signIn"] == f"/account/login/?next=/live/{on_air.public_id}/"


def test_a_room_that_waits_counts_down_and_has_no_picture(client: Client, planned: Any) -> None:
    page = read(client, f"/live/{planned.public_id}/")
    assert island(page, "hs-player")["playback"] == {}
    assert "data-count-to" in page
    assert f"/live/{planned.public_id}/calendar.ics" in page


def test_a_draft_is_nobodys_business(client: Client, exhibitor: Any) -> None:
    draft = LiveFactory(exhibitor=exhibitor, state="draft")
    assert client.get(f"/live/{draft.public_id}/").status_code == 404
    assert client.get(f"/live/{draft.public_id}/?part=pin", headers=FRAGMENT).status_code == 404


PARTS = ["head", "pin", "shelf", "stage", "polls", "question_list", "lotteries"]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_comes_alone_to_a_fragment_request_and_whole_to_others(
    client: Client, on_air: Any, engine: FakeEngine, part: str
) -> None:
    alone = read(client, f"/live/{on_air.public_id}/?part={part}", **FRAGMENT)
    assert "<html" not in alone
    assert f"?part={part}" in alone
    assert "<html" in read(client, f"/live/{on_air.public_id}/?part={part}")


def test_an_unknown_part_is_the_whole_page(client: Client, on_air: Any, engine: Any) -> None:
    assert "<html" in read(client, f"/live/{on_air.public_id}/?part=secrets", **FRAGMENT)


def test_questions_show_their_askers_words_escaped(
    client: Client, on_air: Any, engine: FakeEngine
) -> None:
    Question.objects.create(session=on_air, text="<b>什么时候开窑？</b>", at=clock.now())
    page = read(client, f"/live/{on_air.public_id}/?part=question_list", **FRAGMENT)
    assert "&lt;b&gt;什么时候开窑？&lt;/b&gt;" in page


def test_a_poll_offers_a_button_for_each_answer_to_who_has_not_voted(
    client: Client, on_air: Any, stranger: Any, engine: FakeEngine
) -> None:
    now = clock.now()
    poll = Poll.objects.create(
        session=on_air,
        question="先看哪件？",
        state="open",
        at=now,
        closes_at=now + dt.timedelta(minutes=5),
    )
    for number, text in ((1, "梅瓶"), (2, "莲花盏")):
        PollOption.objects.create(poll=poll, number=number, text=text)
    where = f"/live/{on_air.public_id}/?part=polls"
    assert "<form" not in read(client, where, **FRAGMENT)
    client.force_login(stranger)
    assert read(client, where, **FRAGMENT).count("<form") == 2
    client.post(f"/live/{on_air.public_id}/polls/{poll.pk}/2/")
    voted = read(client, where, **FRAGMENT)
    assert "<form" not in voted
    assert "我的选择" in voted


def test_the_replay_brings_chapters_pins_and_lines_at_their_seconds(
    client: Client, exhibitor: Any, engine: FakeEngine
) -> None:
    began = clock.now() - dt.timedelta(hours=3)
    live = over(exhibitor, began)
    shown = began + dt.timedelta(seconds=90)
    thing = {"thing": {"kind": "product", "id": 7}}
    Moment.objects.create(session=live, at=shown, kind="pin", content=thing)
    Moment.objects.create(
        session=live, at=shown + dt.timedelta(seconds=5), kind="unpin", content={}
    )
    live.chapters.create(at=began + dt.timedelta(seconds=61), title="开窑")
    page = read(client, f"/live/{live.public_id}/replay/")
    assert 'href="?t=61" data-chapter data-seconds="61.000"' in page
    assert island(page, "hs-replay")["pins"] == [
        {"seconds": 90.0, "thing": "product-7"},
        {"seconds": 95.0, "thing": ""},
    ]
    [part] = island(page, "hs-player")["playback"]["angles"]
    assert (part["offset"], part["seconds"]) == (0.0, 600.0)


def over(exhibitor: Any, began: dt.datetime) -> Any:
    """A session whose recording of ten minutes is published."""
    live = LiveFactory(
        exhibitor=exhibitor,
        state="ended",
        starts_at=began,
        began_at=began,
        opened_at=began,
        ended_at=began + dt.timedelta(minutes=10),
        replay="published",
    )
    Recording.objects.create(
        session=live, name="1.mp4", state="finished", started_at=began, seconds=600
    )
    return live


def test_a_room_whose_replay_is_published_leads_there(
    client: Client, exhibitor: Any, engine: FakeEngine
) -> None:
    live = over(exhibitor, clock.now() - dt.timedelta(hours=3))
    answer = client.get(f"/live/{live.public_id}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/live/{live.public_id}/replay/")


def test_lines_of_a_replay_come_by_stretches(
    client: Client, exhibitor: Any, engine: FakeEngine
) -> None:
    began = clock.now() - dt.timedelta(hours=3)
    live = over(exhibitor, began)
    for offset, (second, text) in enumerate([(-3, "太早"), (2, "来了"), (130, "好看")], 1):
        spoken = began + dt.timedelta(seconds=second)
        line(text=text, room=live.room, epoch=1, offset=offset, name="周", at=spoken)
    address = f"/live/{live.public_id}/replay/lines/"
    first = client.get(f"{address}?from=0&to=120").json()
    assert [each["text"] for each in first["lines"]] == ["来了"]
    assert first["lines"][0]["seconds"] == 2.0
    assert first["known"] == 120
    rest = client.get(f"{address}?from=120&to=9999").json()
    assert [each["text"] for each in rest["lines"]] == ["好看"]
    assert rest["known"] is None
    assert client.get(f"{address}?from=x").status_code == 404


def test_a_line_between_two_parts_of_a_replay_is_at_the_beginning_of_the_next(
    client: Client, exhibitor: Any, engine: FakeEngine
) -> None:
    began = clock.now() - dt.timedelta(hours=3)
    live = over(exhibitor, began)
    again = began + dt.timedelta(seconds=620)
    Recording.objects.create(
        session=live, name="2.mp4", state="finished", started_at=again, seconds=60
    )
    for offset, (second, text) in enumerate([(599, "断前"), (610, "断时"), (621, "断后")], 1):
        spoken = began + dt.timedelta(seconds=second)
        line(text=text, room=live.room, epoch=1, offset=offset, name="周", at=spoken)
    address = f"/live/{live.public_id}/replay/lines/"

    def read_lines(stretch: str) -> list[tuple[float, str]]:
        found = client.get(f"{address}?{stretch}").json()["lines"]
        return [(each["seconds"], each["text"]) for each in found]

    assert read_lines("from=500&to=600") == [(599.0, "断前")]
    assert read_lines("from=600&to=700") == [(600.0, "断时"), (601.0, "断后")]
    assert read_lines("from=601&to=700") == [(601.0, "断后")]


def test_lines_of_a_withdrawn_replay_are_gone(
    client: Client, exhibitor: Any, engine: FakeEngine
) -> None:
    live = over(exhibitor, clock.now() - dt.timedelta(hours=3))
    live.replay = "withdrawn"
    live.save(update_fields=["replay"])
    assert client.get(f"/live/{live.public_id}/replay/").status_code == 404
    assert client.get(f"/live/{live.public_id}/replay/lines/?from=0&to=9").status_code == 404


def test_a_walk_is_drawn_with_its_stations_in_order(
    client: Client, exhibitor: Any, engine: FakeEngine
) -> None:
    live = OnAirFactory(exhibitor=exhibitor, form="walk")
    points = [[28.0700, 119.1300, 0], [28.0700, 119.1402, 600], [28.0750, 119.1402, 900]]
    route = Route.objects.create(session=live, name="龙泉窑址", points=points, metres=1_560)
    Station.objects.create(
        route=route, order=2, name="龙窑", latitude=28.075, longitude=119.1402, after_seconds=900
    )
    Station.objects.create(
        route=route, order=1, name="码头", latitude=28.07, longitude=119.13, after_seconds=0
    )
    page = read(client, f"/live/{live.public_id}/")
    assert page.index("1 · 码头") < page.index("2 · 龙窑")
    spots = island(page, "hs-route-map")["spots"]
    assert [spot["seconds"] for spot in spots] == [0, 600, 900]
    assert (spots[0]["x"], spots[2]["x"]) == (44.0, 596.0)


def test_a_pinned_thing_that_is_not_public_any_more_leaves_the_page_whole(
    client: Client, on_air: Any, engine: FakeEngine
) -> None:
    shelved = on_air.shelf.create(kind="product", object_id=987_654)
    Pin.objects.create(session=on_air, thing=shelved, at=clock.now())
    page = read(client, f"/live/{on_air.public_id}/?part=pin", **FRAGMENT)
    assert "正在讲解" not in page
