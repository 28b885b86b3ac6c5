"""Addresses of sourcing: the board, a request, the buyer's desk, the bidder's desk."""

from django.urls import path

from haishi.sourcing.views import bidder, board, desk, judging

D = "rfqs/<slug:slug>"
app_name = "sourcing"
urlpatterns = [
    path("rfqs/", board.board, name="board"),
    path("rfqs/feed.xml", board.feed, name="feed"),
    path("rfqs/mine/", desk.mine, name="mine"),
    path("rfqs/new/", desk.new, name="new"),
    path(f"{D}/", board.rfq, name="rfq"),
    path(f"{D}/ask/", board.ask, name="ask"),
    path(f"{D}/quote/", bidder.quote, name="quote"),
    path(f"{D}/desk/", desk.desk, name="desk"),
    path(f"{D}/edit/", desk.edit, name="edit"),
    path(f"{D}/amend/", desk.amend, name="amend"),
    path(f"{D}/publish/", desk.publish, name="publish"),
    path(f"{D}/cancel/", desk.cancel, name="cancel"),
    path(f"{D}/invite/", desk.invite, name="invite"),
    path(f"{D}/questions/<int:question_id>/", desk.answer, name="answer"),
    path(f"{D}/compare/", judging.compare, name="compare"),
    path(f"{D}/compare/table/", judging.sheet, name="sheet"),
    path(f"{D}/compare/rate/", judging.rate, name="rate"),
    path(f"{D}/award/", judging.award, name="award"),
    path("quotations/", bidder.bids, name="bids"),
    path("quotations/<int:quotation_id>/", bidder.quotation, name="quotation"),
    path("quotations/<int:quotation_id>/changes/", bidder.changes, name="changes"),
    path("quotations/<int:quotation_id>/withdraw/", bidder.withdraw, name="withdraw"),
    path("quotations/<int:quotation_id>/split/", bidder.split, name="split"),
]
