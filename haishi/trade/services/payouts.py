"""From settled to paid out: each firm's part goes to its account, by instruction to the provider.

Planned in the transaction that released the money, sent by the worker outside of any, booked when
the provider confirms: until then the money is owed to the firm and lies with the provider.
"""

import datetime as dt
import re
from collections.abc import Mapping

import structlog
from django.db.models import Exists, OuterRef, Q

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.parties import selectors as parties
from haishi.trade import policies, providers, rails
from haishi.trade.errors import AccountWrong, ProviderFailed, ProviderUnknown
from haishi.trade.events import PayoutAccountChanged, PayoutMoved
from haishi.trade.models import Order, Payout, PayoutAccount, Receiver
from haishi.trade.services.ledger import post
from haishi.trade.services.orders import new_number
from haishi.trade.states import PAYOUT, EntryKind, PaymentState, PayoutState, Side
from haishi.trade.types import AccountName, Line, Outcome, Transfer

log = structlog.get_logger("haishi.trade")
FIRST_AGAIN, LAST_AGAIN = dt.timedelta(seconds=15), dt.timedelta(hours=1)
ACCOUNT = re.compile(r"[0-9A-Za-z._@+-]{4,64}")


def plan(order: Order, shared: Mapping[str, int]) -> None:
    """One payout for each firm that `shared` ({account code: minor units}) names.

    The platform's fee is one too where the seller collects; elsewhere it is with us already. Called
    by the service that released the money; a repetition plans nothing.
    """
    paid = order.payments.filter(state=PaymentState.SUCCEEDED).order_by("paid_at", "pk").first()
    if paid is None:
        return
    firms = {
        int(code.removeprefix("seller:")): sum_ for code, sum_ in shared.items() if ":" in code
    }
    known = _accounts(firms, paid.provider)
    rows = [
        Payout(
            order=order,
            payment=paid,
            organisation_id=firm,
            number=new_number("T"),
            amount_minor=amount,
            rest=firm == order.seller_id,
            state=PayoutState.SENT if firm in known else PayoutState.WAITING,
            send_at=clock.now() if firm in known else None,
        )
        for firm, amount in firms.items()
    ]
    if shared.get("fees") and providers.get(paid.provider).needs_payee:
        rows.append(
            Payout(
                order=order,
                payment=paid,
                number=new_number("T"),
                amount_minor=shared["fees"],
                send_at=clock.now(),
            )
        )
    Payout.objects.bulk_create(rows, ignore_conflicts=True)
    for row in Payout.objects.filter(order=order, state=PayoutState.WAITING):
        _tell(row)


def _accounts(firms: Mapping[int, int], provider: str) -> set[int]:
    rows = PayoutAccount.objects.filter(organisation__in=firms, provider=provider)
    return set(rows.values_list("organisation_id", flat=True))


@service
def set_payout_account(
    actor: Actor, slug: str, provider: str, account: str, holder: str, bank: str = ""
) -> PayoutAccount:
    """Where a firm gets its money from one provider; what waited for it is sent now.

    Raises NotFound, Forbidden (owners only), ProviderUnknown, AccountWrong.
    """
    firm = parties.get_desk(actor, slug)
    if not policies.can_own_money(actor, firm.pk):
        raise Forbidden
    if provider not in rails.known():
        raise ProviderUnknown
    account = account.replace(" ", "")
    if not ACCOUNT.fullmatch(account):
        raise AccountWrong
    row, made = PayoutAccount.objects.select_for_update().get_or_create(
        organisation=firm,
        provider=provider,
        defaults={"account": account, "holder": holder, "bank": bank},
    )
    before = "" if made else row.masked
    if not made:
        row.account, row.holder, row.bank = account, holder, bank
        row.version += 1
        row.save(update_fields=["account", "holder", "bank", "version", "updated_at"])
    audit.record(
        actor, "payout_account.set", row,
        organisation=firm.pk, provider=provider, before=before, after=row.masked,
    )  # fmt: skip
    publish(
        PayoutAccountChanged(
            organisation_id=firm.pk, provider=provider, masked=row.masked, by_id=actor.pk
        )
    )
    waiting = Payout.objects.select_for_update().filter(
        organisation=firm, payment__provider=provider, state=PayoutState.WAITING
    )
    for payout in waiting.order_by("pk"):
        _send(actor, payout)
    return row


def _send(actor: Actor, payout: Payout) -> None:
    payout.send_at, payout.reason = clock.now(), ""
    _step(actor, payout, "send", "send_at", "reason")


@service
def retry_payout(actor: Actor, payout_id: int) -> Payout:
    """Send a refused payout again, under a new number.

    For operators, and owners of the firm. Raises NotFound, Conflict.
    """
    row = Payout.objects.select_for_update().filter(pk=payout_id).first()
    mine = row is not None and row.organisation_id is not None
    if row is None or not (
        policies.can_run_money(actor)
        or (mine and policies.can_own_money(actor, row.organisation_id or 0))
    ):
        raise NotFound
    if row.state != PayoutState.FAILED:
        raise Conflict
    row.number, row.tries = new_number("T"), 0
    row.save(update_fields=["number", "tries"])
    _send(actor, row)
    return row


def send_payouts_due(limit: int = 50) -> int:
    """Hand instructions to providers until they are confirmed; returns how many. For the worker."""
    taken = _take_to_send(limit)
    for payout, wish in taken:
        payment = payout.payment
        port = providers.get(payment.provider)
        try:
            outcome = _admitted(port, wish)
            if outcome.done:
                outcome = port.transfer(payment.known, wish)
        except ProviderFailed:
            log.warning("payout_not_taken", number=payout.number, tries=payout.tries)
            continue
        if outcome.done or outcome.reason:
            _end(payout.pk, payout.number, outcome)
    return len(taken)


def _admitted(port: providers.Provider, wish: Transfer) -> Outcome:
    """Whether the account may get a part; asked of the provider once, then written down."""
    named = {"provider": port.name, "account": wish.account, "holder": wish.holder}
    if not port.knows_receivers or wish.rest or Receiver.objects.filter(**named).exists():
        return Outcome(done=True)
    outcome = port.admit(f"R{wish.number}", wish.account, wish.holder)
    if outcome.done:
        _note_receiver(port.name, wish)
    return outcome


@service
def _note_receiver(provider: str, wish: Transfer) -> None:
    row, new = Receiver.objects.get_or_create(
        provider=provider, account=wish.account, holder=wish.holder
    )
    if new:
        audit.record(SYSTEM, "receiver.admitted", row, provider=provider, payout=wish.number)


@service
def _take_to_send(limit: int) -> list[tuple[Payout, Transfer]]:
    collecting = [name for name in rails.known() if providers.get(name).needs_payee]
    others = Payout.objects.filter(order=OuterRef("order"), rest=False).exclude(
        state=PayoutState.DONE
    )
    due = Payout.objects.select_for_update(of=("self",), skip_locked=True).filter(
        # Where the seller collects, its own part ends the sharing: all others come first.
        ~Q(rest=True, payment__provider__in=collecting) | ~Exists(others),
        state=PayoutState.SENT,
        send_at__lte=clock.now(),
    )
    rows = list(due.select_related("payment", "order").order_by("send_at")[:limit])
    for row in rows:
        row.tries = min(row.tries + 1, 1_000)
        row.send_at = clock.now() + min(FIRST_AGAIN * 2 ** min(row.tries, 12), LAST_AGAIN)
        row.save(update_fields=["tries", "send_at"])
    return [(row, _wish(row)) for row in rows]


def _wish(row: Payout) -> Transfer:
    """What the provider is told: to the firm's account as it is now, or to the platform's own."""
    if row.organisation_id is None:
        own = providers.get(row.payment.provider).merchant
        return Transfer(row.number, row.amount, own, "")
    to = PayoutAccount.objects.get(organisation=row.organisation_id, provider=row.payment.provider)
    return Transfer(row.number, row.amount, to.account, to.holder, row.rest)


@service
def _end(payout_id: int, number: str, outcome: Outcome) -> None:
    row = Payout.objects.select_for_update(of=("self",)).select_related("payment").get(pk=payout_id)
    if row.state != PayoutState.SENT or row.number != number:
        return  # somebody was quicker
    row.send_at, row.reason = None, str(outcome.reason)[:200]
    if not outcome.done:
        _step(SYSTEM, row, "fail", "send_at", "reason")
        return
    row.done_at = clock.now()
    _step(SYSTEM, row, "arrive", "send_at", "reason", "done_at")
    money, currency = row.amount_minor, row.payment.currency
    at_provider = AccountName(f"provider:{row.payment.provider}", currency, Side.DEBIT)
    if row.organisation_id is None:
        owner = AccountName(f"own:{row.payment.provider}", currency, Side.DEBIT)
    else:
        owner = AccountName(f"seller:{row.organisation_id}", currency, Side.CREDIT)
    lines = [Line(owner, money), Line(at_provider, -money)]
    post(f"payout:{row.number}", EntryKind.PAYOUT, f"order:{row.order_id}", lines)


def _step(actor: Actor, row: Payout, action: str, *fields: str) -> None:
    before = row.state
    row.state = PAYOUT.after(row.state, action)
    row.save(update_fields=["state", *fields])
    audit.record(
        actor, f"payout.{action}", row, number=row.number, amount=row.amount_minor,
        before=before, after=row.state, reason=row.reason,
    )  # fmt: skip
    _tell(row)


def _tell(row: Payout) -> None:
    publish(
        PayoutMoved(
            organisation_id=row.organisation_id,
            payout_id=row.pk,
            state=row.state,
            reason=row.reason,
        )
    )
