"""What is done with launches."""

from haishi.launches.services.asking import claim, request, wait
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
from haishi.launches.services.reservations import reserve, unreserve
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
    "claim",
    "close_ended",
    "decide",
    "decide_due",
    "draft",
    "edit",
    "expire_unpaid",
    "mark_bought",
    "open_sale",
    "promote",
    "promote_due",
    "remind_due",
    "request",
    "reschedule",
    "reserve",
    "resize",
    "return_",
    "submit",
    "take_back",
    "unreserve",
    "unveil_due",
    "wait",
    "withdraw",
]
