"""The buyer's and the bidder's desks."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from haishi.catalogue import selectors as catalogue
from haishi.expo import selectors as expo
from haishi.foundation.audit import history
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.sourcing import policies
from haishi.sourcing.models import Award, Invited, Question, Quotation, Rfq, Winner
from haishi.sourcing.selectors.core import quotations_visible_to
from haishi.sourcing.states import QuotationState, RfqState
from haishi.sourcing.types import LineDraft, Stage, stages_from

__all__ = [
    "Decision",
    "Draft",
    "QuotationRow",
    "award_of",
    "buying_firms",
    "choosable_firms",
    "decision",
    "draft_from",
    "get_winner",
    "invitations_of",
    "invited_to",
    "missing_of",
    "my_quotations",
    "my_rfqs",
    "received",
    "story_of",
]
PER_PAGE = 20


def my_rfqs(actor: Actor, state: str, number: str) -> tuple[Page[Any], dict[str, int]]:
    """(page, {state: how many}) of the requests of one's firms; what closes next on top."""
    firms = [*parties.roles_of(actor)]
    base = Rfq.objects.filter(buyer__in=firms).select_related("buyer", "owner")
    counts = dict(base.order_by().values_list("state").annotate(n=Count("pk")))
    rows = base.filter(state=state) if state in RfqState.values else base
    unanswered = Count("questions", filter=Q(questions__answer=""), distinct=True)
    rows = rows.annotate(unanswered=unanswered).order_by("-pk")
    return Paginator(rows, PER_PAGE).get_page(number), counts


def received(rfq: Rfq) -> list[Quotation] | None:
    """Quotations on a request for its buyer; None while even their number is sealed."""
    if not policies.is_readable(rfq):
        return None
    rows = Quotation.objects.filter(rfq=rfq).exclude(state=QuotationState.WITHDRAWN)
    return list(rows.select_related("bidder").order_by("pk"))


def invitations_of(rfq: Rfq) -> list[Invited]:
    """Whom the buyer asked, by name."""
    return list(rfq.invited.select_related("organisation").order_by("organisation__name", "pk"))


def choosable_firms(rfq: Rfq, query: str) -> list[Any]:
    """Firms to invite that match some words, by name."""
    words = query.strip()
    if not words:
        return []
    rows = parties.organisations().exclude(pk=rfq.buyer_id)
    rows = rows.exclude(pk__in=rfq.invited.values("organisation"))
    named = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(city__icontains=words)
    return list(rows.filter(named).order_by("name", "pk")[:20])


@dataclass(frozen=True)
class QuotationRow:
    """A line of the bidder's desk."""

    quotation: Quotation
    taking: bool


def my_quotations(actor: Actor, number: str) -> Page[Any]:
    """What one's firms offered, newest first."""
    rows = quotations_visible_to(actor).filter(bidder__in=[*parties.roles_of(actor)])
    page: Page[Any] = Paginator(rows.order_by("-pk"), PER_PAGE).get_page(number)
    page.object_list = [QuotationRow(row, policies.is_taking(row.rfq)) for row in page]
    return page


def invited_to(actor: Actor) -> list[Invited]:
    """Open invitations of one's firms that were not answered, those that close first on top."""
    firms = [*parties.roles_of(actor)]
    answered = Quotation.objects.filter(bidder__in=firms).values("rfq")
    rows = Invited.objects.filter(organisation__in=firms, rfq__state=RfqState.OPEN)
    rows = rows.exclude(rfq__in=answered).select_related("rfq__buyer", "organisation")
    return list(rows.order_by("rfq__closes_at", "pk")[:20])


def buying_firms(actor: Actor) -> list[Any]:
    """Firms for which one may ask for quotations, by name."""
    mine = {*parties.roles_of(actor)} & {*parties.managed_by(actor)}
    return list(parties.organisations().filter(pk__in=mine).order_by("name", "pk"))


@dataclass(frozen=True)
class Draft:
    """What a new request starts with."""

    origin: str
    values: dict[str, Any]
    lines: list[LineDraft]


def draft_from(actor: Actor, enquiry: str, product: str) -> Draft:
    """From an own enquiry, from a product's page, or from nothing. Raises NotFound, Forbidden."""
    if enquiry.isdecimal():
        row = expo.get_enquiry(actor, int(enquiry))
        if row.person_id != actor.pk:
            raise Forbidden
        first = expo.conversation(row)[0].body if expo.conversation(row) else ""
        about = row.about_id if row.about_kind == "product" else None
        lines = [LineDraft((row.about_title or row.subject)[:80], 1, product_id=about)]
        return Draft(
            f"enquiry:{row.pk}", {"title": row.subject[:80], "description": first[:4000]}, lines
        )
    if product.isdecimal():
        item = catalogue.get_visible_by_id(actor, int(product))
        line = LineDraft(item.name[:80], max(item.minimum, 1), item.unit, product_id=item.pk)
        values = {
            "title": _("采购：%(name)s") % {"name": item.name[:60]},
            "category_id": item.category_id,
            "kind": item.kind,
        }
        return Draft(f"product:{item.pk}", values, [line])
    return Draft("", {}, [])


def missing_of(rfq: Rfq) -> list[str]:
    """What a draft lacks before it can be published, in the reader's words."""
    wanted = (
        (rfq.title.strip(), _("标题")),
        (rfq.description.strip(), _("需求说明")),
        (rfq.lines.exists(), _("采购清单")),
        (rfq.closes_at, _("报价截止")),
    )
    return [label for value, label in wanted if not value]


def award_of(rfq: Rfq) -> Award | None:
    """The latest award of a request, with who made it."""
    rows = Award.objects.filter(rfq=rfq).select_related("made_by", "decided_by")
    return rows.order_by("-pk").first()


@dataclass(frozen=True)
class Decision:
    """An award in words: (line, firm, amount) of each line, and the milestones."""

    lines: list[tuple[Any, Any, Money]]
    total: Money
    stages: tuple[Stage, ...]
    winners: list[Winner]


def decision(rfq: Rfq, award: Award) -> Decision:
    """What an award says; the caller has asked who may read it."""
    rows = award.lines.select_related("line", "quotation__bidder").order_by("line__number")
    return Decision(
        lines=[(row.line, row.quotation, Money(row.amount_minor, row.currency)) for row in rows],
        total=Money(award.total_minor, rfq.currency),
        stages=stages_from(award.milestones),
        winners=list(award.winners.select_related("quotation__bidder").order_by("pk")),
    )


def get_winner(actor: Actor, quotation_id: int) -> Winner:
    """A won quotation for managers of its firm. Raises NotFound, Forbidden."""
    rows = Winner.objects.select_related("quotation__rfq", "quotation__bidder", "award")
    found = rows.filter(quotation=quotation_id).first()
    if found is None or not parties.is_member(actor, found.quotation.bidder_id):
        raise NotFound
    if not parties.can_manage(actor, found.quotation.bidder_id):
        raise Forbidden
    return found


def story_of(rfq: Rfq) -> list[Any]:
    """What happened to a request, newest first. It holds nothing of its quotations."""
    return history(rfq, 40)


def unanswered(rfq: Rfq) -> QuerySet[Question]:
    """Questions that wait for the buyer."""
    return Question.objects.filter(rfq=rfq, answer="").select_related("organisation")
