"""Who is told what, and what the index finds."""

from collections.abc import Iterable, Iterator
from typing import Any

from haishi.contracts import selectors as contracts
from haishi.expo import selectors as expo
from haishi.foundation.bilingual import Bilingual
from haishi.parties import selectors as parties
from haishi.search.types import Document, Facet
from haishi.sourcing import policies
from haishi.sourcing.models import Award, Question, Quotation, Rfq, Winner
from haishi.sourcing.states import QuotationState, RfqState

__all__ = [
    "award_facts",
    "bidders_of",
    "concerned_by",
    "deals_of",
    "documents",
    "managers_of",
    "question_facts",
    "quotation_facts",
    "quotations_after_enquiries",
    "rfq_facts",
    "rfq_ids",
    "winner_facts",
]


def rfq_facts(rfq_id: int) -> Rfq | None:
    """A request for the platform's own messages."""
    return Rfq.objects.select_related("buyer", "owner", "category").filter(pk=rfq_id).first()


def question_facts(question_id: int) -> Question | None:
    """A question for the platform's own messages."""
    return Question.objects.select_related("rfq__buyer").filter(pk=question_id).first()


def quotation_facts(quotation_id: int) -> Quotation | None:
    """A quotation for the platform's own messages."""
    rows = Quotation.objects.select_related("rfq__buyer", "bidder")
    return rows.filter(pk=quotation_id).first()


def award_facts(award_id: int) -> Award | None:
    """An award for the platform's own messages."""
    return Award.objects.select_related("rfq__buyer", "made_by").filter(pk=award_id).first()


def winner_facts(winner_id: int) -> Winner | None:
    """A won quotation for the platform's own work."""
    rows = Winner.objects.select_related("quotation__rfq__buyer", "quotation__bidder", "award")
    return rows.filter(pk=winner_id).first()


def managers_of(organisation_id: int) -> list[int]:
    """Ids of the people who act for a firm."""
    return parties.member_ids(organisation_id, managing=True)


def bidders_of(rfq_id: int) -> list[int]:
    """Ids of firms whose quotation stands."""
    rows = Quotation.objects.filter(rfq=rfq_id, state=QuotationState.SUBMITTED).order_by("bidder")
    return list(rows.values_list("bidder_id", flat=True))


def concerned_by(rfq: Rfq) -> list[int]:
    """Ids of people at firms that quoted, asked or were invited."""
    quoted = Quotation.objects.filter(rfq=rfq).exclude(state=QuotationState.WITHDRAWN)
    firms = {
        *quoted.values_list("bidder_id", flat=True),
        *rfq.invited.values_list("organisation_id", flat=True),
        *rfq.questions.values_list("organisation_id", flat=True),
    }
    return sorted({pk for firm in sorted(firms) for pk in managers_of(firm)})


def rfq_ids() -> list[int]:
    """Ids of all requests that may be found."""
    rows = Rfq.objects.filter(published_at__isnull=False, state=RfqState.OPEN)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def documents(rfq_ids: Iterable[int]) -> Iterator[Document]:
    """A document for each open public request among `rfq_ids`; nothing of the others."""
    rows = Rfq.objects.filter(pk__in=[*rfq_ids], state=RfqState.OPEN)
    for row in rows.select_related("buyer", "category").prefetch_related("lines"):
        if policies.is_public(row):
            yield _document(row)


def _document(row: Rfq) -> Document:
    lines = "\n".join(f"{line.name} {line.spec}" for line in row.lines.all())
    facets: dict[str, list[Facet | str]] = {"city": [row.city] if row.city else []}
    if row.category:
        title: Bilingual = row.category.title
        facets["category"] = [Facet(row.category.slug, title.zh, title.en)]
    return Document(
        kind="rfq",
        object_id=row.pk,
        title=row.title,
        title_en=row.title_en,
        summary=row.description[:160],
        summary_en=row.description_en[:240],
        body=f"{row.description}\n{row.description_en}\n{lines}",
        keywords=[row.buyer.name, row.buyer.name_en],
        url=row.get_absolute_url(),
        facets=facets,
    )


def quotations_after_enquiries(exhibitor: Any) -> int:
    """How many enquiries at a booth went on to a request that the firm answered."""
    enquiries = [
        f"enquiry:{pk}" for pk in expo.enquiries_of_booth(exhibitor).values_list("pk", flat=True)
    ]
    rows = Quotation.objects.filter(rfq__origin__in=enquiries, bidder=exhibitor.organisation_id)
    return rows.count()


def deals_of(slug: str) -> list[str] | None:
    """Numbers of the orders behind a request: those of its winners' contracts; None for none."""
    if not Rfq.objects.filter(slug=slug).exists():
        return None
    rows = Winner.objects.filter(quotation__rfq__slug=slug).exclude(contract="").order_by("pk")
    found = (contracts.deals_of(number) for number in rows.values_list("contract", flat=True))
    return [order for orders in found for order in orders or ()]
