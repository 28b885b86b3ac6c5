"""Pages: the inbox, choices, browsers, webhooks."""

from haishi.notices.views.choices import settings_page, stop_mail
from haishi.notices.views.inbox import inbox, open_notice, read_all, read_one
from haishi.notices.views.push import service_worker, subscription
from haishi.notices.views.webhooks import (
    add_endpoint,
    change_endpoint,
    dispatch,
    endpoint,
    endpoints,
    replay,
)

__all__ = [
    "add_endpoint",
    "change_endpoint",
    "dispatch",
    "endpoint",
    "endpoints",
    "inbox",
    "open_notice",
    "read_all",
    "read_one",
    "replay",
    "service_worker",
    "settings_page",
    "stop_mail",
    "subscription",
]
