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
from haishi.trade.services.fulfilment import receive, receive_due, settle_due, ship
from haishi.trade.services.ledger import post
from haishi.trade.services.limits import ask_approval, judge_spending, set_limit
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
    "accept_agreed",
    "add_address",
    "agree",
    "agree_for_silent_sellers",
    "answer_review",
    "approve_spending",
    "ask_approval",
    "ask_due",
    "ask_refund",
    "bill",
    "call_off",
    "call_off_unshipped",
    "cancel",
    "check_out",
    "check_rail",
    "decline_in_sandbox",
    "default_provider",
    "deliver_sandbox_callbacks",
    "drop_address",
    "drop_old_cart_lines",
    "end_returns",
    "erase_personal",
    "expire_approvals",
    "expire_unpaid",
    "export_personal",
    "fetch",
    "grant",
    "hide_review",
    "judge_spending",
    "open_files",
    "order_again",
    "pay_in_sandbox",
    "place",
    "post",
    "put_in_cart",
    "receive",
    "receive_due",
    "refuse",
    "refuse_spending",
    "revoke",
    "send_due",
    "send_goods_back",
    "set_deliverables",
    "set_limit",
    "set_quantity",
    "set_stock",
    "settle_due",
    "ship",
    "show_review",
    "start",
    "take_callback",
    "take_goods_back",
    "take_out_of_cart",
    "withdraw",
    "withdraw_spending",
    "write_review",
]
