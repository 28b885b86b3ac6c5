"""A deal's every figure three times: from the audit chain alone, from the tables, from the ledger.

Each reader answers with {name: value}; amounts are minor units. `compare` lays them side by side
and knows which of the three must know which figure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from haishi.foundation import audit
from haishi.foundation.errors import NotFound
from haishi.foundation.models import AuditEntry
from haishi.trade.models import Account, Dispute, Invoice, Order, Payment, Posting, Refund
from haishi.trade.states import PaymentState, RefundState

__all__ = ["Figure", "Rebuilt", "deal_figures", "rebuild_deal"]
Figures = dict[str, Any]
# Which of the three must know a figure, by the first word of its name.
KNOWS = {
    "paid": ("audit", "tables", "ledger"),
    "held": ("audit", "tables", "ledger"),
    "left": ("audit", "ledger"),
    "arrived": ("audit", "ledger"),
    "share": ("audit", "ledger"),
}
OTHERS = ("audit", "tables")
GONE = (RefundState.INSTRUCTED, RefundState.DONE)


@dataclass(frozen=True)
class Figure:
    """One figure beside itself; None where a source that must know it does not."""

    name: str
    audit: Any
    tables: Any
    ledger: Any
    asked: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether all that must know it say the same."""
        said = [getattr(self, source) for source in self.asked]
        return all(value == said[0] and value is not None for value in said)


@dataclass(frozen=True)
class Rebuilt:
    """A deal rebuilt. `links`: how many links of the chain were walked; `bad_link`: the first that
    differs, `unsealed`: entries of the deal that no link covers."""

    number: str
    figures: tuple[Figure, ...]
    links: int
    bad_link: int | None
    unsealed: int

    @property
    def ok(self) -> bool:
        """Nothing differs anywhere."""
        sound = self.bad_link is None and not self.unsealed
        return sound and all(figure.ok for figure in self.figures)


def rebuild_deal(number: str) -> Rebuilt:
    """Walk the chain, rebuild an order by its number and compare.

    Raises NotFound when the chain knows none.
    """
    entries = _entries(number)
    links, bad = audit.verify()
    unsealed = AuditEntry.objects.filter(pk__in=[row.pk for row in entries], link=None).count()
    return Rebuilt(number, tuple(_figures(entries)), links, bad, unsealed)


def deal_figures(number: str) -> tuple[Figure, ...]:
    """The comparison alone, without walking the chain. Raises NotFound."""
    return tuple(_figures(_entries(number)))


def _entries(number: str) -> list[AuditEntry]:
    begun = AuditEntry.objects.filter(
        action__in=("order.placed", "order.billed"), detail__number=number
    ).first()
    if begun is None or begun.subject_id is None:
        raise NotFound
    rows = AuditEntry.objects.filter(subject_type=begun.subject_type, subject_id=begun.subject_id)
    return list(rows.order_by("pk"))


def _figures(entries: list[AuditEntry]) -> Iterable[Figure]:
    order = entries[0].subject_id or 0
    return compare(from_audit(entries), from_tables(order), from_ledger(order))


def compare(said: Figures, stored: Figures, posted: Figures) -> Iterable[Figure]:
    """The three side by side, in the order of the audit chain."""
    for name in dict.fromkeys((*said, *stored, *posted)):
        asked = KNOWS.get(name.split()[0], OTHERS)
        yield Figure(name, said.get(name), stored.get(name), posted.get(name), asked)


def from_audit(entries: Iterable[AuditEntry]) -> Figures:
    """What the rows of the chain add up to; nothing else is read."""
    found: Figures = {}
    for entry in entries:
        if reader := _READERS.get(entry.action.split(".")[0]):
            reader(found, entry.action, entry.detail)
    paid = sum(value for name, value in found.items() if name.startswith("paid "))
    gone = sum(value for name, value in found.items() if name.split()[0] in ("left", "share"))
    found["held"] = paid - gone
    return found


def _order(found: Figures, action: str, detail: Mapping[str, Any]) -> None:
    if action in ("order.placed", "order.billed"):
        # What a row does not say stays unknown, which is a difference, not a failure.
        figures = ("total", "currency", "fee", "buyer", "seller", "state")
        found |= {name: detail.get(name) for name in figures}
        lines = [[quantity, price] for _what, quantity, price in detail.get("lines", [])]
        found["lines"], found["shares"] = sorted(lines), sorted(detail.get("shares", []))
    else:
        found["state"] = detail.get("after")
    for line, units in detail.get("content", {}).items():
        found[f"sent {line}"] = found.get(f"sent {line}", 0) + units
    for code, amount in detail.get("shared", {}).items():
        found[f"share {code}"] = amount


def _payment(found: Figures, action: str, detail: Mapping[str, Any]) -> None:
    if action == "payment.succeeded":
        found[f"paid {detail['reference']}"] = detail["amount"]


def _refund(found: Figures, action: str, detail: Mapping[str, Any]) -> None:
    number, amount = detail["number"], detail["amount"]
    state = detail.get("after", RefundState.REQUESTED)
    found[f"refund {number}"] = [amount, state]
    if state in GONE:
        found[f"left {number}"] = amount
    if state == RefundState.DONE:
        found[f"arrived {number}"] = amount


def _dispute(found: Figures, action: str, detail: Mapping[str, Any]) -> None:
    name = f"dispute {detail['number']}"
    known = found.get(name, ["open", None, None, None])
    if "to_buyer" in detail:
        known = [None, detail["held"], detail["to_buyer"], detail["to_seller"]]
    found[name] = [detail.get("after", known[0]), *known[1:]]


def _invoice(found: Figures, action: str, detail: Mapping[str, Any]) -> None:
    if action in ("invoice.issued", "invoice.red"):
        found[f"invoice {detail['number']}"] = [detail["amount"], detail["tax"], detail["rate"]]


_READERS = {
    "order": _order,
    "payment": _payment,
    "refund": _refund,
    "dispute": _dispute,
    "invoice": _invoice,
}


def from_tables(order_id: int) -> Figures:
    """What the tables say now."""
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        return {}
    lines = list(order.lines.order_by("pk"))
    found: Figures = {
        "total": order.total_minor,
        "currency": order.currency,
        "fee": order.fee_points,
        "buyer": order.buyer_id,
        "seller": order.seller_id,
        "state": order.state,
        "lines": sorted([line.quantity, line.price_minor] for line in lines),
        "shares": sorted(map(list, order.shares.values_list("organisation", "points"))),
    }
    found |= {f"sent {line.pk}": line.shipped for line in lines if line.shipped}
    paid = Payment.objects.filter(order=order, state=PaymentState.SUCCEEDED)
    found |= {f"paid {row.reference}": row.amount_minor for row in paid}
    for back in Refund.objects.filter(payment__order=order):
        found[f"refund {back.number}"] = [back.amount_minor, back.state]
    for row in Dispute.objects.filter(order=order):
        split = [row.held_minor, row.to_buyer_minor, row.to_seller_minor]
        found[f"dispute {row.number}"] = [row.state, *split]
    for one in Invoice.objects.filter(order=order):
        found[f"invoice {one.number}"] = [one.amount_minor, one.tax_minor, one.rate_points]
    kept = Account.objects.filter(code=f"escrow:order:{order_id}")
    found["held"] = kept.aggregate(sum=Sum("balance"))["sum"] or 0
    return found


_ENTRIES = {"payment": "paid", "refund": "left", "refunded": "arrived"}


def from_ledger(order_id: int) -> Figures:
    """What was posted about the order, and what its escrow account sums up to."""
    escrow = f"escrow:order:{order_id}"
    found: Figures = {"held": 0}
    rows = Posting.objects.filter(entry__subject=f"order:{order_id}")
    for key, code, amount in rows.order_by("pk").values_list(
        "entry__key", "account__code", "amount"
    ):
        kind, _colon, number = key.partition(":")
        if code == escrow:
            found["held"] -= amount
        if kind == "release" and code != escrow:
            found[f"share {code}"] = -amount
        elif kind in _ENTRIES and amount > 0:
            found[f"{_ENTRIES[kind]} {number}"] = amount
    return found
