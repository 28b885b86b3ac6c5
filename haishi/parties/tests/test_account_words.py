"""Every page around the account speaks one language at a time, also when it refuses."""

import html
import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from haishi.parties.tests.access import ROWS
from haishi.parties.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
PASSWORD = "haishi-shang-kong-ming"
# Names that are the same in every language, and what the tests typed themselves.
NAMES = r"Haishi|English|TOTP|JavaScript|testserver"
TYPED = r"[\w.+-]+@[\w.-]+|[a-z]+://\S+|\b[A-Z2-7]{16,}\b|\b[A-Z0-9]{3,4}-[A-Z0-9]{3,4}\b|钥匙"
NAMED = {row.route for row in ROWS}
Way = Callable[[Client], Any]


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def words_of(page: str) -> str:
    """What a person reads or hears of a page: its texts and the attributes that are read out."""
    page = re.sub(r"(?s)<(script|style|svg|template)\b.*?</\1>", " ", page)
    said = re.findall(r'(?:alt|title|placeholder|aria-label|content)="([^"]*)"', page)
    text = re.sub(r"(?s)<[^>]*>", "\n", page)
    return html.unescape("\n".join([text, *said]))


def foreign_to(language: str, text: str) -> list[str]:
    """Words of the other language: Latin ones in Chinese, Chinese ones in English."""
    text = re.sub(
        rf"{TYPED}|(?<![A-Za-z])(?:{NAMES})(?![A-Za-z])|海市|林海|中文",
        " ",
        text,
        flags=re.IGNORECASE,
    )
    wanted = r"[A-Za-z]{3,}[A-Za-z' ]*" if language == "zh" else r"[一-鿿]+"
    return re.findall(wanted, text)


def main_of(answer: Any) -> str:
    page = answer.content.decode()
    title = re.search(r"(?s)<title>.*?</title>", page)
    return (title[0] if title else "") + page[page.index('<div class="wrap flashes') :]


def member() -> Any:
    """林 with a password and nothing else."""
    person = PersonFactory(email="lin@sea.example", name="林海")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def credential() -> dict[str, Any]:
    """What a browser sends when a passkey was made."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(Aaguid.NONE, b"key-of-lin", public)
    known = AuthenticatorData.FLAG
    flags = known.USER_PRESENT | known.USER_VERIFIED | known.ATTESTED
    seen = AuthenticatorData.create(sha256(b"testserver").digest(), flags, 0, made)
    origin = {"type": "webauthn.create", "challenge": "c2Vh", "origin": "https://testserver"}
    written = {
        "clientDataJSON": json.dumps(origin).encode(),
        "attestationObject": bytes(AttestationObject.create("none", seen, {})),
    }
    return {
        "id": websafe_encode(b"key-of-lin"),
        "rawId": websafe_encode(b"key-of-lin"),
        "type": "public-key",
        "response": {name: websafe_encode(value) for name, value in written.items()},
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def second_factors(person: Any) -> None:
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "钥匙", "credential": credential()},
    )


def outside(route: str, body: dict[str, str] | None = None, **kwargs: Any) -> Way:
    """A page for somebody who is not logged in; with `body`, what it answers to that."""

    def way(client: Client) -> Any:
        address = reverse(route, kwargs=kwargs)
        return client.get(address) if body is None else client.post(address, body)

    return way


def inside(route: str, body: dict[str, str] | None = None, *, factors: bool = True) -> Way:
    """The same for 林, who has just logged in with her password."""

    def way(client: Client) -> Any:
        person = member()
        client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        if factors:
            second_factors(person)
        kwargs = {}
        if "remove_webauthn" in route or "edit_webauthn" in route:
            kwargs["pk"] = Authenticator.objects.get(type="webauthn").pk
        address = reverse(route, kwargs=kwargs)
        return client.get(address) if body is None else client.post(address, body)

    return way


def waits_for_code(route: str, body: dict[str, str] | None) -> Way:
    """Signed up, or asked for a code by mail: the page that wants it."""

    def way(client: Client) -> Any:
        if "verification" in route:
            form = {"email": "new@sea.example", "name": "林海", "password1": PASSWORD}
            client.post(reverse("account_signup"), form)
        else:
            client.post(reverse("account_request_login_code"), {"email": member().email})
        return client.get(reverse(route)) if body is None else client.post(reverse(route), body)

    return way


def second_step(route: str, body: dict[str, str] | None = None) -> Way:
    """林 with an authenticator app has typed her password."""

    def way(client: Client) -> Any:
        person = member()
        second_factors(person)
        client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        return client.get(reverse(route)) if body is None else client.post(reverse(route), body)

    return way


BAD = {"code": "WRONG1"}
PAGES: dict[str, Way] = {
    "login": outside("account_login"),
    "login empty": outside("account_login", {}),
    "login wrong": outside("account_login", {"login": "no@sea.example", "password": "x"}),
    "signup": outside("account_signup"),
    "signup empty": outside("account_signup", {}),
    "signup weak": outside(
        "account_signup", {"email": "no mail", "name": "林海", "password1": "1234"}
    ),
    "inactive": outside("account_inactive"),
    "reset": outside("account_reset_password"),
    "reset bad": outside("account_reset_password", {"email": "x"}),
    "reset done": outside("account_reset_password_done"),
    "reset key": outside("account_reset_password_from_key", uidb36="1", key="bad-key"),
    "reset key done": outside("account_reset_password_from_key_done"),
    "ask code": outside("account_request_login_code"),
    "ask code bad": outside("account_request_login_code", {"email": "x"}),
    "cancelled": outside("socialaccount_login_cancelled"),
    "social error": outside("socialaccount_login_error"),
    "confirm": waits_for_code("account_email_verification_sent", None),
    "confirm bad": waits_for_code("account_email_verification_sent", BAD),
    "login code": waits_for_code("account_confirm_login_code", None),
    "login code bad": waits_for_code("account_confirm_login_code", BAD),
    "second step": second_step("mfa_authenticate"),
    "second step bad": second_step("mfa_authenticate", {"code": "000000"}),
    "email": inside("account_email"),
    "email bad": inside("account_email", {"action_add": "", "email": "x"}),
    "password": inside("account_change_password"),
    "password bad": inside("account_change_password", {"oldpassword": "x", "password1": "1"}),
    "logout": inside("account_logout"),
    "reauthenticate": inside("account_reauthenticate"),
    "reauthenticate bad": inside("account_reauthenticate", {"password": "x"}),
    "factors": inside("mfa_index"),
    "no factors": inside("mfa_index", factors=False),
    "app": inside("mfa_activate_totp", factors=False),
    "app bad": inside("mfa_activate_totp", {"code": "000000"}, factors=False),
    "app off": inside("mfa_deactivate_totp"),
    "codes": inside("mfa_view_recovery_codes"),
    "new codes": inside("mfa_generate_recovery_codes"),
    "keys": inside("mfa_list_webauthn"),
    "key new": inside("mfa_add_webauthn"),
    "key new bad": inside("mfa_add_webauthn", {"name": "", "credential": "x"}),
    "key edit": inside("mfa_edit_webauthn"),
    "key remove": inside("mfa_remove_webauthn"),
    "again by app": inside("mfa_reauthenticate"),
    "again by app bad": inside("mfa_reauthenticate", {"code": "000000"}),
    "again by key": inside("mfa_reauthenticate_webauthn"),
    "connections": inside("socialaccount_connections"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_around_the_account_is_in_one_language(name: str, language: str):
    client = Client(headers={"accept-language": language})
    answer = PAGES[name](client)
    assert answer.status_code in (200, 401, 422), answer.headers.get("Location")
    assert foreign_to(language, words_of(main_of(answer))) == []


def test_every_page_of_allauth_that_exists_is_among_these():
    here = {row.route for row in ROWS if row.route.startswith(("account_", "mfa_", "social"))}
    walked = {cell for way in PAGES.values() for cell in _routes_of(way)}
    # Redirects and files have no words of their own.
    wordless = {"account_set_password", "mfa_download_recovery_codes", "mfa_login_webauthn"}
    assert here - walked - wordless == {"socialaccount_signup"}


def _routes_of(way: Way) -> list[str]:
    return [
        cell.cell_contents for cell in way.__closure__ or () if str(cell.cell_contents) in NAMED
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_mails_around_the_account_are_in_one_language(language: str):
    client = Client(headers={"accept-language": language})
    waits_for_code("account_email_verification_sent", None)(client)
    client = Client(headers={"accept-language": language})
    waits_for_code("account_confirm_login_code", None)(client)
    client.post(reverse("account_reset_password"), {"email": "lin@sea.example"})
    client.post(reverse("account_reset_password"), {"email": "nobody@sea.example"})
    client.post(
        reverse("account_signup"),
        {"email": "lin@sea.example", "name": "林海", "password1": PASSWORD},
    )
    assert len(mail.outbox) == 5
    for message in mail.outbox:
        assert foreign_to(language, f"{message.subject}\n{message.body}") == []
