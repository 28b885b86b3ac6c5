"""The contract of a licence: what it says, and what becomes of the licence with it."""

import datetime as dt

import pytest
from django.urls import reverse

from haishi.contracts import selectors as contracts
from haishi.contracts import services as papers
from haishi.contracts.tests.factories import owner_of, seen
from haishi.foundation import clock, outbox
from haishi.licences import services
from haishi.licences.models import Grant, Licence
from haishi.licences.tests.factories import began, contract_of, pay, signed
from haishi.notices import selectors as notices
from haishi.trade import selectors as trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def signing(request_, lin):
    """A licence whose contract waits for both."""
    services.accept(lin, request_.number, seen=request_.version)
    request_.refresh_from_db()
    return request_


@pytest.fixture
def licence(signing):
    """One in force whose contract was signed by both."""
    signed(signing)
    pay(signing)
    signing.refresh_from_db()
    return signing


def subjects(person):
    outbox.drain(rounds=20)
    return [row.subject for row in notices.inbox(person)]


def live():
    return Grant.objects.filter(live=True).count()


def test_accepting_draws_up_a_frozen_contract_that_says_the_terms_in_both_languages(
    signing, firm, studio
):
    contract = contract_of(signing)
    assert (contract.state, contract.origin, contract.total_minor, contract.milestones.count()) == (
        "signing",
        f"licence:{signing.pk}",
        0,
        0,
    )
    assert [row.organisation_id for row in contract.parties.order_by("position")] == [
        firm.pk,
        studio.pk,
    ]
    text = contracts.text_page(contract)
    assert (text.title.zh, text.title.en) == (
        "《海市蜃楼》IP 授权协议",
        "Licence agreement: Mirage",
    )
    titles = [clause.title.zh for clause in text.clauses]
    assert titles == [
        "授权范围", "授权期与清货期", "保底金与版税", "监修", "授权文件", "中止与撤销",
        "条款指纹（SHA-256）",
    ]  # fmt: skip
    money = text.clauses[2].text
    assert money.zh.startswith("保底金：¥1,000.00；版税率：线上零售 8%、批发 5%；")
    assert "Online" in money.en
    assert text.clauses[-1].text.zh == signing.paper_digest
    assert (signing.paper_id, live()) == (contract.paper_id, 1)


def test_one_signature_changes_nothing_the_last_bills_the_guarantee_once(signing, firm, lin, su):
    contract = contract_of(signing)
    papers.sign(lin, contract.pk, firm.pk, seen(contract))
    outbox.drain(rounds=20)
    assert (contract_of(signing).state, trade.bought_by(su).count()) == ("signing", 0)
    assert Licence.objects.get().state == "signing"
    papers.sign(su, contract.pk, signing.licensee_id, seen(contract))
    outbox.drain(rounds=20)
    services.contract_concluded(signing.pk)
    signing.refresh_from_db()
    assert (signing.state, trade.bought_by(su).get().pk) == ("paying", signing.order_id)
    assert signing.paper_id == contract.paper_id


def test_declining_the_contract_ends_the_licence_with_its_reason(signing, studio, lin, su):
    contract = contract_of(signing)
    papers.decline(su, contract.pk, studio.pk, "产能已满")
    assert "《海市蜃楼》的授权没有达成" in subjects(lin)
    assert "《海市蜃楼》的授权没有达成" in subjects(su)
    signing.refresh_from_db()
    assert (signing.state, signing.reason, live()) == ("declined", "产能已满", 0)
    assert not trade.bought_by(su).exists()


def test_a_contract_that_is_not_signed_in_time_ends_the_licence_by_its_own_clock(signing, su):
    late = contract_of(signing).closes_at
    assert services.lapse_due(late + dt.timedelta(days=1)) == 0
    contracts.visible_to(su).update(closes_at=clock.now() - dt.timedelta(seconds=1))
    assert papers.expire_due() == 1
    assert "《海市蜃楼》的授权申请已逾期失效" in subjects(su)
    signing.refresh_from_db()
    assert (signing.state, signing.reason, live()) == ("lapsed", "合同没有在期限内签完", 0)


def end_by_all(licence):
    """Both parties end the contract."""
    contract = contract_of(licence)
    for party in contract.parties.order_by("position"):
        papers.end(owner_of(party.organisation), contract.pk, party.organisation_id)
    outbox.drain(rounds=20)
    licence.refresh_from_db()


def test_a_contract_that_all_end_revokes_the_licence(licence):
    end_by_all(licence)
    assert (licence.state, licence.reason, live()) == ("revoked", "各方同意终止合同", 0)


def test_a_contract_that_all_end_before_the_guarantee_calls_it_off(signing, su):
    signed(signing)
    end_by_all(signing)
    assert (signing.state, trade.bought_by(su).get().state, live()) == ("lapsed", "cancelled", 0)


def test_the_end_of_a_licence_ends_its_contract_and_says_why(licence, lin):
    services.revoke(lin, licence.number, "超出授权地域")
    outbox.drain(rounds=20)
    contract = contract_of(licence)
    assert (contract.state, contract.reason) == ("terminated", "超出授权地域")


def test_a_licence_that_has_run_its_term_has_fulfilled_its_contract(licence):
    began(licence, 25)
    assert services.expire_due() == 1
    outbox.drain(rounds=20)
    assert contract_of(licence).state == "fulfilled"


def test_its_page_shows_who_signed_and_leads_to_the_contract(signing, firm, lin, client):
    contract = contract_of(signing)
    sign = reverse("contracts:sign", args=[contract.number])
    client.force_login(lin)
    page = client.get(signing.get_absolute_url()).content.decode()
    assert sign in page
    assert contract.get_absolute_url() in page
    papers.sign(lin, contract.pk, firm.pk, seen(contract))
    page = client.get(signing.get_absolute_url()).content.decode()
    assert sign not in page
    assert (page.count("已签署"), page.count("待签署")) == (1, 3)
    paper = client.get(reverse("licences:agreement", args=[signing.number]))
    assert paper.content == bytes(contracts.paper_bytes(contract).content)
