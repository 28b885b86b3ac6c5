"""The thread of a dispute, its steps and the split that ends it. Rows are locked by the caller."""

import datetime as dt
from collections.abc import Sequence

from haishi.foundation import audit, clock
from haishi.foundation.outbox import publish
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.trade import policies, selectors
from haishi.trade.errors import EvidenceForeign
from haishi.trade.events import DisputeMoved
from haishi.trade.models import Dispute, DisputeStep, Order
from haishi.trade.services import fulfilment, refunds
from haishi.trade.states import DISPUTE, HELD, DisputeSide

Files = Sequence[int]
SPLIT = ("held_minor", "to_buyer_minor", "to_seller_minor", "refund", "ended_at", "by_rule")


def say(
    actor: Actor,
    row: Dispute,
    side: str,
    kind: str,
    amount: int | None = None,
    words: str = "",
    files: Files = (),
) -> DisputeStep:
    """Write a step into the thread. Raises EvidenceForeign."""
    if len(files) > policies.MOST_FILES:
        raise EvidenceForeign
    firms = {DisputeSide.BUYER: row.order.buyer_firm_id, DisputeSide.SELLER: row.order.seller_id}
    known = media.assets(files) if files else {}
    for pk in files:
        asset = known.get(pk)
        if asset is None or not asset.private or asset.uploader_id != actor.pk:
            raise EvidenceForeign
        if asset.organisation_id not in (None, firms.get(DisputeSide(side))):
            raise EvidenceForeign
    return DisputeStep.objects.create(
        dispute=row,
        side=side,
        person_id=actor.pk,
        kind=kind,
        amount_minor=amount,
        words=words[:1000],
        asset_ids=list(files),
        at=clock.now(),
    )


def step(
    actor: Actor, row: Dispute, action: str, kind: str, *fields: str, **detail: object
) -> None:
    """Take a locked dispute one step on, with `fields` that were set beside. Raises Conflict."""
    before, order = row.state, row.order
    row.state = DISPUTE.after(row.state, action)
    row.save(update_fields=["state", "turn", "due_at", *fields])
    audit.record(
        actor, f"dispute.{action}", order, number=row.number, before=before, after=row.state,
        currency=order.currency, **detail,
    )  # fmt: skip
    tell(row, kind)


def tell(row: Dispute, kind: str) -> None:
    """Publish that the dispute moved."""
    order = row.order
    publish(
        DisputeMoved(
            organisation_id=order.seller_id,
            order_id=order.pk,
            dispute_id=row.pk,
            step=kind,
            state=row.state,
            origin=order.origin,
        )
    )


def agree(actor: Actor, order: Order, row: Dispute, amount: int, *, by_rule: bool = False) -> None:
    """Both sides say the same: that much leaves for the buyer, the rest stays held."""
    row.by_rule = by_rule
    _share(actor, order, row, amount)
    step(actor, row, "accept", "accepted", *SPLIT, **_figures(row))
    go_on(order, row)


def decide(
    actor: Actor, order: Order, row: Dispute, to_buyer: int, *, by_rule: bool = False
) -> None:
    """Share all that is held now: the buyer's part leaves, the rest goes to the seller's side."""
    row.by_rule = by_rule
    _share(actor, order, row, to_buyer)
    fields = (*SPLIT, "decided_by", "verdict")
    step(actor, row, "decide", "decided", *fields, **_figures(row))
    if order.state in HELD:
        fulfilment.settle(actor, order, "decide")


def _share(actor: Actor, order: Order, row: Dispute, to_buyer: int) -> None:
    held = selectors.held(order).minor
    row.held_minor, row.to_buyer_minor, row.to_seller_minor = held, to_buyer, held - to_buyer
    row.turn, row.due_at, row.ended_at = "", None, clock.now()
    if to_buyer:
        row.refund = refunds.send_back(actor, order, to_buyer, row.number)


def _figures(row: Dispute) -> dict[str, object]:
    return {
        "held": row.held_minor,
        "to_buyer": row.to_buyer_minor,
        "to_seller": row.to_seller_minor,
        "by_rule": row.by_rule,
        "refund": row.refund.number if row.refund else "",
    }


def go_on(order: Order, row: Dispute) -> None:
    """The order's clock goes on with the time it had left."""
    if order.moves_at is None or order.state not in HELD:
        return
    # A parcel that left meanwhile started another clock.
    since = max(row.opened_at, order.updated_at)
    order.moves_at += max(clock.now() - since, dt.timedelta(0))
    order.save(update_fields=["moves_at"])
