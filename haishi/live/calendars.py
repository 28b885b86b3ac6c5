"""Live sessions for calendars (RFC 5545)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from haishi.foundation import clock


def calendar(sessions: Iterable[Any]) -> bytes:
    """An event for each session, with an alarm ten minutes before."""
    book = Calendar()
    book.add("prodid", "-//Haishi//Live//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    for session in sessions:
        book.add_component(_event(session))
    book.add_missing_timezones()
    return bytes(book.to_ical())


def _event(session: Any) -> Event:
    """Its UID stays, its sequence grows when it is moved."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "haishi"
    zone = session.edition.time_zone
    event = Event()
    event.add("uid", f"live-{session.public_id}@{host}")
    event.add("dtstamp", clock.now())
    event.add("sequence", session.version)
    event.add("dtstart", clock.local(session.starts_at, zone))
    event.add("dtend", clock.local(session.ends_at, zone))
    event.add("summary", _("直播：%(title)s") % {"title": session.heading})
    event.add("url", settings.PUBLIC_URL + session.get_absolute_url())
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(session.heading))
    alarm.add("trigger", dt.timedelta(minutes=-10))
    event.add_component(alarm)
    return event
