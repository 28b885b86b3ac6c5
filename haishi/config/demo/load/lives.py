"""Live sessions of the demo edition: three that run for ever, some that come, some that are over.

Those on air are `streams.py`'s: it publishes drawn pictures to the origin with keys that follow from
the installation's secret. What is over has its figures, its moments and a short replay.
"""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from typing import Any

from haishi.config.demo.keys import key_of
from haishi.config.demo.load.world import World
from haishi.config.env import env
from haishi.foundation import draws
from haishi.live.models import (
    Camera,
    Chapter,
    LiveSession,
    Lottery,
    LotteryTicket,
    MinuteFigure,
    Moment,
    Poll,
    PollOption,
    PollVote,
    Question,
    Reservation,
    Route,
    Shelved,
    Station,
)
from haishi.live.selectors import read_things
from haishi.live.telling import thing_content
from wire.live import hash_key

TIDE, LANTERN, STREET = "demo-tide", "demo-lantern", "demo-street"
DAYS = dt.timedelta(days=30)
# A replay is a few rounds of a drawn scene.
REPLAY_SECONDS = 180
# (address, scene, title, English title, English about, about, hours ago)
OVER = (
    (
        "demo-kiln", "lantern", "夜灯开窑：一窑青釉的最后一小时", "The last hour of a celadon kiln",
        "掌灯看窑，听匠人说釉色从哪里来。", "By lamplight at the kiln: where the glaze gets its colour.", 26,
    ),
    (
        "demo-shore", "tide", "潮汐工作室：把海声做成器物", "A studio of tides: the sea as an object",
        "设计师边做边讲，观众投票选下一件作品。", "A designer at work; viewers choose the next piece.", 31,
    ),
)  # fmt: skip
# (address, title, English title, about, English about, hours from now, reservations)
COMING = (
    (
        "demo-salt", "盐田日落：慢工做一只竹编灯", "Sunset over the salt pans: weaving a lamp",
        "竹篾怎样变成光，现场编完一只灯。", "How bamboo becomes light: one lamp, woven from start to end.", 3, 64,
    ),
    (
        "demo-ink", "一块墨的三十道工序", "The thirty steps of an ink stick",
        "点烟、和料、捶打，听制墨人讲火候。", "Soot, glue and hammer, told by those who make ink.", 27, 38,
    ),
)  # fmt: skip
STOPS = (
    ("牌坊", "The gate", 30.2450, 120.1400, 0),
    ("灯笼铺", "The lantern shop", 30.2457, 120.1407, 120),
    ("书肆", "The bookseller", 30.2463, 120.1411, 300),
    ("渡口", "The ferry landing", 30.2471, 120.1422, 480),
)


def lives(world: World) -> None:
    """All of them; those on air only where they may be (HAISHI_DEMO_LIVE)."""
    firms = [world.exhibitors[firm.key] for firm in world.shown]
    firms = [row for row in firms if row.complete]
    if env.demo_live:
        on_air(world, firms)
    for place, told in enumerate(OVER):
        if place < len(firms):
            _over(world, firms[place], told)
    for place, planned in enumerate(COMING, len(OVER)):
        if place < len(firms):
            _coming(world, firms[place], planned)


def on_air(world: World, firms: list[Any]) -> None:
    """Two shows and a walk, on air as soon as `streams.py` publishes."""
    shows = (
        (TIDE, "听潮：海州湾的一天", "Listening to the tide", "潮声、薄雾和一片会呼吸的青。",
         "Tides, mist and a green that breathes."),
        (LANTERN, "灯影：纸上的窑火", "Lantern light", "一盏灯转过四季，讲解灯上的纹样。",
         "A lantern turns through the seasons; its patterns explained."),
    )  # fmt: skip
    for place, (address, title, title_en, about, about_en) in enumerate(shows):
        if place < len(firms):
            words = {"title": title, "title_en": title_en, "summary": about, "summary_en": about_en}
            session = _running(world, address, firms[place], **words)
            _camera(session, 1, "主机位", "Main")
            _shelf(session)
    walk = _running(
        world,
        STREET,
        None,
        form="walk",
        poster_asset_id=firms[-1].banner_asset_id if firms else None,
        title="云游海州老街",
        title_en="A walk through old Haizhou",
        summary="三个机位同走一条街，自己选看哪一边。",
        summary_en="Three cameras walk one street; choose your side.",
    )
    names = (("街心", "Middle"), ("左侧", "Left"), ("右侧", "Right"))
    for number, (label, label_en) in enumerate(names, 1):
        _camera(walk, number, label, label_en, angle=True)
    _route(walk)


def _running(world: World, address: str, exhibitor: Any | None, **fields: Any) -> LiveSession:
    """On air, its signal on the way: `streams.py` sends it."""
    if exhibitor is not None:
        fields["poster_asset_id"] = exhibitor.banner_asset_id
    at = world.now - dt.timedelta(minutes=2)
    return LiveSession.objects.create(
        public_id=address,
        edition=world.edition,
        exhibitor=exhibitor,
        starts_at=at,
        ends_at=world.now + DAYS,
        state="gone",
        opened_at=at,
        began_at=at,
        since=at,
        record=False,
        engine="own",
        **fields,
    )


def _camera(
    session: LiveSession, number: int, label: str, label_en: str, *, angle: bool = False
) -> None:
    Camera.objects.create(
        session=session,
        number=number,
        label=label,
        label_en=label_en,
        angle=angle,
        key_hash=hash_key(key_of(session.public_id, number)),
    )


def _shelf(session: LiveSession) -> list[Shelved]:
    assert session.exhibitor is not None
    products = session.exhibitor.exhibits.filter(product__state="listed").order_by("order", "pk")
    ids = products.values_list("product_id", flat=True)[:5]
    return Shelved.objects.bulk_create(
        Shelved(session=session, kind="product", object_id=pk, order=order)
        for order, pk in enumerate(ids, 1)
    )


def _route(walk: LiveSession) -> None:
    """A way along the stops, with a little of a walker's swerve."""
    points = []
    for (_a, _b, lat, lon, at), (_c, _d, lat_2, lon_2, at_2) in pairwise(STOPS):
        for step in range(20):
            part = step / 20
            swerve = 0.00006 * math.sin(part * math.pi * 3)
            points.append(
                [
                    round(lat + (lat_2 - lat) * part + swerve, 6),
                    round(lon + (lon_2 - lon) * part - swerve, 6),
                    round(at + (at_2 - at) * part, 1),
                ]
            )
    points.append([*STOPS[-1][2:4], float(STOPS[-1][4])])
    route = Route.objects.create(session=walk, name="海州老街", points=points, metres=352)
    Station.objects.bulk_create(
        Station(
            route=route, order=order, name=name, name_en=name_en, latitude=lat, longitude=lon,
            after_seconds=at,
        )
        for order, (name, name_en, lat, lon, at) in enumerate(STOPS, 1)
    )  # fmt: skip


def _coming(world: World, exhibitor: Any, planned: tuple[Any, ...]) -> None:
    address, title, title_en, about, about_en, hours, wanted = planned
    waiting = world.visitors[:wanted]
    at = (world.now + dt.timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
    session = LiveSession.objects.create(
        public_id=address, edition=world.edition, exhibitor=exhibitor,
        poster_asset_id=exhibitor.banner_asset_id, title=title, title_en=title_en, summary=about,
        summary_en=about_en, starts_at=at, ends_at=at + dt.timedelta(hours=1), state="scheduled",
        engine="own", reservations=len(waiting),
    )  # fmt: skip
    _camera(session, 1, "主机位", "Main")
    _shelf(session)
    Reservation.objects.bulk_create(
        Reservation(session=session, person=person) for person in waiting
    )


def _over(world: World, exhibitor: Any, told: tuple[Any, ...]) -> None:
    address, _scene, title, title_en, about, about_en, hours = told
    at = (world.now - dt.timedelta(hours=hours)).replace(second=0, microsecond=0)
    until = at + dt.timedelta(seconds=REPLAY_SECONDS)
    curve = [round(90 + 160 * math.sin(math.pi * (n + 1) / 4)) for n in range(3)]
    session = LiveSession.objects.create(
        public_id=address, edition=world.edition, exhibitor=exhibitor,
        poster_asset_id=exhibitor.banner_asset_id, title=title,
        title_en=title_en, summary=about, summary_en=about_en, starts_at=at,
        ends_at=at + dt.timedelta(minutes=30), state="ended", opened_at=at, began_at=at, since=at,
        ended_at=until, ending="host", peak_viewers=max(curve), engine="own",
        watch_seconds=sum(60 * viewers for viewers in curve),
    )  # fmt: skip
    _camera(session, 1, "主机位", "Main")
    MinuteFigure.objects.bulk_create(
        MinuteFigure(
            session=session,
            minute=at + dt.timedelta(minutes=n),
            viewers=viewers,
            watch_seconds=60 * viewers,
        )
        for n, viewers in enumerate(curve)
    )
    _happened(world, session, at)


def _happened(world: World, session: LiveSession, at: dt.datetime) -> None:
    """Pins, a poll, questions and a lottery, each at its second of the replay."""
    moments = []
    things = read_things((row.kind, row.object_id) for row in _shelf(session))
    for place, thing in enumerate(things.values()):
        said = {"thing": thing_content(session, thing)}
        moments.append((20 + 35 * place, "pin", said))
    for second, title, title_en in (
        (0, "开场", "Opening"),
        (60, "讲解", "Explained"),
        (130, "抽奖", "Lottery"),
    ):
        Chapter.objects.create(
            session=session, at=at + dt.timedelta(seconds=second), title=title, title_en=title_en
        )
    _poll(world, session, at, moments)
    _lottery(world, session, at, moments)
    asked = ("几度烧成？", "可以定制尺寸吗？", "有英文说明吗？")
    Question.objects.bulk_create(
        Question(
            session=session, person=person, text=text, state="answered", upvotes=9 - 3 * place,
            at=at + dt.timedelta(seconds=40 + 10 * place),
            answered_at=at + dt.timedelta(seconds=90 + 10 * place),
        )
        for place, (person, text) in enumerate(zip(world.visitors, asked, strict=False))
    )  # fmt: skip
    Moment.objects.bulk_create(
        Moment(session=session, at=at + dt.timedelta(seconds=second), kind=kind, content=content)
        for second, kind, content in sorted(moments, key=lambda row: row[0])
    )


def _poll(world: World, session: LiveSession, at: dt.datetime, moments: list[Any]) -> None:
    opened = at + dt.timedelta(seconds=70)
    poll = Poll.objects.create(
        session=session, question="下一件做什么？", question_en="What comes next?", state="closed",
        minutes=1, at=opened, closes_at=opened + dt.timedelta(minutes=1),
    )  # fmt: skip
    words = (("茶盏", "A cup"), ("灯", "A lamp"), ("香插", "An incense stand"))
    voters = world.visitors[:30]
    votes = [len(voters[n::3]) for n in range(3)]
    options = PollOption.objects.bulk_create(
        PollOption(poll=poll, number=n + 1, text=text, text_en=english, votes=votes[n])
        for n, (text, english) in enumerate(words)
    )
    PollVote.objects.bulk_create(
        PollVote(poll=poll, option=options[n % 3], person=person, at=opened)
        for n, person in enumerate(voters)
    )
    said = {
        "poll": poll.pk, "question": poll.question, "question_en": poll.question_en,
        "options": [[row.number, row.text, row.text_en] for row in options],
        "closes": int(opened.timestamp() * 1000) + 60_000,
    }  # fmt: skip
    moments.append((70, "poll", said))
    counts = {str(n + 1): count for n, count in enumerate(votes)}
    moments.append((130, "poll_closed", {"poll": poll.pk, "votes": counts, "total": sum(votes)}))


def _lottery(world: World, session: LiveSession, at: dt.datetime, moments: list[Any]) -> None:
    opened, drawn = at + dt.timedelta(seconds=132), at + dt.timedelta(seconds=165)
    seed, commitment = draws.new_seed()
    row = Lottery.objects.create(
        session=session, prize="签名小盏一只", prize_en="A signed cup", winners=2, minutes=1,
        state="drawn", seed=seed, commitment=commitment, at=opened, closes_at=drawn, drawn_at=drawn,
    )  # fmt: skip
    tickets = [LotteryTicket(lottery=row, person=person) for person in world.visitors[:40]]
    order = draws.ranked(seed, [each.ticket for each in tickets])
    places = {ticket: place for place, ticket in enumerate(order, 1)}
    for each in tickets:
        each.place = places[each.ticket]
    LotteryTicket.objects.bulk_create(tickets)
    said = {
        "lottery": row.pk, "prize": row.prize, "prize_en": row.prize_en, "winners": 2,
        "commitment": commitment, "closes": int(drawn.timestamp() * 1000),
    }  # fmt: skip
    moments.append((132, "lottery", said))
    file = f"/live/{session.public_id}/lotteries/{row.pk}/draw.json"
    result = {
        "lottery": row.pk, "prize": row.prize, "prize_en": row.prize_en,
        "tickets": len(order), "winning": order[:2], "file": file,
    }  # fmt: skip
    moments.append((165, "drawn", result))
