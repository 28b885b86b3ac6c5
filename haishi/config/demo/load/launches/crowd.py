"""Who wanted to buy: requests, winners, what was bought; draws that the public script confirms."""

from __future__ import annotations

import datetime as dt
import hashlib
from random import Random
from typing import Any

from haishi.config.demo import names
from haishi.config.demo.load.launches.plan import Planned
from haishi.config.demo.load.launches.rows import KNOWN, PAYING
from haishi.config.demo.load.world import World
from haishi.foundation import draws
from haishi.foundation.models import Hold, Pool
from haishi.foundation.states import HoldState
from haishi.foundation.types import SYSTEM
from haishi.launches.models import Allotment, Claim, Launch
from haishi.launches.states import ClaimState, LaunchState, Rule

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def claims(
    world: World, planned: list[Planned], rows: list[Launch], sales: dict[int, Allotment]
) -> list[Claim]:
    """Claims of sales that are over or open, with the units they hold; those that were made."""
    rng = Random(f"{names.SEED}:claims")
    made: list[Claim] = []
    for each, row in zip(planned, rows, strict=True):
        sale = sales.get(row.pk)
        if sale is None or each.state not in (LaunchState.LIVE, LaunchState.CLOSED):
            continue
        wished = int(each.quota * rng.uniform(0.6, 2.4)) + 2
        crowd = world.visitors[KNOWN:]
        people = rng.sample(crowd, min(len(crowd), wished))
        asked = [_claim(sale, person, at) for at, person in enumerate(people)]
        made += _over(world, sale, asked) if row.closed_at else _open(world, each, sale, asked)
    _hold(made)
    return Claim.objects.bulk_create(made, batch_size=2_000)


def _claim(sale: Allotment, person: Any, order: int) -> Claim:
    digest = hashlib.sha256(f"{names.SEED}:{sale.launch.slug}:{person.email}".encode()).digest()
    return Claim(
        allotment=sale,
        person=person,
        ticket="".join(ALPHABET[byte % 32] for byte in digest[:12]),
        created_at=sale.opens_at + dt.timedelta(seconds=2 + 3 * order),
    )


def _over(world: World, sale: Allotment, asked: list[Claim]) -> list[Claim]:
    """Winners bought, one in nine forgot to pay and the next of the list bought; the rest lost."""
    order = asked
    if sale.rule != Rule.FIRST_COME:
        known = {claim.ticket: claim for claim in asked}
        order = [known[ticket] for ticket in draws.ranked(sale.seed, known)]
        world.ledger.note(
            sale.decided_at, SYSTEM, "draw.decided", sale, tickets=len(order),
            digest=draws.digest_of(known), seed=sale.seed,
        )  # fmt: skip
    left = sale.quota
    for place, claim in enumerate(order, 1):
        claim.place = place if sale.rule != Rule.FIRST_COME else None
        if place <= sale.quota and place % 9 == 0:
            claim.state = ClaimState.EXPIRED
        else:
            claim.state = ClaimState.BOUGHT if left else ClaimState.LOST
            left -= 1 if left else 0
    return order


def _open(world: World, each: Planned, sale: Allotment, asked: list[Claim]) -> list[Claim]:
    """Requests so far, or units that are kept; the demo's visitor and buyer take part."""
    visitor, buyer = world.accounts["visitor"], world.accounts["buyer"]
    drawn = sale.rule != Rule.FIRST_COME
    if drawn:
        own = [_claim(sale, visitor, len(asked))] if each.number % 2 == 0 else []
        return [*asked, *own]
    # Some bought at once; who came last, and the two accounts of the demo, still have to pay.
    kept = asked[: max(1, sale.quota // 2)]
    bought = min(len(kept) * 3 // 4, _minutes(world, sale) // 2)
    kept += [_claim(sale, person, len(kept)) for person in (visitor, buyer)]
    for place, claim in enumerate(kept):
        if place < bought:
            claim.state = ClaimState.BOUGHT
        else:
            claim.state, claim.pay_by = ClaimState.WON, world.now + PAYING
    return kept


def _minutes(world: World, sale: Allotment) -> int:
    """How long a sale has been open."""
    return int((world.now - sale.opens_at).total_seconds() // 60)


def _hold(made: list[Claim]) -> None:
    """A unit of the pool for each claim that is won or bought."""
    taking = [claim for claim in made if claim.state in (ClaimState.WON, ClaimState.BOUGHT)]
    holds = Hold.objects.bulk_create(
        Hold(
            pool_id=claim.allotment.pool_id or 0,
            holder=f"person:{claim.person_id}",
            quantity=1,
            key=f"claim:{claim.person_id}",
            state=HoldState.HELD if claim.pay_by else HoldState.CONFIRMED,
            expires_at=claim.pay_by + dt.timedelta(minutes=10) if claim.pay_by else None,
        )
        for claim in taking
    )
    taken: dict[int, int] = {}
    for claim, hold in zip(taking, holds, strict=True):
        claim.hold_id = hold.pk
        taken[hold.pool_id] = taken.get(hold.pool_id, 0) + 1
    pools = list(Pool.objects.filter(pk__in=taken))
    for pool in pools:
        pool.taken = taken[pool.pk]
    Pool.objects.bulk_update(pools, ["taken"])
