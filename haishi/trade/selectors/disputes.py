"""Reading disputes: the two sides, and those who mediate."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.expo import selectors as expo
from haishi.expo.selectors import Pending
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.money import Money
from haishi.foundation.types import SYSTEM, Actor
from haishi.media import selectors as media
from haishi.parties import selectors as parties
from haishi.parties.states import Duty
from haishi.trade import policies
from haishi.trade.errors import NotImpartial, NotYourTurn
from haishi.trade.models import Dispute, DisputeStep, Order, Refund
from haishi.trade.selectors.orders import get_visible, lock_order, steps_for, visible_to
from haishi.trade.states import DISPUTED, MEDIATED, UNANSWERED, DisputeSide, DisputeState

__all__ = [
    "QUEUES",
    "dispute_facts",
    "dispute_of_order",
    "dispute_steps_for",
    "disputes_of",
    "disputes_pending",
    "get_claimable",
    "get_dispute",
    "halfway",
    "has_open_dispute",
    "home_edition",
    "last_side",
    "lock_dispute",
    "lock_for_mediator",
    "lock_own_dispute",
    "mediation_queue",
    "mediators",
    "opens_evidence",
    "speaks_for",
    "stands_still",
    "thread",
    "waits_in_dispute",
]
QUEUES: dict[str, tuple[str, ...]] = {
    "deciding": (DisputeState.DECIDING,),
    "evidence": (DisputeState.MEDIATION,),
    "decided": (DisputeState.DECIDED,),
}


def has_open_dispute(order: Order) -> bool:
    """Whether the order's clocks stand still."""
    return Dispute.objects.filter(order=order, state__in=DISPUTED).exists()


def stands_still(order_id: int) -> bool:
    """Whether money of an order is asked back and the last word on it is not said."""
    asked = Refund.objects.filter(payment__order=order_id, state__in=UNANSWERED)
    return asked.exists() or Dispute.objects.filter(order=order_id, state__in=DISPUTED).exists()


def waits_in_dispute(order: str = "pk") -> Exists:
    """The same as a condition of a query on orders."""
    return Exists(Dispute.objects.filter(order=OuterRef(order), state__in=DISPUTED))


def _rows() -> QuerySet[Dispute]:
    return Dispute.objects.select_related("order__seller", "order__buyer", "order__buyer_firm")


def dispute_of_order(order: Order) -> Dispute | None:
    """The latest of an order."""
    return _rows().filter(order=order).order_by("-pk").first()


def disputes_of(actor: Actor, *, open_only: bool = False) -> QuerySet[Dispute]:
    """Those of orders the person may see, on either side; newest first."""
    rows = _rows()
    if not actor.is_staff:
        rows = rows.filter(order__in=visible_to(actor).values("pk"))
    return (rows.filter(state__in=DISPUTED) if open_only else rows).order_by("-pk")


def get_dispute(actor: Actor, number: str) -> Dispute:
    """One for its two sides, and for mediators once somebody asked for one. Raises NotFound."""
    row = _rows().filter(number=number).first()
    if row is None:
        raise NotFound
    if policies.can_see(actor, row.order):
        return row
    if row.mediated_at is not None and policies.has_mediators_duty(actor, row):
        return row
    raise NotFound


def lock_dispute(dispute_id: int) -> tuple[Order, Dispute]:
    """Order and dispute, rows locked in this order. Raises NotFound."""
    known = Dispute.objects.filter(pk=dispute_id).values_list("order_id", flat=True).first()
    if known is None:
        raise NotFound
    order = lock_order(known)
    row = Dispute.objects.select_for_update().get(pk=dispute_id)
    row.order = order
    return order, row


def lock_own_dispute(
    actor: Actor, dispute_id: int, *, turn: bool = False
) -> tuple[Order, Dispute, DisputeSide]:
    """Rows locked, with the person's side; `turn`: only when it has to answer.

    Raises NotFound, Forbidden, NotYourTurn.
    """
    order, row = lock_dispute(dispute_id)
    if not policies.can_see(actor, order):
        raise NotFound
    sides = _sides(actor, order)
    if not sides:
        raise Forbidden
    if row.turn in sides:
        return order, row, DisputeSide(row.turn)
    if turn:
        raise NotYourTurn
    return order, row, sides[0]


def _sides(actor: Actor, order: Order) -> list[DisputeSide]:
    buys = [DisputeSide.BUYER] if policies.can_buy(actor, order) else []
    sells = [DisputeSide.SELLER] if policies.can_refund(actor, order) else []
    # An operator may act for both by the rules of firms; in a dispute only as a mediator.
    own = parties.roles_of(actor)
    if actor.is_staff and actor.pk != order.buyer_id:
        buys = [side for side in buys if order.buyer_firm_id in own]
        sells = [side for side in sells if order.seller_id in own]
    return buys + sells


def speaks_for(actor: Actor, row: Dispute) -> str:
    """The side the person speaks for, the one whose turn it is first; "" for mediators."""
    sides = _sides(actor, row.order)
    return row.turn if row.turn in sides else next(iter(sides), "")


def halfway(row: Dispute) -> Money:
    """What the buyer would get if the mediator kept silent."""
    return row.money(policies.halfway(row.offered_minor or 0, row.wanted_minor))


def lock_for_mediator(actor: Actor, dispute_id: int) -> tuple[Order, Dispute]:
    """Rows locked, for somebody who may decide. Raises NotFound, Forbidden, NotImpartial."""
    order, row = lock_dispute(dispute_id)
    if row.mediated_at is None or not policies.has_mediators_duty(actor, row):
        raise (Forbidden if policies.can_see(actor, order) else NotFound)
    if policies.is_party(actor, order):
        raise NotImpartial
    return order, row


def dispute_steps_for(actor: Actor, row: Dispute) -> dict[str, bool]:
    """{what the person may do in the dispute now: True}."""
    sides, state = _sides(actor, row.order), row.state
    mine, talking = row.turn in sides, state in (DisputeState.OPEN, DisputeState.NEGOTIATING)
    may = {
        "accept": mine and talking,
        "offer": mine and talking,
        "refuse": mine and talking and row.turn == DisputeSide.SELLER,
        "mediate": bool(sides) and state == DisputeState.NEGOTIATING,
        "evidence": bool(sides) and state in (*DISPUTED[:2], DisputeState.MEDIATION),
        "withdraw": DisputeSide.BUYER in sides and state in DISPUTED,
        "decide": state == DisputeState.DECIDING and policies.can_mediate(actor, row),
    }
    return {name: True for name, allowed in may.items() if allowed}


def get_claimable(actor: Actor, number: str) -> Order:
    """An order whose buyer may open a dispute now. Raises NotFound, Forbidden, Conflict."""
    order = get_visible(actor, number)
    if not policies.can_buy(actor, order):
        raise Forbidden
    if "dispute" not in steps_for(actor, order):
        raise Conflict
    return order


def thread(row: Dispute) -> list[tuple[DisputeStep, list[Any]]]:
    """(step, its files at signed addresses) in the order it happened; the reader is admitted."""
    steps = list(row.steps.select_related("person").order_by("pk"))
    for step in steps:
        step.dispute = row
    wanted = [pk for step in steps for pk in step.asset_ids]
    files = media.private_attachments(SYSTEM, wanted) if wanted else {}
    return [(step, [files[pk] for pk in step.asset_ids if pk in files]) for step in steps]


def opens_evidence(actor: Actor, asset: Any) -> bool:
    """Whether a sealed file is evidence in a dispute that the person may read."""
    steps = DisputeStep.objects.filter(asset_ids__contains=[asset.pk])
    rows = _rows().filter(pk__in=steps.values("dispute"))
    return any(
        policies.can_see(actor, row.order)
        or (row.mediated_at is not None and policies.has_mediators_duty(actor, row))
        for row in rows
    )


def home_edition(seller_id: int) -> tuple[int | None, int | None]:
    """(edition, organiser) that mediates for a seller: where it last exhibited; none: operators."""
    rows = expo.exhibitors_visible_to(SYSTEM).filter(organisation=seller_id, state="approved")
    found = rows.order_by("-edition__opens_at", "-pk").first()
    if found is None:
        return None, None
    return found.edition_id, found.edition.series.organiser_id


def mediators(row: Dispute) -> list[int]:
    """Ids of the people who may decide; those on a side are left out."""
    order = row.order
    sides = {order.buyer_id, *parties.member_ids(order.seller_id)}
    if order.buyer_firm_id:
        sides |= set(parties.member_ids(order.buyer_firm_id))
    duties = (Duty.REVIEWER, Duty.MODERATOR)
    own = parties.people_with_duty(row.organiser_id, duties) if row.organiser_id else []
    return [pk for pk in own if pk not in sides] or parties.operators()


def mediation_queue(edition: Any, queue: str) -> tuple[QuerySet[Dispute], dict[str, int]]:
    """(disputes of a queue of an edition, {queue: how many}), the soonest deadline first."""
    mine = _rows().filter(edition=edition, mediated_at__isnull=False)
    counts = {name: mine.filter(state__in=states).count() for name, states in QUEUES.items()}
    rows = mine.filter(state__in=QUEUES[queue])
    return rows.order_by("-ended_at" if queue == "decided" else "due_at", "-pk"), counts


def disputes_pending(edition: Any) -> Pending:
    """Disputes in mediation before an edition closes. One query."""
    waiting = Dispute.objects.filter(edition=edition, state__in=MEDIATED)
    return Pending(
        _("调解中的索赔"),
        waiting.count(),
        _("闭幕后仍按期限处理"),
        reverse("trade:mediation", args=[edition.slug]),
    )


def dispute_facts(dispute_id: int) -> Dispute | None:
    """One with its order, for notices."""
    return _rows().filter(pk=dispute_id).first()


def last_side(row: Dispute, kind: str) -> str:
    """Who did this last; "" when nobody did."""
    steps = row.steps.filter(kind=kind).order_by("-pk")
    return steps.values_list("side", flat=True).first() or ""
