"""Founding an organisation and changing its texts."""

import pytest
from django.core import mail
from django.urls import reverse

from haishi.foundation.errors import Forbidden, Stale
from haishi.foundation.models import AuditEntry, Outbox
from haishi.parties import services
from haishi.parties.models import Membership, Organisation
from haishi.parties.tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_whoever_founds_an_organisation_owns_it(client, stranger):
    client.force_login(stranger)
    values = {"name": "长岛数字", "name_en": "Changdao Digital", "sides": ["supply", "research"]}
    answer = client.post(reverse("parties:organisation_new"), values)
    row = Organisation.objects.get()
    assert answer.url == reverse("parties:organisation", args=["changdao-digital"])
    assert (row.name, row.sides) == ("长岛数字", ["supply", "research"])
    assert list(Membership.objects.values_list("person_id", "role")) == [(stranger.pk, "owner")]
    assert list(Outbox.objects.values_list("label", flat=True)) == ["parties.OrganisationCreated"]
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["organisation.created"]


def test_the_same_form_sent_twice_founds_one(client, stranger):
    client.force_login(stranger)
    values = {"name": "长岛数字", "once": "key-of-the-page"}
    first = client.post(reverse("parties:organisation_new"), values)
    second = client.post(reverse("parties:organisation_new"), values)
    assert first.url == second.url
    assert Organisation.objects.count() == 1


def test_a_taken_english_name_gets_another_address(stranger):
    OrganisationFactory(slug="changdao-digital")
    row = services.create_organisation(stranger, "长岛数字", name_en="Changdao Digital")
    assert row.slug.startswith("changdao-digital-")


def test_bad_values_are_all_reported_and_what_was_typed_stays(client, stranger):
    client.force_login(stranger)
    values = {"name": "坏\u202e名", "founded": "3026", "website": "not an address", "city": "烟台"}
    refused = client.post(reverse("parties:organisation_new"), values)
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"name", "founded", "website"}
    assert 'value="烟台"' in refused.content.decode()
    assert not Organisation.objects.exists()


def edit(client, firm, **values):
    page = {"name": firm.name, "version": firm.version, **values}
    return client.post(reverse("parties:organisation", args=[firm.slug]), page)


def test_an_owner_edits_and_the_version_grows(client, firm, lin):
    client.force_login(lin)
    assert edit(client, firm, city="烟台", tagline="海上有市").status_code == 302
    firm.refresh_from_db()
    assert (firm.city, firm.tagline, firm.version) == ("烟台", "海上有市", 2)


def test_a_stale_page_says_who_changed_what_and_the_next_submit_decides(client, firm, lin, zhou):
    services.edit_organisation(lin, firm.pk, 1, city="烟台")
    client.force_login(lin)
    refused = edit(client, firm, city="威海")
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors() == [
        "在你编辑期间，林海 已修改了城市。你填写的内容仍保留在页面上，请核对后再提交。"
    ]
    assert 'value="威海"' in refused.content.decode()
    firm.refresh_from_db()
    assert (firm.city, firm.version) == ("烟台", 2)

    again = edit(client, firm, city="威海", version=refused.context["form"]["version"].value())
    assert again.status_code == 302
    firm.refresh_from_db()
    assert (firm.city, firm.version) == ("威海", 3)


def test_a_stale_service_call_changes_nothing(firm, lin):
    services.edit_organisation(lin, firm.pk, 1, city="烟台")
    with pytest.raises(Stale):
        services.edit_organisation(lin, firm.pk, 1, city="威海")
    firm.refresh_from_db()
    assert (firm.city, firm.version) == ("烟台", 2)


def test_staff_and_strangers_edit_nothing(firm, zhou, stranger):
    for person in (zhou, stranger):
        with pytest.raises(Forbidden):
            services.edit_organisation(person, firm.pk, 1, city="威海")
    firm.refresh_from_db()
    assert (firm.city, firm.version) == ("", 1)
    assert not AuditEntry.objects.exists()


def test_staff_read_the_texts_without_a_form(client, firm, zhou):
    firm.sides = ["supply"]
    firm.save()
    client.force_login(zhou)
    page = client.get(reverse("parties:organisation", args=[firm.slug])).content.decode()
    assert "供给方" in page
    assert 'name="tagline"' not in page


def test_the_profile_is_saved_and_the_language_follows(client, zhou):
    client.force_login(zhou)
    values = {"name": "周遥", "title": "制片", "phone": "+86 535 123 4567", "language": "en"}
    answer = client.post(reverse("parties:profile"), values)
    zhou.refresh_from_db()
    assert (zhou.title, zhou.phone, zhou.language) == ("制片", "+86 535 123 4567", "en")
    assert answer.cookies["lang"].value == "en"
    assert AuditEntry.objects.get().detail == {"fields": ["name_en", "title", "phone", "language"]}
    assert mail.outbox == []


def test_a_phone_that_cannot_be_one_changes_nothing(client, zhou):
    client.force_login(zhou)
    refused = client.post(
        reverse("parties:profile"), {"name": "周", "phone": "打我", "language": "en"}
    )
    assert refused.status_code == 422
    zhou.refresh_from_db()
    assert (zhou.name, zhou.phone, zhou.language) == ("周遥", "", "zh-hans")
