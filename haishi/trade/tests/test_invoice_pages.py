"""Invoices walked over HTTP by both sides, without script."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from pypdf import PdfReader

from haishi.foundation import clock
from haishi.media.tests.files import ofd, pdf
from haishi.trade import services
from haishi.trade.models import Invoice, InvoiceRequest
from haishi.trade.tests.factories import order, pay, product, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(firm, stranger):
    """¥1,130, paid."""
    row = order(stranger, want(product(firm, 113_000, name="沙燕风筝")))
    pay(row)
    return row


ASKED = {
    "kind": "plain",
    "title_kind": "person",
    "title": "王小海",
    "email": "wang@example.com",
    "amount_minor": "1130.00",
}


def issue(number="26372000000123456789", **changes):
    return {
        "number": number,
        "issued_on": clock.now().date().isoformat(),
        "amount_minor": "1130.00",
        "rate_points": "1300",
        **changes,
    }


def file(name, content):
    return SimpleUploadedFile(name, content)


def prefixed(prefix, values):
    return {f"{prefix}-{name}": value for name, value in values.items()}


def test_a_buyer_asks_a_seller_issues_and_takes_back_in_red(client, deal, lin, stranger):
    client.force_login(stranger)
    ask = f"/orders/{deal.number}/invoice/"
    assert ask in client.get(f"/orders/{deal.number}/").content.decode()
    wrong = {**ASKED, "title_kind": "firm", "tax_number": "123"}
    assert (client.post(ask, wrong).status_code, InvoiceRequest.objects.count()) == (422, 0)
    answer = client.post(ask, ASKED)
    row = InvoiceRequest.objects.get()
    page = f"/invoices/{row.number}/"
    assert answer.url == page
    assert "王小海" in client.get(ask).content.decode()

    client.force_login(lin)
    assert row.number in client.get("/invoices/of/penglai/").content.decode()
    picture = {**issue(), "asset_id": file("票.docx", b"hello")}
    assert client.post(f"{page}issue/", prefixed("issue", picture)).status_code == 422
    good = {**issue(), "asset_id": file("票.ofd", ofd())}
    assert client.post(f"{page}issue/", prefixed("issue", good)).url == page
    services.agree(lin, services.ask_refund(stranger, deal.pk, 13_000, "").pk)
    listed = client.get("/invoices/of/penglai/").content.decode()
    assert ("待开红字发票" in listed, "¥130.00" in listed) == (True, True)
    blue = Invoice.objects.get()
    red = issue("26372000000123456790", amount_minor="130.00", reason="销售退回")
    del red["rate_points"]
    url = f"{page}red/{blue.pk}/"
    too_much = {**red, "amount_minor": "1130.01", "asset_id": file("红.pdf", pdf())}
    assert client.post(url, prefixed("red", too_much)).status_code == 422
    sent = {**red, "asset_id": file("红.pdf", pdf())}
    assert client.post(url, prefixed("red", sent)).url == page
    shown = client.get(page).content.decode()
    assert ("−¥130.00" in shown, "冲 26372000000123456789" in shown) == (True, True)
    assert "待开红字发票" not in client.get("/invoices/of/penglai/").content.decode()
    assert Invoice.objects.count() == 2


def test_the_sheets_of_both_sides_hold_every_invoice(client, deal, firm, lin, stranger):
    row = services.request_invoice(stranger, deal.pk, **{**ASKED, "amount_minor": 113_000})
    client.force_login(stranger)
    text = b"".join(client.get("/invoices/?form=csv").streaming_content).decode("utf-8-sig")
    head, line = list(csv.reader(io.StringIO(text)))
    assert head[:4] == ["申请编号", "订单", "卖家", "抬头"]
    assert (line[0], line[3], line[11]) == (row.number, "王小海", "1130.00")
    client.force_login(lin)
    sheet = client.get("/invoices/of/penglai/?form=xlsx").content
    rows = list(load_workbook(io.BytesIO(sheet)).active.iter_rows(values_only=True))
    assert (len(rows), rows[1][0]) == (2, row.number)


def test_the_request_prints_as_a_paper(client, deal, stranger):
    row = services.request_invoice(stranger, deal.pk, **{**ASKED, "amount_minor": 113_000})
    client.force_login(stranger)
    answer = client.get(f"/invoices/{row.number}/request.pdf")
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert answer["Content-Type"] == "application/pdf"
    assert all(words in text for words in (row.number, "王小海", "沙燕风筝", "¥1,130.00"))


def test_a_list_of_requests_costs_the_same_for_one_and_for_ten(
    client, firm, lin, stranger, django_assert_num_queries
):
    kite = product(firm)

    def ask() -> None:
        row = order(stranger, want(kite))
        pay(row)
        services.request_invoice(stranger, row.pk, **{**ASKED, "amount_minor": 100})

    client.force_login(lin)
    ask()
    client.get("/invoices/of/penglai/")
    with django_assert_num_queries(11) as few:
        client.get("/invoices/of/penglai/")
    for _n in range(9):
        ask()
    with django_assert_num_queries(len(few)):
        client.get("/invoices/of/penglai/")
