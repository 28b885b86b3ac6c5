"""What parties fill in about a contract and its milestones."""

from haishi.contracts.forms.drafting import DraftForm
from haishi.contracts.forms.steps import CommentForm, DeliverForm, ProposeForm, ReasonForm

__all__ = ["CommentForm", "DeliverForm", "DraftForm", "ProposeForm", "ReasonForm"]
