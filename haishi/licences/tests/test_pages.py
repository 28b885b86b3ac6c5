"""A licence walked over HTTP, without script."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from haishi.catalogue.tests.factories import ListedFactory
from haishi.foundation import outbox
from haishi.licences import columns, policies, selectors, services
from haishi.licences.models import Approval, Licence, Offer, Statement, Title
from haishi.licences.tests import factories

pytestmark = pytest.mark.django_db
TERMS = {
    "rights": ["merchandise"],
    "goods": ["toys"],
    "exclusivity": "exclusive",
    "territories": ["CN", "HK"],
    "languages": ["zh"],
    "months": "24",
    "sell_off_months": "3",
    "currency": "CNY",
    "guarantee_minor": "1000.00",
    "rate_online": "8.5",
    "base": "net",
    "period": "quarter",
    "stages": ["concept"],
    "review_days": "10",
    "seats": "2",
    "audit": "on",
}


def text(client, url):
    return client.get(url).content.decode()


def test_from_the_chain_of_title_to_an_open_offer(client, firm, lin, chen, came):
    work = factories.work(firm)
    client.force_login(lin)
    assert "整理权属" in text(client, "/licences/firms/penglai/")
    chain = client.post(f"/licences/works/{work.pk}/title/").url
    step = {"once": "one page", "kind": "creation", "taker": "蓬莱影业", "on": "2020-05-01"}
    for _ in range(2):
        assert client.post(chain, step).url == chain
    title = Title.objects.get()
    assert title.links.count() == 1
    assert client.post(f"{chain}submit/").url == chain
    client.force_login(chen)
    assert "海市蜃楼" in text(client, "/licences/queue/")
    judge = f"/licences/queue/{title.pk}/"
    assert client.post(judge, {"reason": ""}).status_code == 422
    assert client.post(f"{judge}verify/").url == "/licences/queue/"
    client.force_login(lin)
    made = client.post(f"{chain}offer/", {**TERMS, "once": "page", "summary": "适合潮玩"}).url
    client.logout()
    assert client.get(made).status_code == 404
    client.force_login(lin)
    client.post(f"{made}open/")
    client.logout()
    page = text(client, made)
    for words in ("权属已核", "适合潮玩", "线上零售 8.5%", "¥1,000.00", "中国大陆、中国香港"):
        assert words in page
    assert made in text(client, "/licences/?right=merchandise&territory=HK&exclusivity=exclusive")
    assert made not in text(client, "/licences/?right=exhibit")
    assert made not in text(client, "/licences/?guarantee=none")


def test_a_form_with_a_mistake_keeps_what_was_typed(client, firm, lin):
    title = factories.verified(factories.work(firm))
    client.force_login(lin)
    url = f"/licences/titles/{title.pk}/offer/"
    wrong = {**TERMS, "rate_online": "850", "summary": "适合潮玩", "partner_1": "nobody"}
    answer = client.post(url, wrong)
    page = answer.content.decode()
    assert (answer.status_code, Offer.objects.count()) == (422, 0)
    for words in ("请填写 0.01 到 100 之间的百分比。", "没有这个单位。", "适合潮玩"):
        assert words in page


def test_a_guarantee_in_another_currency_is_read_in_its_units(client, firm, lin):
    title = factories.verified(factories.work(firm))
    client.force_login(lin)
    url = f"/licences/titles/{title.pk}/offer/"
    yen = {**TERMS, "currency": "JPY", "guarantee_minor": "120000"}
    assert client.post(url, {**yen, "guarantee_minor": "1.5"}).status_code == 422
    assert client.post(url, yen).status_code == 302
    row = Offer.objects.get()
    assert (row.currency, row.guarantee_minor) == ("JPY", 120_000)
    assert 'value="120000"' in text(client, f"/licences/offers/{row.number}/edit/")


def test_holders_are_named_with_their_parts_and_an_edit_keeps_them(client, firm, lin):
    title = factories.verified(factories.work(firm))
    painter = factories.studio("画师工作室")[0]
    client.force_login(lin)
    parts = {"partner_1": painter.slug, "points_1": "33.33"}
    made = client.post(f"/licences/titles/{title.pk}/offer/", {**TERMS, **parts}).url
    row = Offer.objects.get()
    assert list(row.shares.order_by("pk").values_list("organisation_id", "points")) == [
        (firm.pk, 6_667),
        (painter.pk, 3_333),
    ]
    page = text(client, f"{made}edit/")
    assert f'value="{painter.slug}"' in page
    edited = {**TERMS, **parts, "version": str(row.version), "months": "36"}
    assert client.post(f"{made}edit/", edited).url == made
    row.refresh_from_db()
    assert (row.months, row.shares.count()) == (36, 2)


def test_a_request_is_negotiated_on_pages_and_old_pages_change_nothing(
    client, shown, studio, su, lin
):
    client.force_login(su)
    page = text(client, f"/licences/offers/{shown.number}/request/")
    assert studio.name in page
    wish = {
        **TERMS,
        "exclusivity": "sole",
        "starts_on": policies.today().isoformat(),
        "firm_id": str(studio.pk),
        "note": "做一套摆件",
        "once": "page",
    }
    url = client.post(f"/licences/offers/{shown.number}/request/", wish).url
    row = Licence.objects.get()
    client.force_login(lin)
    page = text(client, url)
    for words in ("做一套摆件", "排他", "现在轮到你答复"):
        assert words in page
    other = {**wish, "months": "30", "version": str(row.version)}
    assert client.post(f"{url}terms/", other).url == url
    refused = client.post(f"{url}accept/", {"version": "1"}, follow=True).content.decode()
    assert "现在轮到对方答复" in refused
    client.force_login(su)
    page = text(client, url)
    assert ("<del>2 年</del>" in page, "<ins>30 个月</ins>" in page) == (True, True)
    old = client.post(f"{url}accept/", {"version": "1"}, follow=True).content.decode()
    assert "在你编辑期间" in old
    row.refresh_from_db()
    assert row.state == "answered"
    client.post(f"{url}accept/", {"version": str(row.version)})
    row.refresh_from_db()
    assert row.state == "signing"
    assert "查看并签署" in text(client, url)
    services.contract_concluded(row.pk)
    assert "支付保底金" in text(client, url)
    pdf = client.get(f"{url}paper.pdf")
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_approval_report_and_statement_on_pages(client, licence, su, lin):
    url = f"/licences/{licence.number}/"
    client.force_login(su)
    client.post(f"{url}goods/", {"name": "蜃楼摆件"})
    good = licence.goods.get()
    for stage in ("concept", "production"):
        client.force_login(su)
        hand_in = {"stage": stage, "note": "三视图", "once": stage}
        assert client.post(f"{url}goods/{good.pk}/", hand_in).url == f"{url}#approvals"
        approval = Approval.objects.latest("pk")
        client.force_login(lin)
        place = f"{url}approvals/{approval.pk}/"
        assert "三视图" in text(client, place)
        assert client.post(place, {"verdict": "return"}).status_code == 422
        assert client.post(place, {"verdict": "approve"}).url == f"{url}#approvals"
    row = factories.began(licence, 4)
    client.force_login(su)
    place = f"{url}report/?from={row.starts_on}"
    half = {f"units_{good.pk}_online": "3"}
    answer = client.post(place, half)
    assert (answer.status_code, Statement.objects.count()) == (422, 0)
    assert "数量和金额要一起填写。" in answer.content.decode()
    whole = {**half, f"amount_{good.pk}_online": "20000.00", "once": "x"}
    for _ in range(2):
        made = client.post(place, whole).url
    assert made == f"{url}statements/1/"
    page = text(client, made)
    for words in ("¥1,600.00", "¥1,000.00", "¥600.00", "支付版税"):
        assert words in page
    assert client.get(f"{made}sheet.xlsx").content[:2] == b"PK"
    assert client.get(f"{made}paper.pdf").content[:5] == b"%PDF-"
    assert Statement.objects.count() == 1


def test_a_table_is_imported_whole_or_not_at_all(client, licence, su, lin):
    factories.cleared(licence, su, lin)
    row = factories.began(licence, 4)
    place = f"/licences/{row.number}/report/?from={row.starts_on}"
    client.force_login(su)
    template = b"".join(client.get(f"/licences/{row.number}/report/template.csv"))
    assert template.decode("utf-8-sig").splitlines()[0] == ",".join(columns.header())

    def send(line):
        content = f"{','.join(columns.header())}\n{line}\n".encode()
        table = SimpleUploadedFile("sales.csv", content, "text/csv")
        return client.post(place, {"import": "1", "file": table})

    bad = send("蜃楼摆件,地摊,CN,3,100,CNY,1")
    assert (bad.status_code, Statement.objects.count()) == (422, 0)
    assert "第 2 行" in bad.content.decode()
    assert send("蜃楼摆件,线上零售,CN,3,20000,CNY,1").status_code == 302
    assert Statement.objects.get().earned_minor == 160_000


def test_buttons_with_a_reason_say_what_is_missing(client, licence, lin):
    client.force_login(lin)
    url = f"/licences/{licence.number}/"
    page = client.post(f"{url}revoke/", {"reason": ""}, follow=True).content.decode()
    assert Licence.objects.get().state == "active"
    assert "这个字段是必填项" in page or "必填" in page or "请填写" in page
    client.post(f"{url}revoke/", {"reason": "超出地域"})
    assert Licence.objects.get().state == "revoked"
    assert "超出地域" in text(client, url)


def test_a_licence_page_and_the_market_stay_within_a_dozen_questions(
    client, licence, su, lin, firm, django_assert_max_num_queries
):
    for number in range(6):
        factories.offer(firm, product=factories.work(firm, name=f"作品{number}"))
    for number in range(4):
        factories.cleared(licence, su, lin, f"摆件{number}")
    with django_assert_max_num_queries(4):
        client.get("/licences/")
    other = Offer.objects.latest("pk")
    with django_assert_max_num_queries(12):
        client.get(f"/licences/offers/{other.number}/")


def test_an_open_offer_is_found_and_a_withdrawn_one_is_not(shown, lin, stranger):
    services.withdraw_offer(lin, shown.number)
    services.open_offer(lin, shown.number)
    outbox.drain(rounds=20)
    assert [row.title for row in selectors.documents([shown.pk])] == ["海市蜃楼 · IP 授权"]
    services.withdraw_offer(lin, shown.number)
    assert list(selectors.documents([shown.pk])) == []


def test_a_products_page_leads_to_its_licences_and_its_mark_goes_with_the_title(client, shown, lin):
    url = shown.product.get_absolute_url()
    page = text(client, url)
    assert ("权属已核" in page, shown.get_absolute_url() in page) == (True, True)
    services.take_title_back(lin, shown.title_id)
    page = text(client, url)
    assert ("权属已核" in page, shown.get_absolute_url() in page) == (False, False)


def test_a_work_that_is_not_listed_is_not_offered(client, firm):
    row = factories.offer(firm, product=ListedFactory(organisation=firm, name="旧作"))
    assert client.get(f"/licences/offers/{row.number}/").status_code == 200
    type(row.product).objects.filter(pk=row.product_id).update(state="withdrawn")
    assert client.get(f"/licences/offers/{row.number}/").status_code == 404
