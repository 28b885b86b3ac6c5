"""What people hear about disputes, and who opens their evidence."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.expo.selectors import register_pending
from haishi.foundation.events import subscribe
from haishi.media.selectors import register_reader
from haishi.media.states import Purpose
from haishi.notices.services import register_kind, tell
from haishi.parties import selectors as parties
from haishi.trade import selectors
from haishi.trade.events import DisputeMoved, DisputeOpened
from haishi.trade.states import DisputeSide, DisputeStepKind

register_kind("dispute", "索赔与争议", "Disputes", push="now")
register_reader(Purpose.SEALED, selectors.opens_evidence)
register_pending("disputes", selectors.disputes_pending)

_K = DisputeStepKind
# What the side that did not do it hears; what a clock or a mediator did, both hear.
_SUBJECTS = {
    _K.OFFER: _("对方提出新方案：%(number)s"),
    _K.REFUSED: _("对方不同意退款：%(number)s"),
    _K.ACCEPTED: _("索赔已达成一致：%(number)s"),
    _K.EVIDENCE: _("对方补充了证据：%(number)s"),
    _K.MEDIATION: _("索赔进入调解：%(number)s"),
    _K.HEARD: _("举证结束，等待裁决：%(number)s"),
    _K.DECIDED: _("索赔已裁决：%(number)s"),
    _K.WITHDRAWN: _("买家撤回了索赔：%(number)s"),
}
_TO_BOTH = {_K.ACCEPTED, _K.MEDIATION, _K.HEARD, _K.DECIDED}
_BODIES = {
    _K.OFFER: _("请在期限内接受、还价或申请调解；逾期视为接受。"),
    _K.REFUSED: _("请在期限内还价、接受或申请调解；逾期视为接受。"),
    _K.MEDIATION: _("双方请在期限内提交证据，逾期不再接收。"),
}
_TO_MEDIATORS = {
    _K.MEDIATION: _("有索赔等待调解：%(number)s"),
    _K.HEARD: _("请裁决索赔：%(number)s"),
}


def _people(row: Any, side: str) -> set[int]:
    order = row.order
    if side == DisputeSide.SELLER:
        return set(parties.member_ids(order.seller_id, managing=True))
    firm = order.buyer_firm_id
    return {order.buyer_id, *(parties.member_ids(firm, managing=True) if firm else ())}


def _tell(people: set[int], row: Any, subject: Any, body: Any = "") -> None:
    url = reverse("trade:dispute", args=[row.number])
    values = {"number": row.number}
    tell(people, "dispute", subject, body, url, values=values, important=True)


@subscribe(DisputeOpened)
def tell_seller(event: DisputeOpened) -> None:
    """The seller has three days."""
    if row := selectors.dispute_facts(event.dispute_id):
        body = _("请在期限内答复；逾期视为接受，款项会退给买家。")
        _tell(_people(row, DisputeSide.SELLER), row, _("买家提出索赔：%(number)s"), body)


@subscribe(DisputeMoved)
def tell_others(event: DisputeMoved) -> None:
    """The other side, both sides, and those who mediate."""
    row = selectors.dispute_facts(event.dispute_id)
    if row is None or event.step not in _SUBJECTS:
        return
    kind = DisputeStepKind(event.step)
    last = selectors.last_side(row, kind)
    sides = {DisputeSide.BUYER, DisputeSide.SELLER}
    people: set[int] = set()
    for side in sides if kind in _TO_BOTH else sides - {last}:
        people |= _people(row, side)
    _tell(people, row, _SUBJECTS[kind], _BODIES.get(kind, ""))
    if kind in _TO_MEDIATORS:
        _tell(set(selectors.mediators(row)), row, _TO_MEDIATORS[kind])
