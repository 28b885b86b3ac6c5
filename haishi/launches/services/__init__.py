"""What is done with launches."""

from haishi.launches.services.claims import (
    cancel,
    claim,
    decide,
    expire_unpaid,
    mark_bought,
    open_sale,
    promote,
    request,
    resize,
    wait,
)

__all__ = [
    "cancel",
    "claim",
    "decide",
    "expire_unpaid",
    "mark_bought",
    "open_sale",
    "promote",
    "request",
    "resize",
    "wait",
]
