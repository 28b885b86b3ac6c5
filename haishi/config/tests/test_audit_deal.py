"""`haishi audit deal`: a deal walked through everything is rebuilt; each forgery is found."""

import datetime as dt
import json

import pytest
from django.db import connection

from haishi.config.audits import report
from haishi.contracts.tests.factories import concluded, firm_with_owner, funded, settled
from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import audit, clock
from haishi.foundation.models import AuditEntry
from haishi.launches import services as launches
from haishi.launches.tests.factories import sale as first_sale
from haishi.media.tests.factories import ready_asset
from haishi.parties.tests.factories import OrganisationFactory
from haishi.trade import selectors, services
from haishi.trade.models import Order, Posting
from haishi.trade.providers import sandbox
from haishi.trade.tests.factories import address, callback, order, pay, product, want
from haishi.trade.types import Agreed, Bill, Issued, Share

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=60)


@pytest.fixture
def deal(firm, lin, stranger, chen, organiser):
    """Two parcels, a refund, invoices blue and red, a settled dispute and a decided one."""
    ShownExhibitorFactory(organisation=firm, edition__series__organiser=organiser)
    row = order(stranger, want(product(firm, 10_000), 3), want(product(firm, 3_333)))
    pay(row)
    line = row.lines.first()
    services.ship(lin, row.pk, {line.pk: 1})
    services.ship(lin, row.pk)
    asked = services.request_invoice(
        stranger, row.pk, kind="plain", title_kind="person", title="外人",
        email="a@example.com", amount_minor=33_333,
    )  # fmt: skip
    blue = services.issue_invoice(lin, asked.pk, paper(firm, "10000001", 33_333))
    services.agree(lin, services.ask_refund(stranger, row.pk, 3_000, "划痕").pk)
    services.send_due()
    sandbox.deliver_due(callback)
    services.issue_red(lin, blue.pk, paper(firm, "10000002", 3_000), "销售退回")
    services.accept_offer(lin, services.open_dispute(stranger, row.pk, "late", 333, "迟了").pk)
    second = services.open_dispute(stranger, row.pk, "damaged", 20_000, "开裂")
    services.offer(lin, second.pk, 0, "不同意")
    services.ask_mediation(stranger, second.pk)
    services.disputes_due(clock.now() + dt.timedelta(days=6))
    services.decide_dispute(chen, second.pk, 10_001, "各有责任")
    row.refresh_from_db()
    assert row.state == "completed"
    return row


def paper(firm, number, amount) -> Issued:
    file = ready_asset(firm, "document", private=True)
    return Issued(number, clock.now().date(), amount, file.pk, 1300)


def run(capsys, number) -> tuple[int, dict]:
    code = report(number, as_json=True)
    return code, json.loads(capsys.readouterr().out)


def wrong(answer) -> list[str]:
    return [figure["name"] for figure in answer["figures"] if not figure["ok"]]


def forge(sql: str, *tables: str) -> None:
    """Change a row as somebody who owns the database could: with the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_a_deal_walked_through_everything_is_rebuilt_to_the_fen(deal, capsys):
    code, answer = run(capsys, deal.number)
    assert (code, answer["ok"], wrong(answer)) == (0, True, [])
    figures = {each["name"]: each["audit"] for each in answer["figures"]}
    assert {
        name: figures[name] for name in ("total", "currency", "fee", "state", "held", "lines")
    } == {
        "total": 33_333,
        "currency": "CNY",
        "fee": 300,
        "state": "completed",
        "held": 0,
        "lines": [[1, 3_333], [3, 10_000]],
    }
    # 33,333 less 3,000, 333 and 10,001 back: 19,999 for the seller and the platform.
    assert sum(v for name, v in figures.items() if name.startswith("share ")) == 19_999
    assert sum(v for name, v in figures.items() if name.startswith("left ")) == 13_334
    assert figures["invoice 10000002"] == [-3_000, -345, 1_300]
    assert answer["links"] == AuditEntry.objects.count()


def test_a_deal_is_rebuilt_in_every_state_between(firm, lin, stranger, capsys):
    row = order(stranger, want(product(firm)))
    assert run(capsys, row.number)[0] == 0
    services.start(stranger, row.pk, "sandbox")
    assert run(capsys, row.number)[0] == 0
    pay(row)
    assert run(capsys, row.number)[0] == 0
    asked = services.ask_refund(stranger, row.pk, 12_800, "")
    assert run(capsys, row.number)[0] == 0
    services.agree(lin, asked.pk)
    assert run(capsys, row.number)[0] == 0
    ended = order(stranger, want(product(firm)))
    services.cancel(stranger, ended.pk)
    assert run(capsys, ended.number)[0] == 0


def test_a_billed_order_of_five_is_rebuilt_with_its_shares(firm, lin, stranger, capsys):
    firms = [firm, *(OrganisationFactory() for _n in range(4))]
    points = (4_000, 2_000, 2_000, 1_000, 1_000)
    due = Bill(
        buyer_id=stranger.pk, seller_id=firm.pk, kind="service", currency="CNY",
        lines=(Agreed(name="样片", price_minor=100_001),), origin="agreed:4",
        pay_by=clock.now() + dt.timedelta(days=3),
        shares=tuple(Share(each.pk, part) for each, part in zip(firms, points, strict=True)),
    )  # fmt: skip
    row = services.bill(stranger, due, key="a")
    pay(row)
    services.ship(lin, row.pk)
    services.receive(stranger, row.pk)
    services.settle_due(clock.now() + LATER)
    code, answer = run(capsys, row.number)
    assert (code, wrong(answer)) == (0, [])
    shared = [each for each in answer["figures"] if each["name"].startswith("share ")]
    assert (len(shared), sum(each["ledger"] for each in shared)) == (6, 100_001)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE trade_order SET total_minor = 33334", "total"),
        ("UPDATE trade_order SET fee_points = 0", "fee"),
        ("UPDATE trade_orderline SET price_minor = price_minor + 1", "lines"),
        ("UPDATE trade_payment SET amount_minor = amount_minor - 1", "paid"),
        ("UPDATE trade_refund SET amount_minor = amount_minor + 1", "refund"),
        (
            "UPDATE trade_dispute SET to_buyer_minor = to_buyer_minor + 1,"
            " to_seller_minor = to_seller_minor - 1",
            "dispute",
        ),
        ("UPDATE trade_invoice SET amount_minor = amount_minor - 1", "invoice"),
    ],
)
def test_a_forged_row_of_a_table_is_found(deal, capsys, sql, found):
    forge(sql, "trade_invoice")
    code, answer = run(capsys, deal.number)
    assert code == 1
    assert {name.split()[0] for name in wrong(answer)} == {found}


def test_a_forged_posting_is_found(deal, capsys):
    entry = Posting.objects.filter(entry__kind="release").first().entry_id
    first, second = Posting.objects.filter(entry=entry, amount__lt=0).order_by("pk")
    forge(
        f"UPDATE trade_posting SET amount = amount + CASE id WHEN {first.pk} THEN 1 ELSE -1 END"
        f" WHERE id IN ({first.pk}, {second.pk})",
        "trade_posting",
    )
    assert selectors.trial_balance().balanced  # it balances still: only the audit chain knows
    code, answer = run(capsys, deal.number)
    assert (code, len(wrong(answer))) == (1, 2)
    assert all(name.startswith("share ") for name in wrong(answer))


def test_a_forged_audit_row_breaks_the_chain_even_when_the_figures_agree(deal, capsys):
    assert run(capsys, deal.number)[0] == 0
    placed = AuditEntry.objects.get(action="order.placed", subject_id=deal.pk)
    forge(
        "UPDATE foundation_auditentry SET detail = jsonb_set(detail, '{total}', '33334')"
        f" WHERE id = {placed.pk}",
        "foundation_auditentry",
    )
    forge("UPDATE trade_order SET total_minor = 33334")
    code, answer = run(capsys, deal.number)
    assert (code, wrong(answer), answer["bad_link"]) == (1, [], placed.link.sequence)


def answers(capsys, number) -> tuple[int, list[str], str]:
    """(code, numbers of the orders that were rebuilt, what was said beside them)."""
    code = report(number, as_json=True)
    said = capsys.readouterr()
    return code, [json.loads(line)["number"] for line in said.out.splitlines()], said.err


def test_payment_refund_and_dispute_lead_to_their_order(deal, capsys):
    paid = deal.payments.get(state="succeeded")
    numbers = [paid.reference, paid.refunds.first().number, deal.disputes.first().number]
    assert [answers(capsys, each) for each in numbers] == [(0, [deal.number], "")] * 3


def test_a_contract_answers_for_all_its_milestones_and_a_demo_origin_for_its_contract(
    firm, lin, capsys
):
    other, _person = firm_with_owner()
    row = concluded(firm, other, origin="demo:3")
    code, found, said = answers(capsys, row.number)
    assert (code, found) == (0, [])
    assert f"{row.number} 还没有订单" in said
    parts = [settled(row, 1), funded(row, 2)]
    expected = (0, [part.order_number for part in parts], "")
    assert answers(capsys, row.number) == expected
    assert answers(capsys, "demo:3") == expected
    forge(f"UPDATE trade_order SET total_minor = 1 WHERE number = '{parts[1].order_number}'")
    assert answers(capsys, row.number)[:2] == (1, expected[1])
    report(row.number)
    assert f"{row.number}: 2 张订单 / orders" in capsys.readouterr().out


def test_a_launch_answers_for_the_orders_of_its_claims(firm, stranger, capsys):
    sale = first_sale(2)
    code, found, said = answers(capsys, sale.launch.slug)
    assert (code, found, "还没有订单" in said) == (0, [], True)
    claim = launches.claim(stranger, sale.pk)
    home = address(stranger)
    made = launches.check_out(stranger, claim.pk, home.pk).order
    assert answers(capsys, sale.launch.slug) == (0, [made.number], "")


def test_the_report_reads_as_a_table_and_an_unknown_number_says_so(deal, capsys):
    assert report(deal.number) == 0
    text = capsys.readouterr().out
    assert "✓ total" in text
    assert f"✓ 审计链 {AuditEntry.objects.count()} 环完好" in text
    forge("UPDATE trade_order SET total_minor = 1")
    assert report(deal.number) == 1
    assert "✗ 不一致 / differs: total" in capsys.readouterr().out
    assert report("D0") == 2
    said = capsys.readouterr().err
    assert ("D0" in said, "合同" in said, "contract" in said) == (True, True, True)
    assert audit.verify()[1] is None
    assert Order.objects.count() == 1
