"""Forms of licences."""

from haishi.licences.forms.terms import (
    AskForm,
    CounterForm,
    EditOfferForm,
    OfferForm,
    initial_terms,
)
from haishi.licences.forms.use import (
    AnswerForm,
    GoodForm,
    HandInForm,
    ImportForm,
    LinkForm,
    ReasonForm,
    SalesForm,
    SeatForm,
    day_of,
)

__all__ = [
    "AnswerForm",
    "AskForm",
    "CounterForm",
    "EditOfferForm",
    "GoodForm",
    "HandInForm",
    "ImportForm",
    "LinkForm",
    "OfferForm",
    "ReasonForm",
    "SalesForm",
    "SeatForm",
    "day_of",
    "initial_terms",
]
