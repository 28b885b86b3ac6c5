"""Sales reports and what they come to. Nothing is edited: a correction is another statement."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from haishi.catalogue.states import ProductKind
from haishi.foundation import audit, clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import Conflict
from haishi.foundation.outbox import publish
from haishi.foundation.papers import registry
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.licences import papers, policies, royalties, selectors
from haishi.licences.errors import (
    AlreadyReported,
    GoodUnknown,
    NotApproved,
    NothingToCorrect,
    PeriodOpen,
    PeriodWrong,
)
from haishi.licences.events import StatementIssued, StatementMoved
from haishi.licences.models import Good, Licence, Report, SalesLine, Statement
from haishi.licences.services.concluding import shares
from haishi.licences.services.moves import move
from haishi.licences.states import (
    REPORTING,
    STATEMENT,
    LicenceState,
    Stage,
    StatementState,
)
from haishi.licences.types import Earned, Sale
from haishi.trade import services as trade
from haishi.trade.types import Agreed, Bill

ORIGIN = "royalty"


@service
def report(
    actor: Actor,
    number: str,
    starts_on: dt.date,
    sales: Sequence[Sale],
    *,
    corrects: bool = False,
) -> Statement:
    """Report what was sold in the period that begins on `starts_on`; answers with its statement.

    No lines: nothing was sold. `corrects`: the whole period once more, as it really was. Raises
    NotFound, Forbidden, Conflict, PeriodWrong, PeriodOpen, AlreadyReported, NothingToCorrect,
    GoodUnknown, NotApproved, ChannelUnknown, RateWrong.
    """
    row = selectors.lock_licence(actor, number, "licensee")
    if row.state not in REPORTING:
        raise Conflict
    ends_on = dict(royalties.periods(row.terms)).get(starts_on)
    if ends_on is None:
        raise PeriodWrong
    if ends_on > policies.today():
        raise PeriodOpen
    earlier = row.reports.filter(starts_on=starts_on).order_by("-revision").first()
    if earlier is not None and not corrects:
        raise AlreadyReported
    if earlier is None and corrects:
        raise NothingToCorrect
    return _report(actor, row, (starts_on, ends_on), sales, earlier)


def _report(
    actor: Actor,
    licence: Licence,
    span: tuple[dt.date, dt.date],
    sales: Sequence[Sale],
    earlier: Report | None,
) -> Statement:
    worths = check_sales(licence, sales)
    earned = royalties.earn(zip(sales, worths, strict=True), licence.rates, licence.currency)
    made = Report.objects.create(
        licence=licence,
        starts_on=span[0],
        ends_on=span[1],
        revision=earlier.revision + 1 if earlier else 1,
        author_id=actor.pk,
        royalty_minor=sum(each.royalty_minor for each in earned),
    )
    SalesLine.objects.bulk_create(
        SalesLine(
            report=made,
            good_id=sale.good_id,
            channel=sale.channel,
            territory=sale.territory,
            units=sale.units,
            amount_minor=sale.amount_minor,
            currency=sale.currency,
            rate=Decimal(sale.rate),
            worth_minor=worth,
        )
        for sale, worth in zip(sales, worths, strict=True)
    )
    return _state(actor, licence, made, earned, earlier.royalty_minor if earlier else 0)


def check_sales(licence: Licence, sales: Sequence[Sale]) -> list[int]:
    """What each line is worth in the licence's currency. Raises what `report` raises."""
    goods = {good.pk: good for good in licence.goods.all()}
    cleared = selectors.approved_goods(licence)
    worths = []
    for sale in sales:
        good = goods.get(sale.good_id)
        if good is None:
            raise GoodUnknown(name=sale.good_id)
        _cleared(licence, good, cleared)
        worths.append(royalties.worth(sale, licence.currency))
    return worths


def _cleared(licence: Licence, good: Good, cleared: set[int]) -> None:
    if Stage.PRODUCTION in licence.stages and good.pk not in cleared:
        raise NotApproved(name=good.name)


def _state(
    actor: Actor, licence: Licence, made: Report, earned: Sequence[Earned], superseded: int
) -> Statement:
    found = royalties.settle(made.royalty_minor, superseded, licence.recoup_minor)
    statement = Statement.objects.create(
        report=made,
        licence=licence,
        number=licence.statements.count() + 1,
        currency=licence.currency,
        earned_minor=found.earned,
        before_minor=found.before,
        due_minor=found.due,
        after_minor=found.after,
        lines=[
            [each.channel, each.units, each.base_minor, each.points, each.royalty_minor]
            for each in earned
        ],
        state=StatementState.BILLED if found.due else StatementState.CLEAR,
    )
    _write(actor, licence, statement)
    licence.recoup_minor = found.after
    licence.report_by, licence.report_told = selectors.report_due(licence), 0
    licence.save(update_fields=["recoup_minor", "report_by", "report_told"])
    audit.record(
        actor, "licence.reported", licence,
        statement=statement.number, starts_on=made.starts_on, revision=made.revision,
        earned=found.earned, before=found.before, due=found.due, after=found.after,
    )  # fmt: skip
    if found.due:
        _bill(actor, licence, statement)
    publish(
        StatementIssued(
            organisation_id=licence.licensor_id,
            licence_id=licence.pk,
            statement_id=statement.pk,
        )
    )
    return statement


def _write(actor: Actor, licence: Licence, statement: Statement) -> None:
    firms = (licence.licensor, licence.licensee)
    issued = registry.issue(
        actor,
        papers.statement(statement, licence),
        kind=papers.STATEMENT,
        parties=[Bilingual(firm.name, firm.name_en) for firm in firms],
    )
    statement.paper_id = issued.pk
    statement.save(update_fields=["paper_id"])


def _bill(actor: Actor, licence: Licence, statement: Statement) -> None:
    statement.bills += 1
    statement.pay_by = clock.now() + policies.ROYALTY_WITHIN
    name = _("%(work)s 版税结算 第%(n)s期")
    order = trade.bill(
        actor,
        Bill(
            buyer_id=licence.buyer_id,
            buyer_firm_id=licence.licensee_id,
            seller_id=licence.licensor_id,
            kind=ProductKind.LICENCE,
            currency=licence.currency,
            lines=(
                Agreed(
                    name=(name % {"work": licence.product.name, "n": statement.number})[:80],
                    name_en=f"Royalty {licence.number} #{statement.number}",
                    price_minor=statement.due_minor,
                ),
            ),
            pay_by=statement.pay_by,
            origin=f"{ORIGIN}:{statement.pk}",
            shares=shares(licence),
        ),
        key=f"royalty:{statement.pk}:{statement.bills}",
    )
    statement.order_id, statement.reminded_at = order.pk, None
    statement.save(update_fields=["order_id", "bills", "pay_by", "reminded_at", "state"])


@service
def bill_again(actor: Actor, number: str, statement_number: int) -> Statement:
    """A bill that ran out is asked for once more. Raises NotFound, Forbidden, Conflict."""
    row = selectors.lock_licence(actor, number, "licensee")
    statement = _lock(selectors.get_statement(row, statement_number).pk)
    statement.state = STATEMENT.after(statement.state, "bill")
    _bill(actor, row, statement)
    audit.record(actor, "licence.billed_again", row, statement=statement.number)
    return statement


def _lock(statement_id: int) -> Statement:
    rows = Statement.objects.select_for_update(of=("self",)).select_related("licence")
    return rows.get(pk=statement_id)


def _locked(statement_id: int) -> tuple[Licence, Statement]:
    """In the order licence, statement."""
    found = Statement.objects.values_list("licence_id", flat=True).get(pk=statement_id)
    return selectors.lock_by_id(found), _lock(statement_id)


@service
def royalty_paid(statement_id: int) -> None:
    """The money is held, and there is nothing to deliver: it is received, and shared.

    A licence that stood still for unpaid royalties goes on when the last of them is paid. Repeated
    news changes nothing.
    """
    licence, statement = _locked(statement_id)
    if statement.state != StatementState.BILLED:
        return
    _move(licence, statement, "pay")
    trade.receive(SYSTEM, statement.order_id or 0)
    if not licence.owes or licence.statements.filter(state=StatementState.OVERDUE).exists():
        return
    licence.owes = False
    if licence.state == LicenceState.SUSPENDED:
        move(SYSTEM, licence, "resume", "owes")
    else:
        licence.save(update_fields=["owes"])


@service
def royalty_unpaid(statement_id: int) -> None:
    """The time to pay is over: the use stops until it is paid. Repeated news changes nothing."""
    licence, statement = _locked(statement_id)
    if statement.state != StatementState.BILLED:
        return
    _move(licence, statement, "fall_due")
    if licence.state == LicenceState.ACTIVE:
        licence.owes = True
        move(SYSTEM, licence, "suspend", "owes", statement=statement.number)


def _move(licence: Licence, statement: Statement, action: str) -> None:
    statement.state = STATEMENT.after(statement.state, action)
    statement.save(update_fields=["state"])
    audit.record(SYSTEM, f"licence.royalty_{statement.state}", licence, statement=statement.number)
    publish(
        StatementMoved(
            organisation_id=licence.licensor_id,
            licence_id=licence.pk,
            statement_id=statement.pk,
            state=statement.state,
        )
    )
