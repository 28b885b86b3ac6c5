"""Tables: what people are told, and what firms' machines are told."""

from haishi.notices.models.inbox import (
    Delivery,
    DigestClock,
    Notice,
    Preference,
    PushSubscription,
)
from haishi.notices.models.webhooks import Attempt, Dispatch, Endpoint, Message

__all__ = [
    "Attempt",
    "Delivery",
    "DigestClock",
    "Dispatch",
    "Endpoint",
    "Message",
    "Notice",
    "Preference",
    "PushSubscription",
]
