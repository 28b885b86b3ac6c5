"""The clock of requests: near, closed and opened, pressed, given up. Each step may run twice."""

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet

from haishi.foundation import audit, clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM
from haishi.sourcing import selectors
from haishi.sourcing.events import AwardReturned, DecisionDue, RfqClosed, RfqEnded, RfqNear
from haishi.sourcing.models import Award, Quotation, QuotationVersion, Rate, Rfq
from haishi.sourcing.services.endings import end_quotations
from haishi.sourcing.states import AWARD, RFQ, AwardState, QuotationState, RfqState

NEAR = dt.timedelta(hours=24)
PRESS = dt.timedelta(days=3)  # before the day by which the buyer has to decide
IDLE = dt.timedelta(days=60)  # a draft that nobody touched
BATCH = 50


def _each(rows: QuerySet[Rfq], step: Callable[[int], bool]) -> int:
    """One transaction a request: what is wrong with one does not hold up the others."""
    ids: Iterable[int] = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return sum(step(pk) for pk in ids)


def near_due(now: dt.datetime) -> int:
    """Tell those concerned that a day is left; returns how many requests."""
    rows = Rfq.objects.filter(
        state=RfqState.OPEN, near_at=None, closes_at__gt=now, closes_at__lte=now + NEAR
    )
    return _each(rows, _near)


@service
def _near(rfq_id: int) -> bool:
    done = Rfq.objects.filter(pk=rfq_id, near_at=None).update(near_at=clock.now())
    if done:
        publish(RfqNear(rfq_id))
    return bool(done)


def close_due(now: dt.datetime) -> int:
    """Close what is over: break the seals, freeze the rates, or record that nobody quoted."""
    rows = Rfq.objects.filter(state=RfqState.OPEN, closes_at__lte=now)
    return _each(rows, _close)


@service
def _close(rfq_id: int) -> bool:
    rfq = selectors.lock_rfq(rfq_id)
    now = clock.now()
    if rfq is None or rfq.state != RfqState.OPEN or (rfq.closes_at or now) > now:
        return False
    bids = list(Quotation.objects.filter(rfq=rfq, state=QuotationState.SUBMITTED).order_by("pk"))
    if not bids:
        return _end(rfq, "fail", "failed")
    rfq.state, rfq.closed_at = RFQ.after(rfq.state, "close"), now
    rfq.version += 1
    rfq.save(update_fields=["state", "closed_at", "version", "updated_at"])
    if rfq.sealed:
        _break_seal(rfq, bids)
    _freeze_rates(rfq, bids)
    audit.record(
        SYSTEM, "rfq.closed", rfq, after={"state": rfq.state}, quotations=len(bids),
        digests=[_latest(bid).digest for bid in bids],
    )  # fmt: skip
    publish(RfqClosed(rfq.buyer_id, rfq.pk))
    return True


def _latest(bid: Quotation) -> QuotationVersion:
    return selectors.latest_version(bid)


def _break_seal(rfq: Rfq, bids: list[Quotation]) -> None:
    """The latest version of each bidder becomes readable; earlier and withdrawn ones never do."""
    for bid in bids:
        version = _latest(bid)
        version.content = selectors.offer_of(version, rfq).to_json()
        version.save(update_fields=["content"])
    rfq.seal.opened_at = clock.now()
    rfq.seal.save(update_fields=["opened_at"])
    audit.record(SYSTEM, "rfq.unsealed", rfq, quotations=len(bids))


def _freeze_rates(rfq: Rfq, bids: list[Quotation]) -> None:
    """Rates of the installation's table, where it has them; the buyer enters the others."""
    used = {selectors.offer_of(_latest(bid), rfq).currency for bid in bids} - {rfq.currency}
    table: dict[str, Decimal] = settings.EXCHANGE_RATES
    source = settings.EXCHANGE_SOURCE or "HAISHI_EXCHANGE_RATES"
    base = table.get(rfq.currency, Decimal(1) if rfq.currency == "CNY" else None)
    for code in sorted(used):
        own = table.get(code, Decimal(1) if code == "CNY" else None)
        if own is None or base is None:
            continue
        rate = (own / base).quantize(Decimal("0.00000001"))
        Rate.objects.create(rfq=rfq, currency=code, rate=rate, source=source)
        audit.record(SYSTEM, "rfq.rate_frozen", rfq, currency=code, rate=str(rate))


def _end(rfq: Rfq, action: str, how: str) -> bool:
    before, rfq.state = rfq.state, RFQ.after(rfq.state, action)
    rfq.ended_at = clock.now()
    rfq.version += 1
    rfq.save(update_fields=["state", "ended_at", "version", "updated_at"])
    end_quotations(rfq)
    audit.record(SYSTEM, f"rfq.{how}", rfq, before={"state": before}, after={"state": rfq.state})
    publish(RfqEnded(rfq.buyer_id, rfq.pk, how))
    return True


def press_due(now: dt.datetime) -> int:
    """Remind owners who have three days left to decide; returns how many."""
    rows = Rfq.objects.filter(
        state=RfqState.CLOSED, pressed_at=None, decide_by__gt=now, decide_by__lte=now + PRESS
    )
    return _each(rows, _press)


@service
def _press(rfq_id: int) -> bool:
    done = Rfq.objects.filter(pk=rfq_id, pressed_at=None).update(pressed_at=clock.now())
    if done:
        publish(DecisionDue(rfq_id))
    return bool(done)


def lapse_due(now: dt.datetime) -> int:
    """Give up what nobody decided in time; returns how many requests."""
    return _each(Rfq.objects.filter(state=RfqState.CLOSED, decide_by__lte=now), _lapse)


@service
def _lapse(rfq_id: int) -> bool:
    rfq = selectors.lock_rfq(rfq_id)
    if rfq is None or rfq.state != RfqState.CLOSED or (rfq.decide_by or clock.now()) > clock.now():
        return False
    for award in Award.objects.filter(rfq=rfq, state=AwardState.AWAITING):
        award.state, award.decided_at = AWARD.after(award.state, "lapse"), clock.now()
        award.save(update_fields=["state", "decided_at"])
        publish(AwardReturned(rfq.pk, award.pk))
    return _end(rfq, "lapse", "expired")


def expire_drafts(now: dt.datetime) -> int:
    """Put away drafts that nobody touched for two months; returns how many."""
    rows = Rfq.objects.filter(state=RfqState.DRAFT, updated_at__lte=now - IDLE)
    return _each(rows, _expire)


@service
def _expire(rfq_id: int) -> bool:
    rfq = selectors.lock_rfq(rfq_id)
    if rfq is None or rfq.state != RfqState.DRAFT:
        return False
    return _end(rfq, "expire", "expired")
