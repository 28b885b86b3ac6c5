"""Leads: what a firm notes about people it met. Contact details come from the card only."""

from haishi.expo import selectors
from haishi.expo.errors import NotColleague
from haishi.expo.models import Lead, LeadNote
from haishi.foundation import audit
from haishi.foundation.limits import limit
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties


@service
def update_lead(
    actor: Actor, lead_id: int, *, rating: int, owner_id: int | None, note: str = ""
) -> Lead:
    """Rate a lead, hand it to a colleague, add a note. Raises NotFound, NotColleague."""
    lead = selectors.lock_lead(actor, lead_id)
    firm = lead.exhibitor.organisation_id
    if owner_id is not None and owner_id not in parties.member_ids(firm):
        raise NotColleague(field="owner_id")
    before = {"rating": lead.rating, "owner": lead.owner_id}
    lead.rating, lead.owner_id = rating, owner_id
    lead.save(update_fields=["rating", "owner", "updated_at"])
    if note:
        LeadNote.objects.create(lead=lead, author_id=actor.pk, body=note)
    after = {"rating": rating, "owner": owner_id}
    audit.record(actor, "lead.updated", lead, before=before, after=after)
    return lead


@service
def add_note(actor: Actor, lead_id: int, *, body: str) -> LeadNote:
    """Remember something about a lead. Raises NotFound, TooMany."""
    lead = selectors.lock_lead(actor, lead_id)
    limit(f"note:{actor.pk}", 60, 600)
    lead.save(update_fields=["updated_at"])
    row = LeadNote.objects.create(lead=lead, author_id=actor.pk, body=body)
    audit.record(actor, "lead.noted", lead)
    return row
