"""Posting to the ledger: one statement an entry."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction

from haishi.foundation.service import service
from haishi.trade.errors import AccountDiffers, KeyReused, NotEnoughHeld, Unbalanced
from haishi.trade.models import Account, Posting
from haishi.trade.types import AccountName, Line, Posted

_POST = """
WITH made AS (
  INSERT INTO trade_entry (key, kind, subject, memo, lines)
  VALUES (%(key)s, %(kind)s, %(subject)s, %(memo)s, %(lines)s)
  ON CONFLICT (key) DO NOTHING RETURNING id)
INSERT INTO trade_posting (entry_id, account_id, amount)
SELECT made.id, line.account, line.amount
  FROM made, unnest(%(accounts)s::bigint[], %(amounts)s::bigint[]) AS line (account, amount)
RETURNING entry_id
"""


@service
def post(key: str, kind: str, subject: str, lines: Sequence[Line], memo: str = "") -> Posted:
    """Record one business fact in money; accounts are opened as needed.

    The lines must sum to zero in each currency. The same `key` with the same lines answers with the
    first entry and changes nothing. Raises Unbalanced, KeyReused, NotEnoughHeld (an account would
    fall below its floor), AccountDiffers.
    """
    _check(lines)
    placed = sorted((_account_id(line.account), line.amount) for line in lines)
    values: dict[str, Any] = {
        "key": key,
        "kind": kind,
        "subject": subject,
        "memo": memo,
        "lines": len(lines),
        # In the order of ids, so that two entries never wait for each other.
        "accounts": [account for account, _amount in placed],
        "amounts": [amount for _account, amount in placed],
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_POST, values)
            row = cursor.fetchone()
    except IntegrityError as error:
        if "account_above_floor" in str(error):
            raise NotEnoughHeld from error
        raise
    return Posted(row[0], repeated=False) if row else _repeated(key, placed)


def _check(lines: Sequence[Line]) -> None:
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.account.currency] += line.amount
    if len(lines) < 2 or any(sums.values()) or not all(line.amount for line in lines):
        raise Unbalanced


def _repeated(key: str, placed: list[tuple[int, int]]) -> Posted:
    found = Posting.objects.filter(entry__key=key).values_list("account_id", "amount", "entry_id")
    known = sorted(found)
    if [row[:2] for row in known] != placed:
        raise KeyReused
    return Posted(known[0][2], repeated=True)


# Accounts without a floor are few and posted to by everybody: their ids are remembered, once the
# transaction that opened them is committed.
_known: dict[AccountName, int] = {}


def forget_accounts() -> None:
    """Forget remembered ids; for a database that was emptied or restored."""
    _known.clear()


def _account_id(name: AccountName) -> int:
    if name in _known:
        return _known[name]
    found = _open(name)
    if name.floor is None:
        transaction.on_commit(partial(_known.__setitem__, name, found))
    return found


def _open(name: AccountName) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trade_account (code, currency, side, floor, balance)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (code, currency) DO NOTHING RETURNING id",
            [name.code, name.currency, name.side, name.floor, None if name.floor is None else 0],
        )
        row = cursor.fetchone()
    if row:
        return int(row[0])
    known = Account.objects.get(code=name.code, currency=name.currency)
    if (known.side, known.floor) != (name.side, name.floor):
        raise AccountDiffers(code=name.code)
    return known.pk
