"""Quotations: versions, repetition, the deadline to the microsecond, withdrawing."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import AuditEntry, Outbox
from haishi.sourcing import policies, selectors, services
from haishi.sourcing.errors import (
    CurrencyStrange,
    LineNotOffered,
    NothingOffered,
    NotInvited,
    OwnRfq,
    TiersWrong,
    TooEarly,
    TooLate,
    ValidityWrong,
)
from haishi.sourcing.models import Quotation, QuotationVersion, Rfq
from haishi.sourcing.tests.factories import (
    closed,
    draft,
    in_hours,
    offer,
    pass_deadline,
    quote,
    without_trigger,
)
from haishi.sourcing.tests.factories import rfq as published
from haishi.sourcing.types import LineOffer, Offer, Tier
from haishi.sourcing.wording import instant_text

pytestmark = pytest.mark.django_db


def world() -> tuple:
    """Everything a refused quotation could have changed."""
    return (
        list(Quotation.objects.order_by("pk").values_list("pk", "state", "latest")),
        list(QuotationVersion.objects.order_by("pk").values_list("pk", "digest")),
        AuditEntry.objects.count(),
        Outbox.objects.count(),
    )


def test_a_changed_offer_is_a_new_version_and_the_same_one_is_not(rfq, first):
    one = quote(first, rfq, 4_000, 900)
    again = quote(first, rfq, 4_000, 900)
    two = quote(first, rfq, 3_900, 900)
    assert (one.number, again.pk, two.number) == (1, one.pk, 2)
    row = Quotation.objects.get()
    assert (row.latest, row.versions.count()) == (2, 2)
    assert selectors.offer_of(one, rfq).lines[0].tiers == (Tier(1, 4_000),)


def test_the_deadline_is_half_open_to_the_microsecond(rfq):
    tick = dt.timedelta(microseconds=1)
    assert policies.is_taking(rfq, rfq.opens_at) is True
    assert policies.is_taking(rfq, rfq.opens_at - tick) is False
    assert policies.is_taking(rfq, rfq.closes_at - tick) is True
    assert policies.is_taking(rfq, rfq.closes_at) is False


def test_a_quotation_at_the_very_deadline_is_refused_with_both_instants(rfq, first, second):
    quote(first, rfq, 4_000, 900)
    pass_deadline(rfq, seconds=0)  # the instant is now: every later clock reads at least this
    before = world()
    for person in (first, second):
        with pytest.raises(TooLate) as refused:
            quote(person, rfq, 3_000, 800)
        assert instant_text(rfq.closes_at) in str(refused.value)
        assert "服务器收到时为" in str(refused.value)
    assert world() == before
    assert Rfq.objects.get().state == "open"  # no worker has come by: the clock decided


def test_a_quotation_before_the_opening_is_refused(lin, firm, first):
    row = published(lin, firm, opens_at=in_hours(1))
    before = world()
    with pytest.raises(TooEarly):
        quote(first, row, 4_000, 900)
    assert world() == before


def test_nobody_quotes_for_a_firm_without_managing_it_or_for_the_buyer(rfq, lin, zhou, firm, first):
    before = world()
    with pytest.raises(OwnRfq):
        services.quote(lin, rfq.pk, firm.pk, offer(rfq, 1, 1))
    with pytest.raises(Forbidden):
        services.quote(zhou, rfq.pk, first.firm.pk, offer(rfq, 1, 1))
    assert world() == before


def test_only_invited_firms_know_of_an_invited_request_and_quote(lin, firm, first, second):
    row = draft(lin, firm, visibility="invited")
    services.invite(lin, row.pk, [first.firm.pk])
    services.publish(lin, row.pk)
    assert quote(first, row, 4_000, 900).number == 1
    with pytest.raises(NotFound):
        quote(second, row, 3_000, 800)
    assert Quotation.objects.count() == 1


def test_an_operator_cannot_let_an_uninvited_firm_in(lin, firm, first, second):
    row = draft(lin, firm, visibility="invited")
    services.invite(lin, row.pk, [first.firm.pk])
    services.publish(lin, row.pk)
    second.is_staff = True
    with pytest.raises(NotInvited):
        quote(second, row, 3_000, 800)


def test_an_offer_that_is_no_answer_is_refused(rfq, first):
    lines = list(rfq.lines.order_by("number"))
    wrong = LineOffer(lines[0].pk, (Tier(100, 900), Tier(100, 800)))
    until = (clock.now() + dt.timedelta(days=60)).date()
    cases = [
        (offer(rfq, 4_000, 900, currency="USD"), CurrencyStrange),
        (offer(rfq), NothingOffered),
        (offer(rfq, 0, 900), TiersWrong),
        (Offer("CNY", 1, until, (wrong,)), TiersWrong),
        (Offer("CNY", 1, until, (LineOffer(0, (Tier(1, 1),)),)), LineNotOffered),
        (offer(rfq, 4_000, 900, valid_until=rfq.closes_at.date()), ValidityWrong),
    ]
    before = world()
    for given, error in cases:
        with pytest.raises(error):
            services.quote(first, rfq.pk, first.firm.pk, given)
    assert world() == before


def test_tiers_decide_the_price_by_quantity():
    line = LineOffer(1, (Tier(10, 500), Tier(100, 400)))
    assert [line.price_for(n) for n in (9, 10, 99, 100)] == [None, 500, 500, 400]


def test_a_quotation_is_taken_back_until_the_deadline_and_may_come_again(rfq, first):
    row = quote(first, rfq, 4_000, 900).quotation
    services.withdraw(first, row.pk)
    assert Quotation.objects.get().state == "withdrawn"
    with pytest.raises(Conflict):
        services.withdraw(first, row.pk)
    assert quote(first, rfq, 4_000, 900).number == 2
    pass_deadline(rfq)
    with pytest.raises(TooLate):
        services.withdraw(first, row.pk)
    assert Quotation.objects.get().state == "submitted"


def test_the_database_keeps_versions_as_they_are(rfq, first):
    version = quote(first, rfq, 4_000, 900)
    rows = QuotationVersion.objects.filter(pk=version.pk)
    for change in (
        lambda: rows.update(content={}),
        lambda: rows.update(digest="0" * 64),
        lambda: rows.update(number=7),
        rows.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    rows.update(author=None)  # a person may be forgotten
    assert rows.get().digest == version.digest


def test_the_database_keeps_published_terms(rfq):
    rows = Rfq.objects.filter(pk=rfq.pk)
    for change in ({"closes_at": in_hours(1)}, {"sealed": True}, {"criteria": {"price": 100}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    rows.update(closes_at=in_hours(72), decide_by=in_hours(96))


def test_a_sealed_offer_is_unreadable_in_the_table_until_it_is_opened(sealed, first, second):
    quote(first, sealed, 43_210_987, 900, notes="绢面手绘")
    version = quote(first, sealed, 4_322, 987)
    gone = quote(second, sealed, 3_000, 800).quotation
    services.withdraw(second, gone.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT v::text FROM sourcing_quotationversion v")
        rows = "".join(row[0] for row in cursor.fetchall())
    words = ("tiers", "CNY", "绢面", "绢面".encode().hex(), b"tiers".hex(), b"43210987".hex())
    assert [word for word in words if word in rows] == []
    with pytest.raises(DatabaseError), transaction.atomic():
        QuotationVersion.objects.filter(pk=version.pk).update(content={"early": 1})
    closed(sealed)
    opened = QuotationVersion.objects.exclude(content=None)
    assert [row.pk for row in opened] == [version.pk]
    assert selectors.offer_of(opened.get(), sealed).line(sealed.lines.first().pk) is not None
    assert opened.get().content["lines"][0]["tiers"] == [[1, 4_322]]


def test_an_altered_sealed_offer_does_not_open(sealed, first):
    version = quote(first, sealed, 4_000, 900)
    bad = bytes(version.sealed[:-1]) + bytes([version.sealed[-1] ^ 1])
    with without_trigger("sourcing_quotationversion", "version_stays"):
        QuotationVersion.objects.filter(pk=version.pk).update(sealed=bad)
    version.refresh_from_db()
    with pytest.raises(Exception, match=r"^$") as failed:
        selectors.offer_of(version, sealed)
    assert type(failed.value).__name__ == "InvalidTag"
