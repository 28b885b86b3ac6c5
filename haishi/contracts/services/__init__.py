"""What contracts do."""

from haishi.contracts.services.chasing import chase_overdue
from haishi.contracts.services.clocks import accept_silent, expire_due, remind_due
from haishi.contracts.services.composing import compose
from haishi.contracts.services.drawing import draw_up, send
from haishi.contracts.services.ending import decline, discharge, end, fulfil
from haishi.contracts.services.handing import accept, deliver, return_delivery
from haishi.contracts.services.money import follow_order, fund
from haishi.contracts.services.personal import erase_personal, export_personal
from haishi.contracts.services.review import agree, comment, open_signing, propose
from haishi.contracts.services.signing import sign

__all__ = [
    "accept",
    "accept_silent",
    "agree",
    "chase_overdue",
    "comment",
    "compose",
    "decline",
    "deliver",
    "discharge",
    "draw_up",
    "end",
    "erase_personal",
    "expire_due",
    "export_personal",
    "follow_order",
    "fulfil",
    "fund",
    "open_signing",
    "propose",
    "remind_due",
    "return_delivery",
    "send",
    "sign",
]
