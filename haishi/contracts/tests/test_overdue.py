"""A milestone past its day: who is reminded, when, and how often."""

import datetime as dt

import pytest

from haishi.contracts import policies, services
from haishi.contracts.models import Milestone
from haishi.contracts.tests.factories import (
    concluded,
    delivered,
    firm_with_owner,
    funded,
    owner_of,
)
from haishi.foundation import clock, outbox
from haishi.foundation.models import AuditEntry
from haishi.notices import selectors as notices
from haishi.parties.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def other(db):
    return firm_with_owner("海州文旅")[0]


@pytest.fixture
def contract(firm, lin, other):
    """蓬莱 pays, 海州 delivers; the first part in 20 days, the second in 40."""
    return concluded(firm, other)


def noon(part, days=0):
    """Noon in Shanghai, so many days after it is due."""
    return dt.datetime.combine(part.due, dt.time(4), dt.UTC) + days * DAY


def heard(person):
    """Subjects of all that the person was told about overdue milestones, oldest first."""
    outbox.drain()
    rows = sorted(notices.inbox(person), key=lambda row: row.pk)
    return [row.subject for row in rows if row.kind == "milestone_overdue"]


DUE, LATE, LAST = "节点到期：第 1 期", "节点逾期：第 1 期", "节点逾期未决：第 1 期"


def test_each_step_is_told_once_and_the_last_to_both_owners(contract, firm, lin, other):
    part, them = contract.milestones.get(position=1), owner_of(other)
    assert services.chase_overdue(noon(part, -1)) == 0
    assert services.chase_overdue(noon(part)) == 1
    assert services.chase_overdue(noon(part)) == 0
    assert (heard(lin), heard(them)) == ([DUE], [])
    assert services.chase_overdue(noon(part, 3) - dt.timedelta(seconds=1)) == 0
    assert services.chase_overdue(noon(part, 3)) == 1
    assert (heard(lin), heard(them)) == ([DUE, LATE], [])
    assert services.chase_overdue(noon(part, 7)) == 1
    assert (heard(lin), heard(them)) == ([DUE, LATE, LAST], [LAST])
    assert services.chase_overdue(noon(part, 19)) == 0
    steps = AuditEntry.objects.filter(action="milestone.reminded").order_by("pk")
    assert [row.detail["step"] for row in steps] == [1, 2, 3]


def test_a_manager_is_reminded_but_only_owners_are_called_at_last(contract, firm, zhou, lin):
    wu = MembershipFactory(organisation=firm, role="manager").person
    part = contract.milestones.get(position=1)
    for days in (0, 3, 7):
        services.chase_overdue(noon(part, days))
    assert (heard(lin), heard(wu), heard(zhou)) == ([DUE, LATE, LAST], [DUE, LATE], [])


def test_when_the_turn_passes_on_the_next_one_is_told_anew(contract, lin, other):
    part = contract.milestones.get(position=1)
    services.chase_overdue(noon(part))
    assert (heard(lin), heard(owner_of(other))) == ([DUE], [])
    funded(contract)
    assert services.chase_overdue(noon(part, 1)) == 1
    assert (heard(lin), heard(owner_of(other))) == ([DUE], [DUE])


def test_what_was_handed_over_or_belongs_to_an_ended_contract_is_left_alone(contract, lin, other):
    part = delivered(contract)
    second = contract.milestones.get(position=2)
    assert services.chase_overdue(noon(part, 5)) == 0
    contract.refresh_from_db()
    type(contract).objects.update(state="terminated")
    assert services.chase_overdue(noon(second, 5)) == 0
    assert list(Milestone.objects.values_list("chased", flat=True)) == [0, 0]


def test_the_desk_and_the_page_show_what_is_late(client, contract, lin):
    client.force_login(lin)
    url = f"/contracts/{contract.number}/"
    today = clock.local(clock.now(), policies.ZONE).date()
    Milestone.objects.filter(position=1).update(due=today)
    assert ("已逾期" in client.get(url).content.decode()) is False
    assert "有节点逾期" not in client.get("/contracts/").content.decode()
    Milestone.objects.filter(position=1).update(due=today - DAY)
    assert client.get(url).content.decode().count("已逾期") == 1
    page = client.get("/contracts/?state=late")
    assert [row.late for row in page.context["rows"]] == [1]
    assert page.content.decode().count("已逾期") == 1
    assert "已逾期" in client.get(f"{url}milestones/1/").content.decode()
