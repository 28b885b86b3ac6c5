"""A provider's statement beside our books: what agrees, what does not, and how it was settled.

A difference ends in one of three ways: the provider is asked and our books take in what was
missed; two people agree that nothing is wrong; or two people write it off with a correcting entry.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden, Invalid, NotFound
from haishi.foundation.service import inside_service, service
from haishi.foundation.types import SYSTEM, Actor
from haishi.trade import policies, providers, selectors, statements
from haishi.trade.errors import (
    AlreadyReconciled,
    NothingToWriteOff,
    SecondPerson,
    StatementUnreadable,
)
from haishi.trade.models import Difference, Payment, Reconciliation
from haishi.trade.services import payments
from haishi.trade.services.ledger import post
from haishi.trade.statements import Row
from haishi.trade.states import (
    DIFFERENCE,
    DifferenceKind,
    DifferenceReason,
    DifferenceState,
    EntryKind,
    Side,
)
from haishi.trade.types import AccountName, Booked, Line

Key = tuple[str, str]


def _operator(actor: Actor) -> None:
    if not policies.can_run_money(actor) and actor != SYSTEM:
        raise Forbidden


@service
def reconcile(
    actor: Actor, provider: str, content: bytes, file_name: str, day: dt.date | None = None
) -> Reconciliation:
    """Compare a statement of one day with our books; without `day` it is the file's.

    Differences of earlier days that this statement explains are ended. Raises Forbidden,
    ProviderUnknown, StatementUnreadable, AlreadyReconciled.
    """
    _operator(actor)
    rows = statements.read(provider, content)
    day = _day_of(rows, day)
    digest = hashlib.sha256(content).hexdigest()
    if Reconciliation.objects.filter(provider=provider, day=day, digest=digest).exists():
        raise AlreadyReconciled
    found, matched = _compare(provider, day, rows)
    made = Reconciliation.objects.create(
        provider=provider,
        day=day,
        file_name=file_name[:120],
        digest=digest,
        rows=len(rows),
        matched=matched,
        made_by_id=actor.pk,
    )
    for difference in found:
        difference.reconciliation = made
    Difference.objects.bulk_create(found)
    audit.record(
        actor, "statement.reconciled", made,
        provider=provider, day=day, rows=len(rows), matched=matched, differences=len(found),
    )  # fmt: skip
    return made


def _day_of(rows: Sequence[Row], day: dt.date | None) -> dt.date:
    days = {row.day for row in rows if row.day}
    if day is None:
        if len(days) != 1:
            raise StatementUnreadable(why=_("请指明对账单是哪一天的"))
        return days.pop()
    if strange := [str(row.line) for row in rows if row.day not in (None, day)]:
        words = {"lines": "、".join(strange[:20]), "day": day.isoformat()}
        raise StatementUnreadable(why=_("第 %(lines)s 行不属于 %(day)s") % words)
    return day


def _compare(provider: str, day: dt.date, rows: Sequence[Row]) -> tuple[list[Difference], int]:
    """(what does not agree, how many rows do)."""
    ours = selectors.booked_on(provider, day, settings.TIME_ZONE)
    theirs: dict[Key, Row] = {}
    found = []
    for row in rows:
        if (row.kind, row.reference) in theirs:
            found.append(_difference(DifferenceKind.DUPLICATE, row, None, DifferenceReason.TWICE))
        else:
            theirs[row.kind, row.reference] = row
    elsewhere = selectors.booked_as(provider, theirs.keys() - ours.keys())
    matched = 0
    for key, row in theirs.items():
        booked = ours.get(key) or elsewhere.get(key)
        if booked is not None and booked.done and booked.amount == row.amount:
            matched += 1
            _ends_earlier(provider, key, row)
        elif booked is not None and booked.done:
            reason = DifferenceReason.OTHER_SUM
            found.append(_difference(DifferenceKind.AMOUNT, row, booked, reason))
        else:
            reason = DifferenceReason.UNKNOWN if booked is None else DifferenceReason.UNHEARD
            found.append(_difference(DifferenceKind.MISSING_HERE, row, None, reason))
    for key in ours.keys() - theirs.keys():
        found.append(_missing_there(key, ours[key]))
    found.sort(key=lambda row: (row.row_kind, row.reference))
    return found, matched


def _difference(
    kind: DifferenceKind, row: Row, ours: Booked | None, reason: DifferenceReason
) -> Difference:
    return Difference(
        kind=kind,
        row_kind=row.kind,
        reference=row.reference[:64],
        reason=reason,
        ours_minor=ours.amount.minor if ours else None,
        theirs_minor=row.amount.minor,
        currency=row.amount.currency,
    )


def _missing_there(key: Key, booked: Booked) -> Difference:
    return Difference(
        kind=DifferenceKind.MISSING_THERE,
        row_kind=key[0],
        reference=key[1],
        reason=DifferenceReason.NOT_YET,
        ours_minor=booked.amount.minor,
        theirs_minor=None,
        currency=booked.amount.currency,
    )


def _ends_earlier(provider: str, key: Key, row: Row) -> None:
    """What an earlier statement lacked stands in this one."""
    earlier = Difference.objects.filter(
        reconciliation__provider=provider,
        kind=DifferenceKind.MISSING_THERE,
        row_kind=key[0],
        reference=key[1],
        ours_minor=row.amount.minor,
        state=DifferenceState.OPEN,
    )
    earlier.update(
        state=DifferenceState.RESOLVED, ended_at=clock.now(), note=_("记在了另一天的对账单")
    )


def _lock(actor: Actor, difference_id: int) -> Difference:
    _operator(actor)
    rows = Difference.objects.select_for_update(of=("self",)).select_related("reconciliation")
    row = rows.filter(pk=difference_id).first()
    if row is None:
        raise NotFound
    return row


def ask_about_difference(actor: Actor, difference_id: int) -> bool:
    """Ask the provider and take in what it tells; returns whether both sides agree now.

    Raises Forbidden, NotFound, Conflict, ProviderFailed, CallbackRefused.
    """
    assert not inside_service(), "a provider is not asked inside a transaction"
    row = _asked(actor, difference_id)
    payment = Payment.objects.filter(
        provider=row.reconciliation.provider, reference=row.reference
    ).first()
    if payment is not None:
        port = providers.get(payment.provider)
        told = port.query(payment.known)
        for news in told:
            payments.believe(news)
    return _settle_if_agreed(actor, difference_id)


@service
def _asked(actor: Actor, difference_id: int) -> Difference:
    row = _lock(actor, difference_id)
    DIFFERENCE.after(row.state, "resolve")
    row.asked_at = clock.now()
    row.save(update_fields=["asked_at"])
    audit.record(actor, "difference.asked", row, reference=row.reference)
    return row


@service
def _settle_if_agreed(actor: Actor, difference_id: int) -> bool:
    row = _lock(actor, difference_id)
    key = (row.row_kind, row.reference)
    booked = selectors.booked_as(row.reconciliation.provider, [key]).get(key)
    agreed = (
        row.state == DifferenceState.OPEN
        and row.kind in (DifferenceKind.MISSING_HERE, DifferenceKind.AMOUNT)
        and booked is not None
        and booked.done
        and booked.amount == row.theirs
    )
    if agreed:
        row.note = _("已向渠道查询，账目已补记")
        _end(actor, row, "resolve", "note")
    return agreed


@service
def propose_difference(
    actor: Actor, difference_id: int, note: str, *, corrects: bool = False
) -> Difference:
    """Say what it is; with `corrects` our books take over the statement. Somebody else confirms.

    Raises Forbidden, NotFound, Conflict, Invalid (no note), NothingToWriteOff.
    """
    row = _lock(actor, difference_id)
    if not note.strip():
        raise Invalid(_("请写明原因。"), field="note")
    if corrects and not row.gap.minor:
        raise NothingToWriteOff
    row.note, row.corrects, row.proposed_by_id = note.strip()[:200], corrects, actor.pk
    _step(actor, row, "propose", "note", "corrects", "proposed_by")
    return row


@service
def withdraw_difference(actor: Actor, difference_id: int) -> Difference:
    """Open a proposed one again. Raises Forbidden, NotFound, Conflict."""
    row = _lock(actor, difference_id)
    row.proposed_by, row.corrects = None, False
    _step(actor, row, "withdraw", "proposed_by", "corrects")
    return row


@service
def confirm_difference(actor: Actor, difference_id: int) -> Difference:
    """The second person agrees; a correction is posted against `writeoff:<provider>`.

    Raises Forbidden, NotFound, Conflict, SecondPerson.
    """
    row = _lock(actor, difference_id)
    if row.state == DifferenceState.PROPOSED and row.proposed_by_id == actor.pk:
        raise SecondPerson
    row.decided_by_id = actor.pk
    _end(actor, row, "write_off" if row.corrects else "resolve", "decided_by")
    if row.corrects:
        gap, provider = row.gap, row.reconciliation.provider
        lines = [
            Line(AccountName(f"provider:{provider}", gap.currency, Side.DEBIT), gap.minor),
            Line(AccountName(f"writeoff:{provider}", gap.currency, Side.CREDIT), -gap.minor),
        ]
        key, about = f"writeoff:{row.pk}", f"reconciliation:{row.reconciliation_id}"
        post(key, EntryKind.CORRECTION, about, lines, row.note)
    return row


def _end(actor: Actor, row: Difference, action: str, *fields: str) -> None:
    row.ended_at = clock.now()
    _step(actor, row, action, "ended_at", *fields)


def _step(actor: Actor, row: Difference, action: str, *fields: str) -> None:
    before = row.state
    row.state = DIFFERENCE.after(row.state, action)
    row.version += 1
    row.save(update_fields=["state", "version", "updated_at", *fields])
    audit.record(
        actor, f"difference.{action}", row, reference=row.reference, before=before,
        after=row.state, note=row.note, gap=row.gap.minor, currency=row.currency,
    )  # fmt: skip
