"""Talking about the text until all agree; then it is frozen."""

from typing import Any

from haishi.contracts import contents, policies, selectors
from haishi.contracts.errors import (
    ClausesMissing,
    NotAllAgreed,
    NothingChanged,
    TotalsDiffer,
    VersionOld,
)
from haishi.contracts.events import ContractChanged, ContractOpened
from haishi.contracts.models import Comment, Contract, ContractVersion, Milestone, Party
from haishi.contracts.papers import KIND, contract_paper
from haishi.contracts.services.moving import facts, move
from haishi.contracts.states import CONTRACT, ContractState
from haishi.contracts.types import MilestoneDraft
from haishi.foundation import audit, clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import Conflict
from haishi.foundation.money import Money
from haishi.foundation.outbox import publish
from haishi.foundation.papers import registry
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.trade import services as trade
from haishi.trade.types import Share


@service
def comment(actor: Actor, contract_id: int, organisation_id: int, text: str) -> Comment:
    """Say something about the newest version. Raises NotFound, Forbidden, Conflict."""
    contract, party = selectors.lock_acting(actor, contract_id, organisation_id)
    if contract.state not in (ContractState.REVIEW, ContractState.DRAFT):
        raise Conflict
    row = Comment.objects.create(
        contract=contract,
        version=contract.latest,
        organisation_id=party.organisation_id,
        author_id=actor.pk,
        text=text[:1000],
    )
    audit.record(actor, "contract.commented", contract, comment=row.pk)
    return row


@service
def propose(
    actor: Actor,
    contract_id: int,
    organisation_id: int,
    *,
    seen: int,
    note: str = "",
    **changes: Any,
) -> ContractVersion:
    """A new version of the text; `changes` replace parts of `contents.content_of`.

    The others have to agree anew, and hear of it unless it is still a draft. Parties, total and
    split receivers stay. Raises NotFound, Forbidden, Conflict, VersionOld, NothingChanged,
    ClausesMissing, MilestonesMissing, TotalsDiffer, EnglishMissing.
    """
    contract, party = selectors.lock_acting(actor, contract_id, organisation_id)
    CONTRACT.after(contract.state, "propose")
    if seen != contract.latest:
        raise VersionOld
    last = selectors.version_of(contract)
    content = {**last.content, **changes}
    _check(contract, content)
    if content == last.content:
        raise NothingChanged
    contract.latest += 1
    contract.title, contract.title_en = content["title"]
    contract.closes_at = clock.now() + policies.REVIEW_WITHIN
    row = ContractVersion.objects.create(
        contract=contract,
        number=contract.latest,
        content=content,
        by_id=organisation_id,
        note=note[:200],
    )
    party.agreed = contract.latest
    party.save(update_fields=["agreed"])
    names = ("latest", "title", "title_en", "closes_at")
    move(actor, contract, "propose", *names, number=contract.latest)
    if contract.state == ContractState.REVIEW:
        changed = ContractChanged(**facts(contract), by_id=organisation_id, version=contract.latest)
        publish(changed)
    return row


def _check(contract: Contract, content: dict[str, Any]) -> None:
    rows = contents.milestones(content)
    contents.check_money(contract.total_minor, rows)
    found = sum(each.amount_minor for each in rows)
    if found != contract.total_minor:
        raise TotalsDiffer(sum=Money(found, contract.currency), total=contract.total)
    clauses = contents.clauses(content)
    if not clauses or not all(each.title.zh and each.text.zh for each in clauses):
        raise ClausesMissing
    contents.check_english(contract.language, contents.title(content), clauses, rows)


@service
def agree(actor: Actor, contract_id: int, organisation_id: int, version: int) -> Party:
    """A party agrees to the newest version. Raises NotFound, Forbidden, Conflict, VersionOld."""
    contract, party = selectors.lock_acting(actor, contract_id, organisation_id)
    if contract.state != ContractState.REVIEW:
        raise Conflict
    if version != contract.latest:
        raise VersionOld
    party.agreed = version
    party.save(update_fields=["agreed"])
    audit.record(actor, "contract.agreed", contract, organisation=organisation_id, number=version)
    return party


@service
def open_signing(actor: Actor, contract_id: int, organisation_id: int) -> Contract:
    """Freeze the text as a paper that all parties sign.

    Raises NotFound, Forbidden, Conflict, NotAllAgreed, RailRefuses (a milestone's split that no
    way to pay can carry, with the reason), FontMissing.
    """
    contract, _party = selectors.lock_acting(actor, contract_id, organisation_id)
    CONTRACT.after(contract.state, "open_signing")
    parties = _parties(contract)
    waiting = [row.organisation for row in parties if row.agreed != contract.latest]
    if waiting:
        raise NotAllAgreed(names="、".join(str(firm.title) for firm in waiting))
    freeze(actor, contract, "open_signing")
    return contract


def _parties(contract: Contract) -> list[Party]:
    return list(contract.parties.select_related("organisation").order_by("position"))


def freeze(actor: Actor, contract: Contract, action: str) -> None:
    """The newest text of a locked contract becomes a paper to sign. Raises RailRefuses."""
    content, parties = selectors.version_of(contract).content, _parties(contract)
    for each in contents.milestones(content):
        _check_rail(contract, each)
    names = [Bilingual(row.organisation.name, row.organisation.name_en) for row in parties]
    contract.paper = registry.issue(
        actor, contract_paper(contract, content, parties), kind=KIND, parties=names
    )
    _plan(contract, content)
    contract.closes_at, contract.reminded_at = clock.now() + policies.SIGN_WITHIN, None
    sha256 = registry.latest(contract.paper.pk).sha256
    names_of_fields = ("paper", "closes_at", "reminded_at")
    move(actor, contract, action, *names_of_fields, sha256=sha256)
    publish(ContractOpened(**facts(contract)))


def _check_rail(contract: Contract, milestone: MilestoneDraft) -> None:
    """Whether a way to pay can hold the money that long and share it so. Raises RailRefuses."""
    trade.check_rail(
        Money(milestone.amount_minor, contract.currency),
        milestone.shares or (Share(milestone.supplier_id, contents.WHOLE),),
        milestone.supplier_id,
        policies.hold_days(milestone.due),
        provider=contract.rail,
        fee_points=contract.fee_points,
    )


def _plan(contract: Contract, content: dict[str, Any]) -> None:
    Milestone.objects.bulk_create(
        Milestone(
            contract=contract,
            position=position,
            name=each.name.zh,
            name_en=each.name.en,
            due=each.due,
            amount_minor=each.amount_minor,
            supplier_id=each.supplier_id,
            shares=[[share.organisation_id, share.points] for share in each.shares],
        )
        for position, each in enumerate(contents.milestones(content), 1)
    )
