"""From a delivery to a mail: text and simple HTML in the language of the person, nothing remote."""

import re
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from haishi.foundation import signing
from haishi.notices.models import Delivery, Notice
from haishi.notices.types import KINDS

UNSUBSCRIBE = "unsubscribe"
ALL_DIGESTS = "digest"

# Mail programs drop style sheets, so each element carries its own; tokens of the light theme.
LOOK: Mapping[str, str] = {
    "page": "margin:0;padding:32px 16px;background:#f5f7f4;color:#12262d;font:16px/1.75 sans-serif",
    "sheet": "max-width:560px;margin:0 auto",
    "brand": "font:600 20px/1.25 serif;color:#0b5f63;padding-bottom:12px;"
    "border-bottom:1px solid #0b5f63",
    "title": "font:600 24px/1.35 serif;margin:16px 0 8px",
    "hello": "margin:24px 0 0;color:#3f555d",
    "text": "margin:0 0 16px;color:#3f555d;white-space:pre-line",
    "button": "display:inline-block;padding:10px 20px;background:#0b5f63;color:#ffffff;"
    "border-radius:2px;text-decoration:none",
    "group": "font:600 15px/1.5 sans-serif;color:#546871;margin:24px 0 4px",
    "item": "padding:10px 0;border-top:1px solid #d2dbd9",
    "link": "color:#0b5f63",
    "foot": "margin-top:32px;padding-top:12px;border-top:1px solid #d2dbd9;color:#546871;"
    "font-size:13px",
}


def absolute(url: str) -> str:
    """The full address of a path of this installation, or "" when there is none."""
    return settings.PUBLIC_URL + url if url else ""


def unsubscribe_path(person_id: int, kind: str) -> str:
    """The path of the signed one-click link; it needs no login and never expires."""
    token = signing.sign(UNSUBSCRIBE, f"{person_id}-{kind}")
    return reverse("notices:unsubscribe", args=[token])


def read_unsubscribe(token: str) -> tuple[int, str] | None:
    """(person id, kind key) of a link that is ours, else None."""
    value = signing.unsign(UNSUBSCRIBE, token)
    if value is None:
        return None
    person, _sign, kind = value.partition("-")
    return int(person), kind


def compose(delivery: Delivery) -> EmailMultiAlternatives:
    """The message of a mail delivery: a notice, a digest of notices, or a letter."""
    if delivery.letter is not None:
        with translation.override(delivery.letter["language"]):
            return _letter(delivery, delivery.letter)
    assert delivery.person is not None
    with translation.override(delivery.person.language):
        if delivery.notice is not None:
            return _notice(delivery, delivery.notice)
        parts = delivery.parts.select_related("notice").order_by("notice__kind", "notice_id")
        return _digest(delivery, [part.notice for part in parts if part.notice])


def _notice(delivery: Delivery, notice: Notice) -> EmailMultiAlternatives:
    assert delivery.person is not None
    kind = KINDS.get(notice.kind)
    leave = "" if notice.important else unsubscribe_path(delivery.person.pk, notice.kind)
    context = {
        "name": str(delivery.person.full_name) or delivery.person.email,
        "subject": str(notice.title),
        "text": str(notice.text),
        "url": absolute(notice.url),
        "kind": kind.label if kind else "",
        "leave": absolute(leave),
    }
    return _message(delivery, str(notice.title), "notice", context, notice.calendar)


def _digest(delivery: Delivery, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    assert delivery.person is not None
    groups: dict[str, list[dict[str, Any]]] = {}
    for notice in notices:
        kind = KINDS.get(notice.kind)
        item = {"notice": notice, "url": absolute(notice.url)}
        groups.setdefault(str(kind.label) if kind else notice.kind, []).append(item)
    context = {
        "name": str(delivery.person.full_name) or delivery.person.email,
        "groups": list(groups.items()),
        "count": len(notices),
        "leave": absolute(unsubscribe_path(delivery.person.pk, ALL_DIGESTS)),
    }
    subject = _("海市每日汇总：%(count)d 条消息") % {"count": len(notices)}
    return _message(delivery, subject, "digest", context)


def _letter(delivery: Delivery, letter: Mapping[str, str]) -> EmailMultiAlternatives:
    context = {
        "subject": letter["subject"],
        "text": letter["body"],
        "url": absolute(letter["url"]),
    }
    return _message(delivery, letter["subject"], "notice", context, letter["calendar"])


def _message(
    delivery: Delivery, subject: str, template: str, context: dict[str, Any], calendar: str = ""
) -> EmailMultiAlternatives:
    context |= {
        "look": LOOK,
        "language": translation.get_language(),
        "home": settings.PUBLIC_URL,
        "settings_url": absolute(reverse("notices:settings")) if delivery.person else "",
    }
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"notices/mail/{template}.txt", context),
        to=[delivery.person.email if delivery.person else delivery.address],
        headers=_headers(delivery, context.get("leave", "")),
    )
    page = render_to_string(f"notices/mail/{template}.html", context)
    message.attach_alternative(page, "text/html")
    if calendar:
        # The method stands in the header too, or mail programs offer no answer (RFC 6047, 2.4).
        found = re.search(r"^METHOD:([A-Z]+)", calendar, re.MULTILINE)
        method = found.group(1) if found else "PUBLISH"
        message.attach("haishi.ics", calendar, f"text/calendar; method={method}")
    return message


def _headers(delivery: Delivery, leave: str) -> dict[str, str]:
    # The same delivery tried twice has the same id, so that mail programs show it once.
    host = urlsplit(settings.PUBLIC_URL).hostname or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    headers = {"Message-ID": f"<delivery-{delivery.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    if leave:  # RFC 2369 and RFC 8058
        headers["List-Unsubscribe"] = f"<{leave}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
