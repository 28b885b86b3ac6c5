"""Fetching contracts with permission. What a person may not see does not exist."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, When

from haishi.contracts import policies
from haishi.contracts.models import (
    Contract,
    ContractVersion,
    DeliveryFile,
    Milestone,
    Party,
)
from haishi.contracts.states import PAYER_ACTS, SUPPLIER_ACTS, ContractState
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.models import PaperRevision
from haishi.foundation.papers import registry
from haishi.foundation.types import Actor
from haishi.media.selectors import register_reader as register_reader
from haishi.parties import selectors as parties
from haishi.parties.states import Role

__all__ = [
    "TURN",
    "can_read_file",
    "contract_facts",
    "get_contract",
    "get_milestone",
    "has_milestones",
    "lock_acting",
    "lock_by_number",
    "lock_contract",
    "lock_milestone",
    "milestone_by_origin",
    "milestone_facts",
    "overdue_on",
    "owners_of",
    "paper_bytes",
    "party_of",
    "register_reader",
    "version_of",
    "visible_to",
]


def visible_to(actor: Actor) -> QuerySet[Contract]:
    """Those of one's organisations; drafts only for the organisation that draws them up."""
    rows = Contract.objects.all()
    if actor.is_staff:
        return rows
    mine = list(parties.roles_of(actor))
    party = Party.objects.filter(contract=OuterRef("pk"), organisation__in=mine)
    own = ContractVersion.objects.filter(contract=OuterRef("pk"), number=1, by__in=mine)
    return rows.filter(Exists(party) & (~Q(state=ContractState.DRAFT) | Exists(own)))


def get_contract(actor: Actor, number: str) -> Contract:
    """One with its parties. Raises NotFound."""
    rows = visible_to(actor).select_related("payer", "paper")
    firms = Party.objects.select_related("organisation", "signed_by").order_by("position")
    rows = rows.prefetch_related(Prefetch("parties", firms))
    if found := rows.filter(number=number).first():
        return found
    raise NotFound


def lock_contract(actor: Actor, contract_id: int) -> Contract:
    """Row locked. Raises NotFound."""
    locked = Contract.objects.select_for_update().filter(pk=contract_id).first()
    if locked is None or not visible_to(actor).filter(pk=contract_id).exists():
        raise NotFound
    return locked


def lock_by_number(number: str) -> Contract:
    """Row locked, for the platform's own work. Raises NotFound."""
    if found := Contract.objects.select_for_update().filter(number=number).first():
        return found
    raise NotFound


def lock_acting(actor: Actor, contract_id: int, organisation_id: int) -> tuple[Contract, Party]:
    """Row locked, with the party that `actor` acts for. Raises NotFound, Forbidden."""
    contract = lock_contract(actor, contract_id)
    return contract, party_of(actor, contract, organisation_id)


def party_of(actor: Actor, contract: Contract, organisation_id: int) -> Party:
    """The party of a contract that `actor` may bind. Raises NotFound, Forbidden."""
    row = contract.parties.filter(organisation=organisation_id).first()
    if row is None:
        raise NotFound
    if not policies.acts_for(actor, organisation_id):
        raise Forbidden
    return row


def version_of(contract: Contract, number: int = 0) -> ContractVersion:
    """A version of the text, the newest by default. Raises NotFound."""
    rows = contract.versions.select_related("by")
    if found := rows.filter(number=number or contract.latest).first():
        return found
    raise NotFound


def get_milestone(actor: Actor, number: str, position: int) -> Milestone:
    """A milestone of a contract that one may see. Raises NotFound."""
    contract = get_contract(actor, number)
    row = contract.milestones.select_related("supplier", "paper").filter(position=position).first()
    if row is None:
        raise NotFound
    row.contract = contract
    return row


def lock_milestone(actor: Actor, milestone_id: int) -> Milestone:
    """Contract and milestone locked, in this order. Raises NotFound."""
    known = Milestone.objects.filter(pk=milestone_id).values_list("contract_id", flat=True).first()
    contract = lock_contract(actor, known or 0)
    row = Milestone.objects.select_for_update().get(pk=milestone_id)
    row.contract = contract
    return row


def milestone_by_origin(origin: str) -> int | None:
    """`milestone:4` → 4 when there is such a milestone."""
    kind, _colon, number = origin.partition(":")
    if kind != "milestone" or not number.isdigit():
        return None
    return Milestone.objects.filter(pk=int(number)).values_list("pk", flat=True).first()


# The organisation that has to act while nothing was handed over.
TURN = Case(When(state__in=PAYER_ACTS, then=F("contract__payer_id")), default=F("supplier_id"))


def overdue_on(day: dt.date) -> Q:
    """Milestones that were due on that day or before, and of which nothing was handed over."""
    return Q(state__in=(*PAYER_ACTS, *SUPPLIER_ACTS), due__lte=day)


def owners_of(organisation_ids: Iterable[int]) -> list[int]:
    """Ids of the people who own these organisations."""
    return [
        row.person_id
        for pk in organisation_ids
        for row in parties.members(pk)
        if row.role == Role.OWNER
    ]


def contract_facts(contract_id: int) -> Contract | None:
    """A contract for the platform's own messages."""
    return Contract.objects.select_related("payer").filter(pk=contract_id).first()


def has_milestones(contract_id: int) -> bool:
    """Whether money is paid under it, part by part."""
    return Milestone.objects.filter(contract=contract_id).exists()


def milestone_facts(milestone_id: int) -> Milestone | None:
    """A milestone for the platform's own messages."""
    rows = Milestone.objects.select_related("contract", "supplier")
    return rows.filter(pk=milestone_id).first()


def paper_bytes(contract: Contract, milestone: Milestone | None = None) -> PaperRevision:
    """The newest file of a contract or of an acceptance. Raises NotFound, PaperAltered."""
    paper_id = milestone.paper_id if milestone else contract.paper_id
    return registry.latest(paper_id or 0)


def can_read_file(actor: Actor, asset: object) -> bool:
    """Whether a private file was handed over in a contract of one's organisations."""
    mine = list(parties.roles_of(actor))
    asset_id = getattr(asset, "pk", None)
    rows = DeliveryFile.objects.filter(asset=asset_id)
    return bool(mine) and _among(rows, mine)


def _among(rows: QuerySet[DeliveryFile], organisations: Iterable[int]) -> bool:
    wanted = Q(delivery__milestone__contract__parties__organisation__in=[*organisations])
    return rows.filter(wanted).exists()
