"""A request's page and a quotation's pages as one reader sees them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.parties import selectors as parties
from haishi.sourcing import policies
from haishi.sourcing.diffs import Change, changes, tiers_text
from haishi.sourcing.models import Question, Quotation, QuotationVersion, Rfq, RfqLine, Winner
from haishi.sourcing.selectors.core import get_quotation, get_rfq, offer_of
from haishi.sourcing.states import QuotationState, Visibility
from haishi.sourcing.types import Offer
from haishi.sourcing.wording import weights_of

__all__ = [
    "OfferLine",
    "QuotationPage",
    "RfqPage",
    "bidding_firms",
    "diff_page",
    "own_quotation",
    "quotation_page",
    "rfq_page",
]


@dataclass(frozen=True)
class RfqPage:
    """Everything on a request's page. `questions` are those this reader may see."""

    rfq: Rfq
    lines: list[RfqLine]
    weights: list[tuple[str, str, int]]
    documents: list[Any]
    questions: list[Question]
    revisions: list[Any]
    taking: bool
    upcoming: bool
    over: bool
    asking: bool
    own: bool
    manages: bool
    firms: list[Any]
    quotations: list[Quotation]
    trail: list[dict[str, str]]


def rfq_page(actor: Actor, slug: str) -> RfqPage:
    """A request for this reader. Raises NotFound."""
    rfq = get_rfq(actor, slug)
    own = parties.is_member(actor, rfq.buyer_id)
    roles = parties.roles_of(actor)
    taking = policies.is_taking(rfq)
    return RfqPage(
        rfq=rfq,
        lines=list(rfq.lines.select_related("product").order_by("number")),
        weights=weights_of(rfq.criteria),
        documents=_documents(rfq.document_ids),
        questions=_questions(actor, rfq),
        revisions=list(rfq.revisions.order_by("-number")) if rfq.revision > 1 else [],
        taking=taking,
        upcoming=policies.is_upcoming(rfq),
        over=policies.is_over(rfq),
        asking=policies.takes_questions(rfq),
        own=own,
        manages=policies.can_edit(actor, rfq),
        firms=bidding_firms(actor, rfq) if actor.is_authenticated and not own else [],
        quotations=list(
            Quotation.objects.filter(rfq=rfq, bidder__in=roles).select_related("bidder")
        ) if roles else [],
        trail=[
            {"label": _("采购需求"), "url": reverse("sourcing:board")},
            {"label": str(rfq.name), "url": ""},
        ],
    )  # fmt: skip


def _documents(ids: Any) -> list[Any]:
    """Attachments of something whose reader was admitted, in their order."""
    found = media.admitted_attachments(ids)
    return [found[pk] for pk in ids if pk in found]


def _questions(actor: Actor, rfq: Rfq) -> list[Question]:
    """Answered ones for everybody; open ones for the firm that asked and for the buyer."""
    rows = Question.objects.filter(rfq=rfq).select_related("organisation")
    if not (actor.is_staff or parties.is_member(actor, rfq.buyer_id)):
        rows = rows.filter(~Q(answer="") | Q(organisation__in=[*parties.roles_of(actor)]))
    return list(rows.order_by("pk"))


def bidding_firms(actor: Actor, rfq: Rfq) -> list[Any]:
    """Firms of the reader that may quote, by name."""
    ids = {*parties.roles_of(actor)} & {*parties.managed_by(actor)} - {rfq.buyer_id}
    rows = parties.organisations().filter(pk__in=ids)
    if rfq.visibility == Visibility.INVITED:
        rows = rows.filter(pk__in=rfq.invited.values("organisation"))
    return list(rows.order_by("name", "pk"))


def own_quotation(actor: Actor, rfq: Rfq, firm_id: int) -> tuple[Quotation | None, Offer | None]:
    """What a firm offers so far, for its members. Raises Forbidden."""
    if not parties.is_member(actor, firm_id):
        raise Forbidden
    row = Quotation.objects.filter(rfq=rfq, bidder=firm_id).first()
    if row is None:
        return None, None
    return row, offer_of(row.versions.get(number=row.latest), rfq)


@dataclass(frozen=True)
class OfferLine:
    """A line with what is offered for it; texts are empty when it is not."""

    line: RfqLine
    tiers: str
    price: Money | None
    amount: Money | None
    note: str


@dataclass(frozen=True)
class QuotationPage:
    """A quotation as its bidder or, once it may be read, its buyer sees it."""

    quotation: Quotation
    rfq: Rfq
    version: QuotationVersion
    offer: Offer
    lines: list[OfferLine]
    total: Money
    versions: list[QuotationVersion]
    documents: list[Any]
    bidder: bool
    manages: bool
    withdrawable: bool
    editable: bool
    winner: Winner | None
    partners: list[Any]
    shown_rank: int
    rivals: int


def quotation_page(actor: Actor, quotation_id: int, number: str = "") -> QuotationPage:
    """A quotation at version `number` (the latest by default). Raises NotFound."""
    row = get_quotation(actor, quotation_id)
    rfq, bidder = row.rfq, parties.is_member(actor, row.bidder_id)
    versions = _versions(row, rfq, bidder)
    wanted = int(number) if number.isdecimal() else row.latest
    version = next((each for each in versions if each.number == wanted), None)
    if version is None:
        raise NotFound
    offer = offer_of(version, rfq)
    lines = list(rfq.lines.order_by("number"))
    manages = bidder and parties.can_manage(actor, row.bidder_id)
    taking = policies.is_taking(rfq)
    winner = Winner.objects.filter(quotation=row).select_related("award").first()
    partners = (
        winner.partners.select_related("organisation").order_by("-points", "pk") if winner else []
    )
    rank = row.rank if row.rank and (rfq.show_rank or not bidder) else 0
    return QuotationPage(
        quotation=row, rfq=rfq, version=version, offer=offer,
        lines=[_line(line, offer) for line in lines],
        total=Money(offer.total({line.pk: line.quantity for line in lines}), offer.currency),
        versions=versions, documents=_documents(offer.document_ids), bidder=bidder,
        manages=manages,
        withdrawable=manages and taking and row.state == QuotationState.SUBMITTED,
        editable=manages and taking, winner=winner, partners=list(partners), shown_rank=rank or 0,
        rivals=Quotation.objects.filter(rfq=rfq, rank__isnull=False).count() if rank else 0,
    )  # fmt: skip


def _versions(row: Quotation, rfq: Rfq, bidder: bool) -> list[QuotationVersion]:
    """Newest first. Of a sealed request the buyer reads what was opened, nothing before it."""
    rows = row.versions.select_related("author").order_by("-number")
    if rfq.sealed and not bidder:
        rows = rows.exclude(content=None)
    return list(rows)


def _line(line: RfqLine, offer: Offer) -> OfferLine:
    found = offer.line(line.pk)
    price = found.price_for(line.quantity) if found else None
    return OfferLine(
        line=line,
        tiers=tiers_text(found.tiers, offer.currency) if found else "",
        price=None if price is None else Money(price, offer.currency),
        amount=None if price is None else Money(price * line.quantity, offer.currency),
        note=found.note if found else "",
    )


def diff_page(
    actor: Actor, quotation_id: int, before: str, after: str
) -> tuple[QuotationPage, QuotationVersion, list[Change]]:
    """(page, the older version, what changed); by default the last two. Raises NotFound."""
    page = quotation_page(actor, quotation_id, after)
    older = int(before) if before.isdecimal() else page.version.number - 1
    found = next((each for each in page.versions if each.number == older), None)
    if found is None:
        raise NotFound
    lines = [each.line for each in page.lines]
    return page, found, changes(offer_of(found, page.rfq), page.offer, lines)
