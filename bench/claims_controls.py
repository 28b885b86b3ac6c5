"""The controls of the claims benchmark: other designs, written as Django applications write them.

Each asks through the ORM what a claim asks (is the sale open, is it the buyer's own firm's, did
the buyer claim before) and writes what a claim writes: a hold, the claim, a fact in the outbox, a
unit counted. They differ only in what keeps two buyers apart. `for_update_sql` is the same as
`for_update` in four bare statements that ask nothing: what is left of the difference is the lock
that is held over round trips.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
from typing import Any

_numbers = itertools.count()


def for_update(sale: tuple[int, int, int], person: int) -> str:
    """The pool's row is locked before it is read."""
    from django.db import transaction

    from haishi.foundation.models import Pool

    with transaction.atomic():
        if not _may_ask(sale, person):
            return "closed"
        pool = Pool.objects.select_for_update().get(pk=sale[1])
        return _sell(pool, pool.taken, sale, person)


_LOCK = "SELECT taken FROM foundation_pool WHERE id = %s FOR UPDATE"
_TAKE = "UPDATE foundation_pool SET taken = taken + 1 WHERE id = %s"
_HOLD = """
INSERT INTO foundation_hold (pool_id, holder, quantity, state, key, created_at, expires_at)
VALUES (%s, %s, 1, 'held', %s, now(), now() + interval '15 minutes') RETURNING id
"""
_CLAIM = """
WITH made AS (
  INSERT INTO launches_claim (allotment_id, person_id, ticket, state, hold_id, pay_by)
  VALUES (%s, %s, %s, 'won', %s, now() + interval '15 minutes') RETURNING id)
INSERT INTO foundation_outbox (label, payload, done, failures, parked, last_error)
SELECT 'launches.ClaimWon', jsonb_build_object('claim_id', id), '[]', 0, false, '' FROM made
"""


def for_update_sql(sale: tuple[int, int, int], person: int) -> str:
    """As `for_update`, without the ORM and without the questions."""
    from django.db import connection, transaction

    allotment, pool, quota = sale
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [pool])
        if cursor.fetchone()[0] >= quota:
            return "sold out"
        cursor.execute(_HOLD, [pool, f"person:{person}", f"claim:{person}"])
        hold = cursor.fetchone()[0]
        cursor.execute(_CLAIM, [allotment, person, _ticket(), hold])
        cursor.execute(_TAKE, [pool])
    return "won"


def advisory(sale: tuple[int, int, int], person: int) -> str:
    """An advisory lock, then what was sold is counted."""
    from django.db import connection, transaction

    from haishi.foundation.models import Hold, Pool

    with transaction.atomic():
        if not _may_ask(sale, person):
            return "closed"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sale[1]])
        sold = Hold.objects.filter(pool=sale[1]).count()
        return _sell(Pool.objects.get(pk=sale[1]), sold, sale, person)


def naive(sale: tuple[int, int, int], person: int) -> str:
    """Read, check, write: the control that oversells."""
    from django.db import transaction

    from haishi.foundation.models import Pool

    with transaction.atomic():
        if not _may_ask(sale, person):
            return "closed"
        pool = Pool.objects.get(pk=sale[1])
        return _sell(pool, pool.taken, sale, person)


def _may_ask(sale: tuple[int, int, int], person: int) -> bool:
    """Whether the sale is open, of another firm than the buyer's, and not claimed before."""
    from haishi.launches import policies
    from haishi.launches.models import Allotment, Claim
    from haishi.parties.models import Membership

    row = Allotment.objects.select_related("launch__exhibitor").get(pk=sale[0])
    firm = row.launch.exhibitor.organisation_id
    return (
        policies.is_selling(row.launch, row)
        and not Membership.objects.filter(organisation=firm, person=person).exists()
        and not Claim.objects.filter(allotment=row, person=person).exists()
    )


def _ticket() -> str:
    return f"{os.getpid()}-{next(_numbers)}"[:16]


def _sell(pool: Any, sold: int, sale: tuple[int, int, int], person: int) -> str:
    from haishi.foundation import clock
    from haishi.foundation.models import Hold, Outbox
    from haishi.launches.models import Claim

    allotment, _pool, quota = sale
    if sold >= quota:
        return "sold out"
    pool.taken = sold + 1
    pool.save(update_fields=["taken"])
    until = clock.now() + dt.timedelta(minutes=15)
    hold = Hold.objects.create(
        pool=pool, holder=f"person:{person}", quantity=1, key=f"claim:{person}", expires_at=until
    )
    claim = Claim.objects.create(
        allotment_id=allotment,
        person_id=person,
        ticket=_ticket(),
        state="won",
        hold_id=hold.pk,
        pay_by=until,
    )
    Outbox.objects.create(label="launches.ClaimWon", payload={"claim_id": claim.pk})
    return "won"


DESIGNS = (for_update, for_update_sql, advisory, naive)
