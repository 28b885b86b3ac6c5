"""One contract as its pages show it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from haishi.contracts import contents, policies
from haishi.contracts.models import (
    Comment,
    Contract,
    ContractVersion,
    Delivery,
    Milestone,
    Party,
)
from haishi.contracts.selectors.core import get_milestone
from haishi.contracts.states import MOVING, SUPPLIER_ACTS, ContractState, MilestoneState
from haishi.contracts.types import Change, ClauseDraft, LineDraft, MilestoneDraft, Part
from haishi.contracts.wording import deed
from haishi.foundation import audit
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import AuditEntry
from haishi.foundation.money import Money, split
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.trade import selectors as trade

__all__ = [
    "DeliveryView",
    "MilestoneView",
    "TextPage",
    "milestone_page",
    "milestone_views",
    "named_parties",
    "steps_for",
    "story_of",
    "text_page",
]


@dataclass(frozen=True)
class DeliveryView:
    """One round with the files that the reader may open."""

    delivery: Delivery
    files: tuple[Any, ...]


@dataclass(frozen=True)
class MilestoneView:
    """Where a milestone stands. `owner`: the party that has to act now, None when nobody."""

    row: Milestone
    owner: Party | None
    held: Money
    shown: Money | None
    parts: tuple[Part, ...]
    released: Money
    returned: Money | None
    may: dict[str, bool]
    deliveries: tuple[DeliveryView, ...] = ()

    @property
    def late(self) -> bool:
        """Whether the day of delivery is over and nothing was handed over."""
        return policies.is_late(self.row)


@dataclass(frozen=True)
class PlannedView:
    """A milestone before it is one: what the newest version says."""

    draft: MilestoneDraft
    amount: Money
    shown: Money | None
    supplier: Any
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class TextPage:
    """The text of a version, and how it differs from the one before."""

    version: ContractVersion
    versions: list[ContractVersion]
    title: Bilingual
    clauses: tuple[ClauseDraft, ...]
    lines: tuple[LineDraft, ...]
    milestones: tuple[PlannedView, ...]
    changes: list[Change]
    comments: list[Comment]


def named_parties(contract: Contract) -> list[Party]:
    """Parties in the order of the contract; without a query when they are at hand."""
    return sorted(contract.parties.all(), key=lambda row: row.position)


def _names(contract: Contract) -> dict[int, Any]:
    return {row.organisation_id: row.organisation.title for row in contract.parties.all()}


def text_page(contract: Contract, number: int = 0) -> TextPage:
    """A version of the text with what was said. Raises NotFound. Two queries."""
    versions = list(contract.versions.select_related("by").order_by("-number"))
    known = {row.number: row for row in versions}
    version = known.get(number) or versions[0]
    before = known.get(version.number - 1)
    names = _names(contract)
    changes = (
        contents.differences(before.content, version.content, names, contract.currency)
        if before
        else []
    )
    said = contract.comments.select_related("organisation", "author").order_by("-pk")
    return TextPage(
        version=version,
        versions=versions,
        title=contents.title(version.content),
        clauses=contents.clauses(version.content),
        lines=contents.lines(version.content),
        milestones=tuple(
            _planned(contract, each, names) for each in contents.milestones(version.content)
        ),
        changes=changes,
        comments=list(said[:100]),
    )


def _planned(contract: Contract, draft: MilestoneDraft, names: dict[int, Any]) -> PlannedView:
    amount = Money(draft.amount_minor, contract.currency)
    pairs = [[share.organisation_id, share.points] for share in draft.shares]
    return PlannedView(
        draft=draft,
        amount=amount,
        shown=contract.shown(amount),
        supplier=names.get(draft.supplier_id, ""),
        parts=_parts(contract, amount, pairs, draft.supplier_id, {}, names),
    )


def _parts(
    contract: Contract,
    amount: Money,
    pairs: list[list[int]],
    supplier_id: int,
    released: dict[str, int],
    names: dict[int, Any],
) -> tuple[Part, ...]:
    """Who gets what, as the ledger will split it (the platform's fee is a part, too)."""
    firms = {pair[0]: pair[1] for pair in pairs} or {supplier_id: contents.WHOLE}
    fee = contract.fee_points
    weights = [points * (contents.WHOLE - fee) for points in firms.values()]
    named = [*firms].index(supplier_id) if supplier_id in firms else 0
    sums = split(amount.minor, [*weights, fee * contents.WHOLE], remainder_to=named)
    rows = [(names.get(pk, "?"), points, str(pk)) for pk, points in firms.items()]
    rows += [(_("平台服务费"), fee, "fees")] if fee else []
    return tuple(
        Part(
            name,
            points,
            Money(minor, contract.currency),
            Money(released.get(key, 0), contract.currency) if released else None,
        )
        for (name, points, key), minor in zip(rows, sums, strict=False)
    )


def milestone_views(actor: Actor, contract: Contract) -> list[MilestoneView]:
    """All milestones of a contract whose parties are at hand. Two queries."""
    rows = list(contract.milestones.select_related("supplier").order_by("position"))
    held = trade.held_by([row.order_id for row in rows if row.order_id and row.state in MOVING])
    return [_view(actor, contract, row, held) for row in rows]


def _view(
    actor: Actor,
    contract: Contract,
    row: Milestone,
    held: dict[int, int],
    deliveries: tuple[DeliveryView, ...] = (),
) -> MilestoneView:
    row.contract = contract
    names, released = _names(contract), row.released
    left = _left(row, held)
    return MilestoneView(
        row=row,
        owner=_owner(contract, row),
        held=Money(held.get(row.order_id or 0, 0), contract.currency),
        shown=contract.shown(row.amount),
        parts=_parts(contract, left, row.shares, row.supplier_id, released, names),
        released=Money(sum(released.values()), contract.currency),
        returned=row.amount - left if left.minor < row.amount_minor else None,
        may=_may(actor, contract, row),
        deliveries=deliveries,
    )


def _left(row: Milestone, held: dict[int, int]) -> Money:
    """What there is to share, or was: less than the amount when a part went back to the payer."""
    minor = sum(row.released.values())
    if row.state in MOVING and row.state != MilestoneState.BILLED:
        minor = held.get(row.order_id or 0, 0)
    return Money(minor or row.amount_minor, row.contract.currency)


def _owner(contract: Contract, row: Milestone) -> Party | None:
    if contract.state not in (ContractState.SIGNING, ContractState.CONCLUDED):
        return None
    row.contract = contract
    accepts = row.state == MilestoneState.DELIVERED
    owner_id = contract.payer_id if accepts else policies.turn_of(row)
    return next((p for p in contract.parties.all() if p.organisation_id == owner_id), None)


def _may(actor: Actor, contract: Contract, row: Milestone) -> dict[str, bool]:
    pays, state = policies.pays(actor, row), row.state
    live = contract.state == ContractState.CONCLUDED
    may = {
        "fund": pays and live and state in (MilestoneState.PLANNED, MilestoneState.REFUNDED),
        "pay": pays and state == MilestoneState.BILLED,
        "order": bool(row.order_id) and (pays or policies.delivers(actor, row)),
        "deliver": policies.delivers(actor, row) and state in SUPPLIER_ACTS,
        "answer": pays and state == MilestoneState.DELIVERED,
    }
    return {name: True for name, allowed in may.items() if allowed}


def milestone_page(actor: Actor, number: str, position: int) -> MilestoneView:
    """A milestone with its rounds. Raises NotFound."""
    row = get_milestone(actor, number, position)
    held = trade.held_by([row.order_id]) if row.order_id and row.state in MOVING else {}
    rounds = list(
        row.deliveries.select_related("by", "answered_by")
        .prefetch_related(Prefetch("files"))
        .order_by("-round")
    )
    ids = [file.asset_id for each in rounds for file in each.files.all()]
    found = media.private_attachments(actor, ids) if ids else {}
    deliveries = tuple(
        DeliveryView(
            each, tuple(found[f.asset_id] for f in each.files.all() if f.asset_id in found)
        )
        for each in rounds
    )
    return _view(actor, row.contract, row, held, deliveries)


def steps_for(actor: Actor, contract: Contract) -> dict[str, Any]:
    """{what the person may do with the contract now: the parties they may do it for}."""
    acting = policies.acting_parties(actor, contract)
    state, latest = contract.state, contract.latest
    review = state == ContractState.REVIEW
    all_agree = all(row.agreed == latest for row in contract.parties.all())
    draft = state == ContractState.DRAFT
    signable = policies.is_signable(contract)
    ends = state == ContractState.CONCLUDED
    may = {
        "send": acting[:1] if draft else [],
        "agree": [row for row in acting if review and row.agreed != latest],
        "propose": acting[:1] if review or draft else [],
        "comment": acting[:1] if review else [],
        "open": acting[:1] if review and all_agree else [],
        "sign": [row for row in acting if signable and row.signed_at is None],
        "decline": acting[:1] if draft or review or state == ContractState.SIGNING else [],
        "end": [row for row in acting if ends and not row.ends],
    }
    return {name: rows for name, rows in may.items() if rows}


@dataclass(frozen=True)
class Told:
    """A line of the story: an entry of the audit log in words."""

    at: dt.datetime
    text: Any
    actor_name: str
    detail: dict[str, Any]


def story_of(contract: Contract) -> list[Told]:
    """What happened to it and to its milestones, newest first. Three queries."""
    entries = audit.history(contract, 60)
    ids = list(contract.milestones.values_list("pk", flat=True))
    kind = audit.subject_type(Milestone())
    parts = AuditEntry.objects.filter(subject_type=kind, subject_id__in=ids).order_by("-id")
    rows = sorted([*entries, *parts[:60]], key=lambda entry: -entry.pk)[:80]
    return [Told(row.at, deed(row.action), row.actor_name, row.detail) for row in rows]
