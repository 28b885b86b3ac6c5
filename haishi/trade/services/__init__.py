"""What trade does."""

from haishi.trade.providers.sandbox import decline as decline_in_sandbox
from haishi.trade.providers.sandbox import deliver_due as deliver_sandbox_callbacks
from haishi.trade.providers.sandbox import pay as pay_in_sandbox
from haishi.trade.services.addresses import add_address, drop_address
from haishi.trade.services.approvals import (
    approve_spending,
    expire_approvals,
    refuse_spending,
    withdraw_spending,
)
from haishi.trade.services.billing import bill
from haishi.trade.services.disputes import (
    accept_offer,
    add_evidence,
    ask_mediation,
    offer,
    open_dispute,
    withdraw_dispute,
)
from haishi.trade.services.fulfilment import receive, receive_due, settle_due, ship
from haishi.trade.services.invoices import (
    invoice_requests_due,
    issue_invoice,
    issue_red,
    refuse_invoice,
    request_invoice,
    withdraw_invoice,
)
from haishi.trade.services.ledger import post
from haishi.trade.services.limits import ask_approval, judge_spending, set_limit
from haishi.trade.services.mediation import decide_dispute, disputes_due
from haishi.trade.services.orders import cancel, expire_unpaid, place, set_stock
from haishi.trade.services.payments import ask_due, default_provider, start, take_callback
from haishi.trade.services.personal import erase_personal, export_personal
from haishi.trade.services.rails import check_rail
from haishi.trade.services.refunds import (
    agree,
    agree_for_silent_sellers,
    ask_refund,
    call_off,
    call_off_unshipped,
    refuse,
    send_due,
    take_goods_back,
    withdraw,
)

__all__ = [
    "accept_offer",
    "add_address",
    "add_evidence",
    "agree",
    "agree_for_silent_sellers",
    "approve_spending",
    "ask_approval",
    "ask_due",
    "ask_mediation",
    "ask_refund",
    "bill",
    "call_off",
    "call_off_unshipped",
    "cancel",
    "check_rail",
    "decide_dispute",
    "decline_in_sandbox",
    "default_provider",
    "deliver_sandbox_callbacks",
    "disputes_due",
    "drop_address",
    "erase_personal",
    "expire_approvals",
    "expire_unpaid",
    "export_personal",
    "invoice_requests_due",
    "issue_invoice",
    "issue_red",
    "judge_spending",
    "offer",
    "open_dispute",
    "pay_in_sandbox",
    "place",
    "post",
    "receive",
    "receive_due",
    "refuse",
    "refuse_invoice",
    "refuse_spending",
    "request_invoice",
    "send_due",
    "set_limit",
    "set_stock",
    "settle_due",
    "ship",
    "start",
    "take_callback",
    "take_goods_back",
    "withdraw",
    "withdraw_dispute",
    "withdraw_invoice",
    "withdraw_spending",
]
