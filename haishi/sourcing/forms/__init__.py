"""What buyers and bidders fill in."""

from haishi.sourcing.forms.judging import (
    AwardForm,
    MarksForm,
    RateForm,
    SplitForm,
)
from haishi.sourcing.forms.offers import QuotationForm
from haishi.sourcing.forms.rfqs import (
    AmendForm,
    AnswerForm,
    CancelForm,
    EditRfqForm,
    InviteForm,
    QuestionForm,
    RfqForm,
)

__all__ = [
    "AmendForm",
    "AnswerForm",
    "AwardForm",
    "CancelForm",
    "EditRfqForm",
    "InviteForm",
    "MarksForm",
    "QuestionForm",
    "QuotationForm",
    "RateForm",
    "RfqForm",
    "SplitForm",
]
