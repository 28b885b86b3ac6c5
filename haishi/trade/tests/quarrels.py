"""Claims for tests, and short ways to a mediator."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from haishi.foundation import clock
from haishi.media import services as files
from haishi.media.tests.files import jpeg
from haishi.trade import selectors, services
from haishi.trade.models import Dispute
from haishi.trade.states import Side
from haishi.trade.tests.factories import order, pay, product, want
from haishi.trade.types import AccountName


def ledger(code: str, side: int = Side.CREDIT) -> int:
    return selectors.balance(AccountName(code, "CNY", side)).minor


def sent_deal(firm, lin, stranger):
    """An order of the stranger, ¥100, paid and sent."""
    row = order(stranger, want(product(firm, 10_000)))
    pay(row)
    services.ship(lin, row.pk)
    row.refresh_from_db()
    return row


def claim(deal, amount=6_000, **fields):
    return services.open_dispute(
        deal.buyer, deal.pk, "damaged", amount, "箱子压坏了，两件开裂", **fields
    )


def at(monkeypatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def paper(who, firm=None) -> int:
    row = files.receive(who, firm and firm.pk, SimpleUploadedFile("箱.jpg", jpeg()), "sealed")
    files.process_now(row.pk)
    return row.pk


def mediation(deal, lin, offered=1_000, wanted=6_000):
    row = claim(deal, wanted)
    services.offer(lin, row.pk, offered, "不认可")
    return services.ask_mediation(deal.buyer, row.pk, "谈不拢")


def close_evidence(row) -> Dispute:
    row.refresh_from_db()
    assert services.disputes_due(row.due_at) == 1
    row.refresh_from_db()
    return row
