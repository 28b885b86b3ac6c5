"""Programme, badges, enquiries and leads over the API: within the scopes, once however often."""

from typing import Any

import pytest

from haishi.expo import selectors, services
from haishi.expo.models import EnquiryMessage, Lead, LeadNote, Registration
from haishi.expo.tests.factories import OPENS, EditionFactory, ShownExhibitorFactory, TierFactory
from haishi.parties import services as parties

pytestmark = pytest.mark.django_db
API = "/api/v1/expo"


@pytest.fixture
def edition(organiser: Any) -> Any:
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026")


@pytest.fixture
def booth(edition: Any, firm: Any, lin: Any) -> Any:
    tier = TierFactory(edition=edition, may_export_leads=True)
    return ShownExhibitorFactory(edition=edition, organisation=firm, tier=tier)


def bearer(person: Any, *scopes: str, **more: str) -> dict[str, str]:
    _row, secret = parties.create_token(person, "同步", list(scopes), 30)
    return {"Authorization": f"Bearer {secret}", **more}


def send(client: Any, path: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
    return client.post(f"{API}{path}", body, content_type="application/json", headers=headers)


def test_everybody_reads_the_released_programme_and_nothing_of_the_draft(
    client: Any, chen: Any, edition: Any
) -> None:
    stage = services.save_stage(chen, edition.pk, name="主会场", name_en="Main Stage")
    who = services.create_speaker(chen, edition.pk, name="苏晚")
    row = services.create_session(
        chen, edition.pk, title="潮汐", abstract="海怎样说话。", speakers=[who.pk]
    )
    services.place(chen, row.pk, 1, stage.pk, OPENS, 60)
    services.decide(chen, row.pk, "confirm")
    empty = client.get(f"{API}/editions/haizhou-2026/programme").json()
    assert (empty["version"], empty["sessions"]) == (0, [])
    services.release(chen, edition.pk)
    services.create_session(chen, edition.pk, title="草稿")
    found = client.get(f"{API}/editions/haizhou-2026/programme?day=2026-04-06").json()
    assert (found["version"], found["time_zone"]) == (1, "Asia/Shanghai")
    (session,) = found["sessions"]
    assert (session["code"], session["title"], session["starts_at"], session["speakers"]) == (
        "S001",
        "潮汐",
        "2026-04-06T01:00:00Z",
        ["苏晚"],
    )
    assert client.get(f"{API}/editions/haizhou-2026/programme?day=2026-04-07").json()[
        "sessions"
    ] == []  # fmt: skip
    one = client.get(f"{API}/editions/haizhou-2026/programme/S001").json()
    assert one["abstract"] == "海怎样说话。"
    assert one["people"][0]["url"].endswith(f"/e/haizhou-2026/speakers/{who.pk}/")
    assert client.get(f"{API}/editions/haizhou-2026/programme/S002").status_code == 404


def test_somebody_registers_once_and_reads_the_badge(
    client: Any, edition: Any, stranger: Any
) -> None:
    headers = bearer(stranger, "badges:read", "badges:write", **{"Idempotency-Key": "one"})
    path = "/editions/haizhou-2026/registrations"
    answers = [send(client, path, {"kind": "buyer"}, headers) for _n in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    again = send(client, path, {}, bearer(stranger, "badges:write"))
    assert (again.status_code, Registration.objects.count()) == (409, 1)
    (mine,) = client.get(f"{API}/registrations/mine", headers=headers).json()
    row = Registration.objects.get()
    assert (mine["edition"], mine["kind"], mine["code"]) == ("haizhou-2026", "buyer", row.code)
    assert selectors.registration_behind(mine["badge"], edition.pk) == row


def test_a_firm_reads_its_enquiries_in_pages_and_answers_once(
    client: Any, booth: Any, lin: Any, zhou: Any, stranger: Any
) -> None:
    rows = [
        services.enquire(stranger, booth.pk, subject=f"报价 {n}", message="请报价。")
        for n in range(3)
    ]
    reading = bearer(zhou, "enquiries:read")
    path = f"{API}/exhibitors/{booth.pk}/enquiries"
    first = client.get(f"{path}?limit=2", headers=reading).json()
    rest = client.get(f"{path}?limit=2&cursor={first['next']}", headers=reading).json()
    assert [row["id"] for row in first["items"] + rest["items"]] == [r.pk for r in reversed(rows)]
    assert rest["next"] is None
    headers = bearer(lin, "enquiries:write", **{"Idempotency-Key": "reply"})
    answers = [
        send(client, f"/enquiries/{rows[0].pk}/messages", {"body": "每件三百元。"}, headers)
        for _n in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert EnquiryMessage.objects.filter(from_firm=True).count() == 1
    page = client.get(f"{path}?state=answered", headers=reading).json()
    assert [row["id"] for row in page["items"]] == [rows[0].pk]
    talk = client.get(f"{API}/enquiries/{rows[0].pk}", headers=reading).json()
    assert [(m["from_firm"], m["body"]) for m in talk["messages"]] == [
        (False, "请报价。"),
        (True, "每件三百元。"),
    ]


def test_a_firm_reads_its_leads_and_notes_what_it_heard(
    client: Any, booth: Any, lin: Any, stranger: Any
) -> None:
    grant = services.give_card(stranger, booth.pk)
    headers = bearer(lin, "leads:read", "leads:write", **{"Idempotency-Key": "n"})
    (lead,) = client.get(f"{API}/exhibitors/{booth.pk}/leads", headers=headers).json()["items"]
    assert (lead["name"], lead["card"]["email"]) == ("外人", "stranger@elsewhere.example")
    path = f"/leads/{lead['id']}/notes"
    made = [send(client, path, {"body": "想要三件。"}, headers) for _n in range(2)]
    assert ([m.status_code for m in made], LeadNote.objects.count()) == ([201, 201], 1)
    shown = client.get(f"{API}/leads/{lead['id']}", headers=headers).json()
    assert [(each["author"], each["body"]) for each in shown["notes"]] == [("林海", "想要三件。")]
    services.revoke_card(stranger, grant.pk)
    assert client.get(f"{API}/leads/{lead['id']}", headers=headers).json()["card"] == {}


def test_without_the_scope_the_firm_or_the_tier_nothing_is_read_or_written(
    client: Any, booth: Any, lin: Any, chen: Any, stranger: Any
) -> None:
    row = services.enquire(stranger, booth.pk, subject="报价", message="请报价。")
    lead = Lead.objects.get()
    body = {"body": "好。"}
    reading = bearer(lin, "expo:read", "enquiries:read", "leads:read")
    assert send(client, f"/enquiries/{row.pk}/messages", body, reading).status_code == 403
    assert send(client, f"/leads/{lead.pk}/notes", body, reading).status_code == 403
    everything = ("enquiries:read", "enquiries:write", "leads:read", "leads:write")
    outside = bearer(chen, *everything)
    assert send(client, f"/enquiries/{row.pk}/messages", body, outside).status_code == 404
    assert send(client, f"/leads/{lead.pk}/notes", body, outside).status_code == 404
    empty = send(client, f"/leads/{lead.pk}/notes", {"body": ""}, bearer(lin, *everything))
    assert empty.status_code == 422
    assert (LeadNote.objects.count(), EnquiryMessage.objects.count()) == (0, 1)
    booth.tier.may_export_leads = False
    booth.tier.save()
    answer = client.get(f"{API}/exhibitors/{booth.pk}/leads", headers=reading)
    assert (answer.status_code, answer.json()["error"]) == (403, "TierForbids")
