"""The ledger: accounts, entries and their postings; nothing in it is ever changed.

What the tables promise is promised by the database (migration 0002): the postings of an entry sum
to zero in every currency, entries and postings refuse UPDATE, DELETE and TRUNCATE, nothing can be
added to an entry later, and an account with a floor never falls below it.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from haishi.trade.states import EntryKind, Side


class Account(models.Model):
    """A place where money is counted. `code` names purpose and owner: `escrow:order:17`.

    `side` is the side that makes it grow. Only an account with a `floor` keeps its `balance`: a
    balance on an account that everybody posts to would be a queue (measured: 25–80 entries/s).
    """

    code = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    side = models.SmallIntegerField(choices=Side)
    floor = models.BigIntegerField(null=True)
    balance = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "currency"], name="account_once"),
            models.CheckConstraint(condition=Q(side__in=(1, -1)), name="account_side"),
            models.CheckConstraint(
                condition=Q(floor=None, balance=None)
                | Q(floor__isnull=False, balance__gte=F("floor")),
                name="account_above_floor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class Entry(models.Model):
    """A journal entry: one business fact in money. `key` makes posting it idempotent."""

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=24, choices=EntryKind)
    subject = models.CharField(max_length=80)
    memo = models.CharField(max_length=200, blank=True, default="")
    lines = models.PositiveSmallIntegerField()
    posted_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index("subject", "id", name="entry_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Posting(models.Model):
    """`amount` minor units to the debit (positive) or credit (negative) of an account."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="posting_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount}"
