"""The controls of the claims benchmark: other designs, written as Django applications write them.

Each sells units of a pool through the ORM, and writes what a claim writes: a hold, the claim, a
fact in the outbox, a unit counted. They differ only in what keeps two buyers apart.
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
        pool = Pool.objects.select_for_update().get(pk=sale[1])
        return _sell(pool, pool.taken, sale, person)


def advisory(sale: tuple[int, int, int], person: int) -> str:
    """An advisory lock, then what was sold is counted."""
    from django.db import connection, transaction

    from haishi.foundation.models import Hold, Pool

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sale[1]])
        sold = Hold.objects.filter(pool=sale[1]).count()
        return _sell(Pool.objects.get(pk=sale[1]), sold, sale, person)


def naive(sale: tuple[int, int, int], person: int) -> str:
    """Read, check, write: the control that oversells."""
    from django.db import transaction

    from haishi.foundation.models import Pool

    with transaction.atomic():
        pool = Pool.objects.get(pk=sale[1])
        return _sell(pool, pool.taken, sale, person)


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
        ticket=f"{os.getpid()}-{next(_numbers)}"[:16],
        state="won",
        hold_id=hold.pk,
        pay_by=until,
    )
    Outbox.objects.create(label="launches.ClaimWon", payload={"claim_id": claim.pk})
    return "won"
