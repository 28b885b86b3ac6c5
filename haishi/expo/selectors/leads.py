"""Leads by who may see them: members of the firm. A card that was taken back shows nothing."""

from typing import Any

from django.db.models import Q, QuerySet

from haishi.expo.models import Exhibitor, Lead, LeadNote
from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

__all__ = [
    "get_lead",
    "lead_contact",
    "lead_notes",
    "lead_of",
    "lead_sheet",
    "leads_of",
    "lock_lead",
]


def leads_of(
    exhibitor: Exhibitor,
    *,
    rating: int = 0,
    source: str = "",
    owner_id: int | None = None,
    query: str = "",
) -> QuerySet[Lead]:
    """The booth's leads, best first; at least `rating` stars."""
    rows = Lead.objects.filter(exhibitor=exhibitor).select_related("person", "owner", "grant")
    if rating:
        rows = rows.filter(rating__gte=rating)
    if source:
        rows = rows.filter(source=source)
    if owner_id:
        rows = rows.filter(owner=owner_id)
    if query:
        rows = rows.filter(
            Q(person__name__icontains=query) | Q(notes__body__icontains=query)
        ).distinct()
    return rows.order_by("-rating", "-updated_at", "-pk")


def _visible_to(actor: Actor) -> QuerySet[Lead]:
    rows = Lead.objects.select_related("person", "owner", "grant", "exhibitor__edition")
    return rows.filter(exhibitor__organisation__in=parties.roles_of(actor))


def get_lead(actor: Actor, lead_id: int) -> Lead:
    """One of the person's firm. Raises NotFound."""
    if found := _visible_to(actor).filter(pk=lead_id).first():
        return found
    raise NotFound


def lock_lead(actor: Actor, lead_id: int) -> Lead:
    """The same, row locked. Raises NotFound."""
    found = _visible_to(actor).select_for_update(of=("self",)).filter(pk=lead_id).first()
    if found is None:
        raise NotFound
    return found


def lead_of(exhibitor: Exhibitor, person_id: int) -> Lead | None:
    """The lead of a person at a booth, if there is one."""
    return Lead.objects.filter(exhibitor=exhibitor, person=person_id).first()


def lead_contact(lead: Lead) -> dict[str, str]:
    """The card as given; {} once it was taken back."""
    grant = lead.grant
    return dict(grant.content) if grant is not None and grant.revoked_at is None else {}


def lead_notes(lead: Lead) -> list[LeadNote]:
    """Notes with their authors, newest first."""
    return list(lead.notes.select_related("author").order_by("-pk"))


def lead_sheet(rows: QuerySet[Lead]) -> list[list[Any]]:
    """Lines of name, title, firm, phone, e-mail, source, rating, owner, time."""
    lines = []
    for row in rows:
        card = lead_contact(row)
        fields = [card.get(name, "") for name in ("title", "firm", "phone", "email")]
        owner = row.owner.name if row.owner else ""
        lines.append(
            [row.person.name, *fields, row.get_source_display(), row.rating, owner, row.created_at]
        )
    return lines
