"""How a winner shares: it names its partners, then the contract is drawn up with all of them."""

import datetime as dt
from collections.abc import Sequence

from haishi.foundation import audit, clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Side
from haishi.sourcing import selectors
from haishi.sourcing.errors import SplitDone, SplitWrong
from haishi.sourcing.events import PartnersNamed
from haishi.sourcing.models import Partner, Winner
from haishi.sourcing.types import Share

WHOLE = 10_000
MOST = 5


@service
def name_partners(actor: Actor, winner_id: int, shares: Sequence[Share]) -> Winner:
    """Settle who gets how many of 10,000 points of every payment; the winner is one of them.

    Raises NotFound, Forbidden, SplitDone, SplitWrong.
    """
    row = selectors.lock_winner(actor, winner_id)
    if row.settled_at is not None:
        raise SplitDone
    firms = [share.organisation_id for share in shares]
    bidder, buyer = row.quotation.bidder_id, row.quotation.rfq.buyer_id
    known = parties.organisations().filter(pk__in=firms).count()
    if not 1 <= len(shares) <= MOST or known != len(firms) or len({*firms}) != len(firms):
        raise SplitWrong
    if bidder not in firms or buyer in firms:
        raise SplitWrong
    if sum(share.points for share in shares) != WHOLE or min(s.points for s in shares) <= 0:
        raise SplitWrong
    return _settle(actor, row, shares)


def _settle(actor: Actor, row: Winner, shares: Sequence[Share]) -> Winner:
    Partner.objects.bulk_create(Partner(winner=row, **vars(share)) for share in shares)
    row.settled_at = clock.now()
    row.save(update_fields=["settled_at"])
    audit.record(
        actor, "winner.shares_named", row,
        shares=[[share.organisation_id, share.side, share.points] for share in shares],
    )  # fmt: skip
    publish(PartnersNamed(row.quotation.bidder_id, row.pk))
    return row


@service
def settle_due(now: dt.datetime) -> int:
    """Winners that named nobody in time stand alone; returns how many."""
    rows = Winner.objects.select_for_update(skip_locked=True, of=("self",))
    due = list(
        rows.filter(settled_at=None, partners_until__lte=now).select_related("quotation")[:50]
    )
    for row in due:
        _settle(SYSTEM, row, [Share(row.quotation.bidder_id, Side.SUPPLY, WHOLE)])
    return len(due)
