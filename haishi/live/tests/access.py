"""Who opens lives: viewers' pages, the desks, the console, helpers' pages, engines' hooks."""

import datetime as dt
import io
from typing import Any

from haishi.catalogue.tests.factories import ProductFactory
from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import clock
from haishi.foundation.tests.access import Row, World
from haishi.live import services
from haishi.live.models import Chapter, Invited, LiveSession, Question, Recording, Shelved
from haishi.live.tests.factories import LiveFactory, OnAirFactory


def booth(world: World) -> Any:
    """The firm's booth in an edition of the organiser."""
    return ShownExhibitorFactory(
        organisation=world.firm, edition__series__organiser=world.organiser
    )


def of(session: Any, **more: Any) -> dict[str, Any]:
    """The address's values."""
    return {"public_id": session.public_id, **more}


def draft(world: World) -> dict[str, Any]:
    """Not announced."""
    return of(LiveFactory(exhibitor=booth(world), state="draft"))


def planned(world: World) -> dict[str, Any]:
    """Announced."""
    return of(LiveFactory(exhibitor=booth(world)))


def airing(world: World) -> Any:
    """On air."""
    return OnAirFactory(exhibitor=booth(world), cameras=2)


def on_air(world: World) -> dict[str, Any]:
    """On air."""
    return of(airing(world))


def over(world: World) -> Any:
    """Ended, with a recording that is published."""
    now = clock.now()
    session = OnAirFactory(
        exhibitor=booth(world), state="ended", ended_at=now, ending="host", replay="published"
    )
    Recording.objects.create(
        session=session,
        name="001.mp4",
        state="finished",
        started_at=session.starts_at,
        seconds=1800,
    )
    return session


def ended(world: World) -> dict[str, Any]:
    """Ended and published."""
    return of(over(world))


def captioned(world: World) -> dict[str, Any]:
    """Ended, with captions."""
    session = over(world)
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\n开窑了\n".encode()
    services.upload_captions(world.lin, session.pk, content=content, language="zh-hans")
    return of(session, language="zh-hans")


def shelved(world: World, session: Any) -> Any:
    """A product of the firm on the shelf."""
    product = ProductFactory(organisation=world.firm, state="listed")
    return Shelved.objects.create(session=session, kind="product", object_id=product.pk)


def panel(world: World) -> dict[str, Any]:
    """A thing of the shelf."""
    session = airing(world)
    return of(session, kind="product", pk=shelved(world, session).object_id)


def pinned(world: World) -> dict[str, Any]:
    """Something to pin."""
    session = airing(world)
    return of(session, action="pin", pk=shelved(world, session).pk)


def poll(world: World) -> dict[str, Any]:
    """An open poll."""
    session = airing(world)
    row = services.prepare_poll(
        world.lin, session.pk, question="哪只更好？", options=[("青", ""), ("白", "")]
    )
    services.open_poll(world.lin, session.pk, row.pk)
    return of(session, poll_id=row.pk, number=1)


def question(world: World) -> dict[str, Any]:
    """Somebody's question."""
    session = airing(world)
    row = Question.objects.create(session=session, text="几度烧的？", at=clock.now())
    return of(session, question_id=row.pk)


def lottery(world: World) -> Any:
    """An open lottery of a session."""
    session = airing(world)
    row = services.prepare_lottery(world.lin, session.pk, prize="青瓷小盏", winners=1)
    services.open_lottery(world.lin, session.pk, row.pk)
    return of(session, lottery_id=row.pk)


def speaker(world: World) -> dict[str, Any]:
    """Where the stranger was invited to speak."""
    session = airing(world)
    Invited.objects.create(session=session, person=world.stranger, role="speaker")
    return of(session)


def moderator(world: World) -> dict[str, Any]:
    """Where the stranger was invited to moderate."""
    session = airing(world)
    Invited.objects.create(session=session, person=world.stranger, role="moderator")
    return of(session)


def helper(world: World) -> dict[str, Any]:
    """To be dismissed."""
    session = airing(world)
    row = Invited.objects.create(session=session, person=world.stranger, role="moderator")
    return of(session, invited_id=row.pk)


def camera(world: World) -> dict[str, Any]:
    """Its second camera."""
    return of(airing(world), number=2)


def target(world: World) -> dict[str, Any]:
    """Another network to stop."""
    session = airing(world)
    url = "rtmp://live.example.com/app/key"
    row = services.add_target(world.lin, session.pk, network="rtmp", name="别处", url=url)
    return of(session, target_id=row.pk, action="stop")


def chapter(world: World) -> dict[str, Any]:
    """A chapter to remove."""
    session = over(world)
    at = session.starts_at + dt.timedelta(minutes=1)
    row = Chapter.objects.create(session=session, at=at, title="开窑")
    return of(session, chapter_id=row.pk)


def walk(world: World) -> Any:
    """A walk with one station."""
    session = OnAirFactory(exhibitor=booth(world), form="walk")
    row = services.add_station(
        world.lin, session.pk, name="窑口", latitude=30.0, longitude=120.0, after_seconds=60
    )
    return session, row


def walking(world: World) -> dict[str, Any]:
    """The walk."""
    return of(walk(world)[0])


def station(world: World) -> dict[str, Any]:
    """Its station."""
    session, row = walk(world)
    return of(session, station_id=row.pk)


def desk(world: World) -> dict[str, Any]:
    """The firm's desk."""
    return {"exhibitor_id": booth(world).pk}


def organise(world: World) -> dict[str, Any]:
    """The organiser's desk."""
    return {"edition": booth(world).edition.slug}


def stepping(action: str) -> Any:
    """One button of a planned session."""

    def kwargs(world: World) -> dict[str, Any]:
        session = LiveFactory(exhibitor=booth(world), state="draft")
        return of(session, action=action)

    return kwargs


def ordering(world: World) -> dict[str, Any]:
    """To send a publisher away; no engine answers in the matrix, which the page says."""
    return of(airing(world), action="kick", number=1)


def form(world: World) -> dict[str, str]:
    """A plan that is accepted."""
    start = clock.now() + dt.timedelta(days=1)
    return {
        "title": "青瓷开窑",
        "form": "show",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + dt.timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "delay_seconds": "0",
    }


def upload(name: str, content: bytes, **more: str) -> Any:
    """A form with a file."""

    def body(world: World) -> dict[str, Any]:
        file = io.BytesIO(content)
        file.name = name
        return {**more, "file": file}

    return body


VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n开窑了\n".encode()
GPX = (
    b'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><trk><trkseg>'
    b'<trkpt lat="30" lon="120"/><trkpt lat="30.001" lon="120"/></trkseg></trk></gpx>'
)


def new_session(public_id: str) -> Any:
    """For tests that read what the matrix made."""
    return LiveSession.objects.get(public_id=public_id)


HOST = "302 403 403 200 403 200"
HOST_POST = "302 403 403 302 403 302"
ROWS = [
    #                            nobody 外人 周 林 陈 operator
    Row("live:lobby", "200"),
    Row("live:room", "200", planned),
    Row("live:room", "200", on_air),
    Row("live:room", "404 404 200 200 404 200", draft),
    Row("live:replay", "200", ended),
    Row("live:replay", "404", on_air),
    Row("live:replay_lines", "200", ended),
    Row("live:replay_lines", "404", on_air),
    Row("live:playback", "200", on_air),
    Row("live:playback", "404 404 200 200 404 200", draft),
    Row("live:panel", "200", panel),
    Row("live:vote", "302", poll, "post"),
    Row("live:ask", "302", on_air, "post", lambda world: {"text": "几度烧的？"}),
    Row("live:upvote", "302", question, "post"),
    Row("live:take_part", "302", lottery, "post"),
    Row("live:lottery_file", "200", lottery),
    Row("live:captions", "200", captioned),
    Row("live:reserve", "302", planned),
    Row("live:reserve", "302 302 403 403 302 302", planned, "post"),
    Row("live:my_calendar", "302 200 200 200 200 200"),
    Row("live:calendar", "200", planned),
    Row("live:calendar", "404", draft),
    # Helpers
    Row("live:speak", "302 200 403 200 403 200", speaker),
    Row("live:speak", "302 403 403 200 403 200", on_air),
    Row(
        "live:caption",
        "302 302 302 302 302 302",
        speaker,
        "post",
        lambda world: {"text": "欢迎", "language": "zh-hans"},
    ),
    Row(
        "live:caption",
        "302 403 302 302 302 302",
        on_air,
        "post",
        lambda world: {"text": "欢迎", "language": "zh-hans"},
    ),
    Row("live:moderate", "302 200 200 200 200 200", moderator),
    Row("live:moderate", "302 403 200 200 200 200", on_air),
    # Desks
    Row("live:desk", "302 404 200 200 404 200", desk),
    Row("live:new", "302 404 403 200 404 200", desk),
    Row("live:new", "302 404 403 302 404 302", desk, "post", form),
    Row("live:organise", "302 404 404 404 200 200", organise),
    Row("live:new_own", "302 404 404 404 200 200", organise),
    Row("live:new_own", "302 404 404 404 302 302", organise, "post", form),
    # The console
    Row("live:console", "302 403 403 200 200 200", on_air),
    Row("live:console", "302 404 403 200 404 200", draft),
    Row("live:preview", HOST, on_air),
    Row("live:edit", HOST, planned),
    Row("live:end", "302 403 403 200 200 200", on_air),
    Row("live:end", "302 403 403 302 302 302", on_air, "post"),
    Row("live:step", "302 404 403 302 404 302", stepping("announce"), "post"),
    Row("live:step", "302 404 404 404 404 404", stepping("explode"), "post"),
    Row("live:order", "302 403 403 302 302 302", ordering, "post"),
    Row("live:gear", HOST, planned),
    Row("live:gear", HOST_POST, planned, "post", lambda world: {"label": "俯拍"}),
    Row("live:camera", HOST, camera),
    Row("live:key", HOST, camera, "post"),
    Row("live:remove_camera", HOST_POST, camera, "post"),
    Row(
        "live:targets",
        HOST_POST,
        planned,
        "post",
        lambda world: {"network": "rtmp", "name": "别处", "url": "rtmp://live.example.com/a/k"},
    ),
    Row("live:target", HOST_POST, target, "post"),
    Row("live:people", HOST, planned),
    Row(
        "live:people",
        HOST_POST,
        planned,
        "post",
        lambda world: {"email": world.zhou.email, "role": "speaker"},
    ),
    Row("live:dismiss", "302 403 403 302 403 302", helper, "post"),
    Row("live:stage", HOST, on_air),
    Row("live:shelve", "302 403 403 422 403 422", on_air, "post"),
    Row(
        "live:add_poll",
        HOST_POST,
        on_air,
        "post",
        lambda world: {"question": "哪只？", "options": "青\n白", "minutes": "5"},
    ),
    Row(
        "live:add_lottery",
        HOST_POST,
        on_air,
        "post",
        lambda world: {"prize": "小盏", "winners": "1", "minutes": "3"},
    ),
    Row("live:do", "302 403 302 302 302 302", pinned, "post"),
    Row("live:records", HOST, ended),
    Row(
        "live:add_chapter",
        HOST_POST,
        ended,
        "post",
        lambda world: {"title": "开窑", "second": "1:30"},
    ),
    Row("live:remove_chapter", HOST_POST, chapter, "post"),
    Row("live:upload_captions", HOST_POST, ended, "post", upload("a.vtt", VTT, language="zh-hans")),
    Row("live:report", HOST, on_air),
    Row("live:report_file", HOST, lambda world: {**on_air(world), "form": "csv"}),
    Row("live:route", HOST, walking),
    Row("live:route", HOST_POST, walking, "post", upload("a.gpx", GPX)),
    Row(
        "live:add_station",
        HOST_POST,
        walking,
        "post",
        lambda world: {"name": "窑口", "latitude": "30", "longitude": "120"},
    ),
    Row("live:station", HOST, station),
    Row("live:remove_station", HOST_POST, station, "post"),
    # Engines: nobody of the cast is one
    Row("live:own_event", "401", method="post"),
    Row("live:mediamtx_auth", "401", method="post", json=True),
    Row("live:srs_hook", "403", method="post", json=True),
    # The API
    Row("api:live_lives", "401 200 200 200 200 200"),
    Row("api:live_live", "401 200 200 200 200 200", on_air),
    Row("api:live_live", "401 404 404 404 404 404", draft),
    Row("api:live_status", "401 403 403 200 403 200", on_air),
    Row("api:live_key", "401 403 403 200 403 200", camera, "post", json=True),
    Row(
        "api:live_step",
        "401 403 403 200 200 200",
        lambda world: {**on_air(world), "action": "end"},
        "post",
        json=True,
    ),
]
