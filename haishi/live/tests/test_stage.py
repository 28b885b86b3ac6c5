"""Polls, questions, pins, captions, chapters and walks, each at its instant."""

import datetime as dt

import pytest
from django.urls import reverse

from haishi.catalogue.tests.factories import ProductFactory
from haishi.foundation import clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.live import captions, selectors, services, tracks
from haishi.live.errors import (
    BadCaptions,
    BadTrack,
    NotOnAir,
    PollIsOpen,
    PollNeedsOptions,
    PollNotOpen,
    ThingElsewhere,
    TooManyQuestions,
)
from haishi.live.models import Caption, Moment, Pin, Poll, PollVote, Question, Recording, Shelved
from haishi.live.selectors.things import register_panel
from haishi.live.types import Panel
from haishi.parties.tests.factories import PersonFactory
from haishi.rooms.services import claim_tellings
from wire import messages

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
CHOICES = [("青瓷", "Celadon"), ("白瓷", "")]


@pytest.fixture
def product(firm):
    """Listed, of the firm."""
    return ProductFactory(organisation=firm, state="listed", name="梅子青盏")


@pytest.fixture
def poll(lin, on_air):
    """Open."""
    row = services.prepare_poll(lin, on_air.pk, question="哪只更好？", options=CHOICES)
    return services.open_poll(lin, on_air.pk, row.pk)


def moments(kind):
    return [row.content for row in Moment.objects.filter(kind=kind).order_by("pk")]


def test_a_person_votes_once_and_the_result_is_said(on_air, poll, lin, stranger):
    assert services.vote(stranger, on_air.pk, poll.pk, 1) is True
    assert services.vote(stranger, on_air.pk, poll.pk, 2) is False
    services.vote(PersonFactory(), on_air.pk, poll.pk, 2)
    services.vote(PersonFactory(), on_air.pk, poll.pk, 1)
    assert services.tally() == 1
    assert services.tally() == 0
    assert moments("tally") == [{"poll": poll.pk, "votes": {"1": 2, "2": 1}, "total": 3}]
    services.end_poll(lin, on_air.pk, poll.pk)
    assert moments("poll_closed")[0]["votes"] == {"1": 2, "2": 1}
    shown = selectors.polls_of(on_air, stranger)[0]
    assert [votes for _n, _words, votes in shown.options] == [2, 1]
    assert (shown.open, shown.own) == (False, 1)


def test_after_its_time_a_poll_takes_no_votes_and_the_clock_closes_it(on_air, poll, stranger):
    Poll.objects.update(closes_at=clock.now())
    with pytest.raises(PollNotOpen):
        services.vote(stranger, on_air.pk, poll.pk, 1)
    assert PollVote.objects.count() == 0
    assert services.close_due(clock.now()) == 1
    assert services.close_due(clock.now()) == 0


def test_one_poll_at_a_time_with_two_to_six_different_answers(on_air, poll, lin):
    for options in ([("青", "")], [("青", ""), ("青", "")], [(str(n), "") for n in range(7)]):
        with pytest.raises(PollNeedsOptions):
            services.prepare_poll(lin, on_air.pk, question="？", options=options)
    other = services.prepare_poll(lin, on_air.pk, question="还有呢？", options=CHOICES)
    with pytest.raises(PollIsOpen):
        services.open_poll(lin, on_air.pk, other.pk)
    assert list(Poll.objects.order_by("pk").values_list("state", flat=True)) == ["open", "draft"]


def test_the_most_wanted_question_comes_first_and_a_hidden_one_loses_its_words(
    on_air, zhou, lin, stranger
):
    first = services.ask(stranger, on_air.pk, text="几度烧的？")
    second = services.ask(lin, on_air.pk, text="能定制吗？")
    assert services.upvote(stranger, on_air.pk, second.pk) is True
    assert services.upvote(stranger, on_air.pk, second.pk) is False
    assert services.upvote(stranger, on_air.pk, first.pk) is False
    assert [row.pk for row in selectors.questions_of(on_air, stranger)] == [second.pk, first.pk]
    services.treat(zhou, on_air.pk, first.pk, "take")
    assert [row.pk for row in selectors.questions_of(on_air, stranger)] == [first.pk, second.pk]
    services.treat(zhou, on_air.pk, first.pk, "hide")
    assert moments("question")[-1] == {
        "question": first.pk, "state": "hidden", "text": "", "name": "",
    }  # fmt: skip
    assert [row.pk for row in selectors.questions_of(on_air, stranger)] == [second.pk]
    with pytest.raises(Forbidden):
        services.treat(stranger, on_air.pk, second.pk, "hide")


def test_five_questions_may_wait(on_air, stranger):
    for n in range(5):
        services.ask(stranger, on_air.pk, text=f"问题 {n}？")
    with pytest.raises(TooManyQuestions):
        services.ask(stranger, on_air.pk, text="还有一个？")
    assert Question.objects.count() == 5


def test_one_thing_is_on_screen_with_price_and_where_its_buttons_are(on_air, lin, product, firm):
    other = ProductFactory(organisation=firm, state="listed", name="粉青碗")
    rows = [services.shelve(lin, on_air.pk, "product", each.pk) for each in (product, other)]
    assert services.shelve(lin, on_air.pk, "product", product.pk) == rows[0]
    services.pin(lin, on_air.pk, rows[0].pk)
    services.pin(lin, on_air.pk, rows[1].pk)
    spans = [(pin.thing_id, pin.until is None) for pin in Pin.objects.order_by("pk")]
    assert spans == [(rows[0].pk, False), (rows[1].pk, True)]
    said = moments("pin")[0]["thing"]
    path = f"/live/{on_air.public_id}/panel/product/{product.pk}/"
    assert (said["title"], said["panel"]) == ("梅子青盏", path)
    services.unshelve(lin, on_air.pk, rows[1].pk)
    assert selectors.pinned_of(on_air) is None


def test_who_watches_is_told_that_the_shelf_changed(on_air, planned, lin, product, firm, client):
    where = f"/live/{on_air.public_id}/?part=shelf"
    assert product.name not in client.get(where, headers=FRAGMENT).content.decode()
    row = services.shelve(lin, on_air.pk, "product", product.pk)
    services.shelve(lin, on_air.pk, "product", product.pk)  # stands there already: nothing to tell
    services.shelve(lin, planned.pk, "product", product.pk)  # nobody watches yet
    assert product.name in client.get(where, headers=FRAGMENT).content.decode()
    services.unshelve(lin, on_air.pk, row.pk)
    assert (told_kinds(), moments("shelf")) == (["shelf", "shelf"], [])


def test_a_foreign_product_does_not_come_on_the_shelf(on_air, lin):
    foreign = ProductFactory(state="listed")
    with pytest.raises(ThingElsewhere):
        services.shelve(lin, on_air.pk, "product", foreign.pk)
    assert Shelved.objects.count() == 0


def test_before_the_broadcast_nothing_is_pinned(planned, lin, product):
    row = services.shelve(lin, planned.pk, "product", product.pk)
    with pytest.raises(NotOnAir):
        services.pin(lin, planned.pk, row.pk)
    assert Pin.objects.count() == 0


def test_a_module_above_adds_what_one_can_do_with_a_thing(on_air, client, product):
    register_panel("product", lambda actor, session, pk: None)
    register_panel(
        "product",
        lambda actor, session, pk: Panel("partials/empty.html", {}) if pk == product.pk else None,
    )
    answer = client.get(
        f"/live/{on_air.public_id}/panel/product/{product.pk}/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "梅子青盏" in answer.content.decode()
    missing = client.get(f"/live/{on_air.public_id}/panel/product/{product.pk + 1}/")
    assert missing.status_code == 404


def test_webvtt_is_read_with_its_tags_and_signs_and_written_again():
    text = (
        "WEBVTT - 开窑\n\nNOTE 说明\n\n1\n00:01.000 --> 00:02.500 align:start\n<v 林>欢迎</v>\n"
        "第二行 &amp; 完\n\n01:00:00.000 --> 01:00:01.000\n好\n"
    )
    cues = captions.read(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert cues == [(1.0, 2.5, "欢迎\n第二行 & 完"), (3600.0, 3601.0, "好")]
    assert captions.read(captions.write(cues).encode()) == cues


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1\n00:01.000 --> 00:02.000\n好\n", 1),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\n好\n", 3),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\n好\n", 3),
        ("WEBVTT\n\n", 1),
    ],
)
def test_a_file_that_is_no_webvtt_names_its_line(text, line):
    with pytest.raises(BadCaptions) as caught:
        captions.read(text.encode())
    assert caught.value.values["line"] == line


def test_uploaded_captions_and_chapters_stand_at_their_second(on_air, lin, stranger):
    services.end(lin, on_air.pk)
    Recording.objects.create(
        session=on_air, name="001.mp4", state="finished", started_at=on_air.starts_at, seconds=600
    )
    services.publish_replay(lin, on_air.pk)
    content = "WEBVTT\n\n00:10.000 --> 00:12.000\n开窑了\n".encode()
    assert services.upload_captions(lin, on_air.pk, content=content, language="zh-hans") == 1
    assert Caption.objects.get().at == on_air.starts_at + dt.timedelta(seconds=10)
    file = selectors.captions_file(stranger, on_air.public_id, "zh-hans")
    assert file == "WEBVTT\n\n00:00:10.000 --> 00:00:12.000\n开窑了\n"
    services.add_chapter(lin, on_air.pk, title="开窑", second=90)
    page = selectors.replay_page(stranger, on_air.public_id, "v", "localhost")
    assert [(second, str(words)) for second, words in page.chapters] == [(90.0, "开窑")]


def test_a_new_caption_ends_the_one_before(on_air, lin):
    services.say_caption(lin, on_air.pk, text="第一句")
    services.say_caption(lin, on_air.pk, text="第二句")
    first, second = Caption.objects.order_by("pk")
    assert first.until == second.at


GPX = """<?xml version="1.0"?>
<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">
<wpt lat="30.0005" lon="120"><name>窑口</name></wpt><wpt lat="30.001" lon="120"/>
<trk><name>龙窑一线</name><trkseg>
<trkpt lat="30" lon="120"><time>2026-04-06T01:00:00Z</time></trkpt>
<trkpt lat="30.001" lon="120"><time>2026-04-06T01:01:30Z</time></trkpt>
</trkseg></trk></gpx>"""


def test_a_track_becomes_a_route_with_stations(on_air, lin, stranger):
    services.set_route(lin, on_air.pk, content=GPX.encode())
    route = selectors.route_of(on_air)
    assert (route.name, route.metres) == ("龙窑一线", 111)
    assert route.points == [[30.0, 120.0, 0.0], [30.001, 120.0, 90.0]]
    assert [str(stop.name) for stop in route.stations] == ["窑口", "第 2 站"]
    services.reach(lin, on_air.pk, route.stations[0].pk)
    assert moments("station")[0]["name"] == "窑口"
    assert selectors.route_of(on_air).stations[0].reached_at is not None
    with pytest.raises(Forbidden):
        services.reach(stranger, on_air.pk, route.stations[1].pk)


@pytest.mark.parametrize(
    "content",
    [
        b"not xml",
        b'<!DOCTYPE a [<!ENTITY x "y">]><gpx>&x;</gpx>',
        b"<kml/>",
        b'<gpx><trk><trkseg><trkpt lat="30" lon="120"/></trkseg></trk></gpx>',
        b'<gpx><rte><rtept lat="nan" lon="1"/><rtept lat="1" lon="1"/></rte></gpx>',
        b'<gpx><rte><rtept lat="91" lon="1"/><rtept lat="1" lon="1"/></rte></gpx>',
        b'<gpx><trk><trkseg><trkpt lon="1"/><trkpt lat="1" lon="1"/></trkseg></trk></gpx>',
    ],
)
def test_a_file_that_is_no_track_is_refused(content):
    with pytest.raises(BadTrack):
        tracks.read(content)


def test_a_long_track_is_thinned_and_keeps_its_ends():
    points = [(0.0, n / 1000, float(n)) for n in range(5_000)]
    kept = tracks.thinned(points)
    assert (len(kept), kept[0], kept[-1]) == (600, points[0], points[-1])


def test_what_belongs_to_another_session_is_not_there(on_air, planned, lin, poll):
    with pytest.raises(NotFound):
        services.end_poll(lin, planned.pk, poll.pk)
    assert Poll.objects.get().state == "open"


def test_a_product_is_asked_about_at_the_booth_that_broadcasts(on_air, client, product):
    path = f"/live/{on_air.public_id}/panel/product/{product.pk}/"
    text = client.get(path, headers={"HX-Request": "true"}).content.decode()
    enquire = reverse("expo:enquire", args=[on_air.edition.slug, on_air.exhibitor_id])
    assert "询问这件产品" in text
    assert f'href="{enquire}?about=' in text


def told_kinds():
    """Kinds that rooms have not been told yet; asking for them tells them."""
    told = claim_tellings(clock.now())
    return [messages.read_item(each.order.item).kind for each in told]


def told_questions():
    """Orders that rooms have not been told yet; asking for them tells them."""
    told = claim_tellings(clock.now())
    found = [messages.read_item(each.order.item) for each in told]
    return [item.body["order"] for item in found if item.kind == "questions"]


def test_a_new_question_and_upvotes_are_told_once_each_time_in_their_order(
    on_air, stranger, chen, lin
):
    first = services.ask(stranger, on_air.pk, text="几度烧的？")
    assert services.tell_questions() == 1
    assert services.tell_questions() == 0
    second = services.ask(chen, on_air.pk, text="能定制吗？")
    services.upvote(stranger, on_air.pk, second.pk)
    assert services.tell_questions() == 1
    assert told_questions() == [[[first.pk, 0]], [[second.pk, 1], [first.pk, 0]]]
    services.ask(stranger, on_air.pk, text="几天能到？")
    services.end(lin, on_air.pk)
    assert services.tell_questions() == 0


def test_a_hidden_question_is_not_in_the_order_and_moments_hold_no_order(on_air, stranger, lin):
    row = services.ask(stranger, on_air.pk, text="广告")
    services.treat(lin, on_air.pk, row.pk, "hide")
    assert services.tell_questions() == 1
    assert told_questions() == [[]]
    assert not Moment.objects.filter(kind="questions").exists()


def test_the_hosts_page_of_the_stage_renews_its_questions(client, on_air, stranger, lin):
    client.force_login(lin)
    address = f"/live/{on_air.public_id}/console/stage/"
    services.ask(stranger, on_air.pk, text="几度烧的？")
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="stage-questions" hx-get=')
    assert "几度烧的？" in part
    services.end(lin, on_air.pk)
    over = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert over.lstrip().startswith('<div id="stage-questions">')
