"""Addresses of trade: orders of both sides, paying, callbacks of providers."""

from django.urls import path

from haishi.trade.views import disputes, orders, paying, spending

ONE = "orders/<slug:number>"
app_name = "trade"
urlpatterns = [
    path("orders/", orders.bought, name="bought"),
    path("orders/sold/<slug:org>/", orders.sold, name="sold"),
    path(f"{ONE}/", orders.order, name="order"),
    path(f"{ONE}/pay/", orders.pay, name="pay"),
    path(f"{ONE}/refunds/<int:refund_id>/<slug:action>/", orders.answer, name="answer"),
    path(f"{ONE}/claim/", disputes.claim, name="claim"),
    path(f"{ONE}/<slug:action>/", orders.step, name="step"),
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
