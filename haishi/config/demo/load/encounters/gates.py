"""Registrations with badges, entries at two gates, sessions people mean to attend."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from haishi.config.demo import names
from haishi.config.demo.load.encounters.season import Guest, Season, waking
from haishi.config.demo.load.world import World
from haishi.config.demo.prose import table
from haishi.expo import selectors, services
from haishi.expo.models import AgendaItem, Checkin, CheckinList, Registration
from haishi.expo.services.attendance import ALPHABET
from haishi.expo.states import VisitorKind
from haishi.foundation.types import SYSTEM

KINDS = (
    [VisitorKind.VISITOR] * 12 + [VisitorKind.BUYER] * 5 + [VisitorKind.INVESTOR, VisitorKind.PRESS]
)
# How many come in each half hour from 8:30, of a hundred: the morning rush, lunch, a second wave.
ARRIVALS = (4, 15, 18, 13, 9, 6, 4, 3, 4, 8, 7, 4, 3, 1, 1)
OPENS = 8 * 60 + 30
GATES = (("东门", "East gate"), ("南门", "South gate"))
LOOKED_AHEAD = dt.timedelta(days=28)


def register(world: World, season: Season) -> None:
    """Everybody of the crowd, most of them in the last days before the opening."""
    rng, taken = season.rng, set[str]()
    firms = [firm.zh for firm in names.organisations()[world.scale.firms :]]
    firms += table("encounters")["employers"]
    staff = [(one, stand) for stand in season.stands[1::3] for one in stand.staff[1:2]]
    for number, person in enumerate(season.crowd):
        kind = (VisitorKind.VISITOR, VisitorKind.BUYER, VisitorKind.PRESS)[number] if number < 3 else rng.choice(KINDS)  # fmt: skip
        firm = "" if kind == VisitorKind.VISITOR and rng.random() < 0.5 else rng.choice(firms)
        season.guests.append(Guest(person, kind, firm))
    for person, stand in staff[: len(season.crowd) // 8]:
        firm = stand.exhibitor.organisation.name
        season.guests.append(Guest(person, VisitorKind.EXHIBITOR, firm))
    for guest in season.guests:
        guest.registration = _badge(season, guest, _code(season, taken))
    season.guests.sort(key=lambda guest: guest.registration.registered_at)
    Registration.objects.bulk_create(guest.registration for guest in season.guests)
    for guest in season.guests:
        row = guest.registration
        world.ledger.note(
            row.registered_at, guest.person, "registration.made", row,
            kind=row.kind, shares_card=row.shares_card,
        )  # fmt: skip
        if row.cancelled_at:
            world.ledger.note(row.cancelled_at, guest.person, "registration.cancelled", row)


def _code(season: Season, taken: set[str]) -> str:
    while True:
        code = "".join(season.rng.choices(ALPHABET, k=8))
        if code not in taken and not Registration.objects.filter(code=code).exists():
            taken.add(code)
            return code


def _badge(season: Season, guest: Guest, code: str) -> Registration:
    rng = season.rng
    back = LOOKED_AHEAD * rng.random() ** 2
    at = (
        season.days[0] + dt.timedelta(hours=20) - back - dt.timedelta(seconds=rng.randrange(40_000))
    )
    at = waking(at)
    gone = guest.person not in season.crowd[:3] and rng.random() < 0.03
    shares = guest.kind != VisitorKind.PRESS and rng.random() < 0.8
    return Registration(
        edition=season.edition,
        person=guest.person,
        kind=guest.kind,
        code=code,
        firm=guest.firm[:80],
        title=guest.person.title[:60],
        shares_card=shares,
        registered_at=at,
        cancelled_at=at + (season.days[0] - at) / 2 if gone and at < season.days[0] else None,
    )


def let_in(world: World, season: Season) -> None:
    """Two of three come on the first day or a later one, some twice, each gate once a badge."""
    reviewer = world.accounts["reviewer"]
    gates = [
        services.add_checkin_list(SYSTEM, season.edition.pk, name=zh, name_en=en)
        for zh, en in GATES
    ]
    rows = []
    for guest in season.guests:
        if guest.registration.cancelled_at:
            continue
        order = gates if season.rng.random() < 0.62 else gates[::-1]
        for gate, at in zip(order, _arrivals(season, guest), strict=False):
            if at <= max(guest.registration.registered_at, season.days[0] - LOOKED_AHEAD):
                continue
            guest.entered.append(at)
            rows.append(_entry(season, gate, guest, at, reviewer))
    rows.sort(key=lambda row: row.at)
    Checkin.objects.bulk_create(rows)
    for row in rows:
        world.ledger.note(row.at, reviewer, "checkin", row, registration=row.registration_id)


def _arrivals(season: Season, guest: Guest) -> list[dt.datetime]:
    """Up to two moments on different days, none later than the season's present."""
    rng = season.rng
    if guest.kind == VisitorKind.EXHIBITOR:  # they build up the day before
        days = [season.days[0] - dt.timedelta(days=1), season.days[0]]
    else:
        come = rng.random()
        first = rng.choices(range(len(season.days)), range(len(season.days) + 2, 2, -1))[0]
        days = [season.days[first]] if come < 0.86 else []
        if come < 0.34 and first + 1 < len(season.days):
            days.append(season.days[first + 1])
    found = []
    for day in days:
        half = rng.choices(range(len(ARRIVALS)), ARRIVALS)[0]
        minutes = OPENS + half * 30 + rng.random() * 30
        at = (day + dt.timedelta(minutes=minutes)).replace(microsecond=0)
        if at <= season.until:
            found.append(at)
    return found


def _entry(season: Season, gate: CheckinList, guest: Guest, at: dt.datetime, by: Any) -> Checkin:
    """Every ninth entry was noted by a device offline, which sent it up to forty minutes later."""
    late = dt.timedelta(minutes=40) if season.rng.random() < 0.11 else dt.timedelta(seconds=1)
    return Checkin(
        list=gate,
        registration=guest.registration,
        key=uuid.UUID(int=season.rng.getrandbits(128), version=4),
        at=at,
        received_at=min(at + late * season.rng.random(), season.until),
        by=by,
    )


def remember_sessions(season: Season) -> None:
    """Agendas: the demo visitor's six sessions, and a few of everybody else's."""
    sessions = list(selectors.releasable(season.edition).order_by("code"))
    rows = []
    for guest in season.guests:
        mine = guest.person == season.crowd[0]
        if not mine and season.rng.random() > 0.4:
            continue
        wanted = 6 if mine else season.rng.randint(1, 4)
        for session in _apart(season.rng.sample(sessions, len(sessions)), wanted):
            at = guest.registration.registered_at
            rows.append(AgendaItem(person=guest.person, session=session, added_at=at))
    AgendaItem.objects.bulk_create(rows)


def _apart(sessions: list[Any], wanted: int) -> list[Any]:
    """The first sessions of the list that one person can attend."""
    found: list[Any] = []
    for one in sessions:
        clash = any(
            one.starts_at < other.ends_at and other.starts_at < one.ends_at for other in found
        )
        if len(found) < wanted and not clash:
            found.append(one)
    return found
