"""Requests and quotations as their people make them, and a way to let a deadline pass."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from haishi.foundation import clock
from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from haishi.sourcing import services
from haishi.sourcing.models import Rfq
from haishi.sourcing.types import LineDraft, LineOffer, Offer, Tier

LINES = (LineDraft("沙燕风筝", 500, "只", "绢面，翼展 80 cm"), LineDraft("礼盒", 500, "个"))
WEIGHTS = {"price": 60, "lead": 20, "quality": 20}
_firms = iter(range(10**9))


def in_hours(hours: float) -> dt.datetime:
    """An instant from now."""
    return clock.now() + dt.timedelta(hours=hours)


def bidder(name: str = "") -> Any:
    """A person who owns a firm of its own; `person.firm` is it."""
    n = next(_firms)
    firm = OrganisationFactory(name=name or f"投标单位{n}", slug=f"bidder-{n}")
    person = PersonFactory(email=f"bidder{n}@firms.example", name=f"投标人{n}")
    MembershipFactory(person=person, organisation=firm, role="owner")
    person.firm = firm
    return person


def draft(owner: Any, firm: Any, **words: Any) -> Rfq:
    """A draft that lacks nothing, closing in two days."""
    first = {
        "title": "风筝礼盒采购", "title_en": "Kites in gift boxes",
        "description": "五百套风筝礼盒，用于春节活动。", "closes_at": in_hours(48),
        "criteria": WEIGHTS, "lines": LINES,
    }  # fmt: skip
    return services.draft(owner, firm.pk, **{**first, **words})


def rfq(owner: Any, firm: Any, **words: Any) -> Rfq:
    """The same, published."""
    return services.publish(owner, draft(owner, firm, **words).pk)


def offer(row: Rfq, *prices: int | None, currency: str = "CNY", **words: Any) -> Offer:
    """Prices in minor units for the lines in their order; None leaves a line out."""
    lines = list(row.lines.order_by("number"))
    given = [
        LineOffer(line.pk, (Tier(1, price),))
        for line, price in zip(lines, prices, strict=False)
        if price is not None
    ]
    first = {"lead_days": 30, "valid_until": timezone.localdate() + dt.timedelta(days=60)}
    return Offer(currency=currency, lines=tuple(given), **{**first, **words})


def quote(person: Any, row: Rfq, *prices: int | None, **words: Any) -> Any:
    """A version of the person's firm."""
    return services.quote(person, row.pk, person.firm.pk, offer(row, *prices, **words))


@contextlib.contextmanager
def without_trigger(table: str, trigger: str) -> Iterator[None]:
    """What a database owner could do, and nobody else."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def pass_deadline(row: Rfq, seconds: float = 0) -> Rfq:
    """Move the whole request into the past, so that it closed `seconds` ago.

    The database refuses to bring a deadline forward; only here, with its triggers off, it may.
    """
    closes = clock.now() - dt.timedelta(seconds=seconds)
    with without_trigger("sourcing_rfq", "terms_stay"):
        Rfq.objects.filter(pk=row.pk).update(
            opens_at=closes - dt.timedelta(days=2), closes_at=closes, questions_until=closes
        )
    row.refresh_from_db()
    return row


def closed(row: Rfq) -> Rfq:
    """Its deadline has passed and the worker has come by."""
    pass_deadline(row)
    assert services.close_due(clock.now()) == 1
    row.refresh_from_db()
    return row
