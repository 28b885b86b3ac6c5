"""What people may spend for a firm: limits set by owners, judged under a lock.

Lock order: a person's spending for a firm comes before every other lock of trade.
"""

import datetime as dt
from typing import Any

from django.db import connection
from django.urls import reverse

from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.money import Money
from haishi.foundation.outbox import publish
from haishi.foundation.service import inside_service, service
from haishi.foundation.types import SYSTEM, Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Role
from haishi.trade import selectors
from haishi.trade.errors import ApprovalMismatch, SpendForbidden
from haishi.trade.events import ApprovalAsked, ApprovalDecided
from haishi.trade.models import Approval, Order, SpendLimit
from haishi.trade.states import APPROVAL, ApprovalState, OrderState
from haishi.trade.types import Verdict


@service
def set_limit(
    actor: Actor,
    firm_id: int,
    whom: str,
    currency: str,
    single_minor: int | None,
    month_minor: int | None,
) -> SpendLimit | None:
    """Limit each person of a role (`role:staff`) or one person (`person:17`); None when lifted.

    Both amounts None lift the limit. Raises NotFound (firm, role or person), Forbidden (no owner).
    """
    firm = parties.organisation_by_id(firm_id)
    if not (actor.is_staff or parties.is_member(actor, firm_id)):
        raise NotFound
    if not parties.can_own(actor, firm_id):
        raise Forbidden
    key = {"organisation_id": firm_id, "currency": currency, **_whom(firm_id, whom)}
    row = SpendLimit.objects.select_for_update().filter(**key).first()
    before = [row.single_minor, row.month_minor] if row else None
    after = None if single_minor is None and month_minor is None else [single_minor, month_minor]
    if before == after:
        return row
    if after is None:
        SpendLimit.objects.filter(**key).delete()
        row = None
    else:
        amounts = {"single_minor": single_minor, "month_minor": month_minor}
        row, _made = SpendLimit.objects.update_or_create(**key, defaults=amounts)
    audit.record(
        actor, "spending.limited", firm, whom=whom, currency=currency, before=before, after=after
    )
    return row


def _whom(firm_id: int, whom: str) -> dict[str, Any]:
    kind, _colon, value = whom.partition(":")
    if kind == "role" and value in Role.values:
        return {"role": value, "person_id": None}
    if kind == "person" and value.isdigit() and int(value) in parties.member_ids(firm_id):
        return {"role": "", "person_id": int(value)}
    raise NotFound


def lock_spending(firm_id: int, person_id: int) -> None:
    """One at a time: whoever judges this person's spending waits for who judged before.

    Without it two orders would each see the month without the other (the control in the tests).
    """
    assert inside_service(), "a lock of no transaction keeps nothing"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"spend:{firm_id}:{person_id}"],
        )


@service
def judge_spending(person_id: int, firm_id: int, amount: Money) -> Verdict:
    """The verdict, with the person's spending for the firm locked until the end of the service.

    Raises SpendForbidden when nobody could approve it.
    """
    lock_spending(firm_id, person_id)
    verdict = selectors.verdict_for(person_id, firm_id, amount)
    if verdict.forbidden:
        raise SpendForbidden(reason=verdict.reason)
    return verdict


def judge_for(person_id: int, firm_id: int | None, amount: Money) -> Verdict:
    """The same for an order; whoever buys for no firm spends their own. Raises SpendForbidden."""
    return judge_spending(person_id, firm_id, amount) if firm_id else Verdict("allowed")


@service
def ask_approval(
    actor: Actor,
    firm_id: int,
    amount: Money,
    *,
    origin: str,
    title: str,
    expires_at: dt.datetime,
    path: str = "",
) -> Approval:
    """Ask colleagues to allow what is above one's limit; `ApprovalDecided` brings the answer.

    `origin` names what for (`award:4`) and may have one wish at a time. Raises NotFound for others
    than members, SpendForbidden.
    """
    if not parties.is_member(actor, firm_id):
        raise NotFound
    verdict = judge_spending(actor.pk, firm_id, amount)
    return _ask(actor, firm_id, actor.pk, amount, verdict, origin, title, expires_at, path)


def _ask(
    actor: Actor,
    firm_id: int,
    person_id: int,
    amount: Money,
    verdict: Verdict,
    origin: str,
    title: str,
    expires_at: dt.datetime,
    path: str,
) -> Approval:
    row = Approval.objects.create(
        organisation_id=firm_id,
        person_id=person_id,
        origin=origin,
        title=title[:160],
        path=path,
        currency=amount.currency,
        amount_minor=amount.minor,
        why=vars(verdict.why),
        expires_at=expires_at,
    )
    audit.record(
        actor, "approval.asked", row, origin=origin, amount=amount.minor,
        currency=amount.currency, why=row.why, until=expires_at,
    )  # fmt: skip
    publish(ApprovalAsked(organisation_id=firm_id, approval_id=row.pk, origin=origin))
    return row


def let_wait(actor: Actor, order: Order, verdict: Verdict) -> None:
    """A new order of a firm that is above the buyer's limit asks for an approval."""
    assert order.buyer_firm_id is not None
    names = list(order.lines.order_by("pk").values_list("name", flat=True))
    order.approval = _ask(
        actor,
        order.buyer_firm_id,
        order.buyer_id,
        order.total,
        verdict,
        f"order:{order.pk}",
        "、".join(names),
        order.pay_by,
        reverse("trade:order", args=[order.number]),
    )
    order.save(update_fields=["approval"])


def cover(order: Order, approval_id: int) -> None:
    """Put a new order under what was approved beforehand. Raises ApprovalMismatch."""
    row = Approval.objects.select_for_update().filter(pk=approval_id).first()
    if (
        row is None
        or row.state != ApprovalState.APPROVED
        or (row.organisation_id, row.currency) != (order.buyer_firm_id, order.currency)
    ):
        raise ApprovalMismatch
    others = row.orders.exclude(state__in=(OrderState.CANCELLED, OrderState.EXPIRED))
    if sum(each.total_minor for each in others) + order.total_minor > row.amount_minor:
        raise ApprovalMismatch
    order.approval = row
    order.save(update_fields=["approval"])


def close_with(order: Order, action: str) -> None:
    """An order that ends takes its open approval along."""
    if order.approval_id is None:
        return
    row = Approval.objects.select_for_update().get(pk=order.approval_id)
    if row.state == ApprovalState.WAITING:
        decide(SYSTEM, row, "expire" if action == "expire" else "withdraw")


def decide(actor: Actor, row: Approval, action: str, answer: str = "") -> None:
    """Take a locked wish to its end. Raises Conflict."""
    row.state = APPROVAL.after(row.state, action)
    row.answer, row.decided_at = answer[:200], clock.now()
    row.decided_by_id = actor.pk if action in ("approve", "refuse") else None
    row.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    audit.record(
        actor, f"approval.{action}", row, origin=row.origin, amount=row.amount_minor,
        currency=row.currency, answer=row.answer,
    )  # fmt: skip
    publish(
        ApprovalDecided(
            organisation_id=row.organisation_id,
            approval_id=row.pk,
            origin=row.origin,
            state=row.state,
        )
    )
