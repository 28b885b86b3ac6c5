"""Who may spend how much for a firm, and what waits for an approval."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from haishi.expo import selectors as expo
from haishi.foundation import clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Role
from haishi.trade.models import Approval, Order, Refund, SpendLimit
from haishi.trade.states import ApprovalState, OrderState, RefundState
from haishi.trade.types import Verdict, Why

__all__ = [
    "approval_facts",
    "approvals_asked_by",
    "approvals_for",
    "approvals_waiting",
    "get_approval",
    "get_limits",
    "lock_approval",
    "spend_verdict",
    "spent_by_people",
    "spent_this_month",
    "verdict_for",
]
MANAGING = (Role.OWNER, Role.MANAGER)
# Orders that cost nothing after all, or not yet.
_COST_NOTHING = (
    OrderState.APPROVING, OrderState.CANCELLED, OrderState.EXPIRED, OrderState.REFUNDED,
)  # fmt: skip


def spend_verdict(actor: Actor, firm_id: int, amount: Money) -> Verdict:
    """Whether `actor` may spend `amount` for the firm now: allowed, with an approval, or not.

    A firm without limits allows its members everything. A reading: `services.judge_spending` asks
    the same under a lock.
    """
    if not parties.is_member(actor, firm_id):
        return Verdict("forbidden", Why("member"))
    return verdict_for(actor.pk, firm_id, amount)


def verdict_for(person_id: int, firm_id: int, amount: Money) -> Verdict:
    """The same for a person by id; somebody who left the firm has to ask for everything."""
    rules = _rules(firm_id, amount.currency)
    if not rules.limits:
        return Verdict("allowed")
    why = rules.why_not(person_id, amount)
    if why is None:
        return Verdict("allowed")
    approvers = tuple(
        pk
        for pk, role in rules.roles.items()
        if pk != person_id and role in MANAGING and rules.why_not(pk, amount) is None
    )
    if approvers:
        return Verdict("approval", why, approvers)
    return Verdict("forbidden", replace(why, alone=True))


@dataclass(frozen=True)
class _Rules:
    """Everything that decides in a firm: limits by person, by role, and this month's sums."""

    currency: str
    roles: dict[int, str]
    limits: list[SpendLimit]
    spent: dict[int, int]

    def _own(self, person_id: int) -> list[SpendLimit]:
        own = [row for row in self.limits if row.person_id == person_id]
        role = self.roles.get(person_id)
        covered = {row.currency for row in own}
        return own + [
            row for row in self.limits if row.role == role and row.currency not in covered
        ]

    def why_not(self, person_id: int, amount: Money) -> Why | None:
        """Why the person may not spend this alone; None when nothing is against it."""
        if person_id not in self.roles:
            return Why("left")
        own = self._own(person_id)
        row = next((row for row in own if row.currency == self.currency), None)
        if row is None:  # limited in another currency only: not a way around
            return Why("currency", self.currency) if own else None
        if row.single_minor is not None and amount.minor > row.single_minor:
            return Why("single", self.currency, row.single_minor)
        spent = self.spent.get(person_id, 0)
        if row.month_minor is not None and spent + amount.minor > row.month_minor:
            return Why("month", self.currency, row.month_minor, spent)
        return None


def _rules(firm_id: int, currency: str) -> _Rules:
    limits = list(SpendLimit.objects.filter(organisation=firm_id))
    if not limits:
        return _Rules(currency, {}, [], {})
    rows = parties.members(firm_id).filter(person__is_active=True)
    roles = dict(rows.values_list("person_id", "role"))
    return _Rules(currency, roles, limits, spent_this_month(firm_id, currency))


def _month_began() -> dt.datetime:
    """Midnight of the first, in the zone of the edition that is open now."""
    edition = expo.current_edition()
    zone = ZoneInfo(edition.time_zone if edition else settings.TIME_ZONE)
    here = clock.now().astimezone(zone)
    return here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def spent_this_month(firm_id: int, currency: str) -> dict[int, int]:
    """{person id: minor units} spent for the firm since the first of the month.

    An order counts for who placed it, less what was refunded, or for who approved it when it was
    above a limit. What was approved beforehand (an award) counts as a whole for its approver, and
    its orders not again.
    """
    began = _month_began()
    sums: dict[int, int] = {}
    for rows in (_orders(firm_id, currency, began), _awards(firm_id, currency, began)):
        for person, amount in rows:
            sums[person] = sums.get(person, 0) + amount
    return sums


def _orders(firm_id: int, currency: str, began: dt.datetime) -> list[tuple[int, int]]:
    refunds = Refund.objects.filter(
        payment__order=OuterRef("pk"),
        state__in=(RefundState.INSTRUCTED, RefundState.DONE),
        late=False,
    )
    sums = refunds.order_by().values("payment__order").annotate(total=Sum("amount_minor"))
    back = Subquery(sums.values("total"), output_field=BigIntegerField())
    rows = Order.objects.filter(buyer_firm=firm_id, currency=currency)
    rows = rows.exclude(state__in=_COST_NOTHING)
    rows = rows.filter(Q(approval=None) | Q(approval__origin__startswith="order:"))
    rows = rows.annotate(
        who=Coalesce("approval__decided_by_id", "buyer_id"),
        since=Coalesce("approval__decided_at", "created_at"),
        cost=F("total_minor") - Coalesce(back, 0),
    )
    counted = rows.filter(since__gte=began).order_by().values("who").annotate(sum=Sum("cost"))
    return list(counted.values_list("who", "sum"))


def _awards(firm_id: int, currency: str, began: dt.datetime) -> list[tuple[int, int]]:
    rows = Approval.objects.filter(
        organisation=firm_id, currency=currency, state=ApprovalState.APPROVED, decided_at__gte=began
    ).exclude(origin__startswith="order:")
    counted = rows.order_by().values("decided_by").annotate(sum=Sum("amount_minor"))
    return list(counted.values_list("decided_by", "sum"))


def spent_by_people(firm_id: int) -> list[tuple[Any, Money]]:
    """(person, spent this month) of those who spent, for each currency with a limit or an order."""
    used = Order.objects.filter(buyer_firm=firm_id).order_by().values_list("currency", flat=True)
    set_for = SpendLimit.objects.filter(organisation=firm_id).values_list("currency", flat=True)
    sums = [
        (pk, Money(minor, currency))
        for currency in sorted({*used.distinct(), *set_for})
        for pk, minor in spent_this_month(firm_id, currency).items()
        if minor
    ]
    people = parties.people({pk for pk, _money in sums})
    known = [(people[pk], money) for pk, money in sums if pk in people]
    return sorted(known, key=lambda row: (row[1].currency, -row[1].minor, row[0].pk))


def get_limits(actor: Actor, slug: str) -> tuple[Any, list[SpendLimit], bool]:
    """(firm, its limits, whether the person may change them), for owners and managers.

    Raises NotFound, Forbidden.
    """
    firm = parties.get_managed(actor, slug)
    rows = SpendLimit.objects.filter(organisation=firm).select_related("person")
    ordered = rows.order_by("currency", F("person").asc(nulls_first=True), "role")
    return firm, list(ordered), parties.can_own(actor, firm.pk)


def _approvals() -> QuerySet[Approval]:
    return Approval.objects.select_related("organisation", "person", "decided_by")


def _managed(actor: Actor) -> Q:
    return Q(organisation__in=parties.managed_by(actor))


def approvals_for(actor: Actor) -> QuerySet[Approval]:
    """What the person may look at as an approver, newest first: wishes of colleagues."""
    return _approvals().filter(_managed(actor)).exclude(person=actor.pk).order_by("-pk")


def approvals_waiting(actor: Actor) -> int:
    """How many wishes of colleagues wait for an answer."""
    mine = parties.managed_by(actor)
    return approvals_for(actor).filter(state=ApprovalState.WAITING).count() if mine else 0


def approvals_asked_by(actor: Actor) -> QuerySet[Approval]:
    """The person's own wishes, newest first."""
    return _approvals().filter(person=actor.pk).order_by("-pk")


def get_approval(actor: Actor, approval_id: int) -> Approval:
    """A wish that the person made, or may look at as an approver. Raises NotFound."""
    rows = _approvals().filter(pk=approval_id)
    found = (
        rows.first()
        if actor.is_staff
        else rows.filter(_managed(actor) | Q(person=actor.pk)).first()
    )
    if found is None:
        raise NotFound
    return found


def lock_approval(actor: Actor, approval_id: int, *, own: bool) -> Approval:
    """Row locked, for who asked (`own`) or for an approver. Raises NotFound, Forbidden."""
    get_approval(actor, approval_id)
    row = Approval.objects.select_for_update().get(pk=approval_id)
    if own and row.person_id != actor.pk:
        raise Forbidden
    if not own and row.organisation_id not in parties.managed_by(actor):
        raise Forbidden
    return row


def approval_facts(approval_id: int) -> Approval | None:
    """A wish with who asked, for notices."""
    return _approvals().filter(pk=approval_id).first()
