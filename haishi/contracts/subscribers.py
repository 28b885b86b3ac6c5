"""What parties hear, what orders do to milestones, and what other modules learn."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.contracts import selectors, services
from haishi.contracts.events import (
    ContractChanged,
    ContractConcluded,
    ContractDeclined,
    ContractDrawnUp,
    ContractEnded,
    ContractNear,
    ContractOpened,
    ContractSigned,
    MilestoneAccepted,
    MilestoneDelivered,
    MilestoneFunded,
    MilestoneOverdue,
    MilestoneReturned,
    MilestoneSettled,
)
from haishi.expo.selectors import register_pending, register_stage
from haishi.foundation.events import subscribe
from haishi.media.states import Purpose
from haishi.notices.services import register_kind, tell
from haishi.notices.types import Words
from haishi.parties import selectors as parties
from haishi.parties.services import register_personal
from haishi.trade.events import OrderCompleted, OrderEnded, OrderPaid
from haishi.trade.selectors import accept_elsewhere, register_deals

register_kind("contract", "合同商议与签署", "Contracts", push="now")
register_kind("milestone", "合同节点", "Contract milestones", push="now")
register_kind("milestone_overdue", "合同节点逾期", "Overdue milestones", push="now")
register_personal("contracts", services.export_personal, services.erase_personal)
register_pending("contracts", selectors.pending_in_edition)
register_stage("signed", _("签约"), selectors.signed_of_exhibitor)
register_stage("delivered", _("交付"), selectors.delivered_of_exhibitor)
selectors.register_reader(Purpose.SEALED, selectors.can_read_file)
accept_elsewhere("milestone")
register_deals("contract", selectors.deals_of)


def _tell(
    contract_id: int, firms: Iterable[int], subject: Words, body: Words, **values: Any
) -> None:
    """To owners and managers of `firms`."""
    contract = selectors.contract_facts(contract_id)
    if contract is None:
        return
    people = [pk for firm in firms for pk in parties.member_ids(firm, managing=True)]
    tell(
        people,
        "contract",
        subject,
        body,
        contract.get_absolute_url(),
        values={"name": contract.name, "number": contract.number, **values},
        topic=f"contract:{contract.pk}",
        important=True,
    )


def _firm(organisation_id: int) -> Any:
    return parties.organisation_by_id(organisation_id).name


@subscribe(ContractDrawnUp)
def tell_drawn_up(event: ContractDrawnUp) -> None:
    """There is something to read."""
    subject, body = _("合同草案：%(name)s"), _("请查看条款、付款节点和分账，同意或提出修改。")
    _tell(event.contract_id, event.organisation_ids, subject, body)


@subscribe(ContractChanged)
def tell_changed(event: ContractChanged) -> None:
    """The others have to look again."""
    others = [pk for pk in event.organisation_ids if pk != event.by_id]
    subject, body = _("合同有新版本：%(name)s"), _("%(firm)s修改了条款，请看差异后再决定。")
    _tell(event.contract_id, others, subject, body, firm=_firm(event.by_id))


@subscribe(ContractOpened)
def tell_opened(event: ContractOpened) -> None:
    """It can be signed."""
    subject, body = _("合同待签署：%(name)s"), _("文本已定稿封存，请在 14 天内签署。")
    _tell(event.contract_id, event.organisation_ids, subject, body)


@subscribe(ContractNear)
def tell_near(event: ContractNear) -> None:
    """Those who have not signed."""
    subject, body = _("签署期限将到：%(name)s"), _("你方还没有签署，逾期后合同作废。")
    _tell(event.contract_id, event.waiting_ids, subject, body)


@subscribe(ContractSigned)
def tell_signed(event: ContractSigned) -> None:
    """The others see it coming."""
    others = [pk for pk in event.organisation_ids if pk != event.by_id]
    subject, body = _("%(firm)s已签署：%(name)s"), _("可以在合同页面查看签署进度。")
    _tell(event.contract_id, others, subject, body, firm=_firm(event.by_id))


@subscribe(ContractConcluded)
def tell_concluded(event: ContractConcluded) -> None:
    """It binds."""
    paid = _("各方均已签署。付款方可以为第一个节点付款。")
    body = paid if selectors.has_milestones(event.contract_id) else _("各方均已签署。")
    _tell(event.contract_id, event.organisation_ids, _("合同已生效：%(name)s"), body)


@subscribe(ContractDeclined)
def tell_declined(event: ContractDeclined) -> None:
    """Somebody will not sign, and why."""
    subject, body = _("%(firm)s谢绝了合同：%(name)s"), _("原因：%(reason)s")
    values = {"firm": _firm(event.by_id), "reason": event.reason}
    _tell(event.contract_id, event.organisation_ids, subject, body, **values)


@subscribe(ContractEnded)
def tell_ended(event: ContractEnded) -> None:
    """Fulfilled, expired or terminated."""
    words = {
        "fulfilled": (_("合同已履行完毕：%(name)s"), _("所有节点都已验收并结算。")),
        "expired": (_("合同已过期：%(name)s"), _("期限内没有谈成或签完，合同没有生效。")),
        "terminated": (_("合同已终止：%(name)s"), _("各方同意终止合同。")),
    }
    subject, body = words[event.state]
    contract = selectors.contract_facts(event.contract_id)
    reason = contract.reason if contract else ""
    if event.state != "expired" and not selectors.has_milestones(event.contract_id):
        body = _("原因：%(reason)s") if reason else _("约定的事项已经办结。")
    _tell(event.contract_id, event.organisation_ids, subject, body, reason=reason)


Part = (
    MilestoneFunded | MilestoneDelivered | MilestoneReturned | MilestoneAccepted | MilestoneSettled
)


def _tell_part(event: Part, to: str, subject: Words, body: Words, **values: Any) -> None:
    """About a milestone, to managers of the payer, of the supplier, or of all parties."""
    row = selectors.milestone_facts(event.milestone_id)
    if row is None:
        return
    firms = {"payer": [row.contract.payer_id], "supplier": [row.supplier_id]}
    wanted = firms.get(to, event.organisation_ids)
    people = [pk for firm in wanted for pk in parties.member_ids(firm, managing=True)]
    tell(
        people,
        "milestone",
        subject,
        body,
        reverse("contracts:milestone", args=[row.contract.number, row.position]),
        values={"name": row.title, "contract": row.contract.name, **values},
        topic=f"milestone:{row.pk}",
        important=True,
    )


@subscribe(MilestoneFunded)
def tell_funded(event: MilestoneFunded) -> None:
    """The supplier may begin."""
    subject, body = _("款项已托管：%(name)s"), _("“%(contract)s”的这个节点可以开始交付了。")
    _tell_part(event, "supplier", subject, body)


@subscribe(MilestoneDelivered)
def tell_delivered(event: MilestoneDelivered) -> None:
    """The payer has a week to answer."""
    subject, body = _("待你验收：%(name)s"), _("请在 7 天内验收或退回，逾期视为合格。")
    _tell_part(event, "payer", subject, body)


@subscribe(MilestoneReturned)
def tell_returned(event: MilestoneReturned) -> None:
    """What has to change."""
    subject, body = _("退回修改：%(name)s"), _("原因：%(reason)s")
    _tell_part(event, "supplier", subject, body, reason=event.reason)


@subscribe(MilestoneAccepted)
def tell_accepted(event: MilestoneAccepted) -> None:
    """The money is on its way."""
    silent = _("付款方逾期未答复，视为合格，即将按约定分账。")
    body = silent if event.silent else _("验收合格，即将按约定分账。")
    _tell_part(event, "all", _("已验收：%(name)s"), body)


@subscribe(MilestoneSettled)
def tell_settled(event: MilestoneSettled) -> None:
    """Everybody has their part."""
    subject, body = _("已结算：%(name)s"), _("款项已按约定比例分给各方，明细见节点页面。")
    _tell_part(event, "all", subject, body)


_OVERDUE = {
    1: _("节点到期：%(name)s"),
    2: _("节点逾期：%(name)s"),
    3: _("节点逾期未决：%(name)s"),
}


@subscribe(MilestoneOverdue)
def tell_overdue(event: MilestoneOverdue) -> None:
    """Whose turn it is, twice; then the owners of payer and supplier."""
    row = selectors.milestone_facts(event.milestone_id)
    if row is None:
        return
    both, pays = (row.contract.payer_id, row.supplier_id), event.turn_id == row.contract.payer_id
    if event.step == 3:
        people = selectors.owners_of(both)
        body = _("“%(contract)s”的这个节点应在 %(due)s 前交付，提醒过两次，仍在等%(firm)s。")
    elif pays:
        people = parties.member_ids(event.turn_id, managing=True)
        body = _("“%(contract)s”的这个节点应在 %(due)s 前交付，现在轮到%(firm)s付款。")
    else:
        people = parties.member_ids(event.turn_id, managing=True)
        body = _("“%(contract)s”的这个节点应在 %(due)s 前交付，现在轮到%(firm)s交付。")
    tell(
        people, "milestone_overdue", _OVERDUE[event.step], body,
        reverse("contracts:milestone", args=[row.contract.number, row.position]),
        values={
            "name": row.title, "contract": row.contract.name, "due": row.due.isoformat(),
            "firm": _firm(event.turn_id),
        },
        topic=f"overdue:{row.pk}:{event.step}:{event.turn_id}",
        important=True,
    )  # fmt: skip


@subscribe(OrderPaid)
def follow_paid(event: OrderPaid) -> None:
    """The money of a milestone is held."""
    _follow(event, "paid")


@subscribe(OrderCompleted)
def follow_completed(event: OrderCompleted) -> None:
    """The money of a milestone was shared."""
    _follow(event, "completed")


@subscribe(OrderEnded)
def follow_ended(event: OrderEnded) -> None:
    """Nobody paid in time, or all of it went back."""
    _follow(event, event.state)


def _follow(event: OrderPaid | OrderCompleted | OrderEnded, news: str) -> None:
    milestone_id = selectors.milestone_by_origin(event.origin)
    if milestone_id is not None:
        services.follow_order(milestone_id, event.order_id, news)
