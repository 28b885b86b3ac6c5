"""Personal data: everything in one file, and erasure that leaves nobody without an owner."""

import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.urls import reverse

from haishi.foundation.errors import Conflict
from haishi.foundation.models import AuditEntry
from haishi.parties import services
from haishi.parties.errors import StillOwner
from haishi.parties.models import ApiToken, Invitation, Membership
from haishi.parties.tests.factories import ApiTokenFactory, InvitationFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
PASSWORD = "haishi-shang-kong-ming"


@pytest.fixture
def notebook():
    """A module above that keeps one note about each person."""
    notes = {}
    services.register_personal("notebook", notes.get, lambda person_id: notes.pop(person_id, None))
    yield notes
    services.forget_personal("notebook")


def settled(client, person):
    """Logged in, with a password that was asked for a moment ago."""
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_the_export_holds_every_part(client, notebook, firm, zhou):
    notebook[zhou.pk] = {"note": "喜欢皮影"}
    token = ApiTokenFactory(person=zhou)
    settled(client, zhou)
    answer = client.post(reverse("parties:personal_export"))
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        parts = {name: json.loads(pack.read(name)) for name in pack.namelist()}
    assert parts["notebook.json"] == {"note": "喜欢皮影"}
    assert (parts["account.json"]["name"], parts["account.json"]["addresses"]) == (
        "周遥",
        [{"email": "zhou@penglai.example", "verified": True}],
    )
    assert [one["prefix"] for one in parts["account.json"]["tokens"]] == ["hsk_abcdefgh"]
    assert [(one["name"], one["role"]) for one in parts["organisations.json"]] == [
        ("蓬莱影业", "staff")
    ]
    assert token.digest not in json.dumps(parts)


def test_export_and_erasure_ask_for_the_password_again(client, zhou):
    zhou.set_password(PASSWORD)
    zhou.save()
    client.force_login(zhou)
    for name in ("parties:personal_export", "parties:personal_erase"):
        asked = client.post(reverse(name), {"email": zhou.email})
        assert (
            asked.url
            == f"{reverse('account_reauthenticate')}?next={reverse(name).replace('/', '%2F')}"
        )
    zhou.refresh_from_db()
    assert zhou.erased_at is None


def test_erasure_leaves_a_number_without_a_name(client, notebook, firm, lin, zhou):
    notebook[zhou.pk] = {"note": "喜欢皮影"}
    ApiTokenFactory(person=zhou)
    InvitationFactory(email=zhou.email)
    Authenticator.objects.create(user=zhou, type="totp", data={"secret": "x"})
    settled(client, zhou)
    gone = client.post(reverse("parties:personal_erase"), {"email": "ZHOU@penglai.example"})
    assert gone.url == "/"
    zhou.refresh_from_db()
    assert (zhou.email, zhou.name, zhou.is_active) == (
        f"erased-{zhou.pk}@erased.invalid",
        "已注销用户",
        False,
    )
    assert not zhou.has_usable_password()
    assert notebook == {}
    assert not ApiToken.objects.exists()
    assert not Authenticator.objects.exists()
    assert not EmailAddress.objects.exists()
    assert list(Membership.objects.values_list("person_id", flat=True)) == [lin.pk]
    row = Invitation.objects.get()
    assert (row.email, row.state) == (f"erased-{row.pk}@erased.invalid", "revoked")
    entry = AuditEntry.objects.get(action="person.erased")
    assert (entry.actor_id, entry.actor_name) == (zhou.pk, "")
    assert client.get(reverse("parties:profile")).status_code == 302


def test_an_owner_whom_others_need_stays_and_is_told_what_to_do(client, notebook, firm, lin, zhou):
    notebook[lin.pk] = {"note": "常来"}
    settled(client, lin)
    refused = client.post(reverse("parties:personal_erase"), {"email": lin.email})
    assert refused.status_code == 422
    assert "你还是 蓬莱影业 唯一的负责人" in refused.content.decode()
    lin.refresh_from_db()
    assert (lin.name, lin.erased_at, notebook) == ("林海", None, {lin.pk: {"note": "常来"}})
    assert Membership.objects.filter(organisation=firm).count() == 2


def test_an_owner_alone_may_go(lin, firm):
    services.erase_person(lin)
    lin.refresh_from_db()
    assert lin.name == "已注销用户"
    assert not Membership.objects.exists()


def test_the_only_responsible_person_of_an_organiser_stays(chen, organiser):
    with pytest.raises(StillOwner):
        services.erase_person(chen)
    chen.refresh_from_db()
    assert (chen.name, organiser.duties.count()) == ("陈砚", 1)


def test_a_module_that_refuses_stops_the_whole_erasure(zhou):
    def refuse(person_id):
        raise Conflict

    services.register_personal("deals", lambda person_id: [], refuse)
    try:
        with pytest.raises(Conflict):
            services.erase_person(zhou)
    finally:
        services.forget_personal("deals")
    zhou.refresh_from_db()
    assert (zhou.name, Membership.objects.filter(person=zhou).count()) == ("周遥", 1)


def test_a_mistyped_address_erases_nothing(client, zhou):
    settled(client, zhou)
    refused = client.post(reverse("parties:personal_erase"), {"email": "zhuo@penglai.example"})
    assert refused.context["form"].errors.keys() == {"email"}
    zhou.refresh_from_db()
    assert zhou.erased_at is None


def test_two_erased_people_do_not_collide(zhou, stranger):
    services.erase_person(zhou)
    services.erase_person(stranger)
    zhou.refresh_from_db()
    stranger.refresh_from_db()
    assert zhou.email != stranger.email
    assert OrganisationFactory().memberships.count() == 0


def test_after_the_password_the_suspended_wish_is_carried_out(client, zhou):
    zhou.set_password(PASSWORD)
    zhou.save()
    client.force_login(zhou)
    asked = client.post(reverse("parties:personal_erase"), {"email": zhou.email})
    done = client.post(asked.url, {"password": PASSWORD})
    assert done.url == "/"
    zhou.refresh_from_db()
    assert (zhou.name, zhou.is_active) == ("已注销用户", False)
