"""What people hear about launches; what the index learns; units that go to the next."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.catalogue.selectors import register_offer
from haishi.expo.selectors import register_pending, register_stage
from haishi.foundation.events import subscribe
from haishi.launches import selectors, services
from haishi.launches.events import (
    CertificateIssued,
    CertificateRevoked,
    ClaimEnded,
    ClaimsLost,
    ClaimWon,
    LaunchApproved,
    LaunchClosed,
    LaunchMoved,
    LaunchNear,
    LaunchReturned,
    LaunchSubmitted,
    LaunchUnveiled,
    SaleDecided,
)
from haishi.launches.models import Launch
from haishi.launches.states import ClaimState
from haishi.live import selectors as live
from haishi.live.types import SubjectKind, ThingKind
from haishi.notices.services import register_kind, tell
from haishi.notices.types import Words
from haishi.parties import selectors as parties
from haishi.parties.services import register_personal
from haishi.parties.states import Duty
from haishi.search import services as search
from haishi.trade.events import OrderEnded, OrderPaid, RefundAnswered
from haishi.trade.selectors import register_deals
from haishi.trade.states import RefundState

register_kind("launch", "新品揭幕", "Launches", push="now")
register_kind("first_sale", "首发结果", "First sales", push="now")
register_kind("launch_review", "新品审核", "Launch review")
register_kind("launch_queue", "待审核的新品", "Launches to review", mail="digest")
register_pending("launches", selectors.launches_to_review)
register_offer("launch", selectors.launch_offer)
register_stage("reserve", _("预约首发"), lambda row: selectors.counted(row.pk)[0])
register_stage("claim", _("参与首发"), lambda row: selectors.counted(row.pk)[1])
live.register_thing(
    "launch", ThingKind(read=selectors.launch_things, offered=selectors.launches_for_shelf)
)
live.register_panel("launch", selectors.launch_panel)
live.register_subject(
    "launch", SubjectKind(read=selectors.live_subject, offered=selectors.launches_to_live)
)
register_personal("launches", services.export_personal, services.erase_personal)
register_deals("launch", selectors.deals_of)
search.name_values("kind", {"launch": _("新品")})


@subscribe(LaunchSubmitted)
def tell_reviewers(event: LaunchSubmitted) -> None:
    """One notice for all that wait in an edition; it does not name what is secret."""
    launch = selectors.launch_facts(event.launch_id)
    if launch is None:
        return
    edition = launch.exhibitor.edition
    tell(
        parties.people_with_duty(edition.series.organiser_id, (Duty.MODERATOR, Duty.REVIEWER)),
        "launch_queue",
        _("有新品等待审核"),
        _("%(firm)s提交了一份新品材料。"),
        reverse("launches:queue", args=[edition.slug]),
        values={"firm": launch.exhibitor.organisation.name},
        topic=f"launches:{edition.pk}",
    )


def _tell_firm(launch_id: int, subject: Words, body: Words, **values: str) -> None:
    launch = selectors.launch_facts(launch_id)
    if launch is None:
        return
    tell(
        parties.member_ids(launch.exhibitor.organisation_id, managing=True),
        "launch_review",
        subject,
        body,
        reverse("launches:edit", args=[launch.exhibitor_id, launch.pk]),
        values={"name": launch.name, **values},
        important=True,
    )


@subscribe(LaunchApproved)
def tell_approved(event: LaunchApproved) -> None:
    """The firm may announce."""
    _tell_firm(event.launch_id, _("《%(name)s》已通过审核"), _("内容仍然保密，随时可以发布预告。"))


@subscribe(LaunchReturned)
def tell_returned(event: LaunchReturned) -> None:
    """What has to change."""
    words = _("审核意见：%(reason)s")
    _tell_firm(event.launch_id, _("《%(name)s》需要修改"), words, reason=event.reason)


def _tell(people: Iterable[int], launch: Launch, kind: str, subject: Words, body: Words) -> None:
    """To visitors, with the teaser and the firm; the name is not among the values."""
    values: dict[str, Any] = {
        "teaser": launch.teaser,
        "firm": launch.exhibitor.organisation.name,
    }
    url = launch.get_absolute_url()
    topic = f"launch:{launch.pk}:{kind}"
    tell(people, kind, subject, body, url, values=values, topic=topic, important=True)


@subscribe(LaunchNear)
def remind(event: LaunchNear) -> None:
    """A few minutes before."""
    if launch := selectors.launch_facts(event.launch_id):
        subject, body = _("即将揭幕：%(teaser)s"), _("%(firm)s的新品还有不到 10 分钟揭幕。")
        _tell(event.person_ids, launch, "launch", subject, body)


@subscribe(LaunchMoved)
def tell_moved(event: LaunchMoved) -> None:
    """Another instant, or none for now."""
    launch = selectors.launch_facts(event.launch_id)
    if launch is None:
        return
    people = selectors.reservers_of(launch.pk)
    if event.withdrawn:
        tell(
            people,
            "launch",
            _("揭幕取消：%(teaser)s"),
            _("%(firm)s撤回了预告。重新预告时，你的预约仍然有效。"),
            reverse("launches:hall"),
            values={"teaser": launch.teaser, "firm": launch.exhibitor.organisation.name},
            important=True,
        )
        return
    _tell(
        people,
        launch,
        "launch",
        _("揭幕改期：%(teaser)s"),
        _("%(firm)s调整了揭幕时刻，请看新的时间。"),
    )


@subscribe(LaunchUnveiled)
def tell_unveiled(event: LaunchUnveiled) -> None:
    """The instant has come: for those who are not looking at the page."""
    if launch := selectors.launch_facts(event.launch_id):
        people = selectors.reservers_of(launch.pk)
        _tell(people, launch, "launch", _("已揭幕：%(teaser)s"), _("%(firm)s的新品现在可以看了。"))


@subscribe(LaunchUnveiled, LaunchClosed)
def index_launch(event: LaunchUnveiled | LaunchClosed) -> None:
    """Find it by its words; before the unveiling there is nothing to find."""
    search.put_many(selectors.documents([event.launch_id]))


@subscribe(ClaimWon)
def tell_winner(event: ClaimWon) -> None:
    """There is a unit, and a time to pay it in."""
    claim = selectors.claim_facts(event.claim_id)
    if claim is None or claim.state != ClaimState.WON:
        return
    subject, body = _("为你保留了一件首发：%(teaser)s"), _("请在时限内付款，逾期会让给候补。")
    _tell([claim.person_id], claim.allotment.launch, "first_sale", subject, body)


@subscribe(SaleDecided)
def tell_result(event: SaleDecided) -> None:
    """Those who may buy, and those who wait."""
    launch = selectors.launch_facts(event.launch_id)
    if launch is None:
        return
    subject, body = _("你抽中了首发：%(teaser)s"), _("请在时限内付款，逾期会让给候补。")
    _tell(selectors.winners_of(launch.pk), launch, "first_sale", subject, body)
    subject, body = _("首发结果：%(teaser)s"), _("你在候补名单里，有人让出时会通知你。")
    _tell(selectors.losers_of(launch.pk), launch, "first_sale", subject, body)


@subscribe(ClaimEnded)
def pass_on(event: ClaimEnded) -> None:
    """The next of the waiting list may buy; who did not pay hears it."""
    claim = selectors.claim_facts(event.claim_id)
    if claim is None:
        return
    services.promote(claim.allotment_id)
    if claim.state == ClaimState.EXPIRED:
        subject, body = _("首发名额已让出：%(teaser)s"), _("没有在时限内付款，名额已让给候补。")
        _tell([claim.person_id], claim.allotment.launch, "first_sale", subject, body)


@subscribe(LaunchClosed)
def certify(event: LaunchClosed) -> None:
    """A launch that is over gets its paper."""
    services.issue_certificate(event.launch_id)


@subscribe(CertificateIssued)
def tell_certified(event: CertificateIssued) -> None:
    """The firm may download it."""
    words = _("首发已结束，证书可以下载，任何人都能核验。")
    _tell_firm(event.launch_id, _("《%(name)s》的首发证书已签发"), words)


@subscribe(CertificateRevoked)
def tell_revoked(event: CertificateRevoked) -> None:
    """The firm hears why."""
    launch = selectors.launch_facts(event.launch_id)
    row = selectors.certificate_of(launch) if launch else None
    if row is not None:
        words = _("主办方说明：%(reason)s")
        subject = _("《%(name)s》的首发证书已撤销")
        _tell_firm(event.launch_id, subject, words, reason=row.revoke_reason)


def _claim_of(origin: str) -> int | None:
    """The claim an order came from; None for orders of other origin."""
    kind, _colon, number = origin.partition(":")
    return int(number) if kind == "claim" and number.isdigit() else None


@subscribe(OrderPaid)
def buy(event: OrderPaid) -> None:
    """The unit is paid for good."""
    if claim_id := _claim_of(event.origin):
        services.mark_bought(claim_id)


@subscribe(OrderEnded)
def end_claim(event: OrderEnded) -> None:
    """Not paid in time, cancelled or refunded: the claim ends with its order."""
    if claim_id := _claim_of(event.origin):
        services.order_ended(claim_id, event.state)


@subscribe(RefundAnswered)
def tell_late(event: RefundAnswered) -> None:
    """Money that came after the unit had gone on: say that it goes back."""
    claim = selectors.claim_paid_late(event.order_id, event.refund_id)
    if claim is None or event.state != RefundState.INSTRUCTED:
        return
    subject, body = _("付款晚了：%(teaser)s"), _("名额已让给候补，已付的款项会原路退回。")
    _tell([claim.person_id], claim.allotment.launch, "first_sale", subject, body)


@subscribe(ClaimsLost)
def tell_lost(event: ClaimsLost) -> None:
    """The sale is over."""
    if launch := selectors.launch_facts(event.launch_id):
        subject, body = _("首发已结束：%(teaser)s"), _("这次没有名额了，感谢参与。")
        _tell(event.person_ids, launch, "first_sale", subject, body)
