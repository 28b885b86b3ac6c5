"""Limits and approvals walked over HTTP, without script."""

import pytest

from haishi.parties.tests.factories import OrganisationFactory
from haishi.trade import services
from haishi.trade.models import Approval, Order, SpendLimit
from haishi.trade.tests.factories import address, product, want

pytestmark = pytest.mark.django_db


def test_an_owner_limits_a_colleague_asks_and_the_owner_answers(client, firm, lin, zhou):
    client.force_login(lin)
    url = "/spending/limits/penglai/"
    assert "还没有设定额度" in client.get(url).content.decode()
    sent = {"whom": "role:staff", "currency": "CNY", "single_minor": "50.00", "month_minor": ""}
    assert client.post(url, sent).url == url
    assert SpendLimit.objects.get().single_minor == 5_000
    assert "¥50.00" in client.get(url).content.decode()
    seller = OrganisationFactory()
    rows = [
        services.place(
            zhou,
            [want(product(seller, name="沙燕风筝"))],
            key=str(n),
            address_id=address(zhou).pk,
            firm_id=firm.pk,
        )
        for n in range(2)
    ]
    listed = client.get("/spending/").content.decode()
    assert listed.count("沙燕风筝") == 2
    first, second = (f"/spending/{row.approval_id}/" for row in rows)
    assert "超过单笔上限 ¥50.00" in client.get(first).content.decode()
    assert client.post(f"{first}approve/").url == first
    assert client.post(f"{second}refuse/", {"reason": ""}).status_code == 422
    assert client.post(f"{second}refuse/", {"reason": "太贵"}).url == second
    assert "太贵" in client.get(second).content.decode()
    states = list(Order.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["awaiting", "cancelled"]
    client.force_login(zhou)
    assert "你没有提出过审批" not in client.get("/spending/?of=mine").content.decode()
    page = client.get(f"/orders/{rows[0].number}/").content.decode()
    assert "去付款" in page


def test_an_approver_with_too_low_a_limit_is_told_and_has_no_button(client, firm, lin, zhou):
    services.set_limit(lin, firm.pk, "role:staff", "CNY", 1, None)
    from haishi.parties.tests.factories import MembershipFactory, PersonFactory

    wu = PersonFactory()
    MembershipFactory(person=wu, organisation=firm, role="manager")
    services.set_limit(lin, firm.pk, f"person:{wu.pk}", "CNY", 1, None)
    kite = product(OrganisationFactory())
    services.place(zhou, [want(kite)], key="a", address_id=address(zhou).pk, firm_id=firm.pk)
    asked = Approval.objects.get()
    client.force_login(wu)
    page = client.get(f"/spending/{asked.pk}/").content.decode()
    assert ("你的额度不够" in page, f"/spending/{asked.pk}/approve/" in page) == (True, False)
    client.post(f"/spending/{asked.pk}/approve/")
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_a_list_of_wishes_costs_the_same_for_one_and_for_ten(
    client, firm, lin, zhou, django_assert_num_queries
):
    services.set_limit(lin, firm.pk, "role:staff", "CNY", 1, None)
    kite = product(OrganisationFactory())
    home = address(zhou)

    def ask(n: int) -> None:
        services.place(zhou, [want(kite)], key=f"k{n}", address_id=home.pk, firm_id=firm.pk)

    client.force_login(lin)
    ask(0)
    client.get("/spending/")
    with django_assert_num_queries(10) as few:
        client.get("/spending/")
    for n in range(1, 10):
        ask(n)
    with django_assert_num_queries(len(few)):
        client.get("/spending/")
