"""First-launch certificates: issued when a launch is over, revoked by the organiser."""

import hashlib

from django.urls import reverse

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.launches import certificates, selectors
from haishi.launches.errors import ReasonMissing
from haishi.launches.events import CertificateIssued, CertificateRevoked
from haishi.launches.models import Certificate, Launch
from haishi.launches.states import LaunchState, Rule


@service
def issue_certificate(launch_id: int) -> Certificate | None:
    """The paper of a launch that is over; a repetition answers with the first.

    None while it is not over. Raises NotFound, FontMissing.
    """
    rows = Launch.objects.select_related("exhibitor__organisation", "exhibitor__edition")
    launch = rows.select_for_update(of=("self",)).filter(pk=launch_id).first()
    if launch is None:
        raise NotFound
    if known := Certificate.objects.filter(launch=launch).first():
        return known
    if launch.state != LaunchState.CLOSED:
        return None
    sale = selectors.allotment_of(launch)
    sold = selectors.sale_numbers(sale).bought if sale else 0
    drawn = sale is not None and sale.rule != Rule.FIRST_COME
    digest = selectors.digest_of(sale) if sale and drawn else ""
    at = clock.now()
    number = f"SF{clock.local(at, launch.exhibitor.edition.time_zone):%y%m%d}{launch.pk:05d}"
    facts = certificates.facts_of(launch, sale, sold, digest)
    content = certificates.write(number, reverse("launches:verify", args=[number]), facts)
    row = Certificate.objects.create(
        launch=launch,
        number=number,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        facts=facts,
        issued_at=at,
    )
    audit.record(SYSTEM, "certificate.issued", row, number=number, sha256=row.sha256)
    publish(CertificateIssued(launch.exhibitor.organisation_id, launch.pk))
    return row


@service
def revoke_certificate(actor: Actor, launch_id: int, reason: str) -> Certificate:
    """Declare a certificate void; its page says so and why.

    Raises NotFound, Forbidden, ReasonMissing, Conflict (revoked already).
    """
    launch = selectors.lock_for_review(actor, launch_id)
    row = Certificate.objects.select_for_update().filter(launch=launch).first()
    if row is None:
        raise NotFound
    if not reason.strip():
        raise ReasonMissing
    if row.revoked_at is not None:
        raise Conflict
    row.revoked_at, row.revoke_reason = clock.now(), reason.strip()
    row.save(update_fields=["revoked_at", "revoke_reason"])
    audit.record(actor, "certificate.revoked", row, number=row.number, reason=row.revoke_reason)
    publish(CertificateRevoked(launch.exhibitor.organisation_id, launch.pk))
    return row
