"""A request on its way: written, published, amended, cancelled; firms are invited."""

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F

from haishi.catalogue import selectors as catalogue
from haishi.expo import selectors as expo
from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict
from haishi.foundation.limits import limit
from haishi.foundation.money import EXPONENTS
from haishi.foundation.outbox import publish as tell_all
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.parties import selectors as parties
from haishi.sourcing import selectors
from haishi.sourcing.errors import (
    AwardPending,
    CurrencyStrange,
    FilesGone,
    LinesWrong,
    OnlyLater,
    ReasonMissing,
    RfqIncomplete,
    TimesWrong,
    WeightsWrong,
)
from haishi.sourcing.events import FirmInvited, RfqAmended, RfqEnded, RfqPublished
from haishi.sourcing.models import Award, Invited, Rfq, RfqLine, RfqRevision, Seal
from haishi.sourcing.sealing import new_key
from haishi.sourcing.services.endings import end_quotations
from haishi.sourcing.states import RFQ, AwardState, Criterion, RfqState
from haishi.sourcing.types import LineDraft

SHORTEST = dt.timedelta(minutes=30)  # between publishing and the deadline
QUESTIONS_END = dt.timedelta(hours=24)  # before the deadline, unless the buyer says otherwise
DECIDING = dt.timedelta(days=14)  # from the deadline to the decision, unless the buyer says
MOST_LINES, MOST_FIRMS = 20, 40
_LINE = ("name", "quantity", "unit", "spec", "target_minor")
# What may still change while quotations are taken; everything else is as it was published.
AMENDABLE = (
    "title", "title_en", "description", "description_en", "city", "deliver_to", "deliver_by",
    "payment_terms", "document_ids", "closes_at",
)  # fmt: skip


@service
def draft(
    actor: Actor, buyer_id: int, *, lines: Sequence[LineDraft] = (), origin: str = "", **words: Any
) -> Rfq:
    """A new request of a firm; `words` are columns of Rfq.

    `origin` is `enquiry:<id>` of an own enquiry or `product:<id>`. Raises NotFound, Forbidden,
    FilesGone, WeightsWrong, LinesWrong, CurrencyStrange.
    """
    parties.lock_managed(actor, buyer_id)
    limit(f"rfq:{actor.pk}", 30, 3600)
    _know(actor, origin)
    rfq = Rfq(buyer_id=buyer_id, owner_id=actor.pk, slug=f"r-{secrets.token_hex(5)}", origin=origin)
    for name, value in words.items():
        setattr(rfq, name, value)
    rfq.criteria = rfq.criteria or {Criterion.PRICE: 70, Criterion.LEAD: 30}
    _check(rfq)
    rfq.save()
    _write_lines(actor, rfq, lines)
    audit.record(actor, "rfq.drafted", rfq, origin=origin)
    return rfq


def _know(actor: Actor, origin: str) -> None:
    """What a request comes from is something its author may see. Raises NotFound."""
    kind, _colon, number = origin.partition(":")
    if kind == "enquiry":
        expo.get_enquiry(actor, int(number))
    elif kind == "product":
        catalogue.get_visible_by_id(actor, int(number))


def _check(rfq: Rfq) -> None:
    weights = rfq.criteria
    known = all(name in Criterion and weight > 0 for name, weight in weights.items())
    if not known or sum(weights.values()) != 100 or Criterion.PRICE not in weights:
        raise WeightsWrong
    rfq.currencies = sorted({*rfq.currencies, rfq.currency})
    if any(code not in EXPONENTS for code in rfq.currencies):
        raise CurrencyStrange
    if rfq.document_ids and not media.belong_to(rfq.buyer_id, rfq.document_ids):
        raise FilesGone


def _write_lines(actor: Actor, rfq: Rfq, lines: Sequence[LineDraft]) -> list[str]:
    """Make the lines what `lines` say; returns what changed, in the reader's words."""
    if len(lines) > MOST_LINES:
        raise LinesWrong(most=MOST_LINES)
    for line in lines:
        if line.product_id:
            catalogue.get_visible_by_id(actor, line.product_id)
    known = {row.pk: row for row in rfq.lines.all()}
    kept = {line.pk for line in lines if line.pk in known}
    if rfq.state != RfqState.DRAFT and kept != set(known):
        raise LinesWrong(most=MOST_LINES)
    RfqLine.objects.filter(rfq=rfq).exclude(pk__in=kept).delete()
    RfqLine.objects.filter(rfq=rfq).update(number=F("number") + 1000)  # lines may change places
    changed = []
    for number, line in enumerate(lines, 1):
        row = known.get(line.pk or 0) or RfqLine(rfq=rfq)
        before = [getattr(row, name) for name in _LINE] if row.pk else None
        for name in _LINE:
            setattr(row, name, getattr(line, name))
        row.number, row.product_id = number, line.product_id or row.product_id
        row.save()
        if before != [getattr(row, name) for name in _LINE]:
            changed.append(line.name)
    return changed


@service
def edit(
    actor: Actor, rfq_id: int, seen: int, *, lines: Sequence[LineDraft] | None = None, **words: Any
) -> Rfq:
    """Change a draft; absent words stay.

    Raises NotFound, Forbidden, Conflict, Stale, FilesGone, WeightsWrong, LinesWrong,
    CurrencyStrange.
    """
    rfq = selectors.lock_editable(actor, rfq_id)
    if rfq.state != RfqState.DRAFT:
        raise Conflict
    before = {name: getattr(rfq, name) for name in words}
    for name, value in words.items():
        setattr(rfq, name, value)
    _check(rfq)
    words |= {name: getattr(rfq, name) for name in words} | {"currencies": rfq.currencies}
    for name, value in before.items():
        setattr(rfq, name, value)
    changed = audit.save_edited(actor, "rfq.edited", rfq, seen, **words)
    if lines is not None and _write_lines(actor, rfq, lines) and not changed:
        rfq.version += 1
        rfq.save(update_fields=["version", "updated_at"])
    return rfq


@service
def publish(actor: Actor, rfq_id: int) -> Rfq:
    """Open a draft: from `opens_at` (now, if empty) until `closes_at`.

    Raises NotFound, Forbidden, Conflict, RfqIncomplete, TimesWrong.
    """
    rfq = selectors.lock_editable(actor, rfq_id)
    state = RFQ.after(rfq.state, "publish")
    if missing := selectors.missing_of(rfq):
        raise RfqIncomplete(missing="、".join(missing))
    now = clock.now()
    rfq.opens_at = max(rfq.opens_at or now, now)
    if rfq.closes_at is None or rfq.closes_at < rfq.opens_at + SHORTEST:
        raise TimesWrong(minutes=int(SHORTEST.total_seconds() // 60))
    rfq.questions_until = rfq.questions_until or max(rfq.opens_at, rfq.closes_at - QUESTIONS_END)
    rfq.questions_until = min(rfq.questions_until, rfq.closes_at)
    if rfq.decide_by is None or rfq.decide_by <= rfq.closes_at:
        rfq.decide_by = rfq.closes_at + DECIDING
    rfq.published_at, rfq.state = now, state
    if rfq.sealed:
        Seal.objects.create(rfq=rfq, wrapped=new_key(rfq.pk))
    rfq.version += 1
    rfq.save()
    revise(actor, rfq, "")
    audit.record(actor, "rfq.published", rfq, after={"state": rfq.state}, closes=rfq.closes_at)
    tell_all(RfqPublished(rfq.buyer_id, rfq.pk))
    for firm in rfq.invited.order_by("organisation").values_list("organisation_id", flat=True):
        tell_all(FirmInvited(firm, rfq.pk))
    return rfq


def revise(actor: Actor, rfq: Rfq, note: str) -> None:
    """Keep what bidders see from now on."""
    RfqRevision.objects.create(
        rfq=rfq, number=rfq.revision, note=note, author_id=actor.pk, content=_shown(rfq)
    )


def _shown(rfq: Rfq) -> dict[str, Any]:
    names = [name for name in AMENDABLE if name != "closes_at"]
    found = {name: getattr(rfq, name) for name in names}
    found["deliver_by"] = rfq.deliver_by.isoformat() if rfq.deliver_by else None
    found["closes_at"] = rfq.closes_at.isoformat() if rfq.closes_at else None
    lines = rfq.lines.order_by("number")
    found["lines"] = [[row.name, row.quantity, row.unit, row.spec] for row in lines]
    return found


@service
def amend(
    actor: Actor, rfq_id: int, seen: int, *, lines: Sequence[LineDraft], note: str, **words: Any
) -> Rfq:
    """A new revision of an open request; bidders hear of it. The deadline may only move back.

    Only `AMENDABLE` words and lines change. Raises NotFound, Forbidden, Conflict, Stale,
    ReasonMissing, OnlyLater, LinesWrong, FilesGone.
    """
    rfq = selectors.lock_editable(actor, rfq_id)
    if rfq.state != RfqState.OPEN or rfq.closes_at is None or rfq.closes_at <= clock.now():
        raise Conflict
    if not note.strip():
        raise ReasonMissing(field="note")
    words = {name: value for name, value in words.items() if name in AMENDABLE}
    closes = words.get("closes_at") or rfq.closes_at
    if closes < rfq.closes_at:
        raise OnlyLater
    words["closes_at"] = closes
    files = words.get("document_ids") or []
    if files and not media.belong_to(rfq.buyer_id, files):
        raise FilesGone
    _postpone(rfq, closes, words)
    changed = audit.save_edited(actor, "rfq.amended", rfq, seen, **words)
    if not (_write_lines(actor, rfq, lines) or changed):
        return rfq
    rfq.revision += 1
    rfq.save(update_fields=["revision", "updated_at"])
    revise(actor, rfq, note.strip())
    tell_all(RfqAmended(rfq.buyer_id, rfq.pk, rfq.revision))
    return rfq


def _postpone(rfq: Rfq, closes: dt.datetime, words: dict[str, Any]) -> None:
    """Whoever gets longer to quote gets longer to ask, and the buyer longer to decide."""
    assert rfq.closes_at is not None
    later = closes - rfq.closes_at
    if later and rfq.questions_until and rfq.decide_by:
        words |= {
            "questions_until": rfq.questions_until + later,
            "decide_by": rfq.decide_by + later,
            "near_at": None,
        }


@service
def cancel(actor: Actor, rfq_id: int, reason: str) -> Rfq:
    """End a request without an award; bidders hear why.

    Raises NotFound, Forbidden, Conflict, AwardPending, ReasonMissing.
    """
    rfq = selectors.lock_editable(actor, rfq_id)
    before, rfq.state = rfq.state, RFQ.after(rfq.state, "cancel")
    if Award.objects.filter(rfq=rfq, state=AwardState.AWAITING).exists():
        raise AwardPending
    if not reason.strip():
        raise ReasonMissing
    rfq.outcome, rfq.ended_at = reason.strip()[:400], clock.now()
    rfq.version += 1
    rfq.save(update_fields=["state", "outcome", "ended_at", "version", "updated_at"])
    end_quotations(rfq)
    audit.record(actor, "rfq.cancelled", rfq, before={"state": before}, reason=rfq.outcome)
    if before != RfqState.DRAFT:
        tell_all(RfqEnded(rfq.buyer_id, rfq.pk, "cancelled"))
    return rfq


@service
def invite(actor: Actor, rfq_id: int, organisation_ids: Iterable[int]) -> int:
    """Ask firms to quote; returns how many are new. Raises NotFound, Forbidden, Conflict."""
    rfq = selectors.lock_editable(actor, rfq_id)
    open_now = rfq.state == RfqState.OPEN and (rfq.closes_at or clock.now()) > clock.now()
    if not (rfq.state == RfqState.DRAFT or open_now):
        raise Conflict
    known = set(rfq.invited.values_list("organisation_id", flat=True))
    wanted = {*organisation_ids} - known - {rfq.buyer_id}
    firms = parties.organisations().filter(pk__in=wanted).order_by("pk")
    room = MOST_FIRMS - len(known)
    made = [Invited(rfq=rfq, organisation=firm, invited_by_id=actor.pk) for firm in firms[:room]]
    Invited.objects.bulk_create(made)
    for row in made:
        audit.record(actor, "rfq.invited", rfq, organisation=row.organisation_id)
        if open_now:
            tell_all(FirmInvited(row.organisation_id, rfq.pk))
    return len(made)


def words_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a request among cleaned values of a form or of the API."""
    names = {field.name for field in Rfq._meta.get_fields()} | {"category_id"}
    return {name: value for name, value in values.items() if name in names}
