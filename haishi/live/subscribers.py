"""What people hear about live sessions, what the index learns, what rooms are told."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haishi.expo.events import ExhibitorSuspended
from haishi.foundation.events import subscribe
from haishi.live import selectors, services
from haishi.live.events import (
    HelperInvited,
    LiveAnnounced,
    LiveCancelled,
    LiveEnded,
    LiveMoved,
    LiveNear,
    LiveStarted,
    LotteryDrawn,
    ReplayPublished,
    ReplayWithdrawn,
    ReservationsEnded,
    SignalRefused,
)
from haishi.live.models import LiveSession
from haishi.live.states import Helper
from haishi.live.types import OutcomeKind, ThingKind
from haishi.notices.services import register_kind, tell
from haishi.notices.types import Words
from haishi.parties import selectors as parties
from haishi.parties.services import register_personal
from haishi.rooms import services as rooms
from haishi.search import services as search

register_kind("live_desk", "直播台", "Live desk")
register_kind("live_helper", "直播邀请", "Invitations to lives", push="now")
register_kind("live_prize", "直播抽奖", "Live lotteries", push="now")
register_kind("live_start", "预约的直播", "Lives to be reminded of", push="now")
register_personal("live", services.export_personal, services.erase_personal)
search.name_values("kind", {"live": _("直播")})
rooms.register_rooms(
    "live-",
    selectors.rights_in,
    organiser=selectors.organiser_of_room,
    title=selectors.title_of_room,
    hearts=services.count_hearts,
)
selectors.register_thing(
    "product", ThingKind(read=selectors.read_products, offered=selectors.offered_products)
)
selectors.register_panel("product", selectors.product_panel)
selectors.register_outcome(
    OutcomeKind(
        "enquiries", pgettext_lazy("counted", "询价"), selectors.enquiries_by_minute, stage=10
    )
)
selectors.register_outcome(
    OutcomeKind("cards", pgettext_lazy("counted", "名片"), selectors.cards_by_minute, stage=20)
)


@subscribe(LiveAnnounced, LiveMoved, LiveStarted, LiveEnded, ReplayPublished)
def index(event: LiveAnnounced | LiveMoved | LiveStarted | LiveEnded | ReplayPublished) -> None:
    """Find a session by its words while there is something to see."""
    _index(event.live_id)


@subscribe(LiveCancelled, ReplayWithdrawn)
def forget(event: LiveCancelled | ReplayWithdrawn) -> None:
    """Find it no more."""
    _index(event.live_id)


def _index(live_id: int) -> None:
    document = selectors.document(live_id)
    if document is None:
        search.remove("live", live_id)
    else:
        search.put(document)


@subscribe(ExhibitorSuspended)
def off_the_air(event: ExhibitorSuspended) -> None:
    """What a suspended booth sends is not seen any more."""
    services.end_of_exhibitor(event.exhibitor_id)


def _hosts(session: LiveSession) -> Iterable[int]:
    if session.exhibitor:
        return parties.member_ids(session.exhibitor.organisation_id, managing=True)
    return [session.created_by_id] if session.created_by_id else []


def _tell_hosts(live_id: int, subject: Words, body: Words, topic: str, **values: str) -> None:
    session = selectors.live_facts(live_id)
    if session is None:
        return
    tell(
        _hosts(session),
        "live_desk",
        subject,
        body,
        reverse("live:console", args=[session.public_id]),
        values={"title": session.title, **values},
        topic=f"live:{live_id}:{topic}",
    )


@subscribe(LiveEnded)
def tell_ended(event: LiveEnded) -> None:
    """The report is there; when nobody ended it, say why it ended."""
    session = selectors.live_facts(event.live_id)
    if session is None:
        return
    if session.opened_at is None:
        subject, body = _("《%(title)s》没有开播"), _("预定时间过后没有开播，场次已自动结束。")
    else:
        subject, body = _("《%(title)s》已结束"), _("直播报告已生成，录像可以发布为回放。")
    _tell_hosts(event.live_id, subject, body, "ended")


@subscribe(SignalRefused)
def tell_refused(event: SignalRefused) -> None:
    """Somebody was turned away: an old key, or somebody else's."""
    words = _("有一路推流被拒绝，请核对机位的推流密钥。")
    _tell_hosts(event.live_id, _("《%(title)s》的推流被拒绝"), words, "refused")


@subscribe(HelperInvited)
def tell_helper(event: HelperInvited) -> None:
    """What one is asked to do, and where."""
    session = selectors.live_facts(event.live_id)
    if session is None:
        return
    speaks = event.role == Helper.SPEAKER
    tell(
        [event.person_id],
        "live_helper",
        _("邀请你做《%(title)s》的嘉宾") if speaks else _("邀请你做《%(title)s》的房管"),
        _("打开链接即可看到观众的问题。") if speaks else _("打开链接即可管理互动。"),
        reverse("live:speak" if speaks else "live:moderate", args=[session.public_id]),
        values={"title": session.title},
        important=True,
    )


@subscribe(LotteryDrawn)
def tell_winners(event: LotteryDrawn) -> None:
    """They won; the host gets in touch."""
    session = selectors.live_facts(event.live_id)
    if session is None:
        return
    tell(
        selectors.winners_of(event.lottery_id),
        "live_prize",
        _("你在《%(title)s》里中奖了"),
        _("主播会与你联系。开奖结果公开，可以自己核验。"),
        session.get_absolute_url(),
        values={"title": session.title},
        topic=f"live-prize:{event.lottery_id}",
        important=True,
    )


def _tell_waiting(
    people: Iterable[int], session: LiveSession, subject: Words, body: Words, topic: str
) -> None:
    """To who reserved, with the firm; by the channels they chose."""
    tell(
        people,
        "live_start",
        subject,
        body,
        session.get_absolute_url() if selectors.is_public(session) else reverse("live:lobby"),
        values={"title": session.heading, "firm": selectors.firm_of(session)},
        topic=f"live-start:{session.pk}:{topic}",
        important=True,
    )


@subscribe(LiveNear)
def tell_near(event: LiveNear) -> None:
    """A few minutes before."""
    if session := selectors.live_facts(event.live_id):
        subject, body = _("即将开播：《%(title)s》"), _("%(firm)s的直播还有不到 10 分钟开始。")
        _tell_waiting(event.person_ids, session, subject, body, "near")


@subscribe(LiveStarted)
def tell_started(event: LiveStarted) -> None:
    """For who reserved and does not look at the page; once, however often this is delivered."""
    people = services.take_waiting(event.live_id)
    session = selectors.live_facts(event.live_id)
    if people and session is not None:
        subject, body = _("开播了：《%(title)s》"), _("%(firm)s的直播现在可以看了。")
        _tell_waiting(people, session, subject, body, "started")


@subscribe(LiveMoved)
def tell_moved(event: LiveMoved) -> None:
    """Another start, or none for now."""
    session = selectors.live_facts(event.live_id)
    if session is None or not event.restarts:
        return
    if selectors.is_public(session):
        subject, body = _("直播改期：《%(title)s》"), _("%(firm)s调整了开播时间，请看新的时间。")
    else:
        subject = _("直播暂缓：《%(title)s》")
        body = _("%(firm)s收回了预告。重新公布时，你的预约仍然有效。")
    _tell_waiting(selectors.reservers_of(session.pk), session, subject, body, "moved")


@subscribe(ReservationsEnded)
def tell_called_off(event: ReservationsEnded) -> None:
    """There will be nothing to see; the reservation is over with it."""
    if session := selectors.live_facts(event.live_id):
        subject, body = _("直播取消：《%(title)s》"), _("%(firm)s的这场直播不会开播，预约已结束。")
        _tell_waiting(event.person_ids, session, subject, body, "off")
