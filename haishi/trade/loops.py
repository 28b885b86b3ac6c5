"""What must not wait for a person: unpaid orders end, money is settled, providers are asked."""

from functools import partial

from haishi.foundation.loops import loop
from haishi.trade import services

loop("trade-unpaid", 2.0)(services.expire_unpaid)
loop("trade-approvals", 30.0)(services.expire_approvals)
loop("trade-disputes", 30.0)(services.disputes_due)
loop("trade-invoices", 300.0)(services.invoice_requests_due)
loop("trade-questions", 5.0)(services.ask_due)
loop("trade-refunds", 2.0)(services.send_due)
loop("trade-silent-sellers", 60.0)(services.agree_for_silent_sellers)
loop("trade-returns", 60.0)(services.end_returns)
loop("trade-carts", 3_600.0)(services.drop_old_cart_lines)
loop("trade-unshipped", 60.0)(services.call_off_unshipped)
loop("trade-receipt", 60.0)(services.receive_due)
loop("trade-settlement", 5.0)(services.settle_due)
loop("trade-payouts", 2.0)(services.send_payouts_due)
loop("trade-sandbox", 1.0)(
    partial(services.deliver_sandbox_callbacks, partial(services.take_callback, "sandbox"))
)
