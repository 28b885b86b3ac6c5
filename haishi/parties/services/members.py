"""Colleagues: invite by mail, join, change role, remove, leave. One owner always stays."""

import datetime as dt

from django.db import IntegrityError, transaction

from haishi.foundation import audit, clock, limits, signing
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.parties import policies, selectors
from haishi.parties.errors import (
    AlreadyInvited,
    AlreadyMember,
    InvitationForAnother,
    InvitationGone,
    LastOwner,
)
from haishi.parties.events import (
    InvitationExpired,
    MemberInvited,
    MemberJoined,
    MemberLeft,
    MemberRoleChanged,
)
from haishi.parties.models import Invitation, Membership, Organisation, Person
from haishi.parties.services.organisations import forget_roles
from haishi.parties.states import INVITATION, InvitationState, Role

INVITATION_DAYS = 7
INVITATIONS_PER_DAY = 100


def invitation_token(invitation_id: int) -> str:
    """What the link in the mail carries: the id, signed. Nothing secret is stored."""
    return signing.sign("invitation", str(invitation_id))


@service
def invite_member(actor: Actor, organisation_id: int, email: str, role: str) -> Invitation:
    """Ask a colleague to join within seven days; a job mails the link.

    Managers invite staff, owners invite anybody. Raises NotFound, Forbidden, AlreadyMember,
    AlreadyInvited, TooMany.
    """
    organisation = selectors.lock_managed(actor, organisation_id)
    _may_give(actor, organisation_id, role)
    limits.limit(f"invite:{organisation_id}", INVITATIONS_PER_DAY, 86_400)
    address = email.strip().lower()
    if Membership.objects.filter(organisation=organisation, person__email__iexact=address).exists():
        raise AlreadyMember
    try:
        with transaction.atomic():
            row = Invitation.objects.create(
                organisation=organisation,
                email=address,
                role=role,
                invited_by_id=actor.pk,
                expires_at=clock.now() + dt.timedelta(days=INVITATION_DAYS),
            )
    except IntegrityError:
        raise AlreadyInvited from None
    audit.record(actor, "member.invited", organisation, invitation=row.pk, role=role)
    publish(MemberInvited(organisation_id=organisation.pk, invitation_id=row.pk))
    return row


def _may_give(actor: Actor, organisation_id: int, role: str) -> None:
    if role != Role.STAFF and not policies.can_own(actor, organisation_id):
        raise Forbidden


@service
def revoke_invitation(actor: Actor, invitation_id: int) -> Invitation:
    """Make the link worthless. Raises NotFound, Forbidden, Conflict."""
    row = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if row is None or not _sees(actor, row.organisation_id):
        raise NotFound
    if not policies.can_manage(actor, row.organisation_id):
        raise Forbidden
    _may_give(actor, row.organisation_id, row.role)
    row.state = INVITATION.after(row.state, "revoke")
    row.save(update_fields=["state"])
    audit.record(actor, "invitation.revoked", row.organisation, invitation=row.pk)
    return row


def _sees(actor: Actor, organisation_id: int) -> bool:
    return actor.is_staff or policies.is_member(actor, organisation_id)


@service
def accept_invitation(actor: Actor, token: str) -> Membership:
    """Join by the link of the mail. Raises Forbidden, InvitationGone, InvitationForAnother.

    Only the person whose address was invited may: a forwarded link opens nothing.
    """
    if not actor.is_authenticated:
        raise Forbidden
    invitation_id = selectors.invitation_id(token)
    row = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if row is None or row.state != InvitationState.OPEN or row.expires_at <= clock.now():
        raise InvitationGone
    if row.email != Person.objects.get(pk=actor.pk).email.lower():
        raise InvitationForAnother
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                person_id=actor.pk, organisation_id=row.organisation_id, role=row.role
            )
    except IntegrityError:
        raise AlreadyMember from None
    row.state = INVITATION.after(row.state, "accept")
    row.save(update_fields=["state"])
    forget_roles(actor)
    audit.record(actor, "member.joined", row.organisation, person=actor.pk, role=row.role)
    publish(MemberJoined(organisation_id=row.organisation_id, person_id=actor.pk))
    return membership


def _lock_membership(actor: Actor, membership_id: int) -> Membership:
    """The membership with its organisation locked, so that two owners cannot leave at once."""
    row = Membership.objects.filter(pk=membership_id).first()
    if row is None or not _sees(actor, row.organisation_id):
        raise NotFound
    Organisation.objects.select_for_update().get(pk=row.organisation_id)
    found = Membership.objects.filter(pk=membership_id).select_related("organisation").first()
    if found is None:
        raise NotFound
    return found


def _keep_an_owner(row: Membership) -> None:
    others = Membership.objects.filter(
        organisation_id=row.organisation_id, role=Role.OWNER, person__is_active=True
    ).exclude(pk=row.pk)
    if row.role == Role.OWNER and not others.exists():
        raise LastOwner


@service
def change_role(actor: Actor, membership_id: int, role: str) -> Membership:
    """Give a member another role. Owners only. Raises NotFound, Forbidden, LastOwner, Conflict."""
    row = _lock_membership(actor, membership_id)
    if not policies.can_own(actor, row.organisation_id):
        raise Forbidden
    if role not in Role.values:
        raise Conflict
    if role == row.role:
        return row
    _keep_an_owner(row)
    before, row.role = row.role, role
    row.save(update_fields=["role"])
    if row.person_id == actor.pk:
        forget_roles(actor)
    audit.record(
        actor, "member.role_changed", row.organisation, person=row.person_id, role=[before, role]
    )
    publish(
        MemberRoleChanged(
            organisation_id=row.organisation_id, person_id=row.person_id, role=row.role
        )
    )
    return row


@service
def remove_member(actor: Actor, membership_id: int) -> None:
    """Take somebody out. Owners remove anybody, managers staff.

    Raises NotFound, Forbidden, LastOwner.
    """
    row = _lock_membership(actor, membership_id)
    if not policies.can_manage(actor, row.organisation_id):
        raise Forbidden
    _may_give(actor, row.organisation_id, row.role)
    _end(actor, row, "member.removed")


@service
def leave_organisation(actor: Actor, organisation_id: int) -> None:
    """Leave of one's own will. Raises NotFound, LastOwner."""
    own = Membership.objects.filter(person_id=actor.pk, organisation_id=organisation_id).first()
    if own is None:
        raise NotFound
    _end(actor, _lock_membership(actor, own.pk), "member.left")


def _end(actor: Actor, row: Membership, action: str) -> None:
    _keep_an_owner(row)
    row.delete()
    if row.person_id == actor.pk:
        forget_roles(actor)
    audit.record(actor, action, row.organisation, person=row.person_id)
    publish(MemberLeft(organisation_id=row.organisation_id, person_id=row.person_id))


@service
def expire_invitations(limit: int = 500) -> int:
    """Close the invitations whose time is over; returns how many."""
    due = Invitation.objects.select_for_update(skip_locked=True).filter(
        state=InvitationState.OPEN, expires_at__lte=clock.now()
    )
    rows = list(due.order_by("pk")[:limit])
    for row in rows:
        row.state = INVITATION.after(row.state, "expire")
        row.save(update_fields=["state"])
        audit.record(SYSTEM, "invitation.expired", row.organisation, invitation=row.pk)
        publish(InvitationExpired(organisation_id=row.organisation_id, invitation_id=row.pk))
    return len(rows)
