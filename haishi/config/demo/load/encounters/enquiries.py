"""Enquiries in every state: waiting, late, escalated, answered in time or not, ended."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from haishi.config.demo.load.encounters.cards import content_of
from haishi.config.demo.load.encounters.season import Guest, Season, Stand, liked, waking
from haishi.config.demo.load.world import ZONE, World
from haishi.config.demo.prose import table
from haishi.expo.models import CardGrant, Enquiry, EnquiryMessage
from haishi.expo.states import EnquiryState, LeadSource
from haishi.foundation import clock
from haishi.foundation.types import SYSTEM

# What becomes of each dozen. "reminded" waits past half time, "neglected" past twice the time.
FATES = (
    "answered", "open", "closed", "answered", "missed", "answered", "reminded", "late", "answered",
    "closed", "open", "neglected",
)  # fmt: skip
STATES = {
    "open": EnquiryState.OPEN,
    "reminded": EnquiryState.OPEN,
    "missed": EnquiryState.MISSED,
    "neglected": EnquiryState.MISSED,
    "answered": EnquiryState.ANSWERED,
    "late": EnquiryState.ANSWERED,
    "closed": EnquiryState.CLOSED,
}
# Hours before the present in which a question of this fate was asked; the reply time is 48 hours.
ASKED = {
    "open": (0.4, 22), "reminded": (25, 39), "missed": (49, 92), "neglected": (97, 170),
    "answered": (6, 320), "late": (80, 320), "closed": (30, 330),
}  # fmt: skip
FIRST_DESK = 14  # questions to the firm of the demo account: more than a dozen, so every fate
HOUR = dt.timedelta(hours=1)
TICK = dt.timedelta(seconds=41)  # a loop of the worker looks about once a minute


@dataclass
class Talk:
    """An enquiry with its messages: (author, from the firm, text, when)."""

    row: Enquiry
    stand: Stand
    guest: Guest
    fate: str
    messages: list[tuple[Any, bool, str, dt.datetime]] = field(default_factory=list)
    ended_at: dt.datetime | None = None
    grant: CardGrant | None = None


def ask(world: World, season: Season) -> None:
    """Questions to booths, each owned by the colleague with the fewest open ones."""
    able = [guest for guest in season.guests if guest.kind != "exhibitor"]
    mine = next(guest for guest in able if guest.person == season.crowd[0])
    loads: Counter[tuple[int, int]] = Counter()
    talks = []
    for number in range(season.enquiries):
        stand = season.stands[0] if number < FIRST_DESK else liked(season)
        guest = season.rng.choice(able)
        if FIRST_DESK <= number < FIRST_DESK + 5:
            guest, stand = mine, season.stands[1 + number % (len(season.stands) - 1)]
        fate = "closed" if season.over else FATES[number % len(FATES)]
        talks.append(_talk(season, stand, guest, fate, loads))
    talks.sort(key=lambda talk: talk.row.created_at)
    _keep(world, season, talks)


def _talk(
    season: Season, stand: Stand, guest: Guest, fate: str, loads: Counter[tuple[int, int]]
) -> Talk:
    rng = season.rng
    least, most = ASKED[fate]
    asked = waking(season.until - HOUR * rng.uniform(least, most))
    due = asked + HOUR * season.edition.reply_hours
    owner = min(stand.staff[:4], key=lambda one: loads[stand.exhibitor.pk, one.pk])
    if STATES[fate] in (EnquiryState.OPEN, EnquiryState.MISSED):
        loads[stand.exhibitor.pk, owner.pk] += 1
    subject, text, product = _words(season, stand)
    row = Enquiry(
        exhibitor=stand.exhibitor,
        person=guest.person,
        about_kind="product" if product else "",
        about_id=product.pk if product else None,
        about_title=product.name if product else "",
        subject=subject[:80],
        state=STATES[fate],
        owner=owner,
        created_at=asked,
        due_at=due,
    )
    talk = Talk(row, stand, guest, fate, [(guest.person, False, text, asked)])
    if fate in ("answered", "late", "closed"):
        _answer(season, talk)
    _ring(season, talk)
    return talk


def _words(season: Season, stand: Stand) -> tuple[str, str, Any]:
    """A question about one of the works, or about the booth."""
    texts = table("encounters")
    product = season.rng.choice(stand.products) if stand.products else None
    if product is None or season.rng.random() < 0.25:
        subject, text = season.rng.choice(texts["booth_questions"])
        return subject, text, None
    fitting = [row for row in texts["questions"] if row[2] == "any" or product.kind in row[2]]
    subject, text, _kinds = season.rng.choice(fitting)
    named = {"product": product.name}
    return subject.format(**named), text.format(**named), product


def _answer(season: Season, talk: Talk) -> None:
    """A reply after some hours (log-normal, median five), sometimes a second round, an end."""
    rng, texts, row = season.rng, table("encounters"), talk.row
    hours = min(math.exp(rng.gauss(1.6, 0.9)), 40.0)
    if talk.fate == "late":
        hours = rng.uniform(51, 70)
    at = row.created_at + min(HOUR * hours, (season.until - row.created_at) * 0.8)
    if clock.local(at, ZONE).hour < 8 and at + 7 * HOUR <= season.until:
        at += 7 * HOUR  # the firm answers in the morning
    row.answered_at = at
    talk.messages.append((row.owner, True, rng.choice(texts["answers"]), at))
    if rng.random() < 0.4:
        for from_firm, words in ((False, "again"), (True, "final")):
            at += (season.until - at) * rng.uniform(0.05, 0.2)
            author = row.owner if from_firm else row.person
            talk.messages.append((author, from_firm, rng.choice(texts[words]), at))
        # The clock of the second question began when it was asked.
        row.due_at = talk.messages[-2][3] + HOUR * season.edition.reply_hours
    if talk.fate == "closed":
        talk.ended_at = at + (season.until - at) * rng.uniform(0.1, 0.6)


def _ring(season: Season, talk: Talk) -> None:
    """What the reply clock did by now: half time, due, twice the time."""
    row, reply = talk.row, HOUR * season.edition.reply_hours
    silent_until = talk.messages[1][3] if len(talk.messages) > 1 else season.until
    if len(talk.messages) > 2:
        return  # a second question began a clock of its own, which never rang
    for name, after in (("reminded_at", reply / 2), ("escalated_at", reply), ("informed_at", reply * 2)):  # fmt: skip
        if row.created_at + after + TICK <= silent_until:
            setattr(row, name, row.created_at + after + TICK)


def _keep(world: World, season: Season, talks: list[Talk]) -> None:
    season.questions = talks
    Enquiry.objects.bulk_create(talk.row for talk in talks)
    EnquiryMessage.objects.bulk_create(
        EnquiryMessage(enquiry=talk.row, author=author, from_firm=from_firm, body=text, at=at)
        for talk in talks
        for author, from_firm, text, at in talk.messages
    )
    for talk in talks:
        row, stand = talk.row, talk.stand
        grant = _card_with(season, talk)
        season.meet(
            stand, row.person, row.created_at, source=LeadSource.ENQUIRY, owner=row.owner,
            grant=grant,
        )  # fmt: skip
        season.tally(f"exhibitor:{stand.exhibitor.pk}", "enquiry", row.created_at)
    grants = CardGrant.objects.bulk_create(talk.grant for talk in talks if talk.grant)
    season.grants += grants
    for talk in talks:
        _note(world, talk)


def _card_with(season: Season, talk: Talk) -> CardGrant | None:
    """Every other question comes with a card, unless the firm has it."""
    row = talk.row
    if (row.exhibitor_id, row.person_id) in season.leads or season.rng.random() < 0.5:
        return None
    talk.grant = CardGrant(
        giver=row.person, exhibitor=row.exhibitor, edition=season.edition, via="enquiry",
        content=content_of(talk.guest), granted_at=row.created_at,
    )  # fmt: skip
    season.tally(f"exhibitor:{row.exhibitor_id}", "card", row.created_at)
    return talk.grant


def _note(world: World, talk: Talk) -> None:
    ledger, row = world.ledger, talk.row
    ledger.note(row.created_at, row.person, "enquiry.sent", row, owner=row.owner_id)
    if talk.grant:
        ledger.note(
            row.created_at, row.person, "card.given", talk.grant,
            exhibitor=row.exhibitor_id, via="enquiry",
        )  # fmt: skip
    if row.escalated_at:
        ledger.note(row.escalated_at, SYSTEM, "enquiry.missed", row)
    for author, from_firm, _text, at in talk.messages[1:]:
        ledger.note(at, author, "enquiry.answered" if from_firm else "enquiry.asked", row)
    if talk.ended_at:
        ledger.note(talk.ended_at, row.person, "enquiry.closed", row)
