"""Contracts for tests, and short ways through them."""

import datetime as dt
from typing import Any

from haishi.contracts import services
from haishi.contracts.models import Contract, Milestone
from haishi.contracts.types import ClauseDraft, Draft, LineDraft, MilestoneDraft, PartyDraft
from haishi.foundation import clock, outbox
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money
from haishi.foundation.papers import registry
from haishi.parties import selectors as parties
from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from haishi.trade import selectors as trade
from haishi.trade.services import settle_due
from haishi.trade.tests.factories import pay as pay_order
from haishi.trade.types import Share

ROLES = (
    Bilingual("采购方", "Buyer"),
    Bilingual("供方", "Supplier"),
    Bilingual("研发", "R&D"),
    Bilingual("生产", "Production"),
    Bilingual("营销", "Marketing"),
    Bilingual("设计", "Design"),
)
CLAUSES = (
    ClauseDraft(
        Bilingual("标的", "Subject"),
        Bilingual("供方交付《沙燕风筝》数字影像及全部素材。", "The supplier delivers the film."),
    ),
    ClauseDraft(Bilingual("保密"), Bilingual("各方对未公开的内容保密三年。")),
)


def firm_with_owner(name: str = "") -> tuple[Any, Any]:
    """A firm and the person who owns it."""
    firm = OrganisationFactory(**({"name": name} if name else {}))
    person = PersonFactory(name=f"{firm.name}负责人")
    MembershipFactory(person=person, organisation=firm, role="owner")
    return firm, person


def today(days: int = 0) -> dt.date:
    """A day from now on in Shanghai."""
    return clock.local(clock.now(), "Asia/Shanghai").date() + dt.timedelta(days=days)


def draft(
    *firms: Any,
    amounts: tuple[int, ...] = (60_000, 40_000),
    points: tuple[int, ...] = (),
    **fields: Any,
) -> Draft:
    """A contract of `firms`, the first of which pays; the second delivers."""
    receivers = firms[1:]
    shares = (
        tuple(Share(f.pk, p) for f, p in zip(receivers, points, strict=False)) if points else ()
    )
    milestones = tuple(
        MilestoneDraft(
            Bilingual(f"第 {n} 期", f"Part {n}"), today(20 * n), amount, firms[1].pk, shares
        )
        for n, amount in enumerate(amounts, 1)
    )
    plain: dict[str, Any] = {
        "title": Bilingual("沙燕风筝数字影像制作合同", "Kite film production"),
        "parties": tuple(PartyDraft(f.pk, r) for f, r in zip(firms, ROLES, strict=False)),
        "clauses": CLAUSES,
        "milestones": milestones,
        "total": Money(sum(amounts)),
        "payer_id": firms[0].pk,
        "lines": (LineDraft(Bilingual("成片", "Final cut"), 1, sum(amounts), "部"),),
        "fee_points": 0,
    }
    return Draft(**{**plain, **fields})


def owner_of(firm: Any) -> Any:
    """Whoever owns it, as a fresh actor."""
    rows = parties.members(firm.pk).filter(role="owner")
    return parties.get_person(rows.latest("pk").person_id)


def agreed(contract: Contract) -> Contract:
    """All parties agree to the newest version."""
    for row in contract.parties.select_related("organisation").order_by("position"):
        person = owner_of(row.organisation)
        services.agree(person, contract.pk, row.organisation_id, contract.latest)
    return contract


def opened(*firms: Any, **fields: Any) -> Contract:
    """Ready to be signed."""
    person = owner_of(firms[0])
    contract = agreed(services.draw_up(person, draft(*firms, **fields)))
    return services.open_signing(person, contract.pk, firms[0].pk)


def seen(contract: Contract) -> str:
    """The hash of the file that a signer is shown."""
    return registry.latest(contract.paper_id).sha256


def signed(contract: Contract) -> Contract:
    """All parties sign, one after the other."""
    for row in contract.parties.select_related("organisation").order_by("position"):
        services.sign(owner_of(row.organisation), contract.pk, row.organisation_id, seen(contract))
    contract.refresh_from_db()
    return contract


def concluded(*firms: Any, **fields: Any) -> Contract:
    """Signed by all."""
    return signed(opened(*firms, **fields))


def funded(contract: Contract, position: int = 1) -> Milestone:
    """A milestone whose money is held."""
    row = contract.milestones.get(position=position)
    services.fund(owner_of(contract.payer), row.pk)
    pay(row)
    return row


def order_of(row: Milestone) -> Any:
    """The order of a milestone."""
    return trade.lock_order(row.order_id or 0)


def pay(row: Milestone) -> None:
    """Paid at the sandbox, and heard of."""
    row.refresh_from_db()
    pay_order(order_of(row))
    outbox.drain()
    row.refresh_from_db()


def delivered(contract: Contract, position: int = 1) -> Milestone:
    """Handed over, waiting for its acceptance."""
    row = funded(contract, position)
    services.deliver(owner_of(row.supplier), row.pk, "成片与素材已上传。")
    row.refresh_from_db()
    return row


def settled(contract: Contract, position: int = 1) -> Milestone:
    """Accepted and paid out."""
    row = delivered(contract, position)
    services.accept(owner_of(contract.payer), row.pk)
    settle_due()
    outbox.drain()
    row.refresh_from_db()
    return row
