"""Verification: an organisation shows who it is, a reviewer answers."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import credit_code as codes
from haishi.parties import policies, selectors
from haishi.parties.errors import (
    AlreadyVerified,
    CreditCodeInvalid,
    CreditCodeTaken,
    DocumentsMissing,
    DocumentsOfAnother,
    ReasonMissing,
    VerificationPending,
)
from haishi.parties.events import (
    OrganisationChanged,
    VerificationAnswered,
    VerificationOverdue,
    VerificationRequested,
    VerificationWithdrawn,
)
from haishi.parties.models import Organisation, Verification
from haishi.parties.services.documents import document_store
from haishi.parties.states import VERIFICATION, VerificationState

REMIND_AFTER = dt.timedelta(hours=48)
MAX_DOCUMENTS = 6


@service
def request_verification(
    actor: Actor,
    organisation_id: int,
    legal_name: str,
    credit_code: str,
    document_ids: Sequence[int] = (),
) -> Verification:
    """Hand in registered name, code and papers.

    Raises NotFound, Forbidden, AlreadyVerified, CreditCodeInvalid, CreditCodeTaken,
    DocumentsMissing, DocumentsOfAnother, VerificationPending.
    """
    organisation = selectors.lock_managed(actor, organisation_id)
    if organisation.verified_at:
        raise AlreadyVerified
    code = codes.normal(credit_code)
    if not codes.is_valid(code):
        raise CreditCodeInvalid
    if Organisation.objects.filter(credit_code=code).exclude(pk=organisation.pk).exists():
        raise CreditCodeTaken
    _check_documents(organisation_id, document_ids)
    try:
        with transaction.atomic():
            row = Verification.objects.create(
                organisation=organisation,
                legal_name=legal_name,
                credit_code=code,
                document_ids=list(document_ids),
                asked_by_id=actor.pk,
            )
    except IntegrityError:
        raise VerificationPending from None
    audit.record(actor, "verification.requested", organisation, verification=row.pk)
    publish(VerificationRequested(organisation_id=organisation.pk, verification_id=row.pk))
    return row


def _check_documents(organisation_id: int, ids: Sequence[int]) -> None:
    store = document_store()
    if store is None:
        return
    if not ids:
        raise DocumentsMissing
    if len(ids) > MAX_DOCUMENTS or not store.belong(organisation_id, ids):
        raise DocumentsOfAnother


def _lock(actor: Actor, verification_id: int) -> Verification:
    row = Verification.objects.select_for_update().filter(pk=verification_id).first()
    if row is None or not policies.can_verify_firm(actor, row.organisation_id):
        raise NotFound
    # A reviewer who also belongs to the firm leaves the decision to a colleague.
    if policies.is_member(actor, row.organisation_id):
        raise Forbidden
    return row


@service
def answer_verification(
    actor: Actor, verification_id: int, approve: bool, reason: str = ""
) -> Verification:
    """Approve, or return with a reason. Raises NotFound, Forbidden, Conflict, ReasonMissing,
    CreditCodeTaken."""
    row = _lock(actor, verification_id)
    row.state = VERIFICATION.after(row.state, "approve" if approve else "return")
    if not approve and not reason.strip():
        raise ReasonMissing
    row.reason, row.answered_by_id = reason.strip(), actor.pk
    row.answered_at = clock.now()
    row.save(update_fields=["state", "reason", "answered_by", "answered_at"])
    if approve:
        _mark(row.organisation_id, row.credit_code, row.answered_at)
    action = "verification.approved" if approve else "verification.returned"
    audit.record(actor, action, row.organisation, verification=row.pk, reason=row.reason)
    publish(
        VerificationAnswered(
            organisation_id=row.organisation_id, verification_id=row.pk, approved=approve
        )
    )
    return row


def _mark(organisation_id: int, code: str | None, at: dt.datetime | None) -> None:
    try:
        with transaction.atomic():
            Organisation.objects.filter(pk=organisation_id).update(credit_code=code, verified_at=at)
    except IntegrityError:
        raise CreditCodeTaken from None
    publish(OrganisationChanged(organisation_id=organisation_id))


@service
def withdraw_verification(actor: Actor, verification_id: int, reason: str) -> Verification:
    """Take an approval back; the code becomes free. Raises NotFound, Forbidden, Conflict,
    ReasonMissing."""
    row = _lock(actor, verification_id)
    row.state = VERIFICATION.after(row.state, "withdraw")
    if not reason.strip():
        raise ReasonMissing
    row.reason, row.answered_by_id = reason.strip(), actor.pk
    row.answered_at = clock.now()
    row.save(update_fields=["state", "reason", "answered_by", "answered_at"])
    _mark(row.organisation_id, None, None)
    audit.record(
        actor, "verification.withdrawn", row.organisation, verification=row.pk, reason=row.reason
    )
    publish(VerificationWithdrawn(organisation_id=row.organisation_id, verification_id=row.pk))
    return row


@service
def remind_reviewers(limit: int = 200) -> int:
    """State that a request has waited for 48 hours, once for each; returns how many."""
    due = Verification.objects.select_for_update(skip_locked=True).filter(
        state=VerificationState.PENDING,
        reminded_at=None,
        created_at__lte=clock.now() - REMIND_AFTER,
    )
    rows = list(due.order_by("pk")[:limit])
    for row in rows:
        row.reminded_at = clock.now()
        row.save(update_fields=["reminded_at"])
        publish(VerificationOverdue(organisation_id=row.organisation_id, verification_id=row.pk))
    return len(rows)
