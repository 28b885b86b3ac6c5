"""What licences do."""

from haishi.licences.services.approvals import (
    add_good,
    answer_approval,
    escalate_due,
    hand_in,
)
from haishi.licences.services.concluding import guarantee_gone, guarantee_paid
from haishi.licences.services.contracting import contract_concluded, contract_over, follow_end
from haishi.licences.services.deals import accept, ask, counter, decline, lapse_due, withdraw
from haishi.licences.services.entitlements import (
    expire_due,
    free_seat,
    name_seat,
    note_access,
    open_files,
    receive_unopened,
    resume,
    revoke,
    suspend,
)
from haishi.licences.services.offers import draft_offer, edit_offer, open_offer, withdraw_offer
from haishi.licences.services.personal import erase_personal, export_personal
from haishi.licences.services.reminders import remind_reports, remind_unpaid, remind_waiting
from haishi.licences.services.sales import bill_again, report, royalty_paid, royalty_unpaid
from haishi.licences.services.titles import (
    add_link,
    begin_title,
    drop_link,
    return_title,
    submit_title,
    take_title_back,
    verify_title,
)

__all__ = [
    "accept",
    "add_good",
    "add_link",
    "answer_approval",
    "ask",
    "begin_title",
    "bill_again",
    "contract_concluded",
    "contract_over",
    "counter",
    "decline",
    "draft_offer",
    "drop_link",
    "edit_offer",
    "erase_personal",
    "escalate_due",
    "expire_due",
    "export_personal",
    "follow_end",
    "free_seat",
    "guarantee_gone",
    "guarantee_paid",
    "hand_in",
    "lapse_due",
    "name_seat",
    "note_access",
    "open_files",
    "open_offer",
    "receive_unopened",
    "remind_reports",
    "remind_unpaid",
    "remind_waiting",
    "report",
    "resume",
    "return_title",
    "revoke",
    "royalty_paid",
    "royalty_unpaid",
    "submit_title",
    "suspend",
    "take_title_back",
    "verify_title",
    "withdraw",
    "withdraw_offer",
]
