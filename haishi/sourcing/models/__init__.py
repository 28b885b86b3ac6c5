"""Tables of sourcing: requests with their lines, quotations with their versions, awards."""

from haishi.sourcing.models.awards import Award, AwardLine, Partner, Winner
from haishi.sourcing.models.quotations import Mark, Quotation, QuotationVersion, Rate
from haishi.sourcing.models.rfqs import Invited, Question, Rfq, RfqLine, RfqRevision, Seal

__all__ = [
    "Award",
    "AwardLine",
    "Invited",
    "Mark",
    "Partner",
    "Question",
    "Quotation",
    "QuotationVersion",
    "Rate",
    "Rfq",
    "RfqLine",
    "RfqRevision",
    "Seal",
    "Winner",
]
