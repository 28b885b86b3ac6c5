"""/api/v1/contracts: contracts of one's organisations, read."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema

from haishi.contracts import selectors
from haishi.contracts.states import ContractState, MilestoneState
from haishi.foundation.api import Page, actor, paginate, register_scope

router = Router(tags=["contracts"])
READ = register_scope("contracts:read", _("查看本单位的合同与节点"))


class PartyOut(Schema):
    """An organisation in a contract."""

    organisation: str
    role: str
    role_en: str
    signed_at: dt.datetime | None


class ShareOut(Schema):
    """A receiver's part in basis points of what the fee leaves."""

    organisation: str
    points: int


class MilestoneOut(Schema):
    """A milestone. Amounts are minor units; `released`: {slug or "fees": amount} once settled."""

    position: int
    name: str
    name_en: str
    state: MilestoneState
    due: dt.date
    amount_minor: int
    supplier: str
    shares: list[ShareOut]
    order: str
    released: dict[str, int]


class ContractOut(Schema):
    """A contract. `verify_url`: the public page that checks its file."""

    number: str
    url: str
    title: str
    title_en: str
    state: ContractState
    version: int
    currency: str
    total_minor: int
    payer: str
    origin: str
    closes_at: dt.datetime | None
    concluded_at: dt.datetime | None
    verify_url: str | None
    parties: list[PartyOut]
    milestones: list[MilestoneOut]


def _shown(contract: Any) -> dict[str, Any]:
    slugs = {row.organisation_id: row.organisation.slug for row in contract.parties.all()}
    code = contract.paper.code if contract.paper else ""
    plain = ("number", "title", "title_en", "state", "currency", "total_minor", "origin")
    return {
        **{name: getattr(contract, name) for name in (*plain, "closes_at", "concluded_at")},
        "version": contract.latest,
        "url": settings.PUBLIC_URL + contract.get_absolute_url(),
        "payer": slugs[contract.payer_id],
        "verify_url": f"{settings.PUBLIC_URL}/papers/{code}/" if code else None,
        "parties": [
            {
                "organisation": row.organisation.slug,
                "role": row.role,
                "role_en": row.role_en,
                "signed_at": row.signed_at,
            }
            for row in contract.parties.all()
        ],
        "milestones": [_milestone(row, slugs) for row in contract.milestones.all()],
    }


def _milestone(row: Any, slugs: dict[int, str]) -> dict[str, Any]:
    plain = ("position", "name", "name_en", "state", "due", "amount_minor")
    return {
        **{name: getattr(row, name) for name in plain},
        "supplier": slugs[row.supplier_id],
        "shares": [{"organisation": slugs[pk], "points": points} for pk, points in row.shares],
        "order": row.order_number,
        "released": {
            slugs[int(key)] if key.isdigit() else key: minor for key, minor in row.released.items()
        },
    }


@router.get("/", response=Page[ContractOut])
def contracts(
    request: HttpRequest,
    organisation: str = "",
    state: str = "",
    cursor: str = "",
    limit: int = Query(20, ge=1, le=100),  # type: ignore[type-arg]
) -> Any:
    """Contracts of one's organisations, newest first; `state` may be `open`."""
    who = actor(request, READ)
    rows = selectors.contracts_of(who, organisation, state).select_related("paper")
    found, following = paginate(selectors.with_all(rows), cursor, limit)
    return {"items": [_shown(row) for row in found], "next": following}


@router.get("/{number}/", response=ContractOut)
def contract(request: HttpRequest, number: str) -> Any:
    """One contract by its number."""
    return _shown(selectors.contract_with_all(actor(request, READ), number))
