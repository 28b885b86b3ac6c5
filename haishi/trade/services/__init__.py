"""What trade does."""

from haishi.trade.providers.sandbox import Faults as SandboxFaults
from haishi.trade.providers.sandbox import decline as decline_in_sandbox
from haishi.trade.providers.sandbox import deliver_due as deliver_sandbox_callbacks
from haishi.trade.providers.sandbox import pay as pay_in_sandbox
from haishi.trade.providers.sandbox import statement as sandbox_statement
from haishi.trade.services.addresses import add_address, drop_address
from haishi.trade.services.approvals import (
    approve_spending,
    expire_approvals,
    refuse_spending,
    withdraw_spending,
)
from haishi.trade.services.bank import (
    confirm_bank_line,
    confirm_task,
    execute_task,
    import_bank_statement,
    propose_match,
    propose_return,
    send_task_back,
    withdraw_proposal,
)
from haishi.trade.services.billing import accept_agreed, bill
from haishi.trade.services.cart import (
    check_out,
    drop_old_cart_lines,
    order_again,
    put_in_cart,
    set_quantity,
    take_out_of_cart,
)
from haishi.trade.services.deliveries import fetch, grant, open_files, revoke, set_deliverables
from haishi.trade.services.disputes import (
    accept_offer,
    add_evidence,
    ask_mediation,
    offer,
    open_dispute,
    withdraw_dispute,
)
from haishi.trade.services.fulfilment import receive, receive_due, settle_due, ship
from haishi.trade.services.inside import (
    wechat_done,
    wechat_login,
    wechat_openid,
    wechat_prepay,
)
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
from haishi.trade.services.payments import ask_due, heard, start, take_callback
from haishi.trade.services.payouts import (
    retry_payout,
    send_payouts_due,
    set_payout_account,
)
from haishi.trade.services.personal import erase_personal, export_personal
from haishi.trade.services.rails import check_rail
from haishi.trade.services.reconciling import (
    ask_about_difference,
    confirm_difference,
    propose_difference,
    reconcile,
    withdraw_difference,
)
from haishi.trade.services.refunds import (
    agree,
    agree_for_silent_sellers,
    ask_refund,
    call_off,
    call_off_unshipped,
    end_returns,
    refuse,
    send_due,
    send_goods_back,
    take_goods_back,
    withdraw,
)
from haishi.trade.services.reviews import (
    answer_review,
    hide_review,
    show_review,
    write_review,
)

__all__ = [
    "SandboxFaults",
    "accept_agreed",
    "accept_offer",
    "add_address",
    "add_evidence",
    "agree",
    "agree_for_silent_sellers",
    "answer_review",
    "approve_spending",
    "ask_about_difference",
    "ask_approval",
    "ask_due",
    "ask_mediation",
    "ask_refund",
    "bill",
    "call_off",
    "call_off_unshipped",
    "cancel",
    "check_out",
    "check_rail",
    "confirm_bank_line",
    "confirm_difference",
    "confirm_task",
    "decide_dispute",
    "decline_in_sandbox",
    "deliver_sandbox_callbacks",
    "disputes_due",
    "drop_address",
    "drop_old_cart_lines",
    "end_returns",
    "erase_personal",
    "execute_task",
    "expire_approvals",
    "expire_unpaid",
    "export_personal",
    "fetch",
    "grant",
    "heard",
    "hide_review",
    "import_bank_statement",
    "invoice_requests_due",
    "issue_invoice",
    "issue_red",
    "judge_spending",
    "offer",
    "open_dispute",
    "open_files",
    "order_again",
    "pay_in_sandbox",
    "place",
    "post",
    "propose_difference",
    "propose_match",
    "propose_return",
    "put_in_cart",
    "receive",
    "receive_due",
    "reconcile",
    "refuse",
    "refuse_invoice",
    "refuse_spending",
    "request_invoice",
    "retry_payout",
    "revoke",
    "sandbox_statement",
    "send_due",
    "send_goods_back",
    "send_payouts_due",
    "send_task_back",
    "set_deliverables",
    "set_limit",
    "set_payout_account",
    "set_quantity",
    "set_stock",
    "settle_due",
    "ship",
    "show_review",
    "start",
    "take_callback",
    "take_goods_back",
    "take_out_of_cart",
    "wechat_done",
    "wechat_login",
    "wechat_openid",
    "wechat_prepay",
    "withdraw",
    "withdraw_difference",
    "withdraw_dispute",
    "withdraw_invoice",
    "withdraw_proposal",
    "withdraw_spending",
    "write_review",
]
