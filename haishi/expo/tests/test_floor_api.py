"""The floor over the API: public to read, one's own to apply, within the token's scopes."""

import datetime as dt

import pytest

from haishi.expo.models import Exhibitor
from haishi.expo.tests.factories import (
    BoothFactory,
    EditionFactory,
    HallFactory,
    ShownExhibitorFactory,
    TierFactory,
)
from haishi.foundation import clock
from haishi.parties import services as parties

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(organiser):
    now = clock.now()
    return EditionFactory(
        series__organiser=organiser,
        slug="haizhou-2026",
        opens_at=now + dt.timedelta(days=3),
        closes_at=now + dt.timedelta(days=7),
    )


@pytest.fixture
def lowest(edition):
    return TierFactory(edition=edition, slug="standard", rank=0)


def bearer(person, *scopes: str) -> dict[str, str]:
    _row, secret = parties.create_token(person, "同步", list(scopes), 30)
    return {"Authorization": f"Bearer {secret}"}


def test_the_public_reads_halls_booths_and_shown_exhibitors(client, edition, firm):
    hall = HallFactory(edition=edition, slug="film", code="B", width=200, depth=100)
    booth = BoothFactory(hall=hall, code="B01", x=10, y=20)
    shown = ShownExhibitorFactory(edition=edition, organisation=firm, booth=booth)
    ShownExhibitorFactory(edition=edition, complete=False, booth=None)
    halls = client.get("/api/v1/expo/editions/haizhou-2026/halls").json()
    assert [(h["slug"], h["width"], h["exhibitors"]) for h in halls] == [("film", 200, 1)]
    booths = client.get("/api/v1/expo/editions/haizhou-2026/halls/film/booths").json()
    assert booths == [
        {"code": "B01", "x": 10, "y": 20, "width": 30, "depth": 30, "exhibitor_id": shown.pk}
    ]
    page = client.get("/api/v1/expo/editions/haizhou-2026/exhibitors").json()
    assert page["next"] is None
    assert [(row["id"], row["name"], row["hall"], row["booth"]) for row in page["items"]] == [
        (shown.pk, "蓬莱影业", "film", "B01")
    ]
    assert not {"state", "reason", "plan"} & set(page["items"][0])


def test_a_firm_applies_once_however_often_the_client_repeats(client, edition, lowest, firm, lin):
    body = {"organisation": "penglai", "plan": "展出三部影像。", "tier": "standard"}
    key = {**bearer(lin, "expo:write", "expo:read"), "Idempotency-Key": "one"}
    answers = [
        client.post(
            "/api/v1/expo/editions/haizhou-2026/exhibitors",
            body,
            content_type="application/json",
            headers=key,
        )
        for _n in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    made = answers[0].json()
    assert (made["state"], made["lacks"][0], Exhibitor.objects.count()) == ("draft", "headline", 1)
    sent = client.post(
        f"/api/v1/expo/exhibitors/{made['id']}/submit", headers=bearer(lin, "expo:write")
    )
    assert sent.json()["state"] == "submitted"
    again = client.post(
        f"/api/v1/expo/exhibitors/{made['id']}/submit", headers=bearer(lin, "expo:write")
    )
    assert again.status_code == 409


def test_a_token_without_the_scope_changes_nothing(client, edition, lowest, firm, lin):
    answer = client.post(
        "/api/v1/expo/editions/haizhou-2026/exhibitors",
        {"organisation": "penglai"},
        content_type="application/json",
        headers=bearer(lin, "expo:read"),
    )
    assert (answer.status_code, answer.json()["error"]) == (403, "ScopeMissing")
    assert Exhibitor.objects.count() == 0


def test_a_tier_that_does_not_exist_is_named(client, edition, lowest, firm, lin):
    answer = client.post(
        "/api/v1/expo/editions/haizhou-2026/exhibitors",
        {"organisation": "penglai", "tier": "golden"},
        content_type="application/json",
        headers=bearer(lin, "expo:write"),
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "tier")
    assert Exhibitor.objects.count() == 0
