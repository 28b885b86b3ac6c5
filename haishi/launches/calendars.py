"""An unveiling for calendars (RFC 5545). It says no more than the teaser until it has happened."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from haishi.foundation import clock
from haishi.launches.types import Shown

LENGTH = dt.timedelta(minutes=30)


def calendar(shown: Shown, zone: str) -> bytes:
    """One event with an alarm ten minutes before; its UID stays, its sequence grows when moved."""
    assert shown.unveil_at is not None
    host = urlsplit(settings.PUBLIC_URL).hostname or "haishi"
    event = Event()
    event.add("uid", f"launch-{shown.pk}@{host}")
    event.add("dtstamp", clock.now())
    event.add("sequence", shown.version)
    event.add("dtstart", clock.local(shown.unveil_at, zone))
    event.add("dtend", clock.local(shown.unveil_at + LENGTH, zone))
    event.add("summary", _("新品揭幕：%(title)s") % {"title": shown.title})
    event.add("location", str(shown.firm))
    event.add("url", settings.PUBLIC_URL + shown.url)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(shown.title))
    alarm.add("trigger", dt.timedelta(minutes=-10))
    event.add_component(alarm)
    book = Calendar()
    book.add("prodid", "-//Haishi//Launches//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add_component(event)
    book.add_missing_timezones()
    return bytes(book.to_ical())
