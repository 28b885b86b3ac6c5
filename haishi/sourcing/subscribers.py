"""What people hear about requests and quotations; what the index learns."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.expo.selectors import register_stage
from haishi.foundation.events import subscribe
from haishi.notices.services import register_kind, tell
from haishi.notices.types import Words
from haishi.parties.events import MemberLeft
from haishi.parties.services import register_personal
from haishi.search import services as search
from haishi.sourcing import selectors, services
from haishi.sourcing.events import (
    AwardReturned,
    DecisionDue,
    FirmInvited,
    PartnersNamed,
    QuestionAnswered,
    QuestionAsked,
    QuotationLost,
    QuotationReceived,
    QuotationWon,
    RfqAmended,
    RfqAwarded,
    RfqClosed,
    RfqEnded,
    RfqNear,
    RfqPublished,
)
from haishi.sourcing.models import Rfq
from haishi.sourcing.states import RfqState
from haishi.trade import selectors as trade
from haishi.trade.events import ApprovalDecided
from haishi.trade.selectors import register_deals

register_kind("rfq", "询价与报价", "Requests and quotations", push="now")
register_kind("rfq_invited", "询价邀请", "Invitations to quote", push="now")
register_kind("rfq_desk", "我发布的询价", "My requests for quotation")
register_personal("sourcing", services.export_personal, services.erase_personal)
register_stage("quoted", _("转为报价"), selectors.quotations_after_enquiries)
register_deals("rfq", selectors.deals_of)
search.name_values("kind", {"rfq": _("采购需求")})


def _tell(
    people: Iterable[int], rfq: Rfq, kind: str, subject: Words, body: Words, url: str = "",
    *, important: bool = False, topic: str = "", **values: str,
) -> None:  # fmt: skip
    whole: dict[str, Any] = {"title": rfq.title, "buyer": rfq.buyer.name, **values}
    tell(
        people, kind, subject, body, url or rfq.get_absolute_url(), values=whole,
        important=important, topic=topic and f"rfq:{rfq.pk}:{topic}",
    )  # fmt: skip


def _owner(rfq: Rfq) -> list[int]:
    """The person responsible, or everybody who may act when there is none."""
    return [rfq.owner_id] if rfq.owner_id else selectors.managers_of(rfq.buyer_id)


def _desk(rfq: Rfq) -> str:
    return reverse("sourcing:desk", args=[rfq.slug])


@subscribe(FirmInvited)
def tell_invited(event: FirmInvited) -> None:
    """A firm is asked to quote."""
    if rfq := selectors.rfq_facts(event.rfq_id):
        people = selectors.managers_of(event.organisation_id)
        subject, body = _("邀请报价：%(title)s"), _("%(buyer)s邀请你们报价，请留意截止时刻。")
        _tell(people, rfq, "rfq_invited", subject, body, important=True, topic="invited")


@subscribe(RfqAmended)
def tell_amended(event: RfqAmended) -> None:
    """Who has to do with the request hears that it changed."""
    if rfq := selectors.rfq_facts(event.rfq_id):
        subject = _("询价有变更：%(title)s")
        body = _("%(buyer)s更新了询价，请核对后决定是否重新报价。")
        people = selectors.concerned_by(rfq)
        _tell(people, rfq, "rfq", subject, body, important=True, topic="amended")


@subscribe(RfqNear)
def tell_near(event: RfqNear) -> None:
    """A day is left."""
    rfq = selectors.rfq_facts(event.rfq_id)
    if rfq is None or rfq.state != RfqState.OPEN:
        return
    subject, body = _("即将截止：%(title)s"), _("距报价截止不到 24 小时，逾期不再接受。")
    _tell(selectors.concerned_by(rfq), rfq, "rfq", subject, body, topic="near")
    _tell(_owner(rfq), rfq, "rfq_desk", subject, _("距你们的询价截止不到 24 小时。"), _desk(rfq))


@subscribe(RfqClosed)
def tell_closed(event: RfqClosed) -> None:
    """The buyer may compare now."""
    if rfq := selectors.rfq_facts(event.rfq_id):
        url = reverse("sourcing:compare", args=[rfq.slug])
        subject, body = _("已截止：%(title)s"), _("可以比较报价并定标了。")
        _tell(_owner(rfq), rfq, "rfq_desk", subject, body, url, important=True)


@subscribe(DecisionDue)
def press(event: DecisionDue) -> None:
    """The owner has three days left."""
    rfq = selectors.rfq_facts(event.rfq_id)
    if rfq is None or rfq.state != RfqState.CLOSED:
        return
    subject, body = _("请尽快定标：%(title)s"), _("三天内没有定标，这份询价将按流标处理。")
    _tell(_owner(rfq), rfq, "rfq_desk", subject, body, _desk(rfq), important=True)


@subscribe(RfqEnded)
def tell_ended(event: RfqEnded) -> None:
    """It is over without an award: bidders and the owner hear why."""
    rfq = selectors.rfq_facts(event.rfq_id)
    if rfq is None or rfq.published_at is None:
        return
    if event.how == "cancelled":
        subject, body = _("询价已取消：%(title)s"), _("%(buyer)s取消了询价：%(reason)s")
        people = selectors.concerned_by(rfq)
        _tell(people, rfq, "rfq", subject, body, important=True, reason=rfq.outcome)
        return
    subject = _("询价流标：%(title)s")
    if event.how == "failed":
        body = _("截止时没有收到报价，可以调整后重新发布。")
        _tell(_owner(rfq), rfq, "rfq_desk", subject, body, _desk(rfq))
        return
    body = _("%(buyer)s没有在期限内定标，感谢你们的参与。")
    _tell(selectors.concerned_by(rfq), rfq, "rfq", subject, body)
    _tell(_owner(rfq), rfq, "rfq_desk", subject, _("没有在期限内定标。"), _desk(rfq))


@subscribe(QuestionAsked)
def tell_question(event: QuestionAsked) -> None:
    """The owner of the request has something to answer."""
    if row := selectors.question_facts(event.question_id):
        subject, body = _("有新的提问：%(title)s"), _("请在提问截止前答复，所有报价单位都会看到。")
        _tell(_owner(row.rfq), row.rfq, "rfq_desk", subject, body, _desk(row.rfq), topic="question")


@subscribe(QuestionAnswered)
def tell_answer(event: QuestionAnswered) -> None:
    """All who have to do with the request; who asked is not said."""
    if row := selectors.question_facts(event.question_id):
        subject, body = _("答疑更新：%(title)s"), _("%(buyer)s答复了一条提问。")
        _tell(selectors.concerned_by(row.rfq), row.rfq, "rfq", subject, body, topic="answer")


@subscribe(QuotationReceived)
def tell_received(event: QuotationReceived) -> None:
    """The buyer has another quotation; sealed ones are never told of."""
    if rfq := selectors.rfq_facts(event.rfq_id):
        subject, body = _("收到报价：%(title)s"), _("有单位提交或更新了报价。")
        _tell(_owner(rfq), rfq, "rfq_desk", subject, body, _desk(rfq), topic="received")


@subscribe(ApprovalDecided)
def take_answer(event: ApprovalDecided) -> None:
    """Colleagues answered an award that was above its author's limit."""
    kind, _colon, pk = event.origin.partition(":")
    asked = trade.approval_facts(event.approval_id) if kind == "award" else None
    if asked is not None:
        services.take_answer(int(pk), event.state, asked.answer, asked.decided_by_id)


@subscribe(AwardReturned)
def tell_returned(event: AwardReturned) -> None:
    """The author of an award hears that it was not approved."""
    award = selectors.award_facts(event.award_id)
    if award is None or award.made_by_id is None:
        return
    subject, body = _("定标未获批准：%(title)s"), _("意见：%(answer)s")
    answer = award.answer or "—"
    people = [award.made_by_id]
    _tell(people, award.rfq, "rfq_desk", subject, body, _desk(award.rfq), answer=answer)


@subscribe(QuotationWon)
def tell_winner(event: QuotationWon) -> None:
    """A firm won; it may name partners."""
    if row := selectors.quotation_facts(event.quotation_id):
        url = reverse("sourcing:split", args=[row.pk])
        subject = _("恭喜中标：%(title)s")
        body = _("请在七天内确认分账方案，随后起草合同。")
        people = selectors.managers_of(row.bidder_id)
        _tell(people, row.rfq, "rfq", subject, body, url, important=True)


@subscribe(QuotationLost)
def tell_loser(event: QuotationLost) -> None:
    """A firm did not win: thanks, and its place when the buyer shows it."""
    row = selectors.quotation_facts(event.quotation_id)
    if row is None:
        return
    url, subject = reverse("sourcing:quotation", args=[row.pk]), _("结果：%(title)s")
    body = _("这次没有选用你们的报价，感谢参与。")
    if event.rank:
        body = _("这次没有选用你们的报价，综合名次第 %(rank)s，感谢参与。")
    people = selectors.managers_of(row.bidder_id)
    _tell(people, row.rfq, "rfq", subject, body, url, rank=str(event.rank))


@subscribe(RfqPublished, RfqAmended, RfqClosed, RfqEnded, RfqAwarded)
def index_rfq(event: Any) -> None:
    """Public and open: to be found by its words. Everything else: not."""
    found = list(selectors.documents([event.rfq_id]))
    if found:
        search.put_many(found)
    else:
        search.remove("rfq", event.rfq_id)


@subscribe(PartnersNamed)
def draw_contract(event: PartnersNamed) -> None:
    """Buyer, winner and partners find their contract on the desk."""
    services.draw_contract(event.winner_id)


@subscribe(MemberLeft)
def pass_on(event: MemberLeft) -> None:
    """What somebody was responsible for gets another owner."""
    services.pass_on(event.person_id, event.organisation_id)
