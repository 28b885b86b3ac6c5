"""Agreed terms become a contract that all sign; what becomes of it moves the licence.

While it is signed the clock is the contract's alone: the licence waits for its news.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from haishi.contracts import services as contracts
from haishi.contracts.states import ContractState
from haishi.contracts.types import ClauseDraft, Draft, PartyDraft
from haishi.foundation import audit, clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.licences import papers, policies, selectors, wording
from haishi.licences.models import Licence
from haishi.licences.services import concluding, grants
from haishi.licences.services.moves import move
from haishi.licences.states import LicenceState
from haishi.trade import services as trade

ROLES = {
    "licensor": Bilingual("授权方", "Licensor"),
    "licensee": Bilingual("被授权方", "Licensee"),
    "holder": Bilingual("权利人", "Rights holder"),
}


def draw_up(actor: Actor, licence: Licence) -> None:
    """Both sides have accepted the same terms: frozen as a contract, for all to sign.

    Raises FontMissing, RailRefuses (no way to pay can carry how the holders share it).
    """
    if licence.guarantee_minor and licence.shares:
        days = policies.OPEN_WITHIN.days
        total = Money(licence.guarantee_minor, licence.currency)
        trade.check_rail(total, concluding.shares(licence), licence.licensor_id, days)
    licence.paper_digest = digest(licence)
    made = contracts.draw_up(actor, draft_of(licence), settled=True)
    licence.contract, licence.paper_id = made.number, made.paper_id
    licence.save(update_fields=["paper_digest", "contract", "paper_id"])
    audit.record(
        actor, "licence.paper", licence,
        sha256=licence.paper_digest, terms=licence.terms.row(), contract=made.number,
    )  # fmt: skip


def digest(licence: Licence) -> str:
    """sha256 in hex of the canonical JSON of parties, work and terms."""
    content = {
        "number": licence.number,
        "work": licence.product_id,
        "parties": [licence.licensor_id, licence.licensee_id, licence.shares],
        "terms": licence.terms.row(),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def draft_of(licence: Licence) -> Draft:
    """The contract that the terms come to. It has no milestones: what is due is billed here."""
    product = licence.product
    english = f"Licence agreement: {product.name_en}" if product.name_en else ""
    return Draft(
        title=Bilingual(f"《{product.name}》IP 授权协议"[:80], english[:160]),
        parties=tuple(_parties(licence)),
        clauses=tuple(_clauses(licence)),
        milestones=(),
        total=Money(0, licence.currency),
        payer_id=licence.licensee_id,
        origin=f"{concluding.ORIGIN}:{licence.pk}",
    )


def _parties(licence: Licence) -> Iterator[PartyDraft]:
    sides = (licence.licensor_id, licence.licensee_id)
    yield PartyDraft(sides[0], ROLES["licensor"])
    yield PartyDraft(sides[1], ROLES["licensee"])
    for firm, _points in licence.shares:
        if firm not in sides:
            yield PartyDraft(firm, ROLES["holder"])


def _clauses(licence: Licence) -> Iterator[ClauseDraft]:
    """One article for each group of terms, each with what always holds."""
    told = _told(licence)
    for title, names, rule in papers.ARTICLES:
        if title is papers.APPROVAL and not licence.stages:
            continue
        yield ClauseDraft(title, _written([told[name] for name in names], rule))
    shared = [
        (papers.name_of(firm), Bilingual(wording.percent(points)))
        for firm, points in selectors.shares_with_names(licence)
    ]
    if shared:
        yield ClauseDraft(papers.SHARES, _written(shared, papers.SHARED))
    yield ClauseDraft(papers.DIGEST, _written([], Bilingual(licence.paper_digest)))


def _told(licence: Licence) -> dict[str, tuple[Bilingual, Bilingual]]:
    """{term: (what it is called, what it says)}, both in both languages."""
    names, product = wording.SHOWN, licence.product
    rows = papers.both(lambda: [(wording.label(n), wording.value(licence, n)) for n in names])
    return {
        **dict(zip(names, rows, strict=True)),
        "work": (Bilingual("作品", "Work"), Bilingual(product.name, product.name_en)),
        "ends_on": (
            Bilingual("截止日（当日不含）", "Ends before"),
            Bilingual(str(licence.terms.ends_on)),
        ),
    }


def _written(facts: list[tuple[Bilingual, Bilingual]], rule: Bilingual) -> Bilingual:
    """Facts and the rule as one text in each language."""
    zh = "；".join(f"{label.zh}：{value.zh}" for label, value in facts)
    en = "; ".join(f"{label.en or label.zh}: {value.en or value.zh}" for label, value in facts)
    return Bilingual("。".join(filter(None, (zh, rule.zh))), ". ".join(filter(None, (en, rule.en))))


@service
def contract_concluded(licence_id: int) -> None:
    """All have signed: the guarantee is billed. Repeated news changes nothing."""
    row = selectors.lock_by_id(licence_id)
    if row.state == LicenceState.SIGNING:
        concluding.conclude(row)


@service
def contract_over(licence_id: int, state: str, reason: str = "") -> None:
    """The contract was declined, ran out, or was ended by all: so is the licence.

    A guarantee that is still to be paid is called off, and its end ends the licence; one that was
    just paid raises Conflict, and the news is heard again after the payment's.
    """
    row = selectors.lock_by_id(licence_id)
    if row.state == LicenceState.SIGNING:
        _not_signed(row, state, reason)
    elif state != ContractState.TERMINATED:
        return
    elif row.state == LicenceState.PAYING:
        trade.cancel(SYSTEM, row.order_id or 0)
    elif row.state in (LicenceState.ACTIVE, LicenceState.SUSPENDED):
        row.reason, row.ended_at = _("各方同意终止合同"), clock.now()
        move(SYSTEM, row, "revoke", "reason", "ended_at", contract=row.contract)
        grants.release(row)


def _not_signed(row: Licence, state: str, reason: str) -> None:
    declined = state == ContractState.DECLINED
    row.reason = reason[:400] if declined else _("合同没有在期限内签完")
    row.ended_at = clock.now()
    action = "decline" if declined else "lapse"
    move(SYSTEM, row, action, "reason", "ended_at", contract=row.contract)
    grants.release(row)


def follow_end(licence: Any, state: str) -> None:
    """The licence is over, and with it its contract. Repeated news changes nothing."""
    if not licence.contract:
        return
    if state == LicenceState.EXPIRED:
        contracts.discharge(licence.contract, "fulfil")
    elif state in (LicenceState.REVOKED, LicenceState.LAPSED):
        reason = licence.reason or _("保底金没有按期支付")
        contracts.discharge(licence.contract, "terminate", reason)
