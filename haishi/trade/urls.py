"""Addresses of trade: cart, checkout, orders of both sides, files, reviews, paying."""

from django.urls import path

from haishi.trade.views import (
    addresses,
    cart,
    downloads,
    goods,
    orders,
    paying,
    reviews,
    spending,
)

ONE = "orders/<slug:number>"
SOLD = "orders/sold/<slug:org>"
M = "organise/<slug:edition>/reviews"
app_name = "trade"
urlpatterns = [
    path("buy/<slug:slug>/", cart.buy, name="buy"),
    path("cart/", cart.cart, name="cart"),
    path("cart/<int:line_id>/", cart.cart_line, name="cart_line"),
    path("checkout/<slug:org>/<slug:kind>/<slug:currency>/", cart.checkout, name="checkout"),
    path("addresses/", addresses.addresses, name="addresses"),
    path("addresses/<int:address_id>/drop/", addresses.drop, name="drop_address"),
    path("downloads/", downloads.downloads, name="downloads"),
    path("downloads/<int:entitlement_id>/", downloads.parcel, name="parcel"),
    path("downloads/file/<str:link>/", downloads.fetch, name="fetch"),
    path("orders/", orders.bought, name="bought"),
    path("orders/export.<str:form>", orders.bought_table, name="bought_table"),
    path(f"{SOLD}/", orders.sold, name="sold"),
    path(f"{SOLD}/export.<str:form>", orders.sold_table, name="sold_table"),
    path(f"{SOLD}/stock/", goods.stock, name="stock"),
    path(f"{SOLD}/stock/<int:product_id>/", goods.goods, name="goods"),
    path(f"{SOLD}/reviews/", reviews.firm_reviews, name="firm_reviews"),
    path(f"{SOLD}/reviews/<int:review_id>/", reviews.answer_review, name="answer_review"),
    path(f"{M}/", reviews.moderation, name="moderation"),
    path(f"{M}/<int:review_id>/<slug:action>/", reviews.judge, name="judge_review"),
    path(f"{ONE}/", orders.order, name="order"),
    path(f"{ONE}/pay/", orders.pay, name="pay"),
    path(f"{ONE}/review/<int:line_id>/", reviews.review, name="review"),
    path(f"{ONE}/refunds/<int:refund_id>/<slug:action>/", orders.answer, name="answer"),
    path(f"{ONE}/<slug:action>/", orders.step, name="step"),
    path("spending/", spending.approvals, name="approvals"),
    path("spending/limits/<slug:org>/", spending.limits, name="limits"),
    path("spending/<int:approval_id>/", spending.approval, name="approval"),
    path("spending/<int:approval_id>/<slug:action>/", spending.decide, name="decide"),
    path("pay/callback/<slug:provider>/", paying.callback, name="callback"),
    path("pay/sandbox/<slug:reference>/", paying.sandbox, name="sandbox"),
]
