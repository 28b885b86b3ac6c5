"""What people hear about spending for a firm."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.foundation.events import subscribe
from haishi.notices.services import register_kind, tell
from haishi.trade import selectors
from haishi.trade.events import ApprovalAsked, ApprovalDecided
from haishi.trade.states import ApprovalState

register_kind("spending", "采购审批", "Purchase approvals", push="now")
_ANSWERS = {
    ApprovalState.APPROVED: _("采购已获批准：%(title)s"),
    ApprovalState.REFUSED: _("采购未获批准：%(title)s"),
    ApprovalState.EXPIRED: _("采购逾期未批：%(title)s"),
}


@subscribe(ApprovalAsked)
def ask_approvers(event: ApprovalAsked) -> None:
    """Those whose limits are high enough."""
    row = selectors.approval_facts(event.approval_id)
    if row is None or row.state != ApprovalState.WAITING:
        return
    verdict = selectors.verdict_for(row.person_id, row.organisation_id, row.amount)
    tell(
        verdict.approvers,
        "spending",
        _("有采购待你审批：%(title)s"),
        _("%(person)s申请采购 %(amount)s，逾期不答复会自动作废。"),
        reverse("trade:approval", args=[row.pk]),
        values={"title": row.title, "person": row.person.name, "amount": row.amount},
        topic=f"approval:{row.pk}",
        important=True,
    )


@subscribe(ApprovalDecided)
def tell_who_asked(event: ApprovalDecided) -> None:
    """The answer, with its reason; nobody is told of what they withdrew."""
    row = selectors.approval_facts(event.approval_id)
    if row is None or event.state not in _ANSWERS:
        return
    tell(
        [row.person_id],
        "spending",
        _ANSWERS[ApprovalState(event.state)],
        row.answer,
        row.path or reverse("trade:approval", args=[row.pk]),
        values={"title": row.title},
        important=True,
    )
