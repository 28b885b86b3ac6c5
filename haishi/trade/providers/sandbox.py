"""The sandbox provider: the embedded default, which pays with no money.

`Sandbox` is our side of the port. The functions below it are the provider's own side: it keeps its
charges, signs its callbacks when it delivers them, and can be told to delay, repeat, reverse or
lose them. The two sides share nothing but references, messages and the public key.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from haishi.foundation import clock
from haishi.foundation.errors import DomainError
from haishi.foundation.money import Money
from haishi.trade.errors import CallbackRefused, ProviderFailed
from haishi.trade.models import SandboxCallback, SandboxCharge
from haishi.trade.providers import signatures
from haishi.trade.statements import plain
from haishi.trade.states import NoticeKind, RowKind
from haishi.trade.types import Charge, Created, Known, News, Outcome, Transfer

NAME, MERCHANT = "sandbox", "haishi"


def _key() -> Any:
    return signatures.private_key(Path(settings.HAISHI_HOME) / "secrets" / "sandbox_provider.pem")


class Sandbox:
    """Our side."""

    name = NAME
    merchant = MERCHANT
    heard = ("application/json", '{"code":"SUCCESS"}')
    needs_payee = False
    knows_receivers = False

    def create(self, charge: Charge) -> Created:
        """Open a charge; the same reference again answers the same. Raises ProviderFailed."""
        row, _made = SandboxCharge.objects.get_or_create(
            reference=charge.reference,
            defaults={
                "merchant": MERCHANT,
                "amount": charge.amount.minor,
                "currency": charge.amount.currency,
            },
        )
        if (row.amount, row.currency) != (charge.amount.minor, charge.amount.currency):
            raise ProviderFailed
        return Created(_transaction(row), f"/pay/sandbox/{charge.reference}/")

    def verify(self, headers: Mapping[str, str], body: bytes) -> News:
        """Signature, age, shape and merchant, in this order. Raises CallbackRefused."""
        signatures.check(_key().public_key(), headers, body)
        return _news(body)

    def query(self, known: Known) -> list[News]:
        """What the sandbox knows. Raises ProviderFailed for a charge it never saw."""
        row = _charge(known.reference)
        told = [] if row.state != "paid" else [_paid(row)]
        told += [_refunded(row, number) for number in row.refunds]
        return [_news(_bytes(body)) for body in told]

    def refund(self, known: Known, number: str, amount: Money) -> News | None:
        """Pay back; the first call is accepted, a repetition tells that it has arrived."""
        with transaction.atomic():
            row = _charge(known.reference, lock=True)
            if number in row.refunds:
                return _news(_bytes(_refunded(row, number)))
            paid = row.state == "paid" and row.currency == amount.currency
            if not paid or row.refunded + amount.minor > row.amount:
                raise ProviderFailed
            row.refunds[number] = amount.minor
            row.refunded += amount.minor
            _note(row, RowKind.REFUND, number, amount.minor)
            row.save(update_fields=["refunds", "refunded", "moves"])
            _queue(_refunded(row, number), Faults())
        return None

    def admit(self, number: str, account: str, holder: str) -> Outcome:
        """Any account may get a part."""
        return Outcome(done=True)

    def transfer(self, known: Known, wish: Transfer) -> Outcome:
        """Accepted at first, done at a repetition. An account that ends in 0000 does not exist."""
        with transaction.atomic():
            row = _charge(known.reference, lock=True)
            if wish.number in row.transfers:
                return Outcome(done=True)
            left = row.amount - row.refunded - sum(row.transfers.values())
            if row.state != "paid" or wish.amount.minor > left:
                return Outcome(reason=_("可分金额不足"))
            if wish.account.endswith("0000"):
                return Outcome(reason=_("收款账户不存在"))
            row.transfers[wish.number] = wish.amount.minor
            _note(row, RowKind.PAYOUT, wish.number, wish.amount.minor)
            row.save(update_fields=["transfers", "moves"])
        return Outcome()


def _news(body: bytes) -> News:
    try:
        told = json.loads(body)
        news = News(
            provider=NAME,
            event_id=str(told["id"])[:64],
            kind=NoticeKind(told["type"]).value,
            reference=str(told["reference"]),
            transaction=str(told["transaction"])[:64],
            amount=Money(int(told["amount"]), told["currency"]),
            refund_number=str(told["refund"]),
            digest=hashlib.sha256(body).hexdigest(),
        )
    except (ValueError, KeyError, TypeError, DomainError):
        raise CallbackRefused(reason=_("内容无法读取")) from None
    if told.get("merchant") != MERCHANT:
        raise CallbackRefused(reason=_("商户号不符"))
    return news


# The provider's own side.


@dataclass(frozen=True)
class Faults:
    """How badly the news of one event travels: later, `copies` times, or not at all (0).

    `stale`: news of a failure that came before it arrives after it.
    """

    delay: dt.timedelta = dt.timedelta(0)
    copies: int = 1
    stale: bool = False


def _charge(reference: str, *, lock: bool = False) -> SandboxCharge:
    rows = SandboxCharge.objects.select_for_update() if lock else SandboxCharge.objects.all()
    if found := rows.filter(reference=reference).first():
        return found
    raise ProviderFailed


@transaction.atomic
def pay(reference: str, faults: Faults | None = None) -> None:
    """The buyer pays at the cashier; twice is once. Raises ProviderFailed."""
    row = _charge(reference, lock=True)
    if row.state == "paid":
        return
    row.state = "paid"
    _note(row, RowKind.PAYMENT, row.reference, row.amount)
    row.save(update_fields=["state", "moves"])
    how = faults or Faults()
    _queue(_paid(row), how)
    if how.stale:
        older = _body(row, "failed", NoticeKind.FAILED, row.amount)
        _queue(older, Faults(how.delay + dt.timedelta(seconds=5)))


@transaction.atomic
def decline(reference: str, faults: Faults | None = None) -> None:
    """The buyer's bank says no; the buyer may try again. Raises ProviderFailed."""
    row = _charge(reference, lock=True)
    if row.state == "open":
        _queue(_body(row, "failed", NoticeKind.FAILED, row.amount), faults or Faults())


def deliver_due(
    post: Callable[[dict[str, str], bytes], object], *, reverse: bool = False, limit: int = 100
) -> int:
    """Sign what is due and hand it to `post`(headers, body); returns how many were taken.

    `reverse`: the newest first. A `post` that raises a DomainError is tried again, 15 seconds later
    each time, for ten times.
    """
    due = SandboxCallback.objects.filter(
        delivered_at=None, due_at__lte=clock.now(), tries__lt=10
    ).order_by("-due_at" if reverse else "due_at", "-pk" if reverse else "pk")
    done = 0
    for row in list(due[:limit]):
        body = _bytes(row.body)
        try:
            post(signatures.sign(_key(), body), body)
        except DomainError:
            row.tries += 1
            row.due_at = clock.now() + dt.timedelta(seconds=15 * row.tries)
        else:
            row.delivered_at = clock.now()
            done += 1
        row.save(update_fields=["tries", "due_at", "delivered_at"])
    return done


def _note(row: SandboxCharge, kind: RowKind, reference: str, amount: int) -> None:
    row.moves.append([kind.value, reference, amount, clock.now().isoformat()])


def statement(day: dt.date, zone: str) -> bytes:
    """The sandbox's statement of a day of `zone`, as a file."""
    rows = []
    for row in SandboxCharge.objects.exclude(moves=[]).order_by("pk"):
        for kind, reference, amount, at in row.moves:
            if clock.local(dt.datetime.fromisoformat(at), zone).date() == day:
                rows.append((kind, reference, Money(amount, row.currency), day))
    return plain.write(rows)


def _queue(body: dict[str, Any], faults: Faults) -> None:
    due = clock.now() + faults.delay
    SandboxCallback.objects.bulk_create(
        SandboxCallback(body=body, due_at=due) for _copy in range(faults.copies)
    )


def _paid(row: SandboxCharge) -> dict[str, Any]:
    return _body(row, "paid", NoticeKind.PAID, row.amount)


def _refunded(row: SandboxCharge, number: str) -> dict[str, Any]:
    return _body(row, number, NoticeKind.REFUNDED, row.refunds[number], refund=number)


def _body(
    row: SandboxCharge, what: str, kind: NoticeKind, amount: int, refund: str = ""
) -> dict[str, Any]:
    return {
        "id": f"{row.pk}.{what}",
        "type": kind.value,
        "merchant": row.merchant,
        "reference": row.reference,
        "transaction": _transaction(row),
        "amount": amount,
        "currency": row.currency,
        "refund": refund,
    }


def _transaction(row: SandboxCharge) -> str:
    return f"SB{row.pk:012d}"


def _bytes(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True).encode()
