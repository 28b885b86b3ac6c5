"""A settled award becomes a contract of the buyer, the winner and its partners."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from haishi.contracts import services as contracts
from haishi.contracts.types import (
    ClauseDraft,
    Draft,
    LineDraft,
    MilestoneDraft,
    PartyDraft,
    Rate,
)
from haishi.foundation import audit
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money, split
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM
from haishi.notices.types import in_both
from haishi.sourcing import selectors
from haishi.sourcing.models import Partner, Winner
from haishi.sourcing.types import Offer, stages_from
from haishi.trade.types import Share

ROLES = {
    "demand": Bilingual("需求方", "Demand"),
    "supply": Bilingual("供方", "Supplier"),
    "research": Bilingual("研发方", "Research and development"),
    "production": Bilingual("生产方", "Producer"),
    "marketing": Bilingual("营销方", "Marketing"),
}


@service
def draw_contract(winner_id: int) -> Winner | None:
    """Draw up the contract of a winner whose shares are settled; twice is once.

    Raises what `contracts.draw_up` raises.
    """
    winner = Winner.objects.select_for_update().filter(pk=winner_id).first()
    if winner is None or winner.settled_at is None or winner.contract:
        return winner
    made = contracts.draw_up(SYSTEM, draft_of(winner))
    winner.contract = made.number
    winner.save(update_fields=["contract"])
    audit.record(SYSTEM, "winner.contract_drawn", winner, contract=made.number)
    return winner


def draft_of(winner: Winner) -> Draft:
    """The contract as the award, the offer and the shares say it."""
    bid, rfq = winner.quotation, winner.quotation.rfq
    offer = selectors.offer_of(selectors.latest_version(bid), rfq)
    partners = list(winner.partners.order_by("-points", "pk"))
    rows = winner.award.lines.filter(quotation=bid).select_related("line").order_by("line__number")
    buyer = PartyDraft(rfq.buyer_id, Bilingual("采购方", "Buyer"))
    return Draft(
        title=Bilingual(rfq.title, rfq.title_en),
        parties=(buyer, *(PartyDraft(row.organisation_id, ROLES[row.side]) for row in partners)),
        clauses=tuple(_clauses(winner, offer)),
        lines=tuple(
            LineDraft(Bilingual(row.line.name), row.quantity, row.price_minor, row.line.unit)
            for row in rows
        ),
        milestones=tuple(_milestones(winner, partners)),
        total=Money(winner.total_minor, winner.currency),
        payer_id=rfq.buyer_id,
        shown=_shown(winner),
        origin=f"quotation:{bid.pk}",
    )


def _milestones(winner: Winner, partners: list[Partner]) -> list[MilestoneDraft]:
    """The award's stages; what cannot be shared evenly goes by largest remainder to the last."""
    stages = stages_from(winner.award.milestones)
    points = [stage.points for stage in stages]
    amounts = split(winner.total_minor, points, len(points) - 1)
    shares = tuple(Share(row.organisation_id, row.points) for row in partners)
    return [
        MilestoneDraft(
            name=Bilingual(stage.name),
            due=timezone.localdate() + dt.timedelta(days=max(stage.days, 1)),
            amount_minor=amount,
            supplier_id=winner.quotation.bidder_id,
            shares=shares if len(shares) > 1 else (),
        )
        for stage, amount in zip(stages, amounts, strict=True)
        if amount > 0
    ]


def _shown(winner: Winner) -> Rate | None:
    """The request's currency beside the one that is owed, at the rate of the comparison."""
    rfq = winner.quotation.rfq
    row = selectors.rates_of(rfq).get(winner.currency)
    return Rate(rfq.currency, row.rate, row.source, row.at) if row else None


def _clauses(winner: Winner, offer: Offer) -> list[ClauseDraft]:
    """What was asked for and what was offered, in the words of both."""
    rfq = winner.quotation.rfq
    basis = {"slug": rfq.slug, "n": rfq.revision, "version": winner.quotation.latest}
    place, terms, notes = f"{rfq.city}{rfq.deliver_to}", offer.payment_terms, offer.notes
    found = [
        _clause(
            _("订立依据"),
            _("依据询价单 %(slug)s 第 %(n)s 版与中标报价第 %(version)s 版订立。"),
            basis,
        ),
        _clause(_("交货时间"), _("自合同生效起 %(days)s 天内交付。"), {"days": offer.lead_days}),
        _clause(_("验收与放款"), _("每个里程碑验收合格后放款。"), {}),
    ]
    given = ((_("交付地点"), place), (_("付款条件"), terms), (_("报价说明"), notes))
    return found + [
        ClauseDraft(_both(title, {}), Bilingual(text)) for title, text in given if text.strip()
    ]


def _clause(title: Any, text: Any, values: dict[str, Any]) -> ClauseDraft:
    return ClauseDraft(_both(title, {}), _both(text, values))


def _both(words: Any, values: dict[str, Any]) -> Bilingual:
    """A translatable text in both languages."""
    return Bilingual(*in_both(words, values, 4_000))
