"""Addresses of trade: orders of both sides, paying, callbacks of providers."""

from django.urls import path

from haishi.trade.views import disputes, invoices, orders, paying, spending

ONE = "orders/<slug:number>"
app_name = "trade"
urlpatterns = [
    path("orders/", orders.bought, name="bought"),
    path("orders/sold/<slug:org>/", orders.sold, name="sold"),
    path(f"{ONE}/", orders.order, name="order"),
    path(f"{ONE}/pay/", orders.pay, name="pay"),
    path(f"{ONE}/refunds/<int:refund_id>/<slug:action>/", orders.answer, name="answer"),
    path(f"{ONE}/invoice/", invoices.ask, name="invoice_ask"),
    path(f"{ONE}/claim/", disputes.claim, name="claim"),
    path(f"{ONE}/<slug:action>/", orders.step, name="step"),
    path("invoices/", invoices.mine, name="invoices"),
    path("invoices/of/<slug:org>/", invoices.of_firm, name="firm_invoices"),
    path("invoices/<slug:number>/", invoices.invoice, name="invoice"),
    path("invoices/<slug:number>/request.pdf", invoices.paper, name="invoice_paper"),
    path("invoices/<slug:number>/red/<int:invoice_id>/", invoices.red, name="invoice_red"),
    path("invoices/<slug:number>/<slug:action>/", invoices.step, name="invoice_step"),
    path("disputes/", disputes.disputes, name="disputes"),
    path("disputes/<slug:number>/", disputes.dispute, name="dispute"),
    path("disputes/<slug:number>/<slug:action>/", disputes.step, name="dispute_step"),
    path("organise/<slug:edition>/disputes/", disputes.mediation, name="mediation"),
    path("spending/", spending.approvals, name="approvals"),
    path("spending/limits/<slug:org>/", spending.limits, name="limits"),
    path("spending/<int:approval_id>/", spending.approval, name="approval"),
    path("spending/<int:approval_id>/<slug:action>/", spending.decide, name="decide"),
    path("pay/callback/<slug:provider>/", paying.callback, name="callback"),
    path("pay/sandbox/<slug:reference>/", paying.sandbox, name="sandbox"),
]
