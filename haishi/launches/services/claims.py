"""The first sale: exactly the quota, by the rule that was shown beforehand.

First come: a claim keeps a unit at once. Window and draw: a request is one INSERT (both: `asking`);
when the sale has closed, `decide` orders all requests by the committed seed and
keeps units for the first of them in one statement. Whatever is given up or not paid in time goes
to the waiting list (`promote`). The unit's hold outlives the claim's own clock by a grace, so that
the claim decides, under its lock, what became of the unit.
"""

import datetime as dt

from django.db import connection

from haishi.foundation import audit, clock, draws, scarcity
from haishi.foundation.errors import NotFound
from haishi.foundation.models import Pool
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.launches import policies, selectors
from haishi.launches.errors import (
    PaymentTooLate,
    QuotaBelowClaims,
    SaleIsDecided,
    SaleNotOpen,
)
from haishi.launches.events import ClaimEnded, ClaimWon, SaleDecided
from haishi.launches.models import Allotment, Claim
from haishi.launches.states import CLAIM, ClaimState, Rule
from haishi.trade import services as trade


@service
def open_sale(allotment_id: int) -> None:
    """Make the units and commit to a seed; once per allotment, when its launch is announced."""
    allotment = _lock(allotment_id)
    if allotment.pool_id is not None:
        return
    allotment.pool_id = scarcity.open_pool(f"launch:{allotment.launch_id}", allotment.quota).pk
    allotment.seed, allotment.commitment = draws.new_seed()
    allotment.save(update_fields=["pool_id", "seed", "commitment"])


@service
def resize(actor: Actor, allotment_id: int, quota: int) -> None:
    """Change the quota.

    Raises NotFound, Forbidden, SaleIsDecided, QuotaBelowClaims (more are taken).
    """
    launch_id = Allotment.objects.filter(pk=allotment_id).values_list("launch", flat=True).first()
    selectors.lock_editable(actor, launch_id or 0)  # launch before allotment, as everywhere
    allotment = _lock(allotment_id)
    if allotment.decided_at is not None:  # the draw's file says how many could win
        raise SaleIsDecided
    if allotment.pool_id is not None:
        # Under the pool's lock: a claim in between would be counted by neither question.
        taken = Pool.objects.select_for_update().get(pk=allotment.pool_id).taken
        if quota < taken:
            raise QuotaBelowClaims(taken=taken, field="quota")
        scarcity.resize(allotment.pool_id, quota)
    before, allotment.quota = allotment.quota, quota
    allotment.version += 1
    allotment.save(update_fields=["quota", "version", "updated_at"])
    audit.record(actor, "allotment.resized", allotment, before=before, after=quota)


@service
def decide(allotment_id: int) -> int:
    """Order the requests of a closed window or draw; returns how many may buy. Once only.

    Raises NotFound, SaleNotOpen (requests are still taken).
    """
    allotment = _lock(allotment_id)
    if allotment.decided_at is not None or allotment.rule == Rule.FIRST_COME:
        return 0
    if clock.now() < allotment.closes_at or allotment.pool_id is None:
        raise SaleNotOpen
    asked = Claim.objects.filter(allotment=allotment, state=ClaimState.REQUESTED)
    rows = asked.select_for_update().values_list("ticket", "pk", "person_id")
    claims = {ticket: (pk, person) for ticket, pk, person in rows}
    order = draws.ranked(allotment.seed, claims)
    pay_by = clock.now() + dt.timedelta(minutes=allotment.pay_minutes)
    ids, people = [claims[t][0] for t in order], [claims[t][1] for t in order]
    held = _keep(allotment, people)
    _write_result(ids, [held.get(f"claim:{person}") for person in people], pay_by)
    allotment.decided_at = clock.now()
    allotment.save(update_fields=["decided_at"])
    digest = draws.digest_of(order)
    audit.record(
        SYSTEM, "draw.decided", allotment, tickets=len(order), digest=digest,
        seed=allotment.seed,
    )  # fmt: skip
    publish(SaleDecided(allotment.launch_id))
    return len(held)


def _keep(allotment: Allotment, people: list[int]) -> dict[str, int]:
    ttl = dt.timedelta(minutes=allotment.pay_minutes) + policies.GRACE
    wanted = [(f"person:{person}", f"claim:{person}") for person in people]
    return scarcity.reserve_many(allotment.pool_id or 0, wanted, ttl)


def _write_result(ids: list[int], holds: list[int | None], pay_by: dt.datetime) -> None:
    """Places from 1 in the order of `ids`; those with a hold may buy, the others wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE launches_claim AS c
               SET place = r.place, hold_id = r.hold,
                   state = CASE WHEN r.hold IS NULL THEN 'waiting' ELSE 'won' END,
                   pay_by = CASE WHEN r.hold IS NULL THEN NULL ELSE %s END
              FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS r (id, hold, place)
             WHERE c.id = r.id
            """,
            [pay_by, ids, holds],
        )


@service
def mark_bought(claim_id: int) -> Claim:
    """The unit is paid: the hold becomes final. Doing it twice is the same as once.

    Raises NotFound, PaymentTooLate (the unit went to somebody else: refund).
    """
    row = lock_claim(claim_id)
    if row.state in (ClaimState.BOUGHT, ClaimState.REFUNDED):
        return row
    if row.state != ClaimState.WON or row.hold_id is None:
        raise PaymentTooLate
    scarcity.confirm(row.hold_id)
    row.state = CLAIM.after(row.state, "buy")
    row.pay_by = None
    row.save(update_fields=["state", "pay_by"])
    audit.record(SYSTEM, "claim.bought", row)
    return row


@service
def cancel(actor: Actor, claim_id: int) -> None:
    """Give up one's claim, and its order; a unit goes to the waiting list.

    Raises NotFound, Conflict (paid already).
    """
    row = lock_claim(claim_id)
    if row.person_id != actor.pk:
        raise NotFound
    row.state = CLAIM.after(row.state, "cancel")
    if row.order_id is not None:
        trade.cancel(actor, row.order_id)
    let_go(row)


@service
def expire_unpaid(limit: int = 200) -> int:
    """Take units back that were not paid in time. Returns how many; run by the worker.

    What became an order is ended by the order (`buying.order_ended`): it may be paid this moment.
    """
    due = Claim.objects.select_for_update(skip_locked=True).filter(
        state=ClaimState.WON, order=None, pay_by__lte=clock.now()
    )
    rows = list(due.order_by("pay_by")[:limit])
    for row in rows:
        row.state = CLAIM.after(row.state, "expire")
        let_go(row)
    return len(rows)


def let_go(row: Claim) -> None:
    """Write down the new state of a locked claim; its unit is free unless an order owns it."""
    hold, row.hold_id, row.pay_by = row.hold_id, None, None
    row.save(update_fields=["state", "hold_id", "pay_by"])
    if hold is not None and row.order_id is None:
        scarcity.release(hold)
    audit.record(SYSTEM, f"claim.{row.state}", row)
    publish(ClaimEnded(row.pk))


@service
def promote(allotment_id: int) -> int:
    """Offer free units to the waiting list, in its order. Returns how many got one."""
    allotment = _lock(allotment_id)
    undecided = clock.now() >= allotment.closes_at and not allotment.decided_at
    if allotment.pool_id is None or undecided:
        return 0
    waiting = Claim.objects.select_for_update().filter(
        allotment=allotment, state=ClaimState.WAITING
    )
    rows = list(waiting.order_by("place", "pk")[:200])
    pay_by = clock.now() + dt.timedelta(minutes=allotment.pay_minutes)  # before the hold's own end
    held = _keep(allotment, [row.person_id for row in rows]) if rows else {}
    for row in rows:
        if hold := held.get(f"claim:{row.person_id}"):
            row.state = CLAIM.after(row.state, "win")
            row.hold_id, row.pay_by = hold, pay_by
            row.save(update_fields=["state", "hold_id", "pay_by"])
            publish(ClaimWon(row.pk))
    return len(held)


def _lock(allotment_id: int) -> Allotment:
    rows = Allotment.objects.select_for_update(of=("self",)).select_related("launch")
    if found := rows.filter(pk=allotment_id).first():
        return found
    raise NotFound


def lock_claim(claim_id: int) -> Claim:
    """Row locked. Raises NotFound."""
    if found := Claim.objects.select_for_update().filter(pk=claim_id).first():
        return found
    raise NotFound
