"""What sourcing keeps about people: who wrote what. Firms' papers stay, names go."""

from typing import Any

from haishi.foundation import audit
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM
from haishi.parties import selectors as parties
from haishi.sourcing.models import Award, Question, Quotation, QuotationVersion, Rfq
from haishi.sourcing.policies import ENDED


def export_personal(person_id: int) -> dict[str, Any]:
    """Requests one owns, questions one asked, versions one handed in; without their content."""
    rfqs = Rfq.objects.filter(owner=person_id).order_by("pk")
    asked = Question.objects.filter(person=person_id).order_by("pk")
    versions = QuotationVersion.objects.filter(author=person_id).order_by("pk")
    return {
        "rfqs": [{"title": row.title, "state": row.state} for row in rfqs],
        "questions": [{"body": row.body, "at": row.asked_at.isoformat()} for row in asked],
        "quotations": [
            {"quotation": row.quotation_id, "number": row.number, "at": row.at.isoformat()}
            for row in versions
        ],
    }


@service
def erase_personal(person_id: int) -> None:
    """Take the person out of everything and give what is open to a colleague."""
    pass_on(person_id)
    Rfq.objects.filter(owner=person_id).update(owner=None)
    Question.objects.filter(person=person_id).update(person=None)
    Quotation.objects.filter(author=person_id).update(author=None)
    QuotationVersion.objects.filter(author=person_id).update(author=None)
    Award.objects.filter(made_by=person_id).update(made_by=None)
    Award.objects.filter(decided_by=person_id).update(decided_by=None)


@service
def pass_on(person_id: int, organisation_id: int | None = None) -> int:
    """What waits gets another owner: the first manager who is not this person."""
    rows = Rfq.objects.filter(owner=person_id).exclude(state__in=ENDED)
    if organisation_id is not None:
        rows = rows.filter(buyer=organisation_id)
    for rfq in rows.order_by("pk"):
        heirs = [pk for pk in parties.member_ids(rfq.buyer_id, managing=True) if pk != person_id]
        rfq.owner_id = heirs[0] if heirs else None
        rfq.save(update_fields=["owner"])
        audit.record(SYSTEM, "rfq.passed_on", rfq, owner=rfq.owner_id)
    return len(rows)
