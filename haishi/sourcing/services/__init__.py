"""What is done with requests, quotations and awards."""

from haishi.sourcing.services.awarding import award, take_answer
from haishi.sourcing.services.contracting import draw_contract
from haishi.sourcing.services.drafting import (
    MOST_LINES,
    amend,
    cancel,
    draft,
    edit,
    invite,
    publish,
    words_of,
)
from haishi.sourcing.services.judging import freeze_rate, mark
from haishi.sourcing.services.partners import name_partners, settle_due
from haishi.sourcing.services.personal import erase_personal, export_personal, pass_on
from haishi.sourcing.services.questions import answer, ask
from haishi.sourcing.services.quoting import quote, withdraw
from haishi.sourcing.services.stage import (
    close_due,
    expire_drafts,
    lapse_due,
    near_due,
    press_due,
)

__all__ = [
    "MOST_LINES",
    "amend",
    "answer",
    "ask",
    "award",
    "cancel",
    "close_due",
    "draft",
    "draw_contract",
    "edit",
    "erase_personal",
    "expire_drafts",
    "export_personal",
    "freeze_rate",
    "invite",
    "lapse_due",
    "mark",
    "name_partners",
    "near_due",
    "pass_on",
    "press_due",
    "publish",
    "quote",
    "settle_due",
    "take_answer",
    "withdraw",
    "words_of",
]
