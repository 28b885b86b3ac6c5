"""Licences: verified titles, open offers, and a few licences in every state.

Titles, offers and what happened long ago are written in bulk; sales reports go through the service,
because their statements have to add up. So does the one contract that waits to be signed: a key
cannot be used inside the transaction of the load, so it comes after it (`half_signed`).
"""

from __future__ import annotations

import datetime as dt
from itertools import cycle
from typing import Any

from haishi.catalogue.states import ProductKind, ProductState
from haishi.config.demo.load.world import World
from haishi.config.demo.prose import table
from haishi.contracts import selectors as contracts
from haishi.contracts.services import sign
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.papers import Clause, Clauses, Paper, compose
from haishi.foundation.types import SYSTEM
from haishi.licences import services
from haishi.licences.models import (
    Approval,
    Good,
    Grant,
    Licence,
    Offer,
    OfferShare,
    Proposal,
    Seat,
    Title,
    TitleLink,
)
from haishi.licences.services.grants import cells
from haishi.licences.states import LicenceState
from haishi.licences.types import TERM_FIELDS, Sale, Terms, add_months
from haishi.media import services as media
from haishi.media.states import Purpose
from haishi.parties import selectors as parties

OFFERS, WAITING = 24, 3
DAY = dt.timedelta(days=1)


def licensing(world: World) -> None:
    """About two dozen offers and eight licences, some of them of the demo account's firm."""
    works = _works(world)
    titles = _titles(world, works)
    offers = _offers(world, titles[: len(titles) - WAITING])
    _guides(world, offers[:2])
    _licences(world, offers)


def _works(world: World) -> list[Any]:
    """Two works of the first firm, then what others list as a licence; one of each firm."""
    own = world.firms[world.cast[0].key]
    listed = [row for row in world.products.values() if row.state == ProductState.LISTED]
    first = [row for row in listed if row.organisation_id == own.pk][:2]
    seen: set[int] = {own.pk}
    others = []
    licences = [row for row in listed if row.kind == ProductKind.LICENCE]
    for row in [*licences, *listed]:
        if row.organisation_id not in seen:
            seen.add(row.organisation_id)
            others.append(row)
    return first + others[: OFFERS - len(first) + WAITING]


def _titles(world: World, works: list[Any]) -> list[Title]:
    """Made by a person, given to the firm; the last ones wait for a reviewer."""
    reviewer = world.accounts["reviewer"]
    verified = len(works) - WAITING
    rows = Title.objects.bulk_create(
        Title(
            product=work,
            organisation_id=work.organisation_id,
            state="verified" if number < verified else "submitted",
            submitted_at=world.now - DAY * (40 - number % 30),
            verified_at=world.now - DAY * (38 - number % 30) if number < verified else None,
            verified_by=reviewer if number < verified else None,
        )
        for number, work in enumerate(works)
    )
    makers = cycle(table("licensing")["makers"])
    firms = {row.pk: row for row in world.firms.values()}
    links = []
    for number, (row, maker) in enumerate(zip(rows, makers, strict=False)):
        year = 2016 + number % 6
        number_of = f"国作登字-{year}-F-{10_000 + number * 137:08}"
        firm = firms[row.organisation_id].name
        made, given = dt.date(year, 3, 1 + number), dt.date(year + 1, 6, 1 + number)
        links.append(TitleLink(title=row, kind="creation", taker=maker, on=made, number=number_of))
        links.append(TitleLink(title=row, kind="assignment", giver=maker, taker=firm, on=given))
        world.ledger.note(row.submitted_at, None, "title.submit", row)
        world.ledger.note(row.verified_at, reviewer, "title.verify", row)
    TitleLink.objects.bulk_create(links)
    return rows


def _offers(world: World, titles: list[Title]) -> list[Offer]:
    texts = table("licensing")
    shapes = texts["terms"]
    rows = []
    for number, (title, words) in enumerate(zip(titles, cycle(texts["summaries"]), strict=False)):
        opened = world.now - DAY * (30 - number)
        rows.append(
            Offer(
                number=f"P{world.now:%y%m%d}{number + 1:06}",
                title=title,
                product_id=title.product_id,
                organisation_id=title.organisation_id,
                state="open",
                opened_at=opened,
                summary=words[0],
                summary_en=words[1],
                **Terms(**shapes[number % len(shapes)]).row(),
            )
        )
    made = Offer.objects.bulk_create(rows)
    for row in made:
        world.ledger.note(row.opened_at, None, "offer.open", row)
    partner = made[-1].organisation_id
    for firm, points in ((made[0].organisation_id, 7_000), (partner, 3_000)):
        OfferShare.objects.create(offer=made[0], organisation_id=firm, points=points)
    return made


def _guides(world: World, offers: list[Offer]) -> None:
    """A style guide that the first offers give access to."""
    clauses = tuple(
        Clause(Bilingual(*title), Bilingual(*text)) for title, text in table("licensing")["guide"]
    )
    for row in offers:
        title = Bilingual(f"{row.product.name} 使用规范", "Style guide")
        written = compose(Paper(number=row.number, title=title, blocks=(Clauses(clauses),)))
        asset = media.import_generated(
            SYSTEM, row.organisation_id, written.pdf, name="使用规范.pdf", purpose=Purpose.SEALED
        )
        row.file_ids = [asset.pk]
    Offer.objects.bulk_update(offers, ["file_ids"])


def _owner(world: World, firm_id: int) -> Any:
    key = next(key for key, row in world.firms.items() if row.pk == firm_id)
    if key == world.cast[0].key:
        return world.accounts["exhibitor"]
    return world.people[key][0]


def _licences(world: World, offers: list[Offer]) -> None:
    own = offers[0].organisation_id
    others = [row for row in offers if row.organisation_id != own]
    firms = [row.organisation_id for row in others]
    today = clock.local(world.now, "Asia/Shanghai").date()
    first = today.replace(day=1)
    _one(world, offers[0], firms[0], "requested", today + DAY * 30, 2)
    _one(world, others[0], own, "answered", today + DAY * 20, 3)
    working = _one(world, offers[0], firms[1], "active", add_months(first, -2), 70)
    _in_approval(world, working)
    selling = _one(world, others[1], own, "active", add_months(first, -10), 310)
    _selling(world, selling)
    _one(
        world, others[2], own, "suspended", add_months(first, -5), 160, "样品与大货不一致，待整改。"
    )
    _one(world, offers[1], firms[2 % len(firms)], "expired", add_months(first, -30), 900)
    _one(world, others[1], firms[0], "declined", today + DAY * 10, 25, "同一品类已有合作。")
    _one(world, offers[1], firms[-1], "requested", today + DAY * 40, 1)


def half_signed() -> None:
    """The newest request was accepted and the licensee has signed; the licensor has not. Once."""
    waiting = Licence.objects.filter(state=LicenceState.SIGNING).order_by("pk").first()
    row = waiting or _accepted()
    contract = contracts.get_contract(row.buyer, row.contract)
    if not any(party.signed_at for party in contract.parties.all()):
        seen = contracts.paper_bytes(contract).sha256
        sign(row.buyer, contract.pk, row.licensee_id, seen)


def _accepted() -> Licence:
    row = Licence.objects.filter(state=LicenceState.REQUESTED).latest("pk")
    owner = parties.get_person(parties.member_ids(row.licensor_id, managing=True)[0])
    return services.accept(owner, row.number, seen=row.version)


def _one(
    world: World,
    offer: Offer,
    licensee: int,
    state: str,
    starts_on: dt.date,
    days_ago: int,
    reason: str = "",
) -> Licence:
    """A licence on the terms of an offer, asked for `days_ago`."""
    asked = world.now - DAY * days_ago
    buyer = _owner(world, licensee)
    terms = {name: getattr(offer, name) for name in TERM_FIELDS} | {"starts_on": starts_on}
    began = state in ("active", "suspended", "expired")
    talking = state in ("requested", "answered")
    row = Licence.objects.create(
        number=f"L{asked:%y%m%d}{offer.pk:03}{licensee:03}",
        offer=offer,
        product_id=offer.product_id,
        licensor_id=offer.organisation_id,
        licensee_id=licensee,
        buyer=buyer,
        state=state,
        shares=[list(each) for each in offer.shares.values_list("organisation_id", "points")],
        waits_until=asked + DAY * 10 if talking else None,
        reason=reason,
        recoup_minor=offer.guarantee_minor if began else 0,
        activated_at=asked + DAY * 4 if began else None,
        opened_at=asked + DAY * 5 if began else None,
        ended_at=asked + DAY * 6 if state in ("declined", "expired") else None,
        **terms,
    )
    _versions(world, row, terms, asked)
    if state in ("active", "suspended"):
        Grant.objects.bulk_create(cells(row))
        Seat.objects.create(licence=row, person=buyer)
    return row


def _versions(world: World, row: Licence, terms: dict[str, Any], asked: dt.datetime) -> None:
    """What was asked; in an answered request the licensor wants a little more."""
    wish = table("licensing")["wish"]
    Proposal.objects.create(
        licence=row, number=1, by_licensor=False, author=row.buyer, note=wish, **terms
    )
    world.ledger.note(asked, row.buyer, "licence.asked", row)
    if row.state == "answered":
        row.months, row.guarantee_minor = row.months + 12, row.guarantee_minor + 1_000_000
        row.save(update_fields=["months", "guarantee_minor"])
        owner = _owner(world, row.licensor_id)
        more = terms | {"months": row.months, "guarantee_minor": row.guarantee_minor}
        answer = table("licensing")["answer"]
        Proposal.objects.create(
            licence=row, number=2, by_licensor=True, author=owner, note=answer, **more
        )
        world.ledger.note(asked + DAY, owner, "licence.counter", row)
    world.ledger.note(row.activated_at, SYSTEM, "licence.activate", row)
    world.ledger.note(row.opened_at, row.buyer, "licence.opened", row)
    if row.state in ("suspended", "declined", "expired"):
        action = {"suspended": "suspend", "declined": "decline", "expired": "expire"}[row.state]
        world.ledger.note(row.ended_at or world.now - DAY, None, f"licence.{action}", row)


def _in_approval(world: World, row: Licence) -> None:
    """One product whose concept passed at the second try; its sample waits."""
    names = table("licensing")["goods"]
    good = Good.objects.create(licence=row, name=names[0])
    tries = (
        ("concept", 1, "returned", "线稿比例偏大，请参照使用规范第三条。"),
        ("concept", 2, "approved", ""),
        ("sample", 1, "submitted", ""),
    )
    Approval.objects.bulk_create(
        Approval(
            good=good,
            stage=stage,
            round=number,
            state=state,
            note="见附图。",
            answer=answer,
            answer_by=world.now + DAY * 4,
            answered_at=world.now - DAY * 9 if state != "submitted" else None,
        )
        for stage, number, state, answer in tries
    )
    Good.objects.create(licence=row, name=names[1])


def _selling(world: World, row: Licence) -> None:
    """Three quarters of sales of two products, settled one after the other."""
    names = table("licensing")["goods"]
    goods = Good.objects.bulk_create(Good(licence=row, name=name) for name in names[2:4])
    Approval.objects.bulk_create(
        Approval(
            good=good,
            stage=stage,
            state="approved",
            answer_by=world.now - DAY * 240,
            answered_at=world.now - DAY * 250,
        )
        for good in goods
        for stage in row.stages
    )
    channels, first = [*row.rates], row.starts_on
    assert first is not None
    for quarter in range(3):
        lines = [
            Sale(
                good.pk,
                channel,
                units=300 + 170 * quarter + 40 * number,
                amount_minor=(300 + 170 * quarter + 40 * number) * (6_800 + 2_100 * place),
                currency=row.currency,
            )
            for number, good in enumerate(goods)
            for place, channel in enumerate(channels[:2])
        ]
        services.report(row.buyer, row.number, add_months(first, 3 * quarter), lines)
