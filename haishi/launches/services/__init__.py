"""What is done with launches."""

from haishi.launches.services.asking import claim, request, wait
from haishi.launches.services.buying import check_out, order_ended
from haishi.launches.services.certificates import issue_certificate, revoke_certificate
from haishi.launches.services.claims import (
    cancel,
    decide,
    expire_unpaid,
    mark_bought,
    open_sale,
    promote,
    resize,
)
from haishi.launches.services.dossier import (
    announce,
    approve,
    draft,
    edit,
    reschedule,
    return_,
    submit,
    take_back,
    withdraw,
)
from haishi.launches.services.personal import erase_personal, export_personal
from haishi.launches.services.reservations import reserve, unreserve, weigh_due
from haishi.launches.services.stage import (
    close_ended,
    decide_due,
    promote_due,
    remind_due,
    unveil_due,
)

__all__ = [
    "announce",
    "approve",
    "cancel",
    "check_out",
    "claim",
    "close_ended",
    "decide",
    "decide_due",
    "draft",
    "edit",
    "erase_personal",
    "expire_unpaid",
    "export_personal",
    "issue_certificate",
    "mark_bought",
    "open_sale",
    "order_ended",
    "promote",
    "promote_due",
    "remind_due",
    "request",
    "reschedule",
    "reserve",
    "resize",
    "return_",
    "revoke_certificate",
    "submit",
    "take_back",
    "unreserve",
    "unveil_due",
    "wait",
    "weigh_due",
    "withdraw",
]
