"""Getting in: sign-up with a code by mail, password, one-time codes; what outsiders may learn."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from haishi.parties import services
from haishi.parties.models import Person
from haishi.parties.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
PASSWORD = "haishi-shang-kong-ming"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def sign_up(client, email="new@sea.example", name="登州客"):
    values = {"name": name, "email": email, "password1": PASSWORD}
    return client.post(reverse("account_signup"), values)


def code_of(message):
    """The code stands on a line of its own."""
    return re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", message.body, re.M)[1]


def member(email="lin@sea.example"):
    person = PersonFactory(email=email, name="林海")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def log_in(client, email="lin@sea.example", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_sign_up_sends_a_code_and_the_code_opens_the_account(client):
    answer = sign_up(client)
    assert answer.url == reverse("account_email_verification_sent")
    person = Person.objects.get()
    assert (person.email, person.name, person.language) == ("new@sea.example", "登州客", "zh-hans")
    assert "_auth_user_id" not in client.session

    code = code_of(mail.outbox[0])
    answer = client.post(answer.url, {"code": code})
    assert (answer.status_code, answer.url) == (302, "/desk/")
    assert EmailAddress.objects.values_list("email", "verified").get() == ("new@sea.example", True)
    assert client.session["_auth_user_id"] == str(person.pk)

    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session
    assert log_in(client, "NEW@sea.example").url == "/desk/"


def test_a_wrong_code_opens_nothing(client):
    answer = sign_up(client)
    refused = client.post(answer.url, {"code": "WRONG1"})
    assert refused.status_code == 200
    assert EmailAddress.objects.get().verified is False
    assert "_auth_user_id" not in client.session


def test_sign_up_without_a_name_keeps_what_was_typed(client):
    refused = client.post(
        reverse("account_signup"), {"name": "", "email": "new@sea.example", "password1": PASSWORD}
    )
    assert refused.context["form"].errors.keys() == {"name"}
    assert b"new@sea.example" in refused.content
    assert not Person.objects.exists()


def test_sign_up_with_a_known_address_looks_the_same_and_tells_its_owner(client, django_user_model):
    member()
    answer = sign_up(client, "lin@sea.example", "假林")
    assert answer.url == reverse("account_email_verification_sent")
    assert Person.objects.values_list("name", flat=True).get() == "林海"
    assert [message.to for message in mail.outbox] == [["lin@sea.example"]]
    assert client.get(answer.url).status_code == 200


def test_a_reset_for_an_unknown_address_looks_like_one_for_a_known(client):
    member()
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in ("lin@sea.example", "nobody@sea.example")
    ]
    assert [(a.status_code, a.url) for a in answers] == [
        (302, reverse("account_reset_password_done"))
    ] * 2


def test_a_wrong_password_does_not_say_which_half_was_wrong(client):
    member()
    wrong = log_in(client, password="not-the-password")
    unknown = log_in(client, email="nobody@sea.example")
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "_auth_user_id" not in client.session


def test_the_sixth_wrong_password_in_five_minutes_is_not_even_tried(client):
    member()
    for _ in range(5):
        log_in(client, password="not-the-password")
    refused = log_in(client)
    assert "_auth_user_id" not in client.session
    assert refused.status_code == 200


def now_code(secret):
    counter = next(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


def test_one_time_codes_are_enrolled_and_then_asked_for(client):
    person = member()
    log_in(client)
    asked = client.get(reverse("mfa_activate_totp"))  # a change of locks asks for the key again
    page = client.post(asked.url, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": now_code(secret)})
    assert done.status_code == 302
    kinds = Authenticator.objects.filter(user=person).values_list("type", flat=True)
    assert sorted(kinds) == ["recovery_codes", "totp"]

    client.post(reverse("account_logout"))
    asked = log_in(client)
    assert asked.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.post(asked.url, {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_one_time_code_opens_the_account(client):
    person = member()
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    asked = log_in(client)
    entered = client.post(asked.url, {"code": now_code(secret)})
    assert entered.url == "/desk/"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_door_for_passkeys_offers_a_challenge(client):
    asked = client.get(
        reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"}
    )
    options = asked.json()["request_options"]["publicKey"]
    assert options["rpId"] == "testserver"
    assert len(options["challenge"]) >= 22


def test_wechat_is_offered_only_where_it_is_configured(client, settings):
    page = client.get(reverse("account_login")).content.decode()
    assert reverse("weixin_login") not in page
    settings.SOCIALACCOUNT_PROVIDERS = {"weixin": {"APP": {"client_id": "wx1", "secret": "s"}}}
    page = client.get(reverse("account_login")).content.decode()
    assert reverse("weixin_login") in page
    leads = client.post(reverse("weixin_login"))
    assert leads.url.startswith("https://open.weixin.qq.com/connect/qrconnect?appid=wx1")


def test_an_erased_or_disabled_account_does_not_get_in(client):
    person = member()
    person.is_active = False
    person.save()
    assert log_in(client).url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_an_imported_account_with_a_vouched_address_logs_in_at_once(client):
    for _ in range(2):  # importing again changes nothing
        services.person_for_import("Demo@sea.example", "林海", verified=True, password=PASSWORD)
    assert log_in(client, "demo@sea.example").url == "/desk/"
    assert EmailAddress.objects.count() == 1


def test_an_imported_account_without_it_proves_its_address_first(client):
    services.person_for_import("list@sea.example", "林海", password=PASSWORD)
    asked = log_in(client, "list@sea.example")
    assert asked.url == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session
    assert client.post(asked.url, {"code": code_of(mail.outbox[0])}).url == "/desk/"


def test_adding_a_passkey_offers_login_without_a_password_in_the_words_of_the_house(client):
    member()
    log_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_add_webauthn")).content.decode()
    assert "添加通行密钥" in page
    assert 'name="passwordless" id="id_passwordless" checked' in page
    assert "用它直接登录，不再输密码" in page


def test_an_address_is_one_account_whatever_its_case(client):
    sign_up(client, "New@Sea.Example")
    sign_up(client, "new@sea.example")
    assert Person.objects.values_list("email", flat=True).get() == "new@sea.example"
