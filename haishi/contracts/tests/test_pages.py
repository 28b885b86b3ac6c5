"""A contract walked over HTTP, without script: talk, sign, pay, deliver, accept."""

import pytest
from django.urls import reverse

from haishi.contracts import selectors, services
from haishi.contracts.errors import ContractsOpen
from haishi.contracts.models import Contract, ContractVersion
from haishi.contracts.tests.factories import (
    concluded,
    delivered,
    draft,
    firm_with_owner,
    opened,
    owner_of,
    pay,
    settled,
)
from haishi.foundation import outbox
from haishi.foundation.models import PaperRevision
from haishi.foundation.papers import keys, signing
from haishi.notices import selectors as notice_rows
from haishi.notices import services as notices
from haishi.parties import services as parties
from haishi.trade import services as trade

pytestmark = pytest.mark.django_db
PASSWORD = "sea-and-city-above-the-line"


@pytest.fixture
def other(db):
    return firm_with_owner("海州文旅")[0]


def confirm(client, person):
    """Give the password on the page that asks for it."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    client.force_login(person)
    return lambda: client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def propose_form(row, **changes):
    content = ContractVersion.objects.get(contract=row, number=row.latest).content
    sent = {"seen": row.latest, "note": "延长保密"}
    for n, clause in enumerate(content["clauses"]):
        for name, value in zip(("title", "title_en", "text", "text_en"), clause, strict=True):
            sent[f"clause_{n}_{name}"] = value
    for n, part in enumerate(content["milestones"]):
        sent |= {f"part_{n}_due": part["due"], f"part_{n}_amount": f"{part['amount'] / 100:.2f}"}
    return {**sent, **changes}


def test_parties_talk_change_the_text_and_see_the_difference(client, firm, lin, other):
    row = services.draw_up(lin, draft(firm, other))
    url, them = f"/contracts/{row.number}/", owner_of(other)
    client.force_login(them)
    assert "沙燕风筝数字影像制作合同" in client.get("/contracts/").content.decode()
    client.post(f"{url}comment/", {"text": "保密期太短"})
    page = client.get(f"{url}propose/").content.decode()
    assert "各方对未公开的内容保密三年。" in page
    wrong = propose_form(row, part_0_amount="1.00")
    refused = client.post(f"{url}propose/", wrong)
    assert (refused.status_code, row.versions.count()) == (422, 1)
    assert "合计为 ¥401.00" in refused.content.decode()
    changed = propose_form(row, clause_1_text="各方对未公开的内容保密五年。")
    assert client.post(f"{url}propose/", changed).url == f"{url}text/"
    client.force_login(lin)
    page = client.get(f"{url}text/").content.decode()
    assert ("<del>三</del><ins>五</ins>" in page, "保密期太短" in page) == (True, True)
    assert client.post(f"{url}agree/", {"organisation": firm.pk, "version": 2}).url == url
    assert client.post(f"{url}open/", {"organisation": firm.pk}).url == url
    row.refresh_from_db()
    assert row.state == "signing"


def test_a_clause_that_is_emptied_goes_and_one_that_is_added_comes(client, firm, lin, other):
    row = services.draw_up(lin, draft(firm, other))
    client.force_login(lin)
    sent = propose_form(row, clause_0_title="", clause_0_title_en="", clause_0_text="")
    sent |= {"clause_0_text_en": "", "clause_2_title": "争议", "clause_2_text": "提交海州仲裁。"}
    client.post(f"/contracts/{row.number}/propose/", sent)
    content = ContractVersion.objects.get(contract=row, number=2).content
    assert [clause[0] for clause in content["clauses"]] == ["保密", "争议"]


def test_signing_shows_the_hash_asks_for_the_password_and_then_signs(client, firm, lin, other):
    row = opened(firm, other)
    url = f"/contracts/{row.number}/sign/"
    ask = confirm(client, lin)
    seen = selectors.paper_bytes(row).sha256
    page = client.get(url).content.decode()
    assert (f'value="{seen}"' in page, "</svg> 确认身份</button>" in page) == (True, True)
    # A password given before the person was asked about this paper does not count.
    ask()
    sent = {"seen": seen}
    answer = client.post(url, sent)
    assert answer.url == f"{reverse('account_reauthenticate')}?next={url.replace('/', '%2F')}"
    assert PaperRevision.objects.count() == 1
    ask()
    assert "</svg> 签署</button>" in client.get(url).content.decode()
    assert client.post(url, sent).url == f"/contracts/{row.number}/"
    assert [fact.signer for fact in signing.verify(selectors.paper_bytes(row).content)][:1] == [
        "林海"
    ]
    assert client.get(url).status_code == 403


def test_one_password_is_for_one_signature(client, firm, lin, other):
    first, second = opened(firm, other), opened(firm, other)
    ask = confirm(client, lin)
    urls = [f"/contracts/{row.number}/sign/" for row in (first, second)]
    client.post(urls[0])
    ask()
    answer = client.post(urls[1], {"seen": selectors.paper_bytes(second).sha256})
    assert reverse("account_reauthenticate") in answer.url
    assert second.parties.filter(signed_at=None).count() == 2


def test_a_file_other_than_the_one_shown_is_not_signed_and_the_page_says_so(
    client, firm, lin, other
):
    row = opened(firm, other)
    url = f"/contracts/{row.number}/sign/"
    ask = confirm(client, lin)
    client.post(url)
    ask()
    assert client.post(url, {"seen": "f" * 64}).url == url
    assert "文件与封存的内容不一致" in client.get(url).content.decode()
    assert PaperRevision.objects.count() == 1


def test_the_paper_is_for_the_parties_and_the_page_that_checks_it_for_everybody(
    client, firm, lin, other, stranger
):
    row = concluded(firm, other)
    url = f"/contracts/{row.number}/paper.pdf"
    client.force_login(lin)
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == selectors.paper_bytes(row).content
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    page = client.get(f"/papers/{row.paper.code}/").content.decode()
    assert (row.number in page, "保密三年" in page) == (True, False)


def test_a_milestone_is_paid_delivered_returned_accepted_and_settled(client, firm, lin, other):
    row = concluded(firm, other, amounts=(100_000,))
    url, them = f"/contracts/{row.number}/milestones/1/", owner_of(other)
    ask = confirm(client, lin)
    order = client.post(f"{url}fund/").url
    part = row.milestones.get()
    assert order == f"/orders/{part.order_number}/"
    pay(part)
    client.force_login(them)
    assert client.post(f"{url}deliver/", {"note": ""}).status_code == 422
    client.post(f"{url}deliver/", {"note": "成片第一版"})
    client.force_login(lin)
    assert client.post(f"{url}return/", {"return-reason": ""}).status_code == 422
    client.post(f"{url}return/", {"return-reason": "声音不同步"})
    client.force_login(them)
    assert "声音不同步" in client.get(url).content.decode()
    client.post(f"{url}deliver/", {"note": "成片第二版"})
    client.force_login(lin)
    assert reverse("account_reauthenticate") in client.post(f"{url}accept/").url
    part.refresh_from_db()
    assert part.state == "delivered"
    ask()
    assert client.post(f"{url}accept/").url == url
    trade.settle_due()
    outbox.drain()
    page = client.get(url).content.decode()
    assert ("已结算" in page, "¥1,000.00" in page, "成片第二版" in page) == (True, True, True)
    assert client.get(f"{url}acceptance.pdf").content[:5] == b"%PDF-"
    story = client.get(f"/contracts/{row.number}/story/").content.decode()
    assert ("各方签毕，合同生效" in story, "结算分账" in story) == (True, True)


def test_there_is_no_acceptance_before_there_is_one(client, firm, lin, other):
    row = concluded(firm, other)
    client.force_login(lin)
    assert client.get(f"/contracts/{row.number}/milestones/1/acceptance.pdf").status_code == 404
    assert client.get(f"/contracts/{row.number}/milestones/9/").status_code == 404
    assert client.post(f"/contracts/{row.number}/imagine/").status_code == 404


def test_declining_needs_a_reason_and_keeps_the_page(client, firm, lin, other):
    row = services.draw_up(lin, draft(firm, other))
    client.force_login(lin)
    url = f"/contracts/{row.number}/decline/"
    assert client.post(url, {"decline-reason": ""}).status_code == 422
    client.post(url, {"decline-reason": "预算取消"})
    row.refresh_from_db()
    assert row.state == "declined"


PAGES = ("", "text/", "story/", "sign/", "milestones/1/")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_at_most_twelve_queries_for_many_parties_and_milestones(
    client, firm, lin, page, django_assert_max_num_queries
):
    firms = [firm_with_owner()[0] for _n in range(4)]
    row = opened(firm, *firms, amounts=(10_000,) * 5, points=(4_000, 3_000, 2_000, 1_000))
    client.force_login(lin)
    client.get(f"/contracts/{row.number}/{page}")
    with django_assert_max_num_queries(12):
        assert client.get(f"/contracts/{row.number}/{page}").status_code == 200


def test_the_list_costs_the_same_for_one_and_for_many(
    client, firm, lin, other, django_assert_num_queries, django_assert_max_num_queries
):
    services.draw_up(lin, draft(firm, other))
    client.force_login(lin)
    client.get("/contracts/")
    with django_assert_max_num_queries(12) as few:
        client.get("/contracts/")
    for _n in range(6):
        services.draw_up(lin, draft(firm, other))
    with django_assert_num_queries(len(few)):
        client.get("/contracts/")


def test_lists_are_filtered_by_firm_and_state_and_name_what_waits(client, firm, lin, other):
    opened(firm, other)
    settled(concluded(firm, other, amounts=(5_000,)))
    client.force_login(lin)
    page = client.get(f"/contracts/?org={firm.slug}&state=signing").content.decode()
    assert ("待你方签署" in page, page.count('scope="row"')) == (True, 1)
    assert client.get(f"/contracts/?org={other.slug}").status_code == 404
    assert "已履行" in client.get("/contracts/?state=fulfilled").content.decode()


def test_the_api_reads_what_the_token_may_read(client, firm, lin, other, stranger):
    row = settled(concluded(firm, other, amounts=(10_000,), origin="quotation:9")).contract
    _token, secret = parties.create_token(lin, "合同", ["contracts:read"], 30)
    bearer = {"Authorization": f"Bearer {secret}"}
    found = client.get("/api/v1/contracts/", headers=bearer).json()["items"]
    assert [one["number"] for one in found] == [row.number]
    one = client.get(f"/api/v1/contracts/{row.number}/", headers=bearer).json()
    assert (one["state"], one["origin"], one["payer"]) == ("fulfilled", "quotation:9", firm.slug)
    assert one["milestones"][0]["released"] == {other.slug: 10_000}
    assert one["verify_url"].endswith(f"/papers/{row.paper.code}/")


def test_facts_reach_the_webhooks_of_every_party(firm, lin, other):
    hooks = [
        notices.add_endpoint(owner_of(each), each.pk, f"https://{each.slug}.example/", ["*"])[0]
        for each in (firm, other)
    ]
    services.draw_up(lin, draft(firm, other, origin="licence:3"))
    outbox.drain()
    told = [row.message.label for hook in hooks for row in notice_rows.dispatches(hook)]
    assert told == ["contracts.ContractDrawnUp"] * 2


def test_what_a_person_signed_is_exported_and_the_key_goes_with_the_account(firm, lin, other):
    row = concluded(firm, other)
    them = owner_of(other)
    told = parties.export_person(them)["contracts"]
    assert [one["contract"] for one in told["signatures"]] == [row.number]
    kept = sorted(path.name for path in keys._folder().glob(f"paper-signer-*-{them.pk}.pem"))
    assert len(kept) == 1
    parties.erase_person(them)
    assert not list(keys._folder().glob(f"paper-signer-*-{them.pk}.pem"))
    assert all(fact.good for fact in signing.verify(selectors.paper_bytes(row).content))


def test_who_has_work_under_way_does_not_leave(firm, lin, other):
    delivered(concluded(firm, other))
    with pytest.raises(ContractsOpen):
        parties.erase_person(owner_of(other))
    assert Contract.objects.count() == 1
