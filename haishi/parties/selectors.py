"""Reading people and organisations. What a person may not see does not exist."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Exists, OuterRef, QuerySet

from haishi.foundation import clock, signing
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.parties import credit_code, policies
from haishi.parties.errors import CreditCodeInvalid, InvitationGone
from haishi.parties.models import (
    ApiToken,
    Invitation,
    Membership,
    Organisation,
    OrganiserDuty,
    Person,
    Verification,
)
from haishi.parties.states import Duty, InvitationState, Role, VerificationState

# The questions other modules may ask.
can_manage = policies.can_manage
can_own = policies.can_own
can_verify = policies.can_verify
can_verify_firm = policies.can_verify_firm
duties_of = policies.duties_of
firms_to_verify = policies.firms_to_verify
has_duty = policies.has_duty
is_member = policies.is_member
roles_of = policies.roles_of


def organisations() -> QuerySet[Organisation]:
    """All organisations; their public page is for everybody."""
    return Organisation.objects.all()


def get_organisation(slug: str) -> Organisation:
    """One by its address. Raises NotFound."""
    if found := organisations().filter(slug=slug).first():
        return found
    raise NotFound


def organisations_of(actor: Actor) -> QuerySet[Organisation]:
    """Those the person is a member of, by name."""
    return organisations().filter(pk__in=policies.roles_of(actor)).order_by("name", "pk")


def managed_by(actor: Actor) -> list[int]:
    """Ids of organisations the person may manage."""
    return [pk for pk, role in policies.roles_of(actor).items() if role in policies.MANAGING]


def organisers_of(actor: Actor, duties: Iterable[str] = tuple(Duty)) -> list[int]:
    """Ids of organisers the person works for in one of `duties`."""
    wanted = set(duties) | {Duty.OWNER}
    return [pk for pk, mine in policies.duties_of(actor).items() if mine & wanted]


def lock_managed(actor: Actor, organisation_id: int) -> Organisation:
    """The organisation, row locked, for one of its managers. Raises NotFound, Forbidden."""
    row = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if row is None:
        raise NotFound
    if not policies.can_manage(actor, organisation_id):
        raise Forbidden
    return row


def members(organisation_id: int) -> QuerySet[Membership]:
    """Memberships with their people, owners first."""
    rows = Membership.objects.filter(organisation_id=organisation_id).select_related("person")
    return rows.order_by("joined_at", "pk")


def member_ids(organisation_id: int, managing: bool = False) -> list[int]:
    """Ids of the people in an organisation, or only of its owners and managers."""
    rows = Membership.objects.filter(organisation_id=organisation_id, person__is_active=True)
    if managing:
        rows = rows.filter(role__in=policies.MANAGING)
    return list(rows.order_by("person_id").values_list("person_id", flat=True))


def people_with_duty(organiser_id: int, duties: Iterable[str]) -> list[int]:
    """Ids of those who have one of `duties` for the organiser, its owners included."""
    rows = OrganiserDuty.objects.filter(
        organisation_id=organiser_id, duty__in={*duties, Duty.OWNER}, person__is_active=True
    )
    return sorted(set(rows.values_list("person_id", flat=True)))


def people(ids: Iterable[int]) -> dict[int, Person]:
    """{id: person} of active accounts."""
    return Person.objects.in_bulk([*ids])


def get_person(person_id: int) -> Person:
    """An active person by id. Raises NotFound."""
    if found := Person.objects.filter(pk=person_id, is_active=True).first():
        return found
    raise NotFound


def get_self(actor: Actor) -> Person:
    """The account of whoever asks. Raises NotFound for nobody."""
    return get_person(actor.pk)


def person_by_email(email: str) -> Person | None:
    """The active account with this address, case ignored."""
    return Person.objects.filter(email__iexact=email.strip(), is_active=True).first()


def get_desk(actor: Actor, slug: str) -> Organisation:
    """An organisation as its members see it. Raises NotFound for everybody else."""
    row = organisations().filter(slug=slug).first()
    if row is None or not (actor.is_staff or policies.is_member(actor, row.pk)):
        raise NotFound
    return row


def get_managed(actor: Actor, slug: str) -> Organisation:
    """The same for its owners and managers. Raises NotFound, Forbidden."""
    row = get_desk(actor, slug)
    if not policies.can_manage(actor, row.pk):
        raise Forbidden
    return row


def get_organiser(actor: Actor, slug: str) -> Organisation:
    """An organiser for the person responsible for it. Raises NotFound, Forbidden."""
    row = organisations().filter(slug=slug, is_organiser=True).first()
    if row is None or not policies.has_duty(actor, row.pk):
        raise NotFound
    if not policies.has_duty(actor, row.pk, (Duty.OWNER,)):
        raise Forbidden
    return row


def role_of(actor: Actor, organisation_id: int) -> str:
    """owner, manager, staff, or "" for somebody else."""
    return policies.roles_of(actor).get(organisation_id, "")


def memberships_of(actor: Actor) -> list[Membership]:
    """A person's memberships with their organisations, by name."""
    rows = Membership.objects.filter(person_id=actor.pk).select_related("organisation")
    return list(rows.order_by("organisation__name", "pk"))


def desk_of_membership(actor: Actor, membership_id: int) -> str:
    """The slug of the organisation a membership belongs to. Raises NotFound for outsiders."""
    row = Membership.objects.filter(pk=membership_id).select_related("organisation").first()
    if row is None or not (actor.is_staff or policies.is_member(actor, row.organisation_id)):
        raise NotFound
    return row.organisation.slug


def organiser_of_duty(actor: Actor, duty_id: int) -> str:
    """The slug of the organiser a duty belongs to. Raises NotFound for outsiders."""
    row = OrganiserDuty.objects.filter(pk=duty_id).select_related("organisation").first()
    if row is None or not policies.has_duty(actor, row.organisation_id):
        raise NotFound
    return row.organisation.slug


def open_invitations(organisation_id: int) -> QuerySet[Invitation]:
    """Invitations nobody has answered, newest first."""
    rows = Invitation.objects.filter(
        organisation_id=organisation_id, state=InvitationState.OPEN, expires_at__gt=clock.now()
    )
    return rows.select_related("invited_by").order_by("-pk")


def invitation_id(token: str) -> int:
    """The id a signed link carries. Raises InvitationGone."""
    value = signing.unsign("invitation", token)
    if value is None or not value.isdigit():
        raise InvitationGone
    return int(value)


def get_invitation(token: str) -> Invitation:
    """The open invitation behind a signed link. Raises InvitationGone."""
    row = open_invitation(invitation_id(token))
    if row is None:
        raise InvitationGone
    return row


def open_invitation(invitation_id: int) -> Invitation | None:
    """An invitation that can still be accepted."""
    rows = Invitation.objects.select_related("organisation", "invited_by")
    return rows.filter(
        pk=invitation_id, state=InvitationState.OPEN, expires_at__gt=clock.now()
    ).first()


def would_orphan_members(row: Membership) -> bool:
    """Whether others stay behind without an owner when this owner goes."""
    others = Membership.objects.filter(
        organisation_id=row.organisation_id, person__is_active=True
    ).exclude(person_id=row.person_id)
    return others.exists() and not others.filter(role=Role.OWNER).exists()


def would_orphan_organiser(row: OrganiserDuty) -> bool:
    """Whether the organiser stays behind without a responsible person."""
    others = OrganiserDuty.objects.filter(
        organisation_id=row.organisation_id, duty=Duty.OWNER, person__is_active=True
    )
    return not others.exclude(person_id=row.person_id).exists()


def verifications_of(organisation_id: int) -> list[Verification]:
    """All requests of an organisation, newest first."""
    return list(Verification.objects.filter(organisation_id=organisation_id).order_by("-pk"))


def verification_queue(actor: Actor, state: str) -> QuerySet[Verification]:
    """Requests in `state`: waiting ones oldest first, others newest first. Raises Forbidden."""
    if not policies.can_verify(actor):
        raise Forbidden
    rows = Verification.objects.filter(policies.firms_to_verify(actor), state=state)
    rows = rows.select_related("organisation", "asked_by")
    waiting = state == VerificationState.PENDING
    return rows.order_by("created_at", "pk") if waiting else rows.order_by("-answered_at", "-pk")


def waiting_verifications(actor: Actor) -> int:
    """How many requests wait for an answer of this person."""
    rows = Verification.objects.filter(policies.firms_to_verify(actor))
    return rows.filter(state=VerificationState.PENDING).count()


def get_verification(actor: Actor, verification_id: int) -> Verification:
    """One request for those who verify. Raises NotFound."""
    rows = Verification.objects.select_related("organisation", "asked_by", "answered_by")
    rows = rows.filter(policies.firms_to_verify(actor))
    row = rows.filter(pk=verification_id).first() if policies.can_verify(actor) else None
    if row is None:
        raise NotFound
    return row


def verifiers(organisation_id: int) -> list[int]:
    """Ids of the people who may answer a firm's verification.

    Reviewers of the organisers it came to; operators when there are none.
    """
    rows = OrganiserDuty.objects.filter(
        organisation__in=policies.organisers_concerned(organisation_id),
        duty__in=(Duty.OWNER, Duty.REVIEWER),
        organisation__is_organiser=True,
        person__is_active=True,
    )
    found = sorted(set(rows.values_list("person_id", flat=True)))
    return found or operators()


def checked_credit_code(text: str) -> str:
    """A unified social credit code (GB 32100), made normal. Raises CreditCodeInvalid."""
    code = credit_code.normal(text)
    if not credit_code.is_valid(code):
        raise CreditCodeInvalid(field="tax_number")
    return code


def operators() -> list[int]:
    """Ids of the operators of the installation."""
    rows = Person.objects.filter(is_staff=True, is_active=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def operator_ids() -> list[int]:
    """Ids of everybody who runs the installation."""
    rows = Person.objects.filter(is_staff=True, is_active=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def duties(organisation_id: int) -> list[OrganiserDuty]:
    """Who does what for an organiser, by person."""
    rows = OrganiserDuty.objects.filter(organisation_id=organisation_id).select_related("person")
    return list(rows.order_by("person__name", "person_id", "pk"))


def organisers() -> list[Organisation]:
    """All organisations that may run an expo."""
    return list(organisations().filter(is_organiser=True).order_by("name", "pk"))


def organisers_led_by(actor: Actor) -> list[Organisation]:
    """The organisers a person is responsible for."""
    led = [pk for pk, mine in policies.duties_of(actor).items() if Duty.OWNER in mine]
    return [row for row in organisers() if row.pk in led] if led else []


def tokens_of(actor: Actor) -> list[ApiToken]:
    """A person's keys for the API, newest first."""
    return list(ApiToken.objects.filter(person_id=actor.pk).order_by("-pk"))


@dataclass(frozen=True)
class Protection:
    """How an account is protected, for its security page."""

    has_password: bool
    verified_emails: int
    passkeys: int
    one_time_codes: bool
    recovery_codes: bool
    linked_accounts: int


def protection_of(actor: Actor) -> Protection:
    """Counts of the ways to log in of whoever asks. Raises NotFound."""
    person = get_self(actor)
    kinds = Counter(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return Protection(
        has_password=person.has_usable_password(),
        verified_emails=EmailAddress.objects.filter(user=person, verified=True).count(),
        passkeys=kinds[Authenticator.Type.WEBAUTHN],
        one_time_codes=bool(kinds[Authenticator.Type.TOTP]),
        recovery_codes=bool(kinds[Authenticator.Type.RECOVERY_CODES]),
        linked_accounts=SocialAccount.objects.filter(user=person).count(),
    )


def grown_accounts(joined_until: dt.datetime) -> QuerySet[Person]:
    """Accounts with a verified e-mail address that exist since `joined_until` or longer."""
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    rows = Person.objects.filter(Exists(verified), is_active=True, erased_at=None)
    return rows.filter(date_joined__lte=joined_until)


def organisation_by_id(organisation_id: int) -> Organisation:
    """One by its id. Raises NotFound."""
    if found := organisations().filter(pk=organisation_id).first():
        return found
    raise NotFound
