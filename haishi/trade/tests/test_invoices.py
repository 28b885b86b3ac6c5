"""Invoices: never more than was paid and kept, taken back in red, never deleted."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from haishi.foundation.money import Money
from haishi.foundation.outbox import drain
from haishi.media import selectors as media
from haishi.media import services as files
from haishi.media.tests.factories import ready_asset
from haishi.media.tests.files import pdf
from haishi.notices import selectors as notices
from haishi.parties import services as parties
from haishi.parties.errors import CreditCodeInvalid
from haishi.trade import selectors, services
from haishi.trade.errors import (
    DealsOpen,
    InvoiceFileWrong,
    InvoiceNumberTaken,
    InvoiceRequestOpen,
    InvoiceTooMuch,
    RedTooMuch,
)
from haishi.trade.models import Invoice, InvoiceRequest, InvoiceTitle
from haishi.trade.tests.factories import order, pay, product, somebody, want
from haishi.trade.types import Issued

pytestmark = pytest.mark.django_db
CODE = "91370600MA3C0J6H11"
MONTH = dt.timedelta(days=31)


@pytest.fixture
def deal(firm, stranger):
    """An order of the stranger, ¥1,130, paid."""
    row = order(stranger, want(product(firm, 113_000)))
    pay(row)
    return row


def ask(deal, amount=113_000, **changes):
    values = {
        "kind": "plain",
        "title_kind": "person",
        "title": "王小海",
        "email": "wang@example.com",
        "amount_minor": amount,
        **changes,
    }
    return services.request_invoice(deal.buyer, deal.pk, **values)


_numbers = iter(range(10**7, 10**8))


def issued(firm, amount, **changes) -> Issued:
    file = ready_asset(firm, "document", private=True, purpose="sealed")
    values = {
        "number": str(next(_numbers)),
        "issued_on": clock.now().date(),
        "amount_minor": amount,
        "rate_points": 1300,
        "asset_id": file.pk,
        **changes,
    }
    return Issued(**values)


def test_a_request_is_issued_in_two_parts_with_its_tax(deal, firm, lin):
    row = ask(deal)
    first = services.issue_invoice(lin, row.pk, issued(firm, 56_501))
    assert (first.amount_minor, first.tax_minor) == (56_501, 6_500)
    row.refresh_from_db()
    assert row.state == "requested"
    with pytest.raises(InvoiceTooMuch):
        services.issue_invoice(lin, row.pk, issued(firm, 56_500))
    services.issue_invoice(lin, row.pk, issued(firm, 56_499))
    row.refresh_from_db()
    assert (row.state, selectors.invoiced(deal)) == ("issued", Money(113_000))
    assert selectors.invoiceable(deal) == Money(0)
    with pytest.raises(InvoiceTooMuch):
        ask(deal, 1)


@pytest.mark.parametrize(
    ("amount", "rate", "tax"),
    [(11_300, 1300, 1_300), (100, 0, 0), (10_100, 100, 100), (10_000, 600, 566), (1, 1300, 0)],
)
def test_the_tax_is_within_the_amount(deal, firm, lin, amount, rate, tax):
    row = ask(deal, amount)
    invoice = services.issue_invoice(lin, row.pk, issued(firm, amount, rate_points=rate))
    assert invoice.tax_minor == tax


def test_only_what_was_paid_and_kept_is_invoiced_and_one_request_waits(deal, firm, lin, stranger):
    unpaid = order(stranger, want(product(firm)))
    with pytest.raises(InvoiceTooMuch):
        ask(unpaid, 1)
    services.agree(lin, services.ask_refund(stranger, deal.pk, 13_000, "").pk)
    for wrong in (100_001, 0, -1):
        with pytest.raises(InvoiceTooMuch):
            ask(deal, wrong)
    row = ask(deal, 100_000)
    with pytest.raises(InvoiceRequestOpen):
        ask(deal, 1)
    # Money that goes back while a request waits makes the request too large, not the invoice.
    services.agree(lin, services.ask_refund(stranger, deal.pk, 1, "").pk)
    with pytest.raises(InvoiceTooMuch):
        services.issue_invoice(lin, row.pk, issued(firm, 100_000))
    services.issue_invoice(lin, row.pk, issued(firm, 99_999))
    assert InvoiceRequest.objects.count() == 1


def test_a_special_invoice_needs_a_firm_with_a_true_number(deal):
    for wrong in ("", "91370600MA3C0J6H12", "123"):
        with pytest.raises(CreditCodeInvalid):
            ask(deal, kind="special", title_kind="firm", title="海州文旅集团", tax_number=wrong)
    with pytest.raises(Invalid):
        ask(deal, kind="special", title_kind="person", tax_number=CODE)
    row = ask(
        deal,
        kind="special",
        title_kind="firm",
        title="海州文旅集团",
        tax_number="91370600ma3c0j6h11",
    )
    assert (row.tax_number, InvoiceRequest.objects.count()) == (CODE, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceRequest.objects.update(tax_number="")


def test_titles_are_remembered_once_and_leave_with_the_person(deal, lin, stranger):
    services.withdraw_invoice(stranger, ask(deal).pk)
    services.withdraw_invoice(stranger, ask(deal, email="new@example.com").pk)
    assert [(row.title, row.email) for row in selectors.invoice_titles(stranger)] == [
        ("王小海", "new@example.com")
    ]
    told = parties.export_person(stranger)["trade"]
    assert [row["title"] for row in told["invoice_titles"]] == ["王小海"]
    with pytest.raises(DealsOpen):
        parties.erase_person(stranger)
    assert InvoiceTitle.objects.count() == 1
    services.call_off(lin, deal.pk, "缺货")
    parties.erase_person(stranger)
    assert InvoiceTitle.objects.count() == 0


def test_a_refund_after_invoicing_asks_for_red_and_red_reconciles(deal, firm, lin, stranger):
    row = ask(deal)
    blue = services.issue_invoice(lin, row.pk, issued(firm, 113_000))
    assert selectors.red_due(deal) == Money(0)
    services.agree(lin, services.ask_refund(stranger, deal.pk, 33_333, "").pk)
    assert (selectors.red_due(deal), selectors.invoiceable(deal)) == (Money(33_333), Money(0))
    assert [(each.pk, due.minor) for each, due in selectors.red_due_of_firm(firm)] == [
        (row.pk, 33_333)
    ]
    red = services.issue_red(lin, blue.pk, issued(firm, 33_333), "销售退回")
    assert (red.amount_minor, red.tax_minor, red.blue) == (-33_333, -3_835, blue)
    assert (selectors.red_due(deal), selectors.invoiced(deal)) == (Money(0), Money(79_667))
    assert selectors.red_due_of_firm(firm) == []
    last = services.issue_red(lin, blue.pk, issued(firm, 79_667), "开票有误")
    # 13,000 of tax in all: the last red one takes what rounding left.
    assert (last.tax_minor, selectors.invoiced(deal)) == (-9_165, Money(0))
    assert selectors.invoiceable(deal) == Money(79_667)
    for wrong, error in ((blue, RedTooMuch), (red, Conflict)):
        with pytest.raises(error):
            services.issue_red(lin, wrong.pk, issued(firm, 1), "")
    assert Invoice.objects.count() == 3


def test_who_is_not_concerned_asks_and_issues_nothing(deal, firm, lin, zhou, stranger):
    row = ask(deal)
    other = somebody()
    for who, error in ((other, NotFound), (zhou, Forbidden), (stranger, Forbidden)):
        with pytest.raises(error):
            services.issue_invoice(who, row.pk, issued(firm, 1))
        with pytest.raises(error):
            services.refuse_invoice(who, row.pk, "不")
    with pytest.raises(Forbidden):
        services.withdraw_invoice(lin, row.pk)
    with pytest.raises(NotFound):
        selectors.get_request(other, row.number)
    assert Invoice.objects.count() == 0


def test_a_wrong_number_file_rate_or_date_is_refused(deal, firm, lin, organiser):
    row = ask(deal)
    good = issued(firm, 100)
    services.issue_invoice(lin, row.pk, good)
    cases = [
        ({"number": good.number}, InvoiceNumberTaken),
        ({"number": "123456789"}, Invalid),
        ({"rate_points": 1700}, Invalid),
        ({"issued_on": clock.now().date() + dt.timedelta(days=2)}, Invalid),
        ({"asset_id": 0}, InvoiceFileWrong),
        ({"asset_id": ready_asset(firm, "document").pk}, InvoiceFileWrong),
        ({"asset_id": ready_asset(firm, "image", private=True).pk}, InvoiceFileWrong),
        ({"asset_id": ready_asset(organiser, "document", private=True).pk}, InvoiceFileWrong),
    ]
    for changes, error in cases:
        with pytest.raises(error):
            services.issue_invoice(lin, row.pk, issued(firm, 100, **changes))
    assert Invoice.objects.count() == 1


def test_the_database_refuses_what_does_not_reconcile(deal, firm, lin):
    row = ask(deal, 100_000)
    blue = services.issue_invoice(lin, row.pk, issued(firm, 100_000))
    same = {
        "order": deal, "request": row, "seller": firm, "issued_on": blue.issued_on,
        "rate_points": 1300, "asset_id": 1, "issued_by": lin,
    }  # fmt: skip
    wrong = [
        {"number": "1", "amount_minor": 13_001, "tax_minor": 0},  # more than was paid
        {"number": "1", "amount_minor": 1, "tax_minor": 0},  # more than was asked for
        {"number": "1", "amount_minor": -1, "tax_minor": 0},
        {"number": "1", "amount_minor": 100, "tax_minor": 101},
        {"number": blue.number, "amount_minor": -1, "tax_minor": 0, "blue": blue},
        {"number": "1", "amount_minor": -100_001, "tax_minor": 0, "blue": blue},
        {"number": "1", "amount_minor": -100_000, "tax_minor": 0, "blue": blue},
        {"number": "1", "amount_minor": 1, "tax_minor": 0, "blue": blue},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Invoice.objects.create(**same, **values)
    for change in (lambda: blue.delete(), lambda: Invoice.objects.update(reason="别的")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Invoice.objects.count() == 1


def test_a_request_is_refused_with_a_reason_or_reminded_and_then_over(deal, firm, lin):
    refused = services.refuse_invoice(lin, ask(deal).pk, "税号与名称不符")
    assert (refused.state, refused.answer) == ("refused", "税号与名称不符")
    row = ask(deal)
    assert services.invoice_requests_due(row.answer_by - dt.timedelta(microseconds=1)) == 0
    assert services.invoice_requests_due(row.answer_by) == 1
    row.refresh_from_db()
    assert (row.state, services.invoice_requests_due(row.reminded_at)) == ("requested", 0)
    assert services.invoice_requests_due(row.answer_by) == 1
    row.refresh_from_db()
    assert row.state == "expired"
    drain()
    told = [note.subject for note in notices.inbox(deal.buyer) if note.kind == "invoice"]
    assert told == [
        f"卖家一直没有开票：订单 {deal.number}",
        f"卖家未能开票：订单 {deal.number}",
    ]


def test_the_seller_hears_of_a_request_and_of_red_that_is_due(deal, firm, lin, stranger):
    row = ask(deal)
    drain()
    services.issue_invoice(lin, row.pk, issued(firm, 113_000))
    services.agree(lin, services.ask_refund(stranger, deal.pk, 100, "").pk)
    drain()
    told = [note.subject for note in notices.inbox(lin) if note.kind == "invoice"]
    assert told == ["请开具红字发票 ¥1.00", "买家申请开票 ¥1,130.00"]


def test_the_file_opens_for_both_sides_only(deal, firm, lin, zhou, chen, stranger):
    file = files.receive(lin, firm.pk, SimpleUploadedFile("票.pdf", pdf()), "sealed")
    files.process_now(file.pk)
    row = ask(deal)
    services.issue_invoice(lin, row.pk, issued(firm, 113_000, asset_id=file.pk))
    opened = [len(media.private_attachments(who, [file.pk])) for who in (stranger, zhou, chen)]
    assert opened == [1, 1, 0]


def test_each_invoice_is_on_record_with_its_figures(deal, firm, lin):
    row = ask(deal)
    blue = services.issue_invoice(lin, row.pk, issued(firm, 113_000))
    services.issue_red(lin, blue.pk, issued(firm, 113_000), "开票有误")
    entries = [each for each in reversed(audit.history(deal)) if "invoice" in each.action]
    assert [(each.action, each.detail.get("amount")) for each in entries] == [
        ("invoice.requested", 113_000),
        ("invoice.issued", 113_000),
        ("invoice_request.issue", None),
        ("invoice.red", -113_000),
    ]
