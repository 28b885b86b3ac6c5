"""Who may open which page of people and organisations, and of allauth."""

from haishi.foundation.tests.access import Row, World
from haishi.parties.services import invitation_token
from haishi.parties.tests.factories import (
    ApiTokenFactory,
    InvitationFactory,
    MembershipFactory,
    OrganiserDutyFactory,
    VerificationFactory,
)

MEMBERS = "302 404 200 200 404 200"  # inside an organisation
MANAGERS = "302 404 403 200 404 200"  # its owner; 周 is staff
PRESSED = "302 404 403 302 404 302"  # their buttons


def firm(world: World) -> dict[str, object]:
    return {"slug": world.firm.slug}


def organiser(world: World) -> dict[str, object]:
    return {"slug": world.organiser.slug}


def colleague(world: World) -> dict[str, object]:
    return {"pk": MembershipFactory(organisation=world.firm).pk}


def asked(world: World) -> dict[str, object]:
    return {"pk": InvitationFactory(organisation=world.firm, invited_by=world.lin).pk}


def link(world: World) -> dict[str, object]:
    row = InvitationFactory(
        organisation=world.firm, invited_by=world.lin, email=world.stranger.email
    )
    return {"token": invitation_token(row.pk)}


def pending(world: World) -> dict[str, object]:
    return {"pk": VerificationFactory(organisation=world.firm).pk}


def duty(world: World) -> dict[str, object]:
    return {"pk": OrganiserDutyFactory(organisation=world.organiser, duty="reviewer").pk}


def key_of_zhou(world: World) -> dict[str, object]:
    return {"pk": ApiTokenFactory(person=world.zhou).pk}


def api_firm(world: World) -> dict[str, object]:
    return {"slug": world.firm.slug}


def texts(world: World) -> dict[str, object]:
    return {"name": "蓬莱影业", "sides": ["supply"], "version": world.firm.version}


def town(world: World) -> dict[str, object]:
    return {"city": "烟台"}


OWN = "302 200 200 200 200 200"

ROWS = [
    #                                    nobody 外人 周 林 陈 operator
    Row("parties:profile", OWN),
    Row("parties:profile", "302", method="post", body=lambda w: {"name": "甲", "language": "en"}),
    Row("parties:security", OWN),
    Row("parties:tokens", OWN),
    # Creating a key, taking data away and erasing ask for the password again.
    Row("parties:tokens", "302", method="post"),
    Row("parties:token_revoke", "302 404 302 404 404 404", key_of_zhou, "post"),
    Row("parties:personal", OWN),
    Row("parties:personal_export", "302", method="post"),
    Row("parties:personal_erase", "302", method="post"),
    Row("parties:organisations", OWN),
    Row("parties:organisation_new", OWN),
    Row("parties:organisation", MEMBERS, firm),
    Row("parties:organisation", PRESSED, firm, "post", texts),
    Row("parties:members", MEMBERS, firm),
    Row(
        "parties:members",
        PRESSED,
        firm,
        "post",
        lambda w: {"email": "new@penglai.example", "role": "staff"},
    ),
    Row("parties:member_role", PRESSED, colleague, "post", lambda w: {"role": "manager"}),
    Row("parties:member_remove", PRESSED, colleague, "post"),
    # The last owner may not leave; an operator is no member.
    Row("parties:leave", "302 404 302 409 404 404", firm, "post"),
    Row("parties:invitation_revoke", PRESSED, asked, "post"),
    Row("parties:invitation", "200", link),
    Row("parties:invitation", "403 302 422 422 422 422", link, "post"),
    Row("parties:verification", MANAGERS, firm),
    Row("parties:duties", "302 404 404 404 200 200", organiser),
    Row(
        "parties:duties",
        "302 404 404 404 302 302",
        organiser,
        "post",
        lambda w: {"email": w.zhou.email, "duty": "reviewer"},
    ),
    Row("parties:duty_dismiss", "302 404 404 404 302 302", duty, "post"),
    Row("parties:verifications", "302 403 403 403 200 200"),
    # The firm has come to nobody yet: its papers are for operators alone.
    Row("parties:verification_answer", "302 404 404 404 404 200", pending),
    Row(
        "parties:verification_answer",
        "302 404 404 404 404 302",
        pending,
        "post",
        lambda w: {"answer": "approve"},
    ),
    Row("parties:organisers", "302 403 403 403 403 200"),
    Row(
        "parties:organiser_end",
        "302 403 403 403 403 302",
        lambda w: {"pk": w.organiser.pk},
        "post",
    ),
    # The API
    Row("api:parties_me", "401 200 200 200 200 200"),
    Row("api:parties_me", "401 200 200 200 200 200", method="patch", body=town, json=True),
    Row("api:parties_organisations", "401 200 200 200 200 200"),
    Row("api:parties_organisation", "401 200 200 200 200 200", api_firm),
    Row(
        "api:parties_organisation",
        "401 403 403 200 403 200",
        api_firm,
        "patch",
        lambda w: {"version": w.firm.version, "city": "烟台"},
        json=True,
    ),
    Row("api:parties_members", "401 404 200 200 404 200", api_firm),
    # allauth: doors for those outside, and settings for those inside
    Row("account_login", "200 302 302 302 302 302"),
    Row("account_signup", "200 302 302 302 302 302"),
    Row("account_logout", "302 200 200 200 200 200"),
    Row("account_inactive", "200"),
    Row("account_reauthenticate", OWN),
    Row("account_email", OWN),
    Row("account_email_verification_sent", "302"),
    Row("account_change_password", OWN),
    Row("account_set_password", "302"),
    Row("account_reset_password", "200"),
    Row("account_reset_password_done", "200"),
    Row(
        "account_reset_password_from_key",
        "200",
        lambda w: {"uidb36": "1", "key": "bad-key"},
    ),
    Row("account_reset_password_from_key_done", "200"),
    Row("account_request_login_code", "200 302 302 302 302 302"),
    Row("account_confirm_login_code", "302"),
    Row("mfa_index", OWN),
    Row("mfa_authenticate", "302"),
    Row("mfa_reauthenticate", "302"),
    Row("mfa_activate_totp", "302"),
    Row("mfa_deactivate_totp", "302 404 404 404 404 404"),
    Row("mfa_view_recovery_codes", "302 404 404 404 404 404"),
    Row("mfa_generate_recovery_codes", "302"),
    Row("mfa_download_recovery_codes", "302 404 404 404 404 404"),
    Row("mfa_list_webauthn", OWN),
    Row("mfa_add_webauthn", "302"),
    Row("mfa_reauthenticate_webauthn", "302"),
    Row("mfa_remove_webauthn", "302", lambda w: {"pk": 1}),
    Row("mfa_edit_webauthn", "302", lambda w: {"pk": 1}),
    Row("mfa_login_webauthn", "302"),
    Row("socialaccount_login_cancelled", "200"),
    Row("socialaccount_login_error", "401"),
    Row("socialaccount_signup", "302"),
    Row("socialaccount_connections", OWN),
    # the addresses these had in older versions of allauth
    Row("account/social/login/cancelled/", "301"),
    Row("account/social/login/error/", "301"),
    Row("account/social/signup/", "301"),
    Row("account/social/connections/", "301"),
    Row("weixin_login", "404"),  # not configured
    Row("weixin_callback", "404"),
]
