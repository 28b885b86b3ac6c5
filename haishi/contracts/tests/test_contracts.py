"""Drawing up, talking, signing: who may, what is refused, what is kept."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from haishi.contracts import policies, selectors, services
from haishi.contracts.errors import (
    AlreadySigned,
    ClausesMissing,
    MilestonesMissing,
    NotAllAgreed,
    NothingChanged,
    NotSignatory,
    PartiesWrong,
    RateWrong,
    ReasonMissing,
    SigningOver,
    SplitWrong,
    SupplierWrong,
    TotalsDiffer,
    VersionOld,
)
from haishi.contracts.models import Comment, Contract, ContractVersion, Milestone
from haishi.contracts.tests.factories import (
    agreed,
    concluded,
    draft,
    firm_with_owner,
    opened,
    owner_of,
    seen,
    signed,
    today,
)
from haishi.contracts.types import ClauseDraft, MilestoneDraft, PartyDraft, Rate
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import AuditEntry, IssuedPaper, Outbox, PaperRevision
from haishi.foundation.money import Money
from haishi.foundation.papers import signing
from haishi.foundation.papers.registry import PaperAltered, PaperMovedOn
from haishi.trade.errors import RailRefuses
from haishi.trade.types import Share

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db):
    """The firm on the other side, with its owner."""
    return firm_with_owner("海州文旅")[0]


@pytest.fixture
def fresh(firm, lin, other):
    """A contract that both may read."""
    return services.draw_up(lin, draft(firm, other))


def test_a_contract_is_for_its_parties_and_nobody_else(fresh, firm, lin, zhou, other, stranger):
    for person in (lin, zhou, owner_of(other)):
        assert selectors.get_contract(person, fresh.number) == fresh
    with pytest.raises(NotFound):
        selectors.get_contract(stranger, fresh.number)
    assert [row.role for row in fresh.parties.order_by("position")] == ["采购方", "供方"]
    assert [row.agreed for row in fresh.parties.order_by("position")] == [1, 0]


def test_a_text_agreed_elsewhere_is_frozen_at_once_and_has_no_milestones(firm, lin, other):
    free = {"milestones": (), "lines": (), "total": Money(0), "origin": "licence:7"}
    row = services.draw_up(lin, draft(firm, other, **free), settled=True)
    assert (row.state, row.milestones.count()) == ("signing", 0)
    assert [row.label for row in Outbox.objects.all()] == ["contracts.ContractOpened"]
    with pytest.raises(Conflict):
        services.propose(lin, row.pk, firm.pk, seen=1, title=["别的", ""])
    signed(row)
    services.discharge(row.number, "terminate", "授权已撤销")
    services.discharge(row.number, "fulfil")
    row.refresh_from_db()
    assert (row.state, row.reason, row.ended_at is not None) == ("terminated", "授权已撤销", True)


def test_a_contract_with_milestones_is_not_discharged_from_elsewhere(firm, lin, other):
    row = concluded(firm, other)
    services.discharge(row.number, "terminate")
    row.refresh_from_db()
    assert row.state == "concluded"


def test_a_draft_is_seen_by_the_firm_that_writes_it_until_it_is_sent(firm, lin, other):
    row = services.draw_up(lin, draft(firm, other), show=False)
    with pytest.raises(NotFound):
        selectors.get_contract(owner_of(other), row.number)
    assert not Outbox.objects.exists()
    services.send(lin, row.pk)
    assert selectors.get_contract(owner_of(other), row.number).state == "review"


def test_only_who_manages_a_party_draws_up(firm, lin, zhou, other, stranger):
    for person in (zhou, stranger):
        with pytest.raises(Forbidden):
            services.draw_up(person, draft(firm, other))
    assert Contract.objects.count() == 0


def with_milestone(firm, other, **fields):
    plain = {
        "name": Bilingual("一期"),
        "due": today(9),
        "amount_minor": 100_000,
        "supplier_id": other.pk,
    }
    return {"milestones": (MilestoneDraft(**{**plain, **fields}),)}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        (lambda f, o: {"parties": (PartyDraft(f.pk, Bilingual("甲")),)}, PartiesWrong),
        (lambda f, o: {"parties": (PartyDraft(f.pk, Bilingual("甲")),) * 2}, PartiesWrong),
        (lambda f, o: {"payer_id": 0}, PartiesWrong),
        (lambda f, o: {"clauses": ()}, ClausesMissing),
        (lambda f, o: {"clauses": (ClauseDraft(Bilingual("空"), Bilingual("")),)}, ClausesMissing),
        (lambda f, o: {"milestones": ()}, MilestonesMissing),
        (lambda f, o: with_milestone(f, o, amount_minor=0), MilestonesMissing),
        (lambda f, o: with_milestone(f, o, amount_minor=99_999), TotalsDiffer),
        (lambda f, o: {"lines": draft(f, o, amounts=(1,)).lines}, TotalsDiffer),
        (lambda f, o: with_milestone(f, o, supplier_id=f.pk), SupplierWrong),
        (lambda f, o: with_milestone(f, o, shares=(Share(o.pk, 9_999),)), SplitWrong),
        (lambda f, o: with_milestone(f, o, shares=(Share(o.pk, 5_000),) * 2), SplitWrong),
        (lambda f, o: with_milestone(f, o, shares=(Share(0, 10_000),)), SplitWrong),
        (lambda f, o: {"shown": Rate("CNY", Decimal(1), "中国银行", clock.now())}, RateWrong),
        (lambda f, o: {"shown": Rate("USD", Decimal(0), "中国银行", clock.now())}, RateWrong),
    ],
)
def test_what_cannot_be_a_contract_is_refused(firm, lin, other, changes, refusal):
    with pytest.raises(refusal):
        services.draw_up(lin, draft(firm, other, **changes(firm, other)))
    assert (Contract.objects.count(), Outbox.objects.count()) == (0, 0)


def test_a_second_currency_is_shown_at_a_frozen_rate_and_never_owed(firm, lin, other):
    at = clock.now()
    rate = Rate("USD", Decimal("0.14055"), "中国外汇交易中心", at)
    row = services.draw_up(lin, draft(firm, other, amounts=(123_457,), shown=rate))
    row.refresh_from_db()
    assert (row.total, row.shown_total) == (Money(123_457), Money(17_352, "USD"))
    assert (row.rate, row.rate_source, row.rate_at) == (Decimal("0.14055"), rate.source, at)
    yen = draft(firm, other, amounts=(123_457,), shown=Rate("JPY", Decimal("21.5"), "中国银行", at))
    assert services.draw_up(lin, yen).shown_total == Money(26_543, "JPY")


def text(fresh, **changes):
    """Clauses of the newest version, one of them changed."""
    content = ContractVersion.objects.get(contract=fresh, number=fresh.latest).content
    rows = [[*row] for row in content["clauses"]]
    rows[1][2] = "各方对未公开的内容保密五年。"
    return {"clauses": rows, **changes}


def test_a_new_version_asks_all_others_again_and_shows_what_changed(fresh, firm, lin, other):
    them = owner_of(other)
    services.agree(them, fresh.pk, other.pk, 1)
    services.propose(them, fresh.pk, other.pk, seen=1, note="延长保密", **text(fresh))
    fresh.refresh_from_db()
    assert fresh.latest == 2
    agreed_to = list(fresh.parties.order_by("position").values_list("agreed", flat=True))
    assert agreed_to == [1, 2]
    page = selectors.text_page(selectors.get_contract(lin, fresh.number))
    assert [change.label for change in page.changes] == ["第 2 条"]
    pieces = [(piece.kind, piece.text) for piece in page.changes[0].pieces]
    assert ("removed", "三") in pieces
    assert ("added", "五") in pieces
    with pytest.raises(NotAllAgreed, match="蓬莱影业"):
        services.open_signing(lin, fresh.pk, firm.pk)
    assert IssuedPaper.objects.count() == 0


def test_nobody_agrees_to_or_changes_a_version_that_is_not_the_newest(fresh, lin, firm, other):
    them = owner_of(other)
    services.propose(lin, fresh.pk, firm.pk, seen=1, **text(fresh))
    with pytest.raises(VersionOld):
        services.agree(them, fresh.pk, other.pk, 1)
    with pytest.raises(VersionOld):
        services.propose(them, fresh.pk, other.pk, seen=1, **text(fresh))
    fresh.refresh_from_db()
    with pytest.raises(NothingChanged):
        services.propose(them, fresh.pk, other.pk, seen=2, **text(fresh))
    content = ContractVersion.objects.get(contract=fresh, number=2).content
    dearer = [{**content["milestones"][0], "amount": 70_000}, content["milestones"][1]]
    with pytest.raises(TotalsDiffer):
        services.propose(them, fresh.pk, other.pk, seen=2, milestones=dearer)
    assert fresh.versions.count() == 2


def test_a_comment_belongs_to_a_party_and_a_version(fresh, firm, lin, zhou, other):
    services.comment(lin, fresh.pk, firm.pk, "保密期太短。")
    for person, organisation, refusal in (
        (zhou, firm, Forbidden),
        (lin, other, Forbidden),
        (lin, firm_with_owner()[0], NotFound),
    ):
        with pytest.raises(refusal):
            services.comment(person, fresh.pk, organisation.pk, "不同意")
    assert [(row.version, row.text) for row in Comment.objects.all()] == [(1, "保密期太短。")]


def test_opening_freezes_the_text_with_its_hash_in_the_audit_chain(fresh, firm, lin, other):
    services.open_signing(lin, agreed(fresh).pk, firm.pk)
    fresh.refresh_from_db()
    entry = AuditEntry.objects.get(action="contract.open_signing")
    assert (fresh.state, entry.detail["sha256"]) == ("signing", seen(fresh))
    assert fresh.closes_at - clock.now() > dt.timedelta(days=13)
    assert [row.amount_minor for row in Milestone.objects.order_by("position")] == [60_000, 40_000]
    for again in (
        lambda: services.open_signing(lin, fresh.pk, firm.pk),
        lambda: services.propose(lin, fresh.pk, firm.pk, seen=1, **text(fresh)),
        lambda: services.comment(lin, fresh.pk, firm.pk, "再改"),
    ):
        with pytest.raises(Conflict):
            again()


def test_a_split_over_the_ceiling_of_the_rail_is_refused_with_the_reason_before_signing(
    firm, lin, other, settings
):
    settings.PAYMENT_PROVIDERS = ("sandbox", "wechat")
    third = firm_with_owner()[0]
    row = services.draw_up(lin, draft(firm, other, third, points=(6_000, 4_000), rail="wechat"))
    agreed(row)
    with pytest.raises(RailRefuses, match="30%"):
        services.open_signing(lin, row.pk, firm.pk)
    row.refresh_from_db()
    assert (row.state, row.paper, Milestone.objects.count()) == ("review", None, 0)
    fine = services.draw_up(lin, draft(firm, other, third, points=(7_000, 3_000), rail="wechat"))
    assert services.open_signing(lin, agreed(fine).pk, firm.pk).state == "signing"


def test_each_party_signs_in_any_order_and_the_last_signature_concludes(firm, lin, other):
    row = opened(firm, other)
    first = seen(row)
    services.sign(owner_of(other), row.pk, other.pk, first)
    row.refresh_from_db()
    assert (row.state, seen(row) != first) == ("signing", True)
    services.sign(lin, row.pk, firm.pk, seen(row))
    row.refresh_from_db()
    assert (row.state, row.closes_at) == ("concluded", None)
    facts = signing.verify(selectors.paper_bytes(row).content)
    assert [(fact.field, fact.organisation, fact.good) for fact in facts] == [
        ("party-2", "海州文旅", True), ("party-1", "蓬莱影业", True),
    ]  # fmt: skip
    told = [each.label for each in Outbox.objects.order_by("pk")][-3:]
    assert told == [
        "contracts.ContractSigned", "contracts.ContractSigned", "contracts.ContractConcluded",
    ]  # fmt: skip


def test_who_may_not_bind_a_party_does_not_sign_for_it(firm, lin, zhou, other, stranger):
    row = opened(firm, other)
    operator = owner_of(firm_with_owner()[0])
    operator.is_staff = True
    for person, organisation, refusal in (
        (zhou, firm, NotSignatory),
        (lin, other, NotSignatory),
        (operator, firm, NotSignatory),
        (stranger, firm, NotFound),
    ):
        with pytest.raises(refusal):
            services.sign(person, row.pk, organisation.pk, seen(row))
    services.sign(lin, row.pk, firm.pk, seen(row))
    with pytest.raises(AlreadySigned):
        services.sign(lin, row.pk, firm.pk, seen(row))
    assert PaperRevision.objects.count() == 2


def test_who_was_shown_another_file_does_not_sign_this_one(firm, lin, other):
    row = opened(firm, other)
    first = seen(row)
    services.sign(lin, row.pk, firm.pk, first)
    with pytest.raises(PaperMovedOn):
        services.sign(owner_of(other), row.pk, other.pk, first)
    with pytest.raises(PaperAltered):
        services.sign(owner_of(other), row.pk, other.pk, "0" * 64)
    assert PaperRevision.objects.count() == 2


def test_a_file_that_was_altered_where_it_lies_is_not_signed_and_nothing_changes(firm, lin, other):
    row = opened(firm, other)
    kept = selectors.paper_bytes(row)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE foundation_paperrevision DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE foundation_paperrevision SET content = %s WHERE id = %s",
            [kept.content.replace(b"ReportLab", b"reportLab", 1), kept.pk],
        )
        cursor.execute("ALTER TABLE foundation_paperrevision ENABLE TRIGGER USER")
    entries = AuditEntry.objects.count()
    with pytest.raises(PaperAltered):
        services.sign(lin, row.pk, firm.pk, kept.sha256)
    row.refresh_from_db()
    assert (row.state, row.parties.filter(signed_at=None).count()) == ("signing", 2)
    assert (PaperRevision.objects.count(), AuditEntry.objects.count()) == (1, entries)


def test_signing_ends_after_two_weeks_and_is_reminded_of_once(firm, lin, other):
    row = opened(firm, other)
    services.sign(lin, row.pk, firm.pk, seen(row))
    assert services.remind_due() == 0
    near = clock.now() + policies.SIGN_WITHIN - policies.REMIND_BEFORE
    assert (services.remind_due(near), services.remind_due(near)) == (1, 0)
    last = Outbox.objects.latest("pk")
    assert (last.label, last.payload["waiting_ids"]) == ("contracts.ContractNear", [other.pk])
    assert services.expire_due() == 0
    Contract.objects.update(closes_at=clock.now())
    with pytest.raises(SigningOver):
        services.sign(owner_of(other), row.pk, other.pk, seen(row))
    assert (services.expire_due(), services.expire_due()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.closes_at) == ("expired", None)


def test_a_review_that_nobody_ends_expires(fresh):
    Contract.objects.update(closes_at=clock.now())
    assert services.expire_due() == 1
    fresh.refresh_from_db()
    assert fresh.state == "expired"


def test_a_party_declines_with_a_reason_and_then_nobody_signs(firm, lin, other):
    row = opened(firm, other)
    with pytest.raises(ReasonMissing):
        services.decline(owner_of(other), row.pk, other.pk, " ")
    services.decline(owner_of(other), row.pk, other.pk, "预算取消")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("declined", "预算取消")
    with pytest.raises(Conflict):
        services.sign(lin, row.pk, firm.pk, seen(row))


def test_what_was_concluded_ends_early_only_when_all_want_it(firm, lin, other):
    row = concluded(firm, other)
    services.end(lin, row.pk, firm.pk)
    row.refresh_from_db()
    assert row.state == "concluded"
    services.end(owner_of(other), row.pk, other.pk)
    row.refresh_from_db()
    assert row.state == "terminated"


def test_the_origin_comes_back_with_every_fact_and_all_parties_are_named(firm, lin, other):
    row = signed(opened(firm, other, origin="quotation:9"))
    facts = [each.payload for each in Outbox.objects.filter(label__startswith="contracts.")]
    assert {fact["origin"] for fact in facts} == {"quotation:9"}
    assert [fact["organisation_ids"] for fact in facts] == [[firm.pk, other.pk]] * len(facts)
    assert row.origin == "quotation:9"
