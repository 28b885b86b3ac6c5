"""Awards: whole or by line, approved when above what their author may spend."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict
from haishi.foundation.money import Money
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.sourcing import selectors
from haishi.sourcing.errors import (
    AwardPending,
    LineNotOffered,
    MilestonesWrong,
    NotClosedYet,
    NothingOffered,
    QuotationExpired,
)
from haishi.sourcing.events import (
    AwardReturned,
    QuotationLost,
    QuotationWon,
    RfqAwarded,
)
from haishi.sourcing.models import Award, AwardLine, Quotation, Rfq, Winner
from haishi.sourcing.states import AWARD, QUOTATION, RFQ, AwardState, QuotationState, RfqState
from haishi.sourcing.types import Stage
from haishi.sourcing.wording import instant_text
from haishi.trade import services as trade
from haishi.trade.states import ApprovalState

NAMING = dt.timedelta(days=7)  # for a winner to name its partners
DEFAULT_STAGES = (Stage("交付并验收 Delivery and acceptance", 10_000, 30),)


@service
def award(
    actor: Actor, rfq_id: int, winners: Mapping[int, int], stages: Sequence[Stage], reason: str = ""
) -> Award:
    """Decide: {line id: quotation id}; lines left out stay without a winner.

    In force at once, or waiting for a colleague when the sum is above what `actor` may spend.
    Raises NotFound, Forbidden, NotClosedYet, Conflict, AwardPending, NothingOffered,
    LineNotOffered, QuotationExpired, RateMissing, MilestonesWrong, trade.SpendForbidden.
    """
    rfq = selectors.lock_editable(actor, rfq_id)
    if rfq.state == RfqState.OPEN and rfq.closes_at:
        raise NotClosedYet(closes=instant_text(rfq.closes_at))
    if rfq.state != RfqState.CLOSED:
        raise Conflict
    if Award.objects.filter(rfq=rfq, state=AwardState.AWAITING).exists():
        raise AwardPending
    stages = tuple(stages) or DEFAULT_STAGES
    if sum(stage.points for stage in stages) != 10_000 or min(s.points for s in stages) <= 0:
        raise MilestonesWrong
    lines = _lines(rfq, winners)
    total = selectors.in_base(rfq, _totals(lines))
    verdict = trade.judge_spending(actor.pk, rfq.buyer_id, total)
    made = Award.objects.create(
        rfq=rfq, total_minor=total.minor, made_by_id=actor.pk, reason=reason.strip()[:400],
        milestones=[[stage.name, stage.points, stage.days] for stage in stages],
    )  # fmt: skip
    for line in lines:
        line.award = made
    AwardLine.objects.bulk_create(lines)
    audit.record(
        actor, "award.proposed", made, rfq=rfq.pk, total=total.minor, currency=total.currency,
        lines=[[row.line_id, row.quotation_id, row.quantity, row.price_minor] for row in lines],
    )  # fmt: skip
    if verdict.allowed:
        return _issue(actor, rfq, made)
    assert rfq.decide_by is not None
    trade.ask_approval(
        actor, rfq.buyer_id, total, origin=f"award:{made.pk}", title=rfq.title,
        expires_at=rfq.decide_by, path=reverse("sourcing:award", args=[rfq.slug]),
    )  # fmt: skip
    return made


def _lines(rfq: Rfq, winners: Mapping[int, int]) -> list[AwardLine]:
    """What each chosen line costs with its winner. Raises as `award` says."""
    if not winners:
        raise NothingOffered
    bids = {bid.pk: bid for bid in selectors.bids_of(rfq)}
    known = {line.pk: line for line in rfq.lines.order_by("number")}
    today = timezone.localdate()
    found = []
    for line_id, quotation_id in winners.items():
        line, bid = known.get(line_id), bids.get(quotation_id)
        if line is None or bid is None:
            raise LineNotOffered(firm="—", line=line.name if line else "—")
        firm = bid.bidder.title
        offer = selectors.offer_of(selectors.latest_version(bid), rfq)
        if offer.valid_until < today:
            raise QuotationExpired(firm=firm, date=offer.valid_until.isoformat())
        wanted = offer.line(line.pk)
        price = wanted.price_for(line.quantity) if wanted else None
        if price is None:
            raise LineNotOffered(firm=firm, line=line.name)
        found.append(
            AwardLine(
                line=line, quotation=bid, quantity=line.quantity, price_minor=price,
                currency=offer.currency,
            )
        )  # fmt: skip
    return found


def _totals(lines: Sequence[AwardLine]) -> list[Money]:
    """What each winning quotation adds up to, in its own currency."""
    sums: dict[int, Money] = {}
    for line in lines:
        own = Money(line.amount_minor, line.currency)
        known = sums.get(line.quotation_id)
        sums[line.quotation_id] = known + own if known else own
    return list(sums.values())


@service
def take_answer(award_id: int, state: str, answer: str, decided_by: int | None) -> Award | None:
    """What colleagues said to an award: it takes force, or goes back to its author.

    An offer that expired meanwhile sends it back as well. Twice is once.
    """
    found = Award.objects.filter(pk=award_id).first()
    rfq = selectors.lock_rfq(found.rfq_id) if found else None
    if rfq is None:
        return None
    row = Award.objects.select_for_update().get(pk=award_id)
    if row.state != AwardState.AWAITING or rfq.state != RfqState.CLOSED:
        return row
    row.decided_by_id, row.answer = decided_by, answer[:400]
    if state == ApprovalState.APPROVED and not (expired := _expired(rfq, row)):
        return _issue(SYSTEM, rfq, row)
    if state == ApprovalState.APPROVED:
        row.answer = _("报价已过有效期：%(firms)s") % {"firms": "、".join(expired)}
    back = state in (ApprovalState.REFUSED, ApprovalState.APPROVED)
    row.state = AWARD.after(row.state, "refuse" if back else "lapse")
    row.decided_at = clock.now()
    row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    audit.record(SYSTEM, f"award.{row.state}", row, answer=row.answer, by=decided_by)
    publish(AwardReturned(rfq.pk, row.pk))
    return row


def _expired(rfq: Rfq, row: Award) -> list[str]:
    """Names of winners whose offer is no longer valid."""
    today = timezone.localdate()
    bids = Quotation.objects.filter(pk__in=row.lines.values("quotation")).select_related("bidder")
    return [
        bid.bidder.name
        for bid in bids.order_by("pk")
        if selectors.offer_of(selectors.latest_version(bid), rfq).valid_until < today
    ]


def _issue(actor: Actor, rfq: Rfq, row: Award) -> Award:
    """The decision takes force: winners and losers are told, the request is over."""
    now = clock.now()
    row.state, row.decided_at = AwardState.ISSUED, now
    row.save(update_fields=["state", "decided_at", "decided_by"])
    rfq.state, rfq.ended_at = RFQ.after(rfq.state, "award"), now
    rfq.version += 1
    rfq.save(update_fields=["state", "ended_at", "version", "updated_at"])
    places = {key: score.place for key, score in selectors.scores_of(rfq).items()}
    won = _win(rfq, row)
    for bid in selectors.bids_of(rfq):
        bid.rank, bid.decided_at = places.get(bid.pk), now
        bid.state = QUOTATION.after(bid.state, "win" if bid.pk in won else "lose")
        bid.save(update_fields=["rank", "decided_at", "state"])
        if bid.state == QuotationState.LOST:
            shown = bid.rank if rfq.show_rank and bid.rank else 0
            publish(QuotationLost(bid.bidder_id, rfq.pk, bid.pk, shown))
    audit.record(actor, "award.issued", row, rfq=rfq.pk, winners=sorted(won))
    publish(RfqAwarded(rfq.buyer_id, rfq.pk, row.pk))
    return row


def _win(rfq: Rfq, row: Award) -> set[int]:
    """Ids of the quotations that won, each with its row of the contract to come."""
    sums: dict[int, int] = {}
    for line in row.lines.order_by("pk"):
        sums[line.quotation_id] = sums.get(line.quotation_id, 0) + line.amount_minor
    for bid in Quotation.objects.filter(pk__in=sums).order_by("pk"):
        offer = selectors.offer_of(selectors.latest_version(bid), rfq)
        Winner.objects.create(
            award=row, quotation=bid, total_minor=sums[bid.pk], currency=offer.currency,
            partners_until=clock.now() + NAMING,
        )  # fmt: skip
        publish(QuotationWon(bid.bidder_id, rfq.pk, bid.pk))
    return set(sums)
