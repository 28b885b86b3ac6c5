"""What a firm was paid out, what is on its way, and where its money goes."""

from typing import Any

from django.db.models import QuerySet, Sum

from haishi.foundation.errors import Forbidden
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.trade import policies, rails
from haishi.trade.models import Payout, PayoutAccount
from haishi.trade.states import PayoutState
from haishi.trade.types import Place

__all__ = [
    "desk_of_payout",
    "failed_payouts",
    "owns_money",
    "paid_out_sums",
    "payout_facts",
    "payout_places",
    "payouts_of",
]


def payouts_of(actor: Actor, slug: str) -> tuple[Any, QuerySet[Payout]]:
    """A firm and its parts of settled orders, newest first; for its managers.

    Raises NotFound, Forbidden.
    """
    firm = parties.get_desk(actor, slug)
    if not parties.can_manage(actor, firm.pk):
        raise Forbidden
    rows = Payout.objects.filter(organisation=firm).select_related("payment", "order")
    return firm, rows.order_by("-pk")


def paid_out_sums(firm_id: int) -> dict[str, list[Money]]:
    """{payout state: sums by currency} of a firm."""
    rows = (
        Payout.objects.filter(organisation=firm_id)
        .values_list("state", "payment__currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("state", "payment__currency")
    )
    sums: dict[str, list[Money]] = {}
    for state, currency, total in rows:
        sums.setdefault(state, []).append(Money(total, currency))
    return sums


def payout_places(firm_id: int, names: tuple[str, ...]) -> list[Place]:
    """The firm's account with each provider of `names` or that it has; masked."""
    known = {row.provider: row for row in PayoutAccount.objects.filter(organisation=firm_id)}
    return [
        Place(
            provider=name,
            title=str(rail.title),
            masked=known[name].masked if name in known else "",
            holder=known[name].holder if name in known else "",
            bank=known[name].bank if name in known else "",
        )
        for name, rail in rails.known().items()
        if name in names or name in known
    ]


def owns_money(actor: Actor, firm_id: int) -> bool:
    """Whether the person says where this firm's money goes."""
    return policies.can_own_money(actor, firm_id)


def desk_of_payout(payout_id: int) -> str:
    """The address part of the firm that a payout belongs to, "" for the platform's own."""
    rows = Payout.objects.filter(pk=payout_id)
    return rows.values_list("organisation__slug", flat=True).first() or ""


def payout_facts(payout_id: int) -> Payout | None:
    """One with its firm, for notices."""
    rows = Payout.objects.select_related("organisation", "payment")
    return rows.filter(pk=payout_id).first()


def failed_payouts(actor: Actor) -> QuerySet[Payout]:
    """What providers refused, oldest first, for operators. Raises Forbidden."""
    if not policies.can_run_money(actor):
        raise Forbidden
    rows = Payout.objects.filter(state__in=(PayoutState.FAILED, PayoutState.WAITING))
    return rows.select_related("payment", "order", "organisation").order_by("pk")
