"""Everything that changes people and organisations."""

from haishi.parties.policies import Ties, register_ties
from haishi.parties.services.documents import (
    Document,
    DocumentStore,
    document_store,
    register_document_store,
)
from haishi.parties.services.members import (
    accept_invitation,
    change_role,
    expire_invitations,
    invitation_token,
    invite_member,
    leave_organisation,
    remove_member,
    revoke_invitation,
)
from haishi.parties.services.organisations import (
    create_organisation,
    edit_organisation,
    forget_roles,
)
from haishi.parties.services.organisers import (
    appoint,
    appoint_by_email,
    dismiss,
    make_organiser,
    unmake_organiser,
)
from haishi.parties.services.people import PROFILE, edit_profile, note_sign_out, person_for_import
from haishi.parties.services.personal import (
    erase_person,
    export_person,
    forget_personal,
    register_personal,
)
from haishi.parties.services.tokens import authenticate_token, create_token, revoke_token
from haishi.parties.services.verifications import (
    REMIND_AFTER,
    answer_verification,
    remind_reviewers,
    request_verification,
    withdraw_verification,
)

__all__ = [
    "PROFILE",
    "REMIND_AFTER",
    "Document",
    "DocumentStore",
    "Ties",
    "accept_invitation",
    "answer_verification",
    "appoint",
    "appoint_by_email",
    "authenticate_token",
    "change_role",
    "create_organisation",
    "create_token",
    "dismiss",
    "document_store",
    "edit_organisation",
    "edit_profile",
    "erase_person",
    "expire_invitations",
    "export_person",
    "forget_personal",
    "forget_roles",
    "invitation_token",
    "invite_member",
    "leave_organisation",
    "make_organiser",
    "note_sign_out",
    "person_for_import",
    "register_document_store",
    "register_personal",
    "register_ties",
    "remind_reviewers",
    "remove_member",
    "request_verification",
    "revoke_invitation",
    "revoke_token",
    "unmake_organiser",
    "withdraw_verification",
]
