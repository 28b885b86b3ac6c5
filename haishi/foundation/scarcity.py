"""Scarcity in one pattern: a first-sale unit, a seat, a slot, a booth, stage time.

`reserve` is one conditional statement: the pool's row is the lock, its CHECK the backstop. Measured
beside SELECT FOR UPDATE, advisory locks and read-check-write in `bench/claims.py`; the last one
oversells and stays in the tests as the control.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from haishi.foundation import clock
from haishi.foundation.errors import Conflict, NotFound
from haishi.foundation.models import Hold, Pool, PoolHolder
from haishi.foundation.service import service
from haishi.foundation.states import HoldState


class SoldOut(Conflict):
    message = _("已经没有余量了。")


class HolderCapReached(Conflict):
    message = _("你已达到每人可保留的数量上限（%(cap)s）。")


class HoldGone(Conflict):
    message = _("保留已过期或已释放，请重新选择。")


@dataclass(frozen=True)
class Reserved:
    """A hold as `reserve` answers it. `repeated`: the key had been used before, nothing changed."""

    hold_id: int
    pool_id: int
    quantity: int
    state: str
    expires_at: dt.datetime | None
    repeated: bool


@service
def open_pool(kind: str, capacity: int, per_holder: int | None = None) -> Pool:
    """A new pool of `capacity` units, at most `per_holder` for one holder."""
    return Pool.objects.create(kind=kind, capacity=capacity, per_holder=per_holder)


@service
def resize(pool_id: int, capacity: int) -> None:
    """Change the quota. Raises SoldOut when more units than that are already taken."""
    changed = Pool.objects.filter(pk=pool_id, taken__lte=capacity).update(capacity=capacity)
    if not changed:
        raise SoldOut(_("已有更多数量被占用，不能减少到这个数。"))


# The existing key answers a repetition. The UPDATE takes the row lock and re-checks under it
# (READ COMMITTED re-evaluates its WHERE on the newest row), so no more than capacity can pass.
_RESERVE = """
WITH took AS (
  UPDATE foundation_pool SET taken = taken + %(n)s
   WHERE id = %(pool)s AND taken + %(n)s <= capacity
  RETURNING id)
INSERT INTO foundation_hold (pool_id, holder, quantity, state, key, created_at, expires_at)
SELECT id, %(holder)s, %(n)s, 'held', %(key)s, now(), %(until)s FROM took
ON CONFLICT (pool_id, key) DO NOTHING
RETURNING id
"""
# `reserve` of one unit as a part of a larger statement, for whoever adds rows of their own in the
# same round trip. `wanted` is a CTE of the caller with one row or none: (pool_id, holder, key,
# until); `kept` is the new hold, (id). The pool is counted when all else is written (a CTE that
# nothing refers to runs last), so that its row is locked for the commit alone. Its CHECK fails
# the statement as a whole when nothing is left, as the UNIQUE of holds does for a key used before.
KEEP_ONE = """
kept AS (
  INSERT INTO foundation_hold (pool_id, holder, quantity, state, key, created_at, expires_at)
  SELECT pool_id, holder, 1, 'held', key, now(), until FROM wanted RETURNING id
), took AS (
  UPDATE foundation_pool AS pool SET taken = pool.taken + 1 FROM wanted
   WHERE pool.id = wanted.pool_id)
"""
_TALLY = """
INSERT INTO foundation_poolholder (pool_id, holder, taken) VALUES (%(pool)s, %(holder)s, %(n)s)
ON CONFLICT (pool_id, holder) DO UPDATE SET taken = foundation_poolholder.taken + EXCLUDED.taken
 WHERE foundation_poolholder.taken + EXCLUDED.taken <= %(cap)s
RETURNING taken
"""


@service
def reserve(
    pool_id: int, holder: str, key: str, quantity: int = 1, ttl: dt.timedelta | None = None
) -> Reserved:
    """Keep `quantity` units for `holder` until `ttl` from now (None: until released).

    `key` makes it idempotent per pool: the same key answers with the first hold and takes nothing.
    Raises NotFound, SoldOut, HolderCapReached.
    """
    state = _look(pool_id, key)
    if isinstance(state, Reserved):
        return state
    capacity, taken, cap = state
    if taken + quantity > capacity:  # a refusal is a read; nothing is locked or written
        raise SoldOut
    until = clock.now() + ttl if ttl else None
    values: dict[str, Any] = {
        "pool": pool_id,
        "holder": holder,
        "n": quantity,
        "key": key,
        "until": until,
        "cap": cap,
    }
    with connection.cursor() as cursor:
        if cap is not None:
            cursor.execute(_TALLY, values)
            if quantity > cap or cursor.fetchone() is None:
                raise HolderCapReached(cap=cap)
        cursor.execute(_RESERVE, values)
        row = cursor.fetchone()
    if row is None:
        raise _why_not(pool_id, key)
    return Reserved(row[0], pool_id, quantity, HoldState.HELD, until, repeated=False)


def _look(pool_id: int, key: str) -> Reserved | tuple[int, int, int | None]:
    """The hold that `key` made before, or (capacity, taken, cap) of the pool, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.capacity, p.taken, p.per_holder, h.id, h.quantity, h.state, h.expires_at"
            " FROM foundation_pool p LEFT JOIN foundation_hold h ON h.pool_id = p.id AND h.key = %s"
            " WHERE p.id = %s",
            [key, pool_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    capacity, taken, cap, hold_id, quantity, state, until = row
    if hold_id is not None:
        return Reserved(hold_id, pool_id, quantity, state, until, repeated=True)
    return capacity, taken, cap


def _why_not(pool_id: int, key: str) -> Conflict:
    """Nothing was inserted: the same key won a race a moment ago, or the pool is used up.

    Either way the caller's transaction must be undone, so both are errors.
    """
    if Hold.objects.filter(pool_id=pool_id, key=key).exists():
        return Conflict(_("相同的请求正在处理，请勿重复提交。"))
    return SoldOut()


@service
def confirm(hold_id: int) -> Hold:
    """Make a hold final; doing it twice is the same as once. Raises NotFound, HoldGone."""
    hold = _lock(hold_id)
    if hold.state == HoldState.CONFIRMED:
        return hold
    overdue = hold.expires_at is not None and hold.expires_at <= clock.now()
    if hold.state != HoldState.HELD or overdue:
        raise HoldGone
    hold.state = HoldState.CONFIRMED
    hold.expires_at = None
    hold.save(update_fields=["state", "expires_at"])
    return hold


@service
def release(hold_id: int) -> bool:
    """Give the units back; returns whether this call did. Raises NotFound."""
    hold = _lock(hold_id)
    if hold.state not in (HoldState.HELD, HoldState.CONFIRMED):
        return False
    _give_back(hold, HoldState.RELEASED)
    return True


@service
def expire_due(limit: int = 200) -> int:
    """Give back what was held too long. Returns how many holds; run by the worker."""
    due = (
        Hold.objects.select_for_update(skip_locked=True)
        .filter(state=HoldState.HELD, expires_at__lte=clock.now())
        .order_by("pool_id", "id")[:limit]
    )
    holds = list(due)
    for hold in holds:
        _give_back(hold, HoldState.EXPIRED)
    return len(holds)


def _lock(hold_id: int) -> Hold:
    hold = Hold.objects.select_for_update().filter(pk=hold_id).first()
    if hold is None:
        raise NotFound
    return hold


def _give_back(hold: Hold, state: str) -> None:
    hold.state = state
    hold.save(update_fields=["state"])
    Pool.objects.filter(pk=hold.pool_id).update(taken=F("taken") - hold.quantity)
    PoolHolder.objects.filter(pool_id=hold.pool_id, holder=hold.holder).update(
        taken=F("taken") - hold.quantity
    )


_RESERVE_MANY = """
WITH pool AS (
  SELECT id, capacity - taken AS room FROM foundation_pool WHERE id = %(pool)s FOR UPDATE
), wanted AS (
  SELECT * FROM unnest(%(holders)s::text[], %(keys)s::text[]) WITH ORDINALITY AS w (holder, key, n)
), kept AS (
  INSERT INTO foundation_hold (pool_id, holder, quantity, state, key, created_at, expires_at)
  SELECT pool.id, wanted.holder, 1, 'held', wanted.key, now(), %(until)s
    FROM pool JOIN wanted ON wanted.n <= pool.room ORDER BY wanted.n
  RETURNING id, key
), counted AS (
  UPDATE foundation_pool SET taken = taken + (SELECT count(*) FROM kept) WHERE id = %(pool)s
)
SELECT key, id FROM kept
"""


@service
def reserve_many(
    pool_id: int, wanted: Sequence[tuple[str, str]], ttl: dt.timedelta
) -> dict[str, int]:
    """Keep one unit each for as many of `wanted`, (holder, key) in their order, as there are.

    Returns {key: hold id} of those that got one, in one statement for any number. Meant for queues
    that ask once for each key and cap holders themselves. Raises ValueError for a pool with a
    cap per holder, IntegrityError for a key used before.
    """
    pool = Pool.objects.get(pk=pool_id)
    if pool.per_holder is not None:
        raise ValueError("reserve_many does not count per holder")
    values: dict[str, Any] = {
        "pool": pool_id,
        "holders": [holder for holder, _key in wanted],
        "keys": [key for _holder, key in wanted],
        "until": clock.now() + ttl,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE_MANY, values)
        return dict(cursor.fetchall())
