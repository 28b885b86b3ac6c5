"""Reading the ledger."""

from django.db import connection
from django.db.models import Sum

from haishi.foundation.money import Money
from haishi.trade.models import Entry, Posting
from haishi.trade.types import AccountName, StatementLine, TrialBalance

__all__ = ["balance", "statement", "trial_balance"]


def balance(account: AccountName) -> Money:
    """What an account holds on its own side, summed from its postings; zero before the first."""
    rows = Posting.objects.filter(account__code=account.code, account__currency=account.currency)
    total = rows.aggregate(total=Sum("amount"))["total"] or 0
    return Money(total * account.side, account.currency)


def statement(subject: str) -> list[tuple[str, StatementLine]]:
    """(account code, line) of everything posted about a subject, in the order it happened."""
    rows = Posting.objects.filter(entry__subject=subject).select_related("entry", "account")
    return [
        (
            row.account.code,
            StatementLine(
                entry_id=row.entry_id,
                kind=row.entry.kind,
                subject=row.entry.subject,
                memo=row.entry.memo,
                amount=Money(row.amount, row.account.currency),
            ),
        )
        for row in rows.order_by("entry_id", "pk")
    ]


_WRONG = """
SELECT a.code FROM trade_account a
  LEFT JOIN trade_posting p ON p.account_id = a.id
 WHERE a.balance IS NOT NULL
 GROUP BY a.id HAVING a.balance <> coalesce(sum(p.amount), 0) * a.side
 ORDER BY a.code LIMIT 20
"""


def trial_balance() -> TrialBalance:
    """Debits against credits per currency, and every kept balance against its postings."""
    sums = Posting.objects.values_list("account__currency").annotate(total=Sum("amount"))
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        wrong = tuple(row[0] for row in cursor.fetchall())
    return TrialBalance(
        entries=Entry.objects.count(),
        postings=Posting.objects.count(),
        difference={currency: int(total) for currency, total in sums.order_by()},
        wrong_accounts=wrong,
    )
