"""Keys for the API: shown once, kept as a digest, limited in what and how long."""

import datetime as dt
import hashlib
import re

import pytest
from django.urls import reverse

from haishi.foundation import clock
from haishi.foundation.errors import NotFound
from haishi.foundation.models import AuditEntry, Submission
from haishi.parties import services
from haishi.parties.errors import ExpiryOutOfRange, ScopeUnknown, TooManyTokens
from haishi.parties.models import ApiToken
from haishi.parties.tests.factories import ApiTokenFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
ME, ORGANISATIONS = "/api/v1/parties/me", "/api/v1/parties/organisations"


def key(person, *scopes):
    return services.create_token(person, "官网同步", scopes or ("parties:read",), 30)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_a_token_is_shown_once_and_its_digest_kept(client, zhou):
    client.force_login(zhou)
    page = reverse("parties:tokens")
    values = {"name": "官网同步", "scopes": ["parties:read"], "days": "90", "once": "page-key"}
    shown = client.post(page, values)
    token = shown.context["secret"]
    row = ApiToken.objects.get()
    assert (token[:4], len(token), row.prefix) == ("hsk_", 44, token[:12])
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert token not in client.get(page).content.decode()
    assert token not in str(list(Submission.objects.values())) + str(
        list(AuditEntry.objects.values())
    )
    # The same form again makes no second key.
    assert client.post(page, values).url == page
    assert ApiToken.objects.count() == 1


def test_a_token_acts_as_its_person(client, firm, zhou):
    _, token = key(zhou)
    answer = client.get(ME, headers=bearer(token)).json()
    assert (answer["id"], answer["email"]) == (zhou.pk, "zhou@penglai.example")
    assert answer["organisations"] == [
        {"slug": "penglai", "name": "蓬莱影业", "role": "staff", "duties": []}
    ]


@pytest.mark.parametrize(
    "token", ["", "hsk_", "hsk_" + "x" * 40, "Bearer", "hsk_\u0430" + "x" * 39]
)
def test_what_is_no_token_opens_nothing(client, zhou, token):
    key(zhou)
    assert services.authenticate_token(token) is None


def test_revoked_and_expired_tokens_and_those_of_disabled_people_open_nothing(client, zhou, lin):
    row, token = key(zhou)
    services.revoke_token(zhou, row.pk)
    assert client.get(ME, headers=bearer(token)).status_code == 401
    row, token = key(zhou)
    ApiToken.objects.filter(pk=row.pk).update(expires_at=clock.now())
    assert client.get(ME, headers=bearer(token)).status_code == 401
    row, token = key(lin)
    lin.is_active = False
    lin.save()
    assert client.get(ME, headers=bearer(token)).status_code == 401


def test_a_token_does_only_what_its_scopes_say(client, zhou):
    _, token = key(zhou, "parties:read")
    refused = client.patch(
        ME, {"city": "威海"}, content_type="application/json", headers=bearer(token)
    )
    assert (refused.status_code, refused.json()["error"]) == (403, "ScopeMissing")
    zhou.refresh_from_db()
    assert zhou.city == ""
    _, token = key(zhou, "parties:write")
    done = client.patch(
        ME, {"city": "威海"}, content_type="application/json", headers=bearer(token)
    )
    assert done.json()["city"] == "威海"


def test_the_last_use_is_noted_at_most_once_a_minute(zhou):
    row, token = key(zhou)
    services.authenticate_token(token)
    row.refresh_from_db()
    first = row.last_used_at
    services.authenticate_token(token)
    row.refresh_from_db()
    assert row.last_used_at == first
    past = clock.now() - dt.timedelta(seconds=61)
    ApiToken.objects.update(last_used_at=past)
    services.authenticate_token(token)
    row.refresh_from_db()
    assert row.last_used_at > past


def test_unknown_scopes_long_lives_and_the_21st_token_are_refused(zhou):
    with pytest.raises(ScopeUnknown):
        services.create_token(zhou, "x", ["parties:read", "everything"], 30)
    with pytest.raises(ScopeUnknown):
        services.create_token(zhou, "x", [], 30)
    with pytest.raises(ExpiryOutOfRange):
        services.create_token(zhou, "x", ["parties:read"], 366)
    assert not ApiToken.objects.exists()
    ApiTokenFactory.create_batch(20, person=zhou)
    with pytest.raises(TooManyTokens):
        key(zhou)
    assert ApiToken.objects.count() == 20


def test_nobody_revokes_the_token_of_another(zhou, lin):
    row, _ = key(zhou)
    with pytest.raises(NotFound):
        services.revoke_token(lin, row.pk)
    row.refresh_from_db()
    assert row.revoked_at is None


def test_organisations_come_in_pages_and_by_side(client, zhou, firm):
    made = [OrganisationFactory(sides=["research"]) for _ in range(3)]
    _, token = key(zhou)
    first = client.get(f"{ORGANISATIONS}?side=research&limit=2", headers=bearer(token)).json()
    assert [one["slug"] for one in first["items"]] == [made[2].slug, made[1].slug]
    rest = client.get(
        f"{ORGANISATIONS}?side=research&limit=2&cursor={first['next']}", headers=bearer(token)
    ).json()
    assert ([one["slug"] for one in rest["items"]], rest["next"]) == ([made[0].slug], None)
    mine = client.get(f"{ORGANISATIONS}?mine=true", headers=bearer(token)).json()
    assert [one["slug"] for one in mine["items"]] == ["penglai"]


def change(client, token, **values):
    return client.patch(
        f"{ORGANISATIONS}/penglai",
        values,
        content_type="application/json",
        headers={**bearer(token), "Idempotency-Key": "k1"},
    )


def test_an_owner_edits_by_api_once_per_key(client, firm, lin):
    _, token = key(lin, "parties:write")
    first = change(client, token, version=1, tagline="海上有市")
    second = change(client, token, version=1, tagline="海上有市")
    assert (first.status_code, first.json()) == (200, second.json())
    assert (first.json()["version"], first.json()["tagline"]) == (2, "海上有市")
    firm.refresh_from_db()
    assert firm.version == 2


def test_a_stale_version_and_a_bad_value_change_nothing_by_api(client, firm, lin):
    services.edit_organisation(lin, firm.pk, 1, city="烟台")
    _, token = key(lin, "parties:write")
    assert change(client, token, version=1, city="威海").status_code == 409
    bad = change(client, token, version=2, founded=3026)
    assert (bad.status_code, bad.json()["field"]) == (422, "founded")
    firm.refresh_from_db()
    assert (firm.city, firm.founded, firm.version) == ("烟台", None, 2)


def test_members_are_for_members(client, firm, lin, zhou, stranger):
    _, token = key(zhou)
    seen = client.get(f"{ORGANISATIONS}/penglai/members", headers=bearer(token)).json()
    assert [(one["name"], one["role"]) for one in seen] == [("林海", "owner"), ("周遥", "staff")]
    _, token = key(stranger)
    hidden = client.get(f"{ORGANISATIONS}/penglai/members", headers=bearer(token))
    assert hidden.status_code == 404


def test_a_key_is_shown_after_the_password_was_asked_for_again(client, zhou):
    zhou.set_password("haishi-shang-kong-ming")
    zhou.save()
    client.force_login(zhou)
    values = {"name": "官网同步", "scopes": ["parties:read"], "days": "90"}
    asked = client.post(reverse("parties:tokens"), values)
    assert not ApiToken.objects.exists()
    shown = client.post(asked.url, {"password": "haishi-shang-kong-ming"})
    token = re.search(r"hsk_[0-9A-Za-z]{40}", shown.content.decode())[0]
    assert services.authenticate_token(token) == (zhou, frozenset({"parties:read"}))
