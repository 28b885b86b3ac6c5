"""Addresses of trade: orders of both sides, paying, callbacks of providers."""

from django.urls import path

from haishi.trade.views import money, orders, paying, payouts, spending

ONE = "orders/<slug:number>"
app_name = "trade"
urlpatterns = [
    path("orders/", orders.bought, name="bought"),
    path("orders/sold/<slug:org>/", orders.sold, name="sold"),
    path("orders/sold/<slug:org>/payouts/", payouts.payouts, name="payouts"),
    path("money/payouts/<int:payout_id>/retry/", payouts.retry, name="payout_retry"),
    path("money/", money.money, name="money"),
    path("money/bank/", money.bank, name="bank"),
    path("money/bank/lines/<int:line_id>/<slug:action>/", money.bank_line, name="bank_line"),
    path("money/bank/tasks/<int:task_id>/<slug:action>/", money.bank_task, name="bank_task"),
    path("money/days/", money.reconciliations, name="reconciliations"),
    path("money/days/<int:pk>/", money.reconciliation, name="reconciliation"),
    path(
        "money/days/<int:pk>/<int:difference_id>/<slug:action>/",
        money.difference,
        name="difference",
    ),
    path("money/sandbox/<slug:day>.csv", money.sandbox_statement, name="sandbox_statement"),
    path(f"{ONE}/", orders.order, name="order"),
    path(f"{ONE}/pay/", paying.pay, name="pay"),
    path(f"{ONE}/refunds/<int:refund_id>/<slug:action>/", orders.answer, name="answer"),
    path(f"{ONE}/<slug:action>/", orders.step, name="step"),
    path("spending/", spending.approvals, name="approvals"),
    path("spending/limits/<slug:org>/", spending.limits, name="limits"),
    path("spending/<int:approval_id>/", spending.approval, name="approval"),
    path("spending/<int:approval_id>/<slug:action>/", spending.decide, name="decide"),
    path("pay/callback/<slug:provider>/", paying.callback, name="callback"),
    path("pay/bank/<slug:reference>/", paying.transfer, name="transfer"),
    path("pay/wechat/<slug:reference>/", paying.scan, name="scan"),
    path("pay/sandbox/<slug:reference>/", paying.sandbox, name="sandbox"),
]
