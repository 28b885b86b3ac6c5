"""Drawing up a contract, and showing it to the other parties."""

import secrets

from haishi.contracts import contents, policies, selectors
from haishi.contracts.errors import PartiesWrong
from haishi.contracts.events import ContractDrawnUp
from haishi.contracts.models import Contract, ContractVersion, Party
from haishi.contracts.services.moving import facts, move
from haishi.contracts.services.review import freeze
from haishi.contracts.types import Draft
from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden
from haishi.foundation.outbox import publish
from haishi.foundation.papers.registry import LETTERS
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.parties import selectors as parties
from haishi.trade import selectors as trade


@service
def draw_up(
    actor: Actor,
    draft: Draft,
    *,
    by_id: int | None = None,
    show: bool = True,
    settled: bool = False,
) -> Contract:
    """Write a contract for its parties; with `show` they may read it at once.

    `settled`: its text was agreed elsewhere; it is frozen, and signed or declined as it is.
    `by_id`: the party it is drawn up for, the first that `actor` may bind by default; none when
    the platform draws it up. Raises Forbidden, PartiesWrong, ClausesMissing, MilestonesMissing,
    SupplierWrong, SplitWrong, TotalsDiffer, RateWrong, EnglishMissing; when settled
    RailRefuses, FontMissing.
    """
    contents.check(draft)
    firms = [party.organisation_id for party in draft.parties]
    if parties.organisations().filter(pk__in=firms).count() != len(firms):
        raise PartiesWrong
    mine = [pk for pk in firms if policies.acts_for(actor, pk)]
    by_id = by_id or (mine[0] if mine else None)
    if actor is not SYSTEM and by_id not in mine:
        raise Forbidden
    contract = _write(actor, draft, by_id)
    if settled:
        freeze(actor, contract, "freeze")
    elif show:
        _send(actor, contract)
    return contract


def _write(actor: Actor, draft: Draft, by_id: int | None) -> Contract:
    fee, shown = draft.fee_points, draft.shown
    contract = Contract.objects.create(
        number=_number(),
        title=draft.title.zh,
        title_en=draft.title.en,
        payer_id=draft.payer_id,
        drawn_up_by_id=actor.pk,
        currency=draft.total.currency,
        total_minor=draft.total.minor,
        fee_points=trade.usual_fee() if fee is None else fee,
        shown_currency=shown.currency if shown else "",
        rate=shown.rate if shown else None,
        rate_source=shown.source if shown else "",
        rate_at=shown.at if shown else None,
        rail=draft.rail,
        language=draft.language,
        origin=draft.origin,
        closes_at=clock.now() + policies.REVIEW_WITHIN,
    )
    content = contents.content_of(draft)
    ContractVersion.objects.create(contract=contract, number=1, content=content, by_id=by_id)
    Party.objects.bulk_create(
        Party(
            contract=contract,
            organisation_id=party.organisation_id,
            position=position,
            role=party.role.zh,
            role_en=party.role.en,
            agreed=1 if party.organisation_id == by_id else 0,
        )
        for position, party in enumerate(draft.parties, 1)
    )
    audit.record(
        actor, "contract.drawn_up", contract,
        number=contract.number, total=contract.total_minor, currency=contract.currency,
        parties=[party.organisation_id for party in draft.parties], origin=draft.origin,
    )  # fmt: skip
    return contract


def _number() -> str:
    day = clock.local(clock.now(), "Asia/Shanghai").strftime("%y%m%d")
    return f"HT{day}" + "".join(secrets.choice(LETTERS) for _n in range(6))


@service
def send(actor: Actor, contract_id: int) -> Contract:
    """Show a draft to the other parties. Raises NotFound, Forbidden, Conflict."""
    contract = selectors.lock_contract(actor, contract_id)
    by_id = selectors.version_of(contract, 1).by_id
    if not policies.acts_for(actor, by_id or 0):
        raise Forbidden
    _send(actor, contract)
    return contract


def _send(actor: Actor, contract: Contract) -> None:
    contract.closes_at = clock.now() + policies.REVIEW_WITHIN
    move(actor, contract, "send", "closes_at")
    publish(ContractDrawnUp(**facts(contract)))
