"""Unveilings for calendars (RFC 5545) and feed readers (RFC 4287).

They say no more than the teaser until it has happened.
"""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from haishi.foundation import clock
from haishi.launches.types import Shown

LENGTH = dt.timedelta(minutes=30)


def calendar(rows: Iterable[tuple[Shown, str]]) -> bytes:
    """An event for each (launch, time zone)."""
    book = Calendar()
    book.add("prodid", "-//Haishi//Launches//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    for shown, zone in rows:
        book.add_component(_event(shown, zone))
    book.add_missing_timezones()
    return bytes(book.to_ical())


def _event(shown: Shown, zone: str) -> Event:
    """With an alarm ten minutes before; its UID stays, its sequence grows when it is moved."""
    assert shown.unveil_at is not None
    host = urlsplit(settings.PUBLIC_URL).hostname or "haishi"
    place = f"{shown.place.stage} · {shown.firm}" if shown.place else str(shown.firm)
    event = Event()
    event.add("uid", f"launch-{shown.pk}@{host}")
    event.add("dtstamp", clock.now())
    event.add("sequence", shown.version)
    event.add("dtstart", clock.local(shown.unveil_at, zone))
    event.add("dtend", clock.local(shown.unveil_at + LENGTH, zone))
    event.add("summary", _("新品揭幕：%(title)s") % {"title": shown.title})
    event.add("location", place)
    event.add("url", settings.PUBLIC_URL + shown.url)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(shown.title))
    alarm.add("trigger", dt.timedelta(minutes=-10))
    event.add_component(alarm)
    return event


def atom(rows: Iterable[tuple[Shown, dt.datetime]]) -> str:
    """A feed of (launch, when it became news), newest first."""
    home = settings.PUBLIC_URL + "/launches/"
    entries = [_entry(shown, at) for shown, at in rows]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(_("新品发布厅"))}</title>'
        f"<id>{home}</id><link href={quoteattr(home)}/>"
        f"<updated>{clock.now().isoformat()}</updated>{''.join(entries)}</feed>"
    )


def _entry(shown: Shown, at: dt.datetime) -> str:
    url = settings.PUBLIC_URL + shown.url
    told = _("已揭幕：%(title)s") if shown.unveiled else _("即将揭幕：%(title)s")
    title = told % {"title": shown.title}
    return (
        f"<entry><id>{escape(url)}</id><title>{escape(title)}</title>"
        f"<link href={quoteattr(url)}/><updated>{at.isoformat()}</updated>"
        f"<author><name>{escape(str(shown.firm))}</name></author>"
        f"<summary>{escape(str(shown.line or shown.firm))}</summary></entry>"
    )
