"""Business cards given to firms and between people, some taken back; the leads they make."""

from __future__ import annotations

import datetime as dt
from typing import Any

from haishi.config.demo.load.encounters.season import Guest, Season, Stand, liked, waking
from haishi.config.demo.load.world import World
from haishi.config.demo.prose import table
from haishi.expo.models import CardGrant, ContactCard, Lead, LeadNote
from haishi.expo.services.contacts import SOURCES
from haishi.foundation.types import SYSTEM

CLOSES = dt.timedelta(hours=17, minutes=40)
# Of all cards: taken back; of leads: rated, noted.
REVOKED, RATED, NOTED = 0.06, 0.7, 0.45


def exchange(world: World, season: Season) -> None:
    """Cards left at booths or taken by a scan, then cards between people who met."""
    _own_cards(season)
    to_firms = _to_firms(season)
    between = _between(world, season)
    grants = sorted([*to_firms, *between], key=lambda row: row.granted_at)
    season.grants = CardGrant.objects.bulk_create(grants)
    for row in season.grants:
        _note(world, season, row)


def _own_cards(season: Season) -> None:
    """Everybody who may give a card has one; from an earlier edition it stays."""
    people = {guest.person.pk: guest for guest in season.guests}
    known = set(ContactCard.objects.filter(person__in=people).values_list("person_id", flat=True))
    ContactCard.objects.bulk_create(
        ContactCard(
            person=guest.person, firm=guest.firm[:80], key=f"{season.rng.getrandbits(64):016x}"
        )
        for pk, guest in people.items()
        if pk not in known
    )


def content_of(guest: Guest) -> dict[str, str]:
    """The card as it is given: what its owner shows."""
    person = guest.person
    return {
        "name": person.name, "name_en": person.name_en, "title": person.title, "firm": guest.firm,
        "phone": person.phone, "email": person.email,
    }  # fmt: skip


def moment(season: Season, guest: Guest) -> tuple[dt.datetime, bool]:
    """(when, whether on the floor): after coming in, before the doors close and the present."""
    rng = season.rng
    if guest.entered:
        came = rng.choice(guest.entered)
        day = max(
            day for day in [season.days[0] - dt.timedelta(days=1), *season.days] if day <= came
        )
        last = min(day + CLOSES, season.until)
        if came < last:
            return came + (last - came) * rng.random(), True
    since = guest.registration.registered_at
    return waking(since + (season.until - since) * rng.random()), False


def _to_firms(season: Season) -> list[CardGrant]:
    rng, pairs, rows = season.rng, set[tuple[int, int]](), list[CardGrant]()
    able = [g for g in season.guests if not g.registration.cancelled_at and g.kind != "exhibitor"]
    firsts = [g for g in able if g.person == season.crowd[0]] * 6
    turn = 0
    while len(rows) < season.cards and turn < season.cards * 20:
        turn += 1
        guest = firsts.pop() if firsts else rng.choice(able)
        # One card in fourteen goes to the firm of the demo account, so that its desk is full.
        stand = season.stands[0] if turn % 14 == 0 else liked(season)
        pair = (guest.person.pk, stand.exhibitor.pk)
        if pair in pairs:
            continue
        pairs.add(pair)
        rows.append(_card(season, guest, stand))
    return rows


def _card(season: Season, guest: Guest, stand: Stand) -> CardGrant:
    at, on_floor = moment(season, guest)
    scanned = on_floor and guest.registration.shares_card and season.rng.random() < 0.6
    row = CardGrant(
        giver=guest.person,
        exhibitor=stand.exhibitor,
        edition=season.edition,
        content=content_of(guest),
        via="scan" if scanned else "page",
        granted_at=at,
    )
    _take_back(season, row)
    by = season.rng.choice(stand.staff) if scanned else None
    season.meet(stand, guest.person, at, source=SOURCES[row.via], grant=row, owner=by)
    season.tally(f"exhibitor:{stand.exhibitor.pk}", "card", at)
    return row


def _take_back(season: Season, row: CardGrant) -> None:
    """Some think better of it: the card is emptied, the line in the ledger stays."""
    if season.rng.random() < REVOKED:
        row.content = {}
        row.revoked_at = row.granted_at + (season.until - row.granted_at) * season.rng.random()


def _between(world: World, season: Season) -> list[CardGrant]:
    """Two scan each other's QR: half of the time both cards change hands."""
    rng, pairs, rows = season.rng, world.acquainted, list[CardGrant]()
    met = [guest for guest in season.guests if guest.entered]
    firsts = [guest for guest in met if guest.person == season.crowd[0]] * 3
    turn = 0
    while met and len(rows) < season.exchanges and turn < season.exchanges * 20:
        turn += 1
        giver, taker = firsts.pop() if firsts else rng.choice(met), rng.choice(met)
        at, on_floor = moment(season, giver)
        both = [(giver, taker), (taker, giver)] if rng.random() < 0.5 else [(giver, taker)]
        for one, other in both[: season.exchanges - len(rows)]:
            pair = (one.person.pk, other.person.pk)
            if pair in pairs or one is other or not on_floor:
                continue
            pairs.add(pair)
            row = CardGrant(
                giver=one.person, receiver=other.person, content=content_of(one), via="qr",
                granted_at=at,
            )  # fmt: skip
            _take_back(season, row)
            rows.append(row)
    return rows


def _note(world: World, season: Season, row: CardGrant) -> None:
    ledger = world.ledger
    if row.exhibitor_id:
        by: Any = season.leads[row.exhibitor_id, row.giver_id].get("owner")
        actor = by if row.via == "scan" and by else row.giver
        ledger.note(
            row.granted_at, actor, "card.given", row, exhibitor=row.exhibitor_id, via=row.via
        )
    else:
        ledger.note(
            row.granted_at, row.receiver, "card.exchanged", row,
            giver=row.giver_id, receiver=row.receiver_id,
        )  # fmt: skip
    if row.revoked_at:
        ledger.note(row.revoked_at, row.giver, "card.revoked", row)


def keep_leads(world: World, season: Season) -> None:
    """A lead for everybody a firm met; colleagues rate many and note something about some."""
    made = sorted(season.leads.values(), key=lambda each: each["at"])
    rows = Lead.objects.bulk_create(_lead(season, each) for each in made)
    words = table("encounters")["notes"]
    notes = []
    for each, row in zip(made, rows, strict=True):
        if not row.rating:
            continue
        by = row.owner or each["stand"].staff[0]
        at = each["at"] + (season.until - each["at"]) * season.rng.random() * 0.3
        if season.rng.random() < NOTED / RATED:
            notes.append(LeadNote(lead=row, author=by, body=season.rng.choice(words), at=at))
        after = {"rating": row.rating, "owner": row.owner_id}
        before = {"rating": 0, "owner": row.owner_id}
        world.ledger.note(at, by or SYSTEM, "lead.updated", row, before=before, after=after)
    LeadNote.objects.bulk_create(sorted(notes, key=lambda note: note.at))


def _lead(season: Season, each: dict[str, Any]) -> Lead:
    rated = season.rng.random() < RATED
    return Lead(
        exhibitor=each["stand"].exhibitor,
        person=each["person"],
        grant=each["grant"],
        source=each["source"],
        rating=season.rng.choices((1, 2, 3, 4, 5), (1, 2, 5, 6, 3))[0] if rated else 0,
        owner=each.get("owner"),
        created_at=each["at"],
    )
