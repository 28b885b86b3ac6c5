"""Tables of licences."""

from haishi.licences.models.licences import Access, Grant, Licence, Proposal, Seat
from haishi.licences.models.offers import Offer, OfferShare
from haishi.licences.models.sales import Approval, Good, Report, SalesLine, Statement
from haishi.licences.models.titles import Title, TitleLink

__all__ = [
    "Access",
    "Approval",
    "Good",
    "Grant",
    "Licence",
    "Offer",
    "OfferShare",
    "Proposal",
    "Report",
    "SalesLine",
    "Seat",
    "Statement",
    "Title",
    "TitleLink",
]
