"""Pages of people and organisations, all under /desk/."""

from haishi.parties.views.account import (
    personal,
    personal_erase,
    personal_export,
    profile,
    security,
    token_revoke,
    tokens,
)
from haishi.parties.views.members import (
    invitation,
    invitation_revoke,
    leave,
    member_remove,
    member_role,
    members,
)
from haishi.parties.views.organisations import (
    organisation,
    organisation_new,
    organisations,
    verification,
)
from haishi.parties.views.organisers import (
    duties,
    duty_dismiss,
    organiser_end,
    organisers,
    verification_answer,
    verifications,
)

__all__ = [
    "duties",
    "duty_dismiss",
    "invitation",
    "invitation_revoke",
    "leave",
    "member_remove",
    "member_role",
    "members",
    "organisation",
    "organisation_new",
    "organisations",
    "organiser_end",
    "organisers",
    "personal",
    "personal_erase",
    "personal_export",
    "profile",
    "security",
    "token_revoke",
    "tokens",
    "verification",
    "verification_answer",
    "verifications",
]
