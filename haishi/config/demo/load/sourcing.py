"""Requests for quotation in every state, with two to six quotations each; written in bulk.

The first firm of the cast (the demo exhibitor's) buys in five of them and quotes in most others.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from haishi.catalogue.models import Category
from haishi.config.demo.load.world import World
from haishi.config.demo.prose import table
from haishi.foundation.types import SYSTEM
from haishi.sourcing import sealing
from haishi.sourcing.models import (
    Award,
    AwardLine,
    Invited,
    Mark,
    Partner,
    Question,
    Quotation,
    QuotationVersion,
    Rate,
    Rfq,
    RfqLine,
    RfqRevision,
    Seal,
    Winner,
)
from haishi.sourcing.types import LineOffer, Offer, Tier

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
# fate → (state, sealed, hours from now to the deadline)
FATES: dict[str, tuple[str, bool, int]] = {
    "open": ("open", False, 150), "sealed": ("open", True, 100), "amended": ("open", False, 190),
    "foreign": ("open", False, 260), "invited": ("open", False, 120), "upcoming": ("open", False, 330),
    "soon": ("open", False, 30), "closed": ("closed", False, -20), "unsealed": ("closed", True, -7),
    "norate": ("closed", False, -44), "awarded": ("awarded", False, -200),
    "split": ("awarded", True, -260), "bylines": ("awarded", False, -320),
    "cancelled": ("cancelled", False, 90), "failed": ("failed", False, -150), "draft": ("draft", False, 400),
}  # fmt: skip
OWN = {0, 1, 9, 12, 17}  # bought by the first firm
RATES = {"USD": "7.12000000", "EUR": "7.80000000"}


@dataclass
class _Made:
    """A request on its way into the tables."""

    fate: str
    rfq: Rfq
    lines: list[RfqLine]
    prices: list[int]
    bids: list[tuple[Quotation, list[tuple[QuotationVersion, Offer]]]] = field(default_factory=list)


def ask_and_quote(world: World) -> None:
    """Everything of sourcing."""
    rng = Random(20261127)
    firms = [world.firms[each.key] for each in world.cast]
    people = {world.firms[each.key].pk: world.people[each.key] for each in world.cast}
    made = [
        _request(world, rng, number, row, firms, people)
        for number, row in enumerate(table("sourcing")["rfqs"])
    ]
    for one in made:
        _quote(world, rng, one, firms, people)
        _talk(world, rng, one, people)
        if one.rfq.state in ("closed", "awarded"):
            _judge(world, rng, one)
        if one.rfq.state == "awarded":
            _award(world, one, firms, people)


def _request(
    world: World, rng: Random, number: int, row: list[Any], firms: list[Any], people: Any
) -> _Made:
    fate, category, kind, city, zh, en, words, words_en, lines = row
    state, sealed, hours = FATES[fate]
    buyer = firms[0] if number in OWN else firms[(number * 5 + 3) % len(firms)]
    owner = people[buyer.pk][0]
    closes = world.now.replace(minute=0, second=0, microsecond=0) + hours * HOUR
    opens = world.now + 2 * DAY if fate == "upcoming" else min(closes, world.now) - 6 * DAY
    rfq = Rfq.objects.create(
        buyer=buyer, owner=owner, slug=f"r-{rng.getrandbits(40):010x}", state=state, title=zh,
        title_en=en, description=words, description_en=words_en, kind=kind, city=city,
        category=Category.objects.filter(slug=category).first(), sealed=sealed,
        currencies=["CNY", "EUR", "USD"] if fate in ("foreign", "norate", "split") else ["CNY"],
        criteria=rng.choice(
            [{"price": 60, "lead": 20, "quality": 20}, {"price": 50, "lead": 15, "craft": 35},
             {"price": 70, "lead": 30}]
        ),
        visibility="invited" if fate == "invited" else "public", show_rank=number % 2 == 0,
        opens_at=opens, closes_at=closes, questions_until=closes - 24 * HOUR,
        decide_by=closes + 14 * DAY, deliver_to="仓库或展馆现场",
        deliver_by=(closes + 60 * DAY).date(), payment_terms=rng.choice(table("sourcing")["terms"]),
        revision=2 if fate == "amended" else 1,
        published_at=None if state == "draft" else min(opens, world.now - DAY),
        closed_at=closes if state in ("closed", "awarded") else None,
        ended_at=closes + 2 * DAY if state == "awarded" else None,
        outcome=table("sourcing")["cancelled"] if fate == "cancelled" else "",
    )  # fmt: skip
    made = RfqLine.objects.bulk_create(
        RfqLine(
            rfq=rfq, number=n, name=name, quantity=quantity, unit=unit, spec=spec,
            target_minor=price if n == 1 and number % 3 == 0 else None,
        )
        for n, (name, quantity, unit, spec, price) in enumerate(lines, 1)
    )  # fmt: skip
    world.ledger.note(opens - DAY, owner, "rfq.drafted", rfq, origin="")
    world.ledger.note(rfq.published_at, owner, "rfq.published", rfq)
    one = _Made(fate, rfq, list(made), [line[4] for line in lines])
    _shown(world, one, owner)
    return one


def _shown(world: World, one: _Made, owner: Any) -> None:
    """What bidders saw, and the key of a sealed request."""
    rfq = one.rfq
    if rfq.published_at is None:
        return
    for number in range(1, rfq.revision + 1):
        RfqRevision.objects.create(
            rfq=rfq, number=number, author=owner, at=rfq.published_at + (number - 1) * DAY,
            note=table("sourcing")["amendment"] if number > 1 else "",
        )  # fmt: skip
    if rfq.revision > 1:
        world.ledger.note(rfq.published_at + DAY, owner, "rfq.amended", rfq)
    if rfq.sealed:
        Seal.objects.create(rfq=rfq, wrapped=sealing.new_key(rfq.pk), opened_at=rfq.closed_at)
    if rfq.closed_at:
        world.ledger.note(rfq.closed_at, SYSTEM, "rfq.closed", rfq)
    if rfq.state in ("cancelled", "failed"):
        at = world.now - 3 * HOUR if rfq.state == "cancelled" else rfq.closes_at
        by = owner if rfq.state == "cancelled" else SYSTEM
        world.ledger.note(at, by, f"rfq.{rfq.state}", rfq)


def _quote(world: World, rng: Random, one: _Made, firms: list[Any], people: Any) -> None:
    rfq = one.rfq
    rivals = [firm for firm in firms[1:] if firm.pk != rfq.buyer_id]
    bidders = rng.sample(rivals, min(len(rivals), rng.randint(2, 5)))
    if rfq.buyer_id != firms[0].pk and one.fate not in ("norate", "closed"):
        bidders.append(firms[0])
    if one.fate == "invited" and rfq.published_at:
        Invited.objects.bulk_create(
            Invited(rfq=rfq, organisation=firm, invited_by=rfq.owner, at=rfq.published_at)
            for firm in {*bidders, firms[0]} - {rfq.buyer}
        )
    if one.fate in ("draft", "upcoming", "failed"):
        return
    opens, until = rfq.opens_at, min(world.now, rfq.closes_at or world.now)
    assert opens is not None
    for place, firm in enumerate(bidders):
        times = 1 + (place % 3 == 0) + (firm == firms[0])
        moments = sorted(opens + (until - opens) * rng.uniform(0.1, 0.95) for _ in range(times))
        _bid(world, rng, one, firm, people[firm.pk][0], moments, place)


def _bid(
    world: World, rng: Random, one: _Made, firm: Any, author: Any, moments: list[dt.datetime],
    place: int,
) -> None:  # fmt: skip
    state = {"awarded": "lost", "cancelled": "lapsed"}.get(one.rfq.state, "submitted")
    bid = Quotation.objects.create(
        rfq=one.rfq, bidder=firm, author=author, latest=len(moments), state=state,
        created_at=moments[0], decided_at=one.rfq.ended_at,
    )  # fmt: skip
    code = "CNY"
    if len(one.rfq.currencies) > 1 and place in (0, 1):
        code = ("USD", "EUR")[place]
    level, versions = rng.uniform(0.86, 1.18), []
    for number, at in enumerate(moments, 1):
        offer = _offer(rng, one, level * (1.02 - 0.02 * number), code, place)
        version = _version(one.rfq, bid, number, len(moments), offer, author, at)
        versions.append((version, offer))
        world.ledger.note(at, author, "quotation.submitted", bid, number=number)
    QuotationVersion.objects.bulk_create(version for version, _offer in versions)
    one.bids.append((bid, versions))


def _offer(rng: Random, one: _Made, level: float, code: str, place: int) -> Offer:
    rate = float(RATES.get(code, "1"))
    lines = []
    for n, (line, price) in enumerate(zip(one.lines, one.prices, strict=True)):
        if n and place == 3 and one.fate != "split":
            continue  # one bidder leaves lines out
        minor = max(
            1, round(price * level * rng.uniform(0.97, 1.03) / rate, -1 if price > 999 else 0)
        )
        tiers = [Tier(1, int(minor))]
        if line.quantity >= 100:
            tiers = [Tier(1, int(minor * 1.15)), Tier(line.quantity // 2, int(minor))]
        lines.append(LineOffer(line.pk, tuple(tiers)))
    prose = table("sourcing")
    assert one.rfq.closes_at is not None
    return Offer(
        currency=code, lead_days=rng.choice((15, 20, 25, 30, 45)),
        valid_until=(one.rfq.closes_at + 75 * DAY).date(), lines=tuple(lines),
        payment_terms=rng.choice(prose["terms"]), notes=rng.choice(prose["notes"]),
    )  # fmt: skip


def _version(
    rfq: Rfq, bid: Quotation, number: int, latest: int, offer: Offer, author: Any, at: dt.datetime
) -> QuotationVersion:
    row = QuotationVersion(
        quotation=bid, number=number, revision=1, author=author, at=at, digest=sealing.digest(offer)
    )
    if rfq.sealed:
        row.sealed = sealing.close(offer, rfq.seal.wrapped, rfq.pk, bid.pk, number)
    if not rfq.sealed or (rfq.closed_at and number == latest):
        row.content = offer.to_json()
    return row


def _talk(world: World, rng: Random, one: _Made, people: Any) -> None:
    """Some ask; most are answered."""
    rfq = one.rfq
    if not one.bids or rfq.published_at is None:
        return
    asked = rng.sample(table("sourcing")["questions"], 2)
    for n, (words, _en, answer) in enumerate(asked):
        firm = one.bids[n % len(one.bids)][0].bidder
        at = rfq.published_at + (n + 1) * 5 * HOUR
        answered = n == 0 or rfq.state != "open"
        Question.objects.create(
            rfq=rfq, organisation=firm, person=people[firm.pk][0], body=words, asked_at=at,
            answer=answer if answered else "", answered_at=at + 3 * HOUR if answered else None,
            answered_by=rfq.owner if answered else None,
        )  # fmt: skip


def _judge(world: World, rng: Random, one: _Made) -> None:
    """Marks, and rates; one request still lacks a rate."""
    rfq = one.rfq
    assert rfq.closed_at is not None
    judged = [name for name in rfq.criteria if name not in ("price", "lead")]
    Mark.objects.bulk_create(
        Mark(quotation=bid, criterion=name, points=rng.randrange(60, 98))
        for bid, _versions in one.bids
        for name in judged
        if not (one.fate == "closed" and bid == one.bids[-1][0])
    )
    used = {versions[-1][1].currency for _bid, versions in one.bids} - {"CNY"}
    for code in sorted(used - ({"EUR"} if one.fate == "norate" else set())):
        Rate.objects.create(
            rfq=rfq, currency=code, rate=Decimal(RATES[code]), source="演示汇率 · demo rate",
            at=rfq.closed_at,
        )  # fmt: skip


def _award(world: World, one: _Made, firms: list[Any], people: Any) -> None:
    """The cheapest whole offer wins, or each line goes to its cheapest; places by price."""
    ranked = sorted(
        one.bids, key=lambda pair: (len(pair[1][-1][1].lines) < len(one.lines), _yuan(one, pair))
    )
    for place, (bid, _versions) in enumerate(ranked, 1):
        bid.rank = place
    assert one.rfq.ended_at is not None
    wins: dict[int, list[RfqLine]] = {}
    for n, line in enumerate(one.lines):
        bid = ranked[n if one.fate == "bylines" else 0][0]
        wins.setdefault(bid.pk, []).append(line)
    award = Award.objects.create(
        rfq=one.rfq, state="issued", made_by=one.rfq.owner, created_at=one.rfq.ended_at,
        decided_at=one.rfq.ended_at, total_minor=0,
        milestones=[["签约预付", 3000, 7], ["交付并验收", 7000, 60]],
    )  # fmt: skip
    total = 0
    for bid, versions in ranked:
        if bid.pk in wins:
            bid.state = "won"
            total += _win(one, award, bid, versions[-1][1], wins[bid.pk], firms)
    Award.objects.filter(pk=award.pk).update(total_minor=total)
    Quotation.objects.bulk_update([bid for bid, _versions in ranked], ["state", "rank"])
    world.ledger.note(one.rfq.ended_at, one.rfq.owner, "award.issued", award, rfq=one.rfq.pk)


def _yuan(one: _Made, pair: Any) -> float:
    offer = pair[1][-1][1]
    whole = offer.total({line.pk: line.quantity for line in one.lines})
    return float(whole) * float(RATES.get(offer.currency, "1"))


def _win(
    one: _Made, award: Award, bid: Quotation, offer: Offer, lines: list[RfqLine], firms: list[Any]
) -> int:
    """The winner's rows; returns the sum in yuan's fen."""
    rows = []
    for line in lines:
        offered = offer.line(line.pk)
        price = offered.price_for(line.quantity) if offered else None
        if price is not None:
            rows.append(
                AwardLine(
                    award=award, line=line, quotation=bid, quantity=line.quantity,
                    price_minor=price, currency=offer.currency,
                )
            )  # fmt: skip
    AwardLine.objects.bulk_create(rows)
    total = sum(row.amount_minor for row in rows)
    assert one.rfq.ended_at is not None
    settled = one.rfq.ended_at + DAY if one.fate == "split" else None
    winner = Winner.objects.create(
        award=award, quotation=bid, total_minor=total, currency=offer.currency,
        partners_until=max(one.rfq.ended_at + 7 * DAY, award.created_at + 20 * DAY),
        settled_at=settled,
    )  # fmt: skip
    if settled:
        others = [firm for firm in firms if firm.pk not in (bid.bidder_id, one.rfq.buyer_id)][:4]
        shares = [(bid.bidder, "supply", 4000)]
        parts = (("research", 2000), ("production", 2000), ("marketing", 1000), ("demand", 1000))
        shares += [(firm, *part) for firm, part in zip(others, parts, strict=True)]
        Partner.objects.bulk_create(
            Partner(winner=winner, organisation=firm, side=side, points=points)
            for firm, side, points in shares
        )
    return round(total * float(RATES.get(offer.currency, "1")))
