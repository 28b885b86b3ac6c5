"""What people hear about payouts and about where money goes."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.foundation.events import subscribe
from haishi.notices.services import register_kind, tell
from haishi.parties import selectors as parties
from haishi.trade import selectors
from haishi.trade.events import PayoutAccountChanged, PayoutMoved
from haishi.trade.states import PayoutState

register_kind("payout", "收款与划付", "Payouts", mail="digest")
register_kind("payout_account", "收款账户变更", "Changes of account", push="now")


@subscribe(PayoutMoved)
def tell_of_payout(event: PayoutMoved) -> None:
    """The firm hears what arrived, failed or waits for an account; operators what failed."""
    row = selectors.payout_facts(event.payout_id)
    if row is None or row.state != event.state or event.state == PayoutState.SENT:
        return
    words: dict[str, Any] = {"amount": row.amount, "number": row.number, "reason": row.reason}
    if event.state == PayoutState.FAILED:
        tell(
            parties.operator_ids(),
            "payout",
            _("一笔划付被渠道拒绝"),
            _("%(number)s，%(amount)s：%(reason)s"),
            reverse("trade:money"),
            values=words,
            topic="payouts-failed",
        )
    if row.organisation is not None:
        _tell_firm(row, words)


def _tell_firm(row: Any, words: dict[str, Any]) -> None:
    subjects = {
        PayoutState.DONE: _("已划付 %(amount)s 到你单位的账户"),
        PayoutState.FAILED: _("划付 %(amount)s 失败：%(reason)s"),
        PayoutState.WAITING: _("有 %(amount)s 等待登记收款账户"),
    }
    tell(
        parties.member_ids(row.organisation_id, managing=True),
        "payout",
        subjects[PayoutState(row.state)],
        _("划付单号 %(number)s。"),
        reverse("trade:payouts", args=[row.organisation.slug]),
        values=words,
        important=row.state != PayoutState.DONE,
        topic=f"payout:{row.pk}",
    )


@subscribe(PayoutAccountChanged)
def tell_of_account(event: PayoutAccountChanged) -> None:
    """Every manager hears of it at once: whoever changed it may not be whom they trust."""
    firm = parties.organisation_by_id(event.organisation_id)
    tell(
        parties.member_ids(firm.pk, managing=True),
        "payout_account",
        _("%(firm)s的收款账户已改为 %(masked)s"),
        _("如果不是你们自己改的，请立即联系平台。"),
        reverse("trade:payouts", args=[firm.slug]),
        values={"firm": firm.title, "masked": event.masked},
        important=True,
    )
