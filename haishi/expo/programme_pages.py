"""What the programme's pages show, made ready so that templates only print."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haishi.expo import programme_grid, selectors
from haishi.expo.models import Edition
from haishi.expo.programme_grid import Grid, Line
from haishi.expo.selectors import SlotRow
from haishi.expo.states import EditionState
from haishi.foundation import clock
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual, speaks_english
from haishi.foundation.text import clean
from haishi.foundation.types import Actor
from haishi.foundation.wording import clock_time
from haishi.media import selectors as media

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
# By the colour of a track, 1 to 6.
ACCENTS = ("cao", "qing", "jiang", "sha", "lan", "zi")
FILTERS = ("stage", "track", "kind", "language")
LANGUAGES = {"zh-hans": gettext_lazy("中文"), "en": gettext_lazy("英文")}


@dataclass(slots=True)
class Tab:
    """A day, or one of the two views."""

    label: Any
    url: str
    current: bool
    count: int | None = None


@dataclass(slots=True)
class Group:
    """Values of one filter, as (value, words, whether it is chosen)."""

    label: str
    name: str
    options: list[tuple[str, Any, bool]]


@dataclass(slots=True)
class DayPage:
    """A day of the programme, as a list or as stages beside each other (`grid`)."""

    edition: Any
    heading: str
    day: str
    days: list[Tab]
    views: list[Tab]
    lines: list[Line]
    grid: Grid | None
    filters: list[Group]
    filtered: int
    text: str
    released: bool
    zone: str
    trail: list[dict[str, Any]]
    plain_url: str


def day_page(actor: Actor, edition: Edition, query: QueryDict) -> DayPage:
    """The wished day, else today, else the first. Four queries at any size."""
    rows = selectors.programme_rows(edition)
    zone = edition.time_zone
    dates = Counter(clock.local(row.starts_at, zone).date() for row in rows)
    chosen = _chosen(query.get("day", ""), sorted(dates), zone)
    today = [row for row in rows if clock.local(row.starts_at, zone).date() == chosen]
    wished = {name: query.get(name, "") for name in FILTERS}
    text = clean(query.get("q", ""))[:60]
    kept = selectors.agenda_ids(actor, edition)
    plain = address("expo:programme", edition.slug)
    found = [row for row in today if _matches(row, wished, text)]
    lines = [_line(row, zone, clock.now(), kept) for row in found]
    as_grid = query.get("view") == "grid"
    same = {**wished, "q": text, "view": "grid" if as_grid else ""}
    day = chosen.isoformat() if chosen else ""
    return DayPage(
        edition=edition,
        heading=_day_words(chosen) if chosen else "",
        day=day,
        days=[
            Tab(_day_words(date), _address(plain, same | {"day": str(date)}), date == chosen, count)
            for date, count in sorted(dates.items())
        ],
        views=[
            Tab(label, _address(plain, same | {"day": day, "view": key}), key == same["view"])
            for key, label in (("", _("列表")), ("grid", _("时间表")))
        ],
        lines=[] if as_grid else lines,
        grid=programme_grid.grid(lines, zone) if as_grid and lines else None,
        filters=_filters(today, wished),
        filtered=sum(bool(value) for value in wished.values()),
        text=text,
        released=edition.schedule_number is not None,
        zone=zone,
        trail=_trail(edition, _("日程")),
        plain_url=plain,
    )


def _address(plain: str, values: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{plain}?{query}" if query else plain


def _chosen(wish: str, dates: list[dt.date], zone: str) -> dt.date | None:
    try:
        asked = dt.date.fromisoformat(wish)
    except ValueError:
        asked = clock.local(clock.now(), zone).date()
    return asked if asked in dates else (dates[0] if dates else None)


def _day_words(date: dt.date) -> str:
    if speaks_english():
        return f"{date:%a} {date.day} {date:%b}"
    return f"{date.month} 月 {date.day} 日 {WEEKDAYS[date.weekday()]}"


def _values(row: SlotRow) -> dict[str, str]:
    return {
        "stage": str(row.stage_id),
        "track": str(row.track_id),
        "kind": row.kind,
        "language": row.language,
    }


def _matches(row: SlotRow, wished: dict[str, str], text: str) -> bool:
    values = _values(row)
    if any(wish and values[name] != wish for name, wish in wished.items()):
        return False
    words = f"{row.title.zh} {row.title.en} {' '.join(f'{s.zh} {s.en}' for s in row.speakers)}"
    return text.casefold() in words.casefold()


def _line(row: SlotRow, zone: str, now: dt.datetime, kept: set[int]) -> Line:
    minutes = int((row.ends_at - row.starts_at).total_seconds() // 60)
    state = "past" if row.ends_at <= now else "now" if row.starts_at <= now else "next"
    return Line(
        row=row,
        time=clock_time(row.starts_at, zone),
        until=clock_time(row.ends_at, zone),
        length=_("%d 分钟") % minutes,
        state=state,
        speakers=("、" if not speaks_english() else ", ").join(str(name) for name in row.speakers),
        kept=row.session_id in kept,
        accent=ACCENTS[row.colour % len(ACCENTS)] if row.colour else "",
    )


def _filters(rows: list[SlotRow], wished: dict[str, str]) -> list[Group]:
    """A filter for each property that differs within the day."""
    groups: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (_("场地"), "stage", {str(row.stage_id): row.stage for row in rows}),
        (_("分类"), "track", {str(row.track_id): row.track for row in rows if row.track}),
        (_("类型"), "kind", {row.kind: row.kind_label for row in rows}),
        (_("语言"), "language", {row.language: LANGUAGES.get(row.language) for row in rows}),
    )
    return [
        Group(
            label,
            name,
            [(value, words or value, value == wished[name]) for value, words in values.items()],
        )
        for label, name, values in groups
        if len(values) > 1 or wished[name]
    ]


def _trail(edition: Edition, label: Any) -> list[dict[str, Any]]:
    programme = address("expo:programme", edition.slug)
    return [
        {"label": edition.title, "url": edition.get_absolute_url()},
        {"label": _("日程"), "url": programme},
        *([{"label": label, "url": ""}] if str(label) != _("日程") else []),
    ]


@dataclass(slots=True)
class SpeakerCard:
    """A speaker with a portrait."""

    id: int
    name: Bilingual
    title: Bilingual
    firm: Bilingual
    bio: Bilingual
    portrait: str
    moderates: bool = False
    url: str = ""


@dataclass(slots=True)
class SessionPage:
    """One session."""

    edition: Any
    session: Any
    kind: Any
    abstract: Bilingual
    when: str
    state: str
    facts: list[tuple[str, Any, str]]
    speakers: list[SpeakerCard]
    kept: bool
    archived: bool
    trail: list[dict[str, Any]]
    structured: dict[str, Any]


def session_page(actor: Actor, edition: Edition, code: str) -> SessionPage:
    """A public session. Raises NotFound."""
    slot = selectors.get_released(edition, code)
    session, zone, now = slot.session, edition.time_zone, clock.now()
    start = clock.local(slot.starts_at, zone)
    when = f"{_day_words(start.date())} {start:%H:%M} – {clock_time(slot.ends_at, zone)}"
    facts: list[tuple[str, Any, str]] = [(_("时间"), when, ""), (_("场地"), slot.stage.title, "")]
    if slot.stage.hall:
        hall = address("portal:hall", edition.slug, slot.stage.hall.slug)
        facts.append((_("展馆"), slot.stage.hall.title, hall))
    if session.host:
        facts.append((_("承办单位"), session.host.title, session.host.get_absolute_url()))
    if session.track:
        facts.append((_("分类"), session.track.title, ""))
    facts.append((_("语言"), LANGUAGES.get(session.language, session.language), ""))
    return SessionPage(
        edition=edition,
        session=session,
        kind=session.get_kind_display(),
        abstract=Bilingual(session.abstract, session.abstract_en),
        when=when,
        state="past" if slot.ends_at <= now else "now" if slot.starts_at <= now else "next",
        facts=facts,
        speakers=_speakers(edition, session),
        kept=session.pk in selectors.agenda_ids(actor, edition),
        archived=edition.state == EditionState.CLOSED,
        trail=_trail(edition, session.heading),
        structured=_structured(edition, slot),
    )


def _speakers(edition: Edition, session: Any) -> list[SpeakerCard]:
    appearances = list(session.appearances.select_related("speaker").order_by("order", "pk"))
    portraits = media.pictures([each.speaker.portrait_asset_id for each in appearances])
    cards = []
    for each in appearances:
        portrait = portraits.get(each.speaker.portrait_asset_id)
        cards.append(
            _card(edition, each.speaker, portrait.url(320) if portrait else "", each.moderates)
        )
    return cards


def _card(edition: Edition, speaker: Any, portrait: str, moderates: bool = False) -> SpeakerCard:
    return SpeakerCard(
        id=speaker.pk,
        name=speaker.full_name,
        title=Bilingual(speaker.title, speaker.title_en),
        firm=Bilingual(speaker.firm, speaker.firm_en),
        bio=Bilingual(speaker.bio, speaker.bio_en),
        portrait=portrait,
        moderates=moderates,
        url=address("expo:speaker", edition.slug, speaker.pk),
    )


def _structured(edition: Edition, slot: Any) -> dict[str, Any]:
    path = address("expo:session", edition.slug, slot.session.code)
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": slot.session.title,
        "startDate": slot.starts_at.isoformat(),
        "endDate": slot.ends_at.isoformat(),
        "url": settings.PUBLIC_URL + path,
        "location": {"@type": "Place", "name": slot.stage.name, "address": edition.city},
        "superEvent": {"@type": "ExhibitionEvent", "name": edition.name},
    }


@dataclass(slots=True)
class SpeakersPage:
    """All speakers of public sessions."""

    edition: Any
    speakers: list[SpeakerCard]
    trail: list[dict[str, Any]]


def speakers_page(edition: Edition) -> SpeakersPage:
    """Speakers by name, with portraits: two queries."""
    rows = selectors.speakers_released(edition)
    portraits = media.pictures([row.portrait_id for row in rows])
    cards = []
    for row in rows:
        portrait = portraits.get(row.portrait_id or 0)
        url = portrait.url(320) if portrait else ""
        card = SpeakerCard(row.id, row.name, row.title, row.firm, Bilingual(""), url)
        card.url = address("expo:speaker", edition.slug, row.id)
        cards.append(card)
    return SpeakersPage(edition=edition, speakers=cards, trail=_trail(edition, _("嘉宾")))


@dataclass(slots=True)
class SpeakerPage:
    """One speaker with the sessions they are in."""

    edition: Any
    speaker: SpeakerCard
    sessions: list[tuple[str, list[Line]]]
    zone: str
    trail: list[dict[str, Any]]


def speaker_page(actor: Actor, edition: Edition, speaker_id: int) -> SpeakerPage:
    """A speaker of at least one public session. Raises NotFound."""
    speaker, rows = selectors.get_speaker(edition, speaker_id)
    portrait = media.pictures([speaker.portrait_asset_id]).get(speaker.portrait_asset_id or 0)
    zone, now = edition.time_zone, clock.now()
    kept = selectors.agenda_ids(actor, edition)
    days: dict[str, list[Line]] = {}
    for row in rows:
        heading = _day_words(clock.local(row.starts_at, zone).date())
        days.setdefault(heading, []).append(_line(row, zone, now, kept))
    trail = _trail(edition, _("嘉宾"))
    trail[-1]["url"] = address("expo:speakers", edition.slug)
    return SpeakerPage(
        edition=edition,
        speaker=_card(edition, speaker, portrait.url(640) if portrait else ""),
        sessions=list(days.items()),
        zone=zone,
        trail=[*trail, {"label": speaker.full_name, "url": ""}],
    )
