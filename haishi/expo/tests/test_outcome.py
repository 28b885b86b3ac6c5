"""What came of an edition, counted; gates and consent that change later."""

import uuid
from typing import Any

import pytest

from haishi.expo import selectors, services
from haishi.expo.errors import GateUsed
from haishi.expo.models import CheckinList, Registration
from haishi.expo.services import Entry
from haishi.expo.tests.factories import EditionFactory, ShownExhibitorFactory
from haishi.foundation import clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.models import AuditEntry
from haishi.parties.services import export_person
from haishi.parties.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh"}


@pytest.fixture
def edition(organiser: Any) -> Any:
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026")


@pytest.fixture
def booth(edition: Any, firm: Any, lin: Any) -> Any:
    return ShownExhibitorFactory(edition=edition, organisation=firm)


@pytest.fixture
def gate(edition: Any, chen: Any) -> Any:
    return services.add_checkin_list(chen, edition.pk, name="南门")


def enter(chen: Any, gate: Any, row: Any) -> str:
    entry = Entry(row.code, clock.now(), uuid.uuid4())
    return services.check_in(chen, gate.pk, [entry])[0].result


def csv(answer: Any) -> list[str]:
    return b"".join(answer.streaming_content).decode().lstrip("\ufeff").split("\r\n")[:-1]


def test_the_organiser_sees_who_came_and_what_they_left(
    client: Any, chen: Any, lin: Any, edition: Any, booth: Any, gate: Any
) -> None:
    quiet = ShownExhibitorFactory(edition=edition)
    people = [PersonFactory() for _n in range(4)]
    rows = [services.register(each, edition.slug, kind="visitor") for each in people]
    services.cancel_registration(people[3], edition.slug)
    second = services.add_checkin_list(chen, edition.pk, name="北门")
    assert [enter(chen, each, rows[0]) for each in (gate, second)] == ["accepted"] * 2
    services.give_card(people[0], booth.pk)
    asked = services.enquire(people[0], booth.pk, subject="报价", message="请报价。")
    services.enquire(people[1], booth.pk, subject="交期", message="多久？")
    services.write_message(lin, asked.pk, body="三百元。")

    shown = selectors.outcome(edition)
    assert [(step.label, step.count, step.share) for step in shown.people] == [
        ("登记人数", 3, None),
        ("入场人数", 1, 33),
    ]
    assert [(s.label, s.count) for s in shown.deeds] == [
        ("收到名片", 1),
        ("收到询价", 2),
        ("已回复", 1),
        ("收到订单", 0),
        ("已付款订单", 0),
    ]
    assert [row.exhibitor.pk for row in selectors.booth_outcomes(edition)] == [booth.pk, quiet.pk]
    client.force_login(chen)
    base = "/organise/haizhou-2026/outcome/"
    assert "蓬莱影业" in client.get(base, headers=CHINESE).text
    today = clock.local(clock.now(), edition.time_zone).date().isoformat()
    days = csv(client.get(f"{base}days.csv", headers=CHINESE))
    assert days == [
        "日期,登记人数,入场人数,收到名片,收到询价,已回复,收到订单,已付款订单",
        f"{today},3,1,1,2,1,0,0",
    ]
    booths = csv(client.get(f"{base}booths.csv", headers=CHINESE))
    assert booths[1].split(",")[3:] == ["0", "1", "2", "1", "0", ""]
    assert len(booths) == 3
    assert client.get(f"{base}people.csv").status_code == 404


def test_four_thousand_booths_cost_no_more_queries_than_one(
    edition: Any, booth: Any, django_assert_num_queries: Any
) -> None:
    for _n in range(5):
        ShownExhibitorFactory(edition=edition)
    with django_assert_num_queries(5):  # one of them is trade's
        assert len(selectors.booth_outcomes(edition)) == 6


def test_a_gate_is_renamed_and_removed_while_nobody_passed_it(
    client: Any, chen: Any, stranger: Any, edition: Any, gate: Any
) -> None:
    client.force_login(chen)
    base = f"/organise/haizhou-2026/gates/{gate.pk}"
    assert client.post(f"{base}/edit/", {"name": "东门", "name_en": "East"}).status_code == 302
    gate.refresh_from_db()
    assert (gate.name, gate.name_en) == ("东门", "East")
    row = services.register(stranger, edition.slug, kind="visitor")
    enter(chen, gate, row)
    with pytest.raises(GateUsed):
        services.remove_checkin_list(chen, gate.pk)
    assert client.post(f"{base}/remove/").status_code == 409
    empty = services.add_checkin_list(chen, edition.pk, name="北门")
    assert client.post(f"/organise/haizhou-2026/gates/{empty.pk}/remove/").status_code == 302
    assert list(CheckinList.objects.all()) == [gate]
    with pytest.raises((Forbidden, NotFound)):
        services.rename_checkin_list(stranger, gate.pk, name="我的门")


def test_consent_to_scanning_changes_later_and_is_recorded(
    client: Any, stranger: Any, edition: Any
) -> None:
    services.register(stranger, edition.slug, kind="visitor", shares_card=True)
    client.force_login(stranger)
    assert client.post("/me/badge/haizhou-2026/", {}).status_code == 302
    assert Registration.objects.get().shares_card is False
    client.post("/me/badge/haizhou-2026/", {"shares_card": "on"})
    assert Registration.objects.get().shares_card is True
    assert AuditEntry.objects.filter(action="registration.consent").count() == 2


def test_a_registration_is_exported_and_its_words_erased(stranger: Any, edition: Any) -> None:
    services.register(stranger, edition.slug, kind="buyer", firm="听涛书店", shares_card=True)
    (found,) = export_person(stranger)["registrations"]
    assert (found["edition"], found["kind"], found["firm"]) == ("haizhou-2026", "buyer", "听涛书店")
    services.erase_registrations(stranger.pk)
    row = Registration.objects.get()
    assert (row.firm, row.shares_card, row.cancelled_at is None) == ("", False, False)
