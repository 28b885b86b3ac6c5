"""`haishi audit deal` for a request for quotation and for a licence: each figure, each forgery."""

from typing import Any

import pytest

from haishi.config.tests.test_audit_deal import answers, forge, report, run, wrong
from haishi.contracts import selectors as contracts
from haishi.contracts import services as papers
from haishi.contracts.tests import factories as signing
from haishi.foundation import outbox
from haishi.licences import services as licences
from haishi.licences.tests import factories as works
from haishi.licences.types import Sale
from haishi.sourcing import services as sourcing
from haishi.sourcing.tests import factories as requests
from haishi.sourcing.types import Share, Stage
from haishi.trade import services as trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def rfq(lin: Any, firm: Any) -> Any:
    """A request with 500 kites and 500 boxes, sealed until its deadline."""
    return requests.rfq(lin, firm, sealed=True)


@pytest.fixture
def milestones(rfq: Any, lin: Any, firm: Any) -> list[Any]:
    """The award went to one of two, who shares 60/40; one milestone is settled, one is held."""
    first, partner = requests.bidder("潍坊风筝厂"), requests.bidder("青岛礼品社")
    best = requests.quote(first, rfq, 4_001, 1_000)
    requests.quote(partner, rfq, 5_000, 1_200)
    row = requests.closed(rfq)
    wished = dict.fromkeys(row.lines.values_list("pk", flat=True), best.quotation_id)
    stages = [Stage("预付", 3_333, 7), Stage("验收", 6_667, 60)]
    winner = sourcing.award(lin, row.pk, wished, stages).winners.get()
    shares = [Share(first.firm.pk, "supply", 6_000), Share(partner.firm.pk, "production", 4_000)]
    sourcing.name_partners(first, winner.pk, shares)
    outbox.drain(rounds=20)
    winner.refresh_from_db()
    contract = signing.agreed(contracts.lock_by_number(winner.contract))
    papers.open_signing(lin, contract.pk, firm.pk)
    contract.refresh_from_db()
    signed = signing.signed(contract)
    return [signing.settled(signed, 1), signing.funded(signed, 2)]


@pytest.fixture
def licence(firm: Any, lin: Any) -> Any:
    """In force, its guarantee of ¥1,000 paid, a quarter's royalties billed beyond it and paid."""
    studio, su = works.studio()
    row = works.active(works.offer(firm), studio, su, lin)
    good = works.cleared(row, su, lin)
    row = works.began(row, 4)
    sale = Sale(good.pk, "online", 10, 2_000_000, "CNY", "1")
    statement = licences.report(su, row.number, row.starts_on, [sale])
    works.pay(row, statement.order_id)
    trade.settle_due()
    row.refresh_from_db()
    row.royalty = works.order_of(row, statement.order_id)
    return row


def figures(capsys, number) -> dict[str, Any]:
    """Each figure of an order as the audit chain alone has it."""
    code, answer = run(capsys, number)
    assert (code, answer["ok"], wrong(answer)) == (0, True, [])
    assert all(len({str(each[s]) for s in each if s not in ("name", "ok")}) == 1
               for each in answer["figures"])  # fmt: skip
    return {each["name"]: each["audit"] for each in answer["figures"]}


def amounts(found: dict[str, Any], word: str) -> list[int]:
    """Figures of one kind, the greatest first."""
    return sorted((v for name, v in found.items() if name.split()[0] == word), reverse=True)


def test_a_request_answers_for_both_milestones_and_each_figure_is_rebuilt(rfq, milestones, capsys):
    numbers = [row.order_number for row in milestones]
    assert answers(capsys, rfq.slug) == (0, numbers, "")
    # 500 × 40.01 + 500 × 10.00 = 25,005.00, of which 33.33 % first.
    paid, held = (figures(capsys, number) for number in numbers)
    assert (paid["total"], paid["held"], paid["state"]) == (833_417, 0, "completed")
    assert (amounts(paid, "paid"), sum(amounts(paid, "share"))) == ([833_417], 833_417)
    assert [points for _firm, points in paid["shares"]] == [6_000, 4_000]
    assert (held["total"], held["held"], held["state"]) == (1_667_083, 1_667_083, "paid")
    assert (amounts(held, "paid"), amounts(held, "share")) == ([1_667_083], [])


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE trade_order SET total_minor = total_minor + 1 WHERE number = %s", {"total"}),
        ("UPDATE trade_order SET fee_points = fee_points + 1 WHERE number = %s", {"fee"}),
        (
            "UPDATE trade_payment SET amount_minor = 1 WHERE order_id ="
            " (SELECT id FROM trade_order WHERE number = %s)",
            {"paid"},
        ),
        (
            "UPDATE trade_ordershare SET points = 10000 - points WHERE order_id ="
            " (SELECT id FROM trade_order WHERE number = %s)",
            {"shares"},
        ),
    ],
)
def test_a_forged_row_behind_a_request_is_named(rfq, milestones, capsys, sql, found):
    forged, sound = milestones[0].order_number, milestones[1].order_number
    forge(sql.replace("%s", f"'{forged}'"), "trade_order", "trade_ordershare")
    assert answers(capsys, rfq.slug)[:2] == (1, [forged, sound])
    code, answer = run(capsys, forged)
    assert (code, {name.split()[0] for name in wrong(answer)}) == (1, found)
    assert run(capsys, sound)[0] == 0
    assert report(rfq.slug) == 1
    assert f"✗ 不一致 / differs: {wrong(answer)[0]}" in capsys.readouterr().out


def test_a_licence_answers_for_guarantee_and_royalties_and_each_figure_is_rebuilt(licence, capsys):
    guarantee = works.order_of(licence)
    assert answers(capsys, licence.number) == (0, [guarantee.number, licence.royalty.number], "")
    first, second = figures(capsys, guarantee.number), figures(capsys, licence.royalty.number)
    assert (first["total"], amounts(first, "paid")) == (100_000, [100_000])
    # ¥20,000 × 8 % = ¥1,600.00, less the guarantee of ¥1,000.00.
    assert (second["total"], amounts(second, "paid"), second["held"]) == (60_000, [60_000], 0)
    assert sum(amounts(second, "share")) == 60_000


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE trade_orderline SET price_minor = price_minor - 1 WHERE order_id = %s", {"lines"}),
        ("UPDATE trade_payment SET amount_minor = amount_minor - 1 WHERE order_id = %s", {"paid"}),
        ("UPDATE trade_order SET state = 'received' WHERE id = %s", {"state"}),
    ],
)
def test_a_forged_row_behind_a_licence_is_named(licence, capsys, sql, found):
    forge(sql.replace("%s", str(licence.royalty.pk)), "trade_orderline", "trade_order")
    code, answer = run(capsys, licence.royalty.number)
    assert (code, {name.split()[0] for name in wrong(answer)}) == (1, found)
    assert answers(capsys, licence.number)[0] == 1
    assert report(licence.number) == 1
    assert f"✗ 不一致 / differs: {wrong(answer)[0]}" in capsys.readouterr().out


def test_royalties_moved_to_another_account_are_named(licence, capsys):
    """The ledger balances still; only the audit chain knows who had to get what."""
    forge(
        "UPDATE trade_posting SET account_id = (SELECT min(id) FROM trade_account"
        " WHERE code LIKE 'escrow:%') WHERE id = (SELECT max(p.id) FROM trade_posting p"
        " JOIN trade_entry e ON e.id = p.entry_id WHERE e.subject ="
        f" 'order:{licence.royalty.pk}' AND e.kind = 'release' AND p.amount < 0)",
        "trade_posting",
    )
    code, answer = run(capsys, licence.royalty.number)
    assert (code, [name.split()[0] for name in wrong(answer)]) == (1, ["share", "share"])
    assert answers(capsys, licence.number)[0] == 1
