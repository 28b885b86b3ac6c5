"""What is sealed, invited or withdrawn does not show: not by page, API, search, sheet or notice."""

import json

import pytest

from haishi.foundation import clock, outbox
from haishi.foundation.models import AuditEntry, Outbox
from haishi.notices import selectors as notices
from haishi.parties.tests.factories import MembershipFactory, PersonFactory
from haishi.search import services as search
from haishi.sourcing import selectors, services
from haishi.sourcing.models import Rfq
from haishi.sourcing.tests.factories import closed, draft, offer, pass_deadline, quote
from haishi.sourcing.tests.factories import rfq as published

pytestmark = pytest.mark.django_db
SECRETS = ("123.45", "12345", "绢面手绘", "潍坊风筝厂")
PUBLIC = ("/", "/rfqs/", "/rfqs/feed.xml", "/sitemap.xml?part=0", "/feed.xml", "/search/?q=风筝")


def seen(client, url: str, **headers) -> str:
    answer = client.get(url, headers=headers)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


def leaks(client, urls) -> list[tuple[str, str]]:
    return [(url, word) for url in urls for word in SECRETS if word in seen(client, url)]


def pages_of(row, bid) -> list[str]:
    desk = [
        f"/rfqs/{row.slug}/{tail}" for tail in ("", "desk/", "compare/", "compare/table/", "award/")
    ]
    bids = [f"/quotations/{bid.pk}/", f"/quotations/{bid.pk}/changes/"]
    api = [f"/api/v1/sourcing/rfqs/{row.slug}/quotations", "/api/v1/sourcing/rfqs"]
    return [*desk, *bids, *api, "/rfqs/mine/", "/quotations/", *PUBLIC]


@pytest.fixture
def bid(sealed, first):
    """潍坊 offered twice; nobody but 潍坊 may know before the instant."""
    quote(first, sealed, 12_300, 900, notes="绢面手绘")
    version = quote(first, sealed, 12_345, 900, notes="绢面手绘")
    outbox.deliver_due()
    return version.quotation


def test_before_the_instant_nobody_else_sees_a_sealed_quotation_anywhere(
    client, sealed, bid, lin, zhou, stranger, second
):
    quote(second, sealed, 11_111, 800)
    operator = PersonFactory(is_staff=True)
    for person in (None, stranger, second, zhou, lin, operator):
        if person:
            client.force_login(person)
        assert leaks(client, pages_of(sealed, bid)) == []
    assert selectors.received(sealed) is None
    assert list(notices.inbox(lin)) == []


def test_not_even_the_number_of_sealed_quotations_shows(client, sealed, lin, first):
    client.force_login(lin)
    empty = seen(client, f"/rfqs/{sealed.slug}/desk/")
    quote(first, sealed, 12_345, 900)
    outbox.deliver_due()
    assert "密封中" in empty

    def plain(text: str) -> str:
        return text.partition("<main")[2].replace(
            text.partition('csrfmiddlewaretoken" value="')[2][:64], ""
        )

    again = seen(client, f"/rfqs/{sealed.slug}/desk/")
    assert plain(again).count("<li") == plain(empty).count("<li")
    assert len(plain(again)) == len(plain(empty))
    found = json.loads(seen(client, f"/api/v1/sourcing/rfqs/{sealed.slug}/quotations"))
    assert found == []


def test_the_log_and_the_outbox_hold_nothing_of_an_offer(sealed, first):
    quote(first, sealed, 12_345, 900, notes="绢面手绘")
    rows = [json.dumps(row.detail, ensure_ascii=False) for row in AuditEntry.objects.all()]
    rows += [json.dumps(row.payload) for row in Outbox.objects.all()]
    assert [word for word in SECRETS[:3] for row in rows if word in row] == []
    assert [row.action for row in selectors.story_of(sealed)] == ["rfq.published", "rfq.drafted"]
    assert "sourcing.QuotationReceived" not in {row.label for row in Outbox.objects.all()}


def test_a_passed_instant_alone_opens_nothing_until_the_seal_is_broken(client, sealed, bid, lin):
    pass_deadline(sealed)
    client.force_login(lin)
    assert leaks(client, pages_of(sealed, bid)) == []
    assert services.close_due(clock.now()) == 1
    assert "¥123.45" in seen(client, f"/quotations/{bid.pk}/")
    assert "绢面手绘" in seen(client, f"/quotations/{bid.pk}/")
    assert client.get(f"/quotations/{bid.pk}/?version=1").status_code == 404  # it was never opened
    assert "潍坊风筝厂" in seen(client, f"/rfqs/{sealed.slug}/compare/table/")


def test_a_rival_never_reads_a_quotation_not_even_after_losing(client, rfq, first, second, lin):
    bid = quote(first, rfq, 12_345, 900, notes="绢面手绘").quotation
    quote(second, rfq, 13_000, 950)
    closed(rfq)
    services.award(lin, rfq.pk, {rfq.lines.first().pk: bid.pk}, [])
    outbox.deliver_due()
    client.force_login(second)
    assert leaks(client, pages_of(rfq, bid)) == []
    assert [n.body for n in notices.inbox(second)] == ["这次没有选用你们的报价，感谢参与。"]


def test_a_withdrawn_quotation_is_gone_for_the_buyer(client, rfq, first, lin):
    bid = quote(first, rfq, 12_345, 900, notes="绢面手绘").quotation
    client.force_login(lin)
    assert "¥123.45" in seen(client, f"/quotations/{bid.pk}/")
    services.withdraw(first, bid.pk)
    assert leaks(client, pages_of(rfq, bid)) == []


def test_an_invited_request_is_found_by_the_invited_alone(client, lin, firm, first, second):
    row = draft(lin, firm, visibility="invited", title="潜龙采购", title_en="Hidden dragon")
    services.invite(lin, row.pk, [first.firm.pk])
    services.publish(lin, row.pk)
    outbox.deliver_due()
    search.take_in()
    urls = [
        f"/rfqs/{row.slug}/",
        "/rfqs/",
        "/rfqs/feed.xml",
        "/sitemap.xml?part=0",
        "/search/?q=潜龙",
    ]
    client.force_login(second)
    for url in [*urls, "/api/v1/sourcing/rfqs"]:
        assert "潜龙采购" not in seen(client, url)
        assert row.slug not in seen(client, url).replace(f"/rfqs/{row.slug}/", "")
    client.force_login(first)
    assert "潜龙采购" in seen(client, f"/rfqs/{row.slug}/")
    assert [n.subject for n in notices.inbox(first)] == ["邀请报价：潜龙采购"]


def test_a_public_request_is_found_while_it_is_open(client, rfq, lin):
    outbox.deliver_due()
    search.take_in()
    for url in ("/rfqs/", "/rfqs/feed.xml", "/search/?q=礼盒"):
        assert f"/rfqs/{rfq.slug}/" in seen(client, url)
    assert f"/rfqs/{rfq.slug}/" in seen(client, "/sitemap.xml?part=0")
    services.cancel(lin, rfq.pk, "活动取消")
    outbox.deliver_due()
    search.take_in()
    for url in ("/rfqs/", "/rfqs/feed.xml", "/search/?q=礼盒"):
        assert f"/rfqs/{rfq.slug}/" not in seen(client, url)


def test_who_asked_is_known_to_the_buyer_alone(client, rfq, first, second, lin):
    row = services.ask(first, rfq.pk, first.firm.pk, "绢面还是纸面？")
    client.force_login(second)
    assert "绢面还是纸面" not in seen(client, f"/rfqs/{rfq.slug}/")
    services.answer(lin, row.pk, "绢面。")
    text = seen(client, f"/rfqs/{rfq.slug}/")
    assert "绢面还是纸面？" in text
    assert "潍坊风筝厂" not in text
    client.force_login(lin)
    assert "潍坊风筝厂" in seen(client, f"/rfqs/{rfq.slug}/")


def test_staff_of_the_buyer_read_no_quotation(client, rfq, first, zhou):
    bid = quote(first, rfq, 12_345, 900, notes="绢面手绘").quotation
    client.force_login(zhou)
    assert leaks(client, pages_of(rfq, bid)) == []


def test_pages_cost_the_same_for_few_and_for_many(
    client, lin, firm, first, django_assert_max_num_queries
):
    row = published(lin, firm)
    for _ in range(5):
        published(lin, firm)
    person = PersonFactory()
    MembershipFactory(person=person, organisation=first.firm, role="owner")
    services.quote(first, row.pk, first.firm.pk, offer(row, 100, 100))
    with django_assert_max_num_queries(12):
        client.get("/rfqs/")
    client.force_login(lin)
    for url in (f"/rfqs/{row.slug}/", f"/rfqs/{row.slug}/desk/", "/rfqs/mine/"):
        with django_assert_max_num_queries(22 if "desk" in url else 17):
            client.get(url)
    assert Rfq.objects.count() == 6
