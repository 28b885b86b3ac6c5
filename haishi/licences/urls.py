"""Addresses of licences: the market, the firm's desk, a licence, the reviewers' queue."""

from django.urls import path

from haishi.licences.views import deals, firms, public, review, sales, use

T = "licences/titles/<int:title_id>"
O = "licences/offers/<slug:number>"  # noqa: E741 - beside T, L and S
L = "licences/<slug:number>"
S = f"{L}/statements/<int:n>"
app_name = "licences"
urlpatterns = [
    path("licences/", public.market, name="market"),
    path("licences/mine/", deals.mine, name="mine"),
    path("licences/queue/", review.queue, name="queue"),
    path("licences/queue/<int:title_id>/", review.judge, name="judge"),
    path("licences/queue/<int:title_id>/verify/", review.verify, name="verify"),
    path("licences/firms/<slug:org>/", firms.desk, name="desk"),
    path("licences/firms/<slug:org>/<int:product_id>/", firms.work, name="work"),
    path("licences/works/<int:product_id>/title/", firms.begin, name="begin"),
    path(f"{T}/", firms.title, name="title"),
    path(f"{T}/offer/", firms.new_offer, name="new_offer"),
    path(f"{T}/links/<int:link_id>/drop/", firms.drop, name="drop_link"),
    path(f"{T}/<slug:action>/", firms.title_step, name="title_step"),
    path(f"{O}/", public.offer, name="offer"),
    path(f"{O}/odrl.jsonld", public.offer_data, name="offer_data"),
    path(f"{O}/edit/", firms.edit_offer, name="edit_offer"),
    path(f"{O}/request/", deals.ask, name="ask"),
    path(f"{O}/<slug:action>/", firms.offer_step, name="offer_step"),
    path(f"{L}/", deals.licence, name="licence"),
    path(f"{L}/odrl.jsonld", deals.licence_data, name="licence_data"),
    path(f"{L}/paper.pdf", deals.paper, name="agreement"),
    path(f"{L}/terms/", deals.counter, name="counter"),
    path(f"{L}/seats/", use.name_seat, name="name_seat"),
    path(f"{L}/seats/<int:seat_id>/free/", use.free_seat, name="free_seat"),
    path(f"{L}/files/<str:token>/", use.file, name="file"),
    path(f"{L}/goods/", use.add_good, name="add_good"),
    path(f"{L}/goods/<int:good_id>/", use.hand_in, name="hand_in"),
    path(f"{L}/approvals/<int:approval_id>/", use.approval, name="approval"),
    path(f"{L}/report/", sales.report, name="report"),
    path(f"{L}/report/template.csv", sales.template, name="template"),
    path(f"{S}/", sales.statement, name="statement"),
    path(f"{S}/sheet.xlsx", sales.sheet, name="sheet"),
    path(f"{S}/paper.pdf", sales.paper, name="paper"),
    path(f"{S}/bill/", sales.bill, name="bill"),
    path(f"{L}/<slug:action>/", deals.step, name="step"),
]
