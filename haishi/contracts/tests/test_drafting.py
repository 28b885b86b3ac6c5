"""A contract from nothing, over HTTP and without script."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from haishi.contracts import services
from haishi.contracts.errors import EnglishMissing
from haishi.contracts.models import Contract
from haishi.contracts.tests.factories import agreed, firm_with_owner, owner_of, today
from haishi.expo import services as expo
from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import outbox
from haishi.foundation.papers import registry
from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
NEW = "/contracts/new/"


@pytest.fixture
def maker(db):
    return firm_with_owner("海州工坊")[0]


@pytest.fixture
def seller(db):
    return firm_with_owner("海州营销")[0]


def filled(firm, *others, **changes):
    """What the form sends for `firm` as the payer and `others`, the first of which delivers."""
    sent = {
        "firm_id": firm.pk, "title": "沙燕影像制作", "title_en": "Kite film", "language": "both",
        "currency": "CNY", "rail": "", "payer": 0, "party_0_role": "buyer",
        "part_0_name": "样片", "part_0_name_en": "Sample", "part_0_due": today(20).isoformat(),
        "part_0_amount": "600.00", "part_0_supplier": 1,
        "part_1_name": "成片", "part_1_name_en": "", "part_1_due": today(40).isoformat(),
        "part_1_amount": "400", "part_1_supplier": 1,
        "clause_0_title": "标的", "clause_0_title_en": "Subject", "clause_0_text": "供方交付影像。",
        "clause_0_text_en": "The supplier delivers the film.",
    }  # fmt: skip
    for n, other in enumerate(others, 1):
        sent |= {f"party_{n}_name": other.name, f"party_{n}_role": "supplier"}
    return {**sent, **changes}


def said(response):
    """{field: what it says}."""
    return {name: list(each) for name, each in response.context["form"].errors.items()}


def test_three_parties_share_and_the_draft_is_seen_by_its_own_side_alone(
    client, firm, lin, maker, seller
):
    client.force_login(lin)
    shares = {"party_1_share": "66.67", "party_2_share": "33.33", "party_2_role": "marketing"}
    answer = client.post(NEW, filled(firm, maker, seller, **shares))
    row = Contract.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/contracts/{row.number}/")
    assert (row.state, row.total_minor, row.payer_id, row.origin) == ("draft", 100_000, firm.pk, "")
    assert list(row.parties.order_by("position").values_list("organisation", "role", "agreed")) == [
        (firm.pk, "采购方", 1), (maker.pk, "供方", 0), (seller.pk, "营销方", 0),
    ]  # fmt: skip
    content = row.versions.get().content
    assert [part["shares"] for part in content["milestones"]] == [
        [[maker.pk, 6667], [seller.pk, 3333]]
    ] * 2
    assert content["clauses"] == [
        ["标的", "Subject", "供方交付影像。", "The supplier delivers the film."]
    ]
    client.force_login(owner_of(maker))
    assert client.get(f"/contracts/{row.number}/").status_code == 404
    client.force_login(lin)
    client.post(f"/contracts/{row.number}/send/")
    client.force_login(owner_of(maker))
    assert client.get(f"/contracts/{row.number}/").status_code == 200


def test_a_draft_is_changed_without_a_word_to_the_others(client, firm, lin, maker):
    client.force_login(lin)
    client.post(NEW, filled(firm, maker))
    row = Contract.objects.get()
    page = client.get(f"/contracts/{row.number}/propose/")
    sent = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    sent |= {"note": "改条款", "clause_0_text": "供方交付影像与素材。", "seen": 1}
    assert client.post(f"/contracts/{row.number}/propose/", sent).status_code == 302
    outbox.drain()
    row.refresh_from_db()
    assert (row.state, row.latest) == ("draft", 2)
    client.force_login(owner_of(maker))
    assert client.get("/notices/").context["page"].object_list == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"party_1_name": ""}, "party_1_name", "这个字段是必填项。"),
        ({"party_1_name": "海州"}, "party_1_name",
         "没有叫“海州”的单位。是不是：海州工坊、海州营销？"),
        ({"party_1_name": "无此单位"}, "party_1_name",
         "没有找到“无此单位”。请填写对方在海市登记的全称。"),
        ({"party_2_name": "海州工坊", "party_2_role": "design"}, "party_2_name",
         "这家单位已经在上面了。"),
        ({"party_1_share": "60"}, "party_1_share", "分账合计 60%，须为 100%。"),
        ({"party_0_share": "100"}, "party_0_share", "付款方不参与分账，请留空。"),
        ({"party_2_share": "5"}, "party_2_name", "请填写单位名称。"),
        ({"payer": 1}, "part_0_supplier", "交付方不能是付款方。"),
        ({"part_0_supplier": 0}, "part_0_supplier", "交付方不能是付款方。"),
        ({"part_1_amount": ""}, "part_1_amount", "金额须大于零。"),
        ({"part_1_due": "2020-01-01"}, "part_1_due", "交付期限须在今天以后的十年内。"),
        ({"part_1_name": ""}, "part_1_name", "请填写名称。"),
        ({"clause_1_title": "保密"}, "clause_1_text", "每条都要有标题和内容。"),
        ({"language": "en"}, "__all__", str(EnglishMissing())),
    ],
)  # fmt: skip
def test_what_cannot_be_a_contract_is_told_at_its_field_and_stays_typed(
    client, firm, lin, maker, seller, changes, field, words
):
    client.force_login(lin)
    answer = client.post(NEW, filled(firm, maker, **{"note": "", "title": "刚写的名称", **changes}))
    assert answer.status_code == 422
    assert said(answer)[field] == [words]
    assert 'value="刚写的名称"' in answer.content.decode()
    assert Contract.objects.count() == 0


def test_the_mistakes_are_told_in_english_to_an_english_reader(client, firm, lin, maker, seller):
    client.force_login(lin)
    sent = filled(firm, maker, party_1_name="海州", party_1_share="60")
    answer = client.post(NEW, sent, headers={"Accept-Language": "en"})
    assert said(answer)["party_1_name"][0].startswith("No organisation is called “海州”.")
    assert Contract.objects.count() == 0


def test_a_split_that_no_rail_carries_is_refused_before_anybody_talks(
    client, firm, lin, maker, seller, settings
):
    settings.PAYMENT_PROVIDERS = ("wechat",)
    client.force_login(lin)
    sent = filled(firm, maker, seller, party_1_share="50", party_2_share="50", rail="wechat")
    answer = client.post(NEW, sent)
    assert (answer.status_code, Contract.objects.count()) == (422, 0)
    assert "30" in said(answer)["__all__"][0]


def test_one_more_row_judges_nothing_and_keeps_what_was_typed(client, firm, lin, maker):
    client.force_login(lin)
    sent = filled(firm, maker, part_0_amount="六百", more="party")
    page = client.post(NEW, sent)
    text = page.content.decode()
    assert (page.status_code, Contract.objects.count()) == (200, 0)
    assert ('name="party_2_name"' in text, 'name="party_3_name"' in text) == (True, False)
    assert ('value="六百"' in text, 'value="海州工坊"' in text) == (True, True)
    assert page.context["form"].errors == {}


def test_the_same_page_sent_twice_makes_one_contract(client, firm, lin, maker):
    client.force_login(lin)
    sent = filled(firm, maker, once="a-page")
    first, second = client.post(NEW, sent), client.post(NEW, sent)
    assert (first.url, Contract.objects.count()) == (second.url, 1)


def test_who_binds_nobody_is_told_so_and_a_strangers_firm_cannot_be_bound(
    client, firm, zhou, stranger, maker
):
    client.force_login(zhou)
    assert client.get(NEW).context["form"] is None
    other = OrganisationFactory(name="外人的单位")
    MembershipFactory(person=stranger, organisation=other, role="owner")
    client.force_login(stranger)
    assert client.post(NEW, filled(firm, maker)).status_code == 422
    assert Contract.objects.count() == 0


@pytest.fixture
def asked(firm, lin, organiser, stranger):
    """外人 asked 林's firm, and was answered."""
    booth = ShownExhibitorFactory(organisation=firm, edition__series__organiser=organiser)
    row = expo.enquire(stranger, booth.pk, subject="想定制沙燕", message="二百件，什么时候能交？")
    expo.write_message(lin, row.pk, body="可以，四周。")
    return row


def test_an_answered_enquiry_becomes_a_contract_from_either_side(
    client, firm, lin, stranger, maker, asked
):
    MembershipFactory(person=stranger, organisation=maker, role="owner")
    client.force_login(stranger)
    form = client.get(f"{NEW}?enquiry={asked.pk}").context["form"]
    assert (form["title"].value(), form["party_1_name"].value()) == ("想定制沙燕", firm.name)
    client.post(f"{NEW}?enquiry={asked.pk}", filled(maker, firm))
    assert Contract.objects.get().origin == f"enquiry:{asked.pk}"
    client.force_login(lin)
    form = client.get(f"{NEW}?enquiry={asked.pk}").context["form"]
    assert (form["firm_id"].value(), form["payer"].value()) == (firm.pk, 1)
    assert "海州工坊" not in client.get(f"{NEW}?enquiry={asked.pk}").content.decode()


def test_an_enquiry_without_an_answer_or_of_others_starts_nothing(
    client, lin, stranger, maker, asked
):
    client.force_login(owner_of(maker))
    assert client.get(f"{NEW}?enquiry={asked.pk}").status_code == 404
    second = expo.enquire(stranger, asked.exhibitor_id, subject="另一件", message="有蓝色的吗？")
    client.force_login(lin)
    page = client.get(f"{NEW}?enquiry={second.pk}")
    assert (page.status_code, Contract.objects.count()) == (409, 0)


@pytest.mark.parametrize(
    ("language", "there", "gone"),
    [("zh", "沙燕影像制作", "Article 1"), ("en", "Kite film", "第一条"), ("both", "Article 1", "")],
)
def test_the_paper_speaks_the_language_that_was_chosen(
    client, firm, lin, maker, language, there, gone
):
    client.force_login(lin)
    client.post(NEW, filled(firm, maker, language=language, part_1_name_en="Final"))
    row = services.send(lin, Contract.objects.get().pk)
    services.open_signing(lin, agreed(row).pk, firm.pk)
    row.refresh_from_db()
    text = read(bytes(registry.latest(row.paper_id).content))
    assert (there in text, bool(gone) and gone in text) == (True, False)


def read(pdf):
    """The words of a file, without the breaks of its lines."""
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")
