"""The programme for other programs: iCalendar (RFC 5545), frab's schedule XML and its JSON."""

import datetime as dt
import io
import uuid
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.utils.xmlutils import SimplerXMLGenerator
from icalendar import Calendar, Event

from haishi.expo import selectors
from haishi.expo.models import Edition
from haishi.expo.selectors import SlotRow
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "haishi:session")


def calendar(name: str, entries: Iterable[tuple[Edition, SlotRow]]) -> bytes:
    """Sessions as an iCalendar object with VTIMEZONEs; UIDs stay the same over all versions."""
    book = Calendar()
    book.add("prodid", "-//Haishi//Programme//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("name", name)
    book.add("x-wr-calname", name)
    texts: dict[int, tuple[dict[int, Bilingual], dt.datetime]] = {}
    for edition, row in entries:
        if edition.pk not in texts:
            when = selectors.released_at(edition) or clock.now()
            texts[edition.pk] = (selectors.abstracts(edition), when)
        words, changed = texts[edition.pk]
        book.add_component(_event(edition, row, words.get(row.session_id), changed))
    book.add_missing_timezones()
    return bytes(book.to_ical())


def _event(
    edition: Edition, row: SlotRow, abstract: Bilingual | None, changed: dt.datetime
) -> Event:
    event = Event()
    host = urlsplit(settings.PUBLIC_URL).hostname or "haishi"
    event.add("uid", f"session-{row.session_id}@{host}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", edition.schedule_number or 0)
    event.add("dtstart", clock.local(row.starts_at, edition.time_zone))
    event.add("dtend", clock.local(row.ends_at, edition.time_zone))
    event.add("summary", str(row.title))
    event.add("location", f"{row.stage}, {Bilingual(edition.venue, edition.venue_en)}".strip(", "))
    event.add("description", str(abstract or ""))
    event.add("url", settings.PUBLIC_URL + row.url)
    event.add("status", "CANCELLED" if row.cancelled else "CONFIRMED")
    return event


def _days(edition: Edition, rows: Sequence[SlotRow]) -> dict[dt.date, dict[str, list[SlotRow]]]:
    """{local day: {stage: sessions}} in time order."""
    days: dict[dt.date, dict[str, list[SlotRow]]] = {}
    for row in rows:
        day = clock.local(row.starts_at, edition.time_zone).date()
        days.setdefault(day, {}).setdefault(str(row.stage), []).append(row)
    return days


def _duration(row: SlotRow) -> str:
    minutes = int((row.ends_at - row.starts_at).total_seconds() // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _entry(edition: Edition, row: SlotRow, abstract: Bilingual | None) -> dict[str, Any]:
    start = clock.local(row.starts_at, edition.time_zone)
    return {
        "id": row.session_id,
        "guid": str(uuid.uuid5(NAMESPACE, str(row.session_id))),
        "date": start.isoformat(),
        "start": f"{start:%H:%M}",
        "duration": _duration(row),
        "room": str(row.stage),
        "slug": f"{edition.slug}-{row.code}".lower(),
        "url": settings.PUBLIC_URL + row.url,
        "title": str(row.title),
        "subtitle": "",
        "track": str(row.track or ""),
        "type": row.kind,
        "language": row.language,
        "abstract": str(abstract or ""),
        "description": "",
        "status": "cancelled" if row.cancelled else "confirmed",
        "persons": [str(name) for name in row.speakers],
    }


def schedule(edition: Edition) -> dict[str, Any]:
    """The released schedule as frab's JSON (https://c3voc.de/schedule/schema.json)."""
    rows, words = selectors.programme_rows(edition), selectors.abstracts(edition)
    days = _days(edition, rows)
    zone = edition.time_zone
    return {
        "version": f"v{edition.schedule_number or 0}",
        "base_url": settings.PUBLIC_URL,
        "conference": {
            "acronym": edition.slug,
            "title": str(edition.title),
            "start": clock.local(edition.opens_at, zone).date().isoformat(),
            "end": clock.local(edition.closes_at, zone).date().isoformat(),
            "daysCount": len(days),
            "timeslot_duration": "00:05",
            "time_zone_name": zone,
            "days": [
                _day(edition, index, date, rooms, words)
                for index, (date, rooms) in enumerate(days.items(), 1)
            ],
        },
    }


def _day(
    edition: Edition,
    index: int,
    date: dt.date,
    rooms: dict[str, list[SlotRow]],
    words: dict[int, Bilingual],
) -> dict[str, Any]:
    moments = [m for rows in rooms.values() for row in rows for m in (row.starts_at, row.ends_at)]
    return {
        "index": index,
        "date": date.isoformat(),
        "day_start": clock.local(min(moments), edition.time_zone).isoformat(),
        "day_end": clock.local(max(moments), edition.time_zone).isoformat(),
        "rooms": {
            room: [_entry(edition, row, words.get(row.session_id)) for row in rows]
            for room, rows in rooms.items()
        },
    }


def schedule_xml(edition: Edition) -> bytes:
    """The same as frab's XML, which Giggity and other schedule apps read."""
    content = schedule(edition)
    conference = content["conference"]
    out = io.BytesIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement("schedule", AttributesImpl({}))
    xml.addQuickElement("version", content["version"])
    xml.startElement("conference", AttributesImpl({}))
    for name in ("acronym", "title", "start", "end", "timeslot_duration", "time_zone_name"):
        xml.addQuickElement(name, conference[name])
    xml.addQuickElement("days", str(conference["daysCount"]))
    xml.addQuickElement("base_url", content["base_url"])
    xml.endElement("conference")
    for day in conference["days"]:
        _xml_day(xml, day)
    xml.endElement("schedule")
    xml.endDocument()
    return out.getvalue()


def _xml_day(xml: SimplerXMLGenerator, day: dict[str, Any]) -> None:
    span = {"start": day["day_start"], "end": day["day_end"]}
    xml.startElement(
        "day", AttributesImpl({"index": str(day["index"]), "date": day["date"], **span})
    )
    for room, entries in day["rooms"].items():
        xml.startElement("room", AttributesImpl({"name": room}))
        for entry in entries:
            xml.startElement(
                "event", AttributesImpl({"id": str(entry["id"]), "guid": entry["guid"]})
            )
            for name, value in entry.items():
                if name not in ("id", "guid", "persons"):
                    xml.addQuickElement(name, value)
            xml.startElement("persons", AttributesImpl({}))
            for number, person in enumerate(entry["persons"], 1):
                xml.addQuickElement("person", person, {"id": str(number)})
            xml.endElement("persons")
            xml.addQuickElement("links", "")
            xml.endElement("event")
        xml.endElement("room")
    xml.endElement("day")
