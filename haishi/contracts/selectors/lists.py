"""Contracts in lists: one's own, for the API, for organisers and exhibitors."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    prefetch_related_objects,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.contracts import policies
from haishi.contracts.models import Contract, Milestone, Party
from haishi.contracts.selectors.core import overdue_on, visible_to
from haishi.contracts.states import OPEN, ContractState, MilestoneState
from haishi.expo.selectors import Pending
from haishi.foundation import clock
from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.trade import selectors as trade

__all__ = [
    "ContractRow",
    "contract_rows",
    "contract_with_all",
    "contracts_of",
    "count_late",
    "counts_by_state",
    "deals_of",
    "delivered_of_exhibitor",
    "pending_in_edition",
    "signed_of_exhibitor",
    "with_all",
]


@dataclass(frozen=True)
class ContractRow:
    """A line of a list. `waits`: what one's own side has to do next, "" for nothing. `late`: how
    many milestones are past their day.
    """

    contract: Contract
    parties: tuple[Party, ...]
    settled: int
    milestones: int
    waits: str
    late: int


def with_all(rows: QuerySet[Contract]) -> QuerySet[Contract]:
    """With parties and milestones: two queries, whatever the number of rows."""
    return rows.prefetch_related(*_all())


def _all() -> list[Any]:
    firms = Party.objects.select_related("organisation").order_by("position")
    parts = Milestone.objects.order_by("position")
    return [Prefetch("parties", firms), Prefetch("milestones", parts)]


def contracts_of(actor: Actor, slug: str = "", state: str = "") -> QuerySet[Contract]:
    """Contracts of one's organisations, or of one of them, newest first. Raises NotFound."""
    rows = visible_to(actor)
    if slug:
        firm = parties.get_desk(actor, slug)
        rows = rows.filter(Exists(Party.objects.filter(contract=OuterRef("pk"), organisation=firm)))
    else:
        mine = list(parties.roles_of(actor))
        own = Party.objects.filter(contract=OuterRef("pk"), organisation__in=mine)
        rows = rows.filter(Exists(own))
    if state in ContractState.values:
        rows = rows.filter(state=state)
    elif state == "open":
        rows = rows.filter(state__in=OPEN)
    elif state == "late":
        rows = rows.filter(_late(), state=ContractState.CONCLUDED)
    return rows.order_by("-pk")


def _late() -> Exists:
    yesterday = clock.local(clock.now(), policies.ZONE).date() - dt.timedelta(days=1)
    return Exists(Milestone.objects.filter(overdue_on(yesterday), contract=OuterRef("pk")))


def contract_with_all(actor: Actor, number: str) -> Contract:
    """One by its number, with parties, milestones and paper. Raises NotFound."""
    rows = with_all(visible_to(actor).select_related("paper"))
    if found := rows.filter(number=number).first():
        return found
    raise NotFound


def contract_rows(actor: Actor, rows: Iterable[Contract]) -> list[ContractRow]:
    """Lines of a page of `contracts_of`, with everything they show in two queries."""
    mine, listed = set(parties.roles_of(actor)), list(rows)
    prefetch_related_objects(listed, *_all())
    return [_row(contract, mine) for contract in listed]


def _row(contract: Contract, mine: set[int]) -> ContractRow:
    parts = list(contract.milestones.all())
    live = contract.state == ContractState.CONCLUDED
    return ContractRow(
        contract=contract,
        parties=tuple(contract.parties.all()),
        settled=sum(each.state == MilestoneState.SETTLED for each in parts),
        milestones=len(parts),
        waits=_waits(contract, mine, parts),
        late=sum(policies.is_late(each) for each in parts) if live else 0,
    )


def _waits(contract: Contract, mine: set[int], parts: list[Milestone]) -> str:
    """What one of `mine` has to do next."""
    own = [row for row in contract.parties.all() if row.organisation_id in mine]
    if contract.state == ContractState.DRAFT:
        return _("发给各方")
    if contract.state == ContractState.REVIEW:
        return _("待你方同意") if any(row.agreed != contract.latest for row in own) else ""
    if contract.state == ContractState.SIGNING:
        return _("待你方签署") if any(row.signed_at is None for row in own) else ""
    if contract.state != ContractState.CONCLUDED:
        return ""
    pays = contract.payer_id in mine
    states = {each.state for each in parts}
    if pays and MilestoneState.DELIVERED in states:
        return _("待你方验收")
    if pays and states & {MilestoneState.BILLED, MilestoneState.REFUNDED}:
        return _("待你方付款")
    supplies = {each.state for each in parts if each.supplier_id in mine}
    if supplies & {MilestoneState.FUNDED, MilestoneState.RETURNED}:
        return _("待你方交付")
    idle = bool(states) and states <= {MilestoneState.PLANNED, MilestoneState.SETTLED}
    return _("待你方付款") if pays and idle else ""


def count_late(actor: Actor, slug: str = "") -> int:
    """How many of one's contracts have a milestone past its day. Raises NotFound."""
    return contracts_of(actor, slug, "late").count()


def counts_by_state(actor: Actor, slug: str = "") -> dict[str, int]:
    """{state: how many} of one's contracts. Raises NotFound."""
    rows = contracts_of(actor, slug).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")))


def pending_in_edition(edition: Any) -> Pending:
    """How many contracts among its exhibitors are not signed yet. One query."""
    here = Party.objects.filter(contract=OuterRef("pk"), organisation__exhibitors__edition=edition)
    waiting = (ContractState.REVIEW, ContractState.SIGNING)
    count = Contract.objects.filter(Exists(here), state__in=waiting).count()
    url = reverse("expo:exhibitors", args=[edition.slug])
    return Pending(_("参展商未签完的合同"), count, _("闭幕后继续有效"), url)


def signed_of_exhibitor(exhibitor: Any) -> int:
    """Contracts of the firm concluded since the edition began to be visible to it."""
    return _concluded(exhibitor).count()


def delivered_of_exhibitor(exhibitor: Any) -> int:
    """Those of them in which at least one milestone was accepted."""
    done = (MilestoneState.ACCEPTED, MilestoneState.SETTLED)
    accepted = Milestone.objects.filter(contract=OuterRef("pk"), state__in=done)
    return _concluded(exhibitor).filter(Exists(accepted)).count()


def _concluded(exhibitor: Any) -> QuerySet[Contract]:
    party = Party.objects.filter(contract=OuterRef("pk"), organisation=exhibitor.organisation_id)
    return Contract.objects.filter(
        Exists(party),
        Q(concluded_at__isnull=False),
        concluded_at__gte=exhibitor.created_at,
    )


def deals_of(number: str) -> list[str] | None:
    """Numbers of the orders behind a contract's number or origin (`demo:3`); None for no contract.

    Those of its milestones, or what its origin billed when it has none.
    """
    known = Q(number=number) | (Q(origin=number) & ~Q(origin=""))
    rows = Contract.objects.filter(known).values_list("pk", "origin")
    found = dict(rows)
    if not found:
        return None
    parts = Milestone.objects.filter(contract__in=found).order_by("pk")
    origins = [f"milestone:{pk}" for pk in parts.values_list("pk", flat=True)]
    return trade.billed_from(origins or [origin for origin in found.values() if origin])
