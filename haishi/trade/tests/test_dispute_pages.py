"""A dispute walked over HTTP by both sides and a mediator, without script."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from haishi.expo.selectors import pending_before_closing
from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import clock
from haishi.foundation.money import Money
from haishi.media.tests.files import jpeg
from haishi.trade import selectors, services
from haishi.trade.models import Dispute
from haishi.trade.tests.factories import order, pay, product, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(firm, organiser):
    """Where the firm shows."""
    return ShownExhibitorFactory(organisation=firm, edition__series__organiser=organiser).edition


@pytest.fixture
def deal(firm, stranger):
    """¥128, paid."""
    row = order(stranger, want(product(firm)))
    pay(row)
    return row


def test_a_claim_goes_through_offers_to_a_decision(client, deal, edition, lin, chen, stranger):
    client.force_login(stranger)
    url = f"/orders/{deal.number}/claim/"
    assert "提出索赔" in client.get(f"/orders/{deal.number}/").content.decode()
    sent = {"kind": "damaged", "amount_minor": "128.01", "reason": "开裂"}
    refused = client.post(url, sent)
    assert (refused.status_code, Dispute.objects.count()) == (422, 0)
    photo = SimpleUploadedFile("箱.jpg", jpeg(), content_type="image/jpeg")
    answer = client.post(url, {**sent, "amount_minor": "100.00", "asset_ids": photo})
    row = Dispute.objects.get()
    page = f"/disputes/{row.number}/"
    assert answer.url == page
    assert row.steps.get().asset_ids != []
    assert client.get(url).status_code == 409

    client.force_login(lin)
    assert row.number in client.get("/disputes/").content.decode()
    shown = client.get(page).content.decode()
    assert ("同意退款 ¥100.00" in shown, "撤回索赔" in shown) == (True, False)
    outside = client.post(f"{page}offer/", {"offer-amount_minor": "100.01"})
    assert outside.status_code == 422
    assert client.post(f"{page}offer/", {"offer-amount_minor": "0"}).url == page

    client.force_login(stranger)
    assert client.post(f"{page}mediate/", {"mediate-words": "谈不拢"}).url == page
    client.force_login(chen)
    queue = f"/organise/{edition.slug}/disputes/"
    assert row.number not in client.get(queue).content.decode()
    assert row.number in client.get(f"{queue}?queue=evidence").content.decode()
    services.disputes_due(clock.now() + dt.timedelta(days=5))
    assert row.number in client.get(queue).content.decode()
    shown = client.get(page).content.decode()
    assert ("作出裁决" in shown, "¥50.00" in shown) == (True, True)
    waiting = {each.label: each.count for each in pending_before_closing(edition)}
    assert waiting["调解中的索赔"] == 1
    decision = {"decide-to_buyer_minor": "60", "decide-verdict": "各有责任"}
    assert client.post(f"{page}decide/", decision).url == page
    shown = client.get(page).content.decode()
    assert ("¥60.00" in shown, "¥68.00" in shown, "各有责任" in shown) == (True, True, True)
    deal.refresh_from_db()
    assert (deal.state, selectors.held(deal)) == ("completed", Money(0))
    assert client.post(f"{page}imagine/").status_code == 404


def test_a_list_of_disputes_costs_the_same_for_one_and_for_ten(
    client, firm, lin, stranger, django_assert_num_queries
):
    kite = product(firm)

    def claim() -> None:
        row = order(stranger, want(kite))
        pay(row)
        services.open_dispute(stranger, row.pk, "late", 100, "迟了")

    client.force_login(lin)
    claim()
    client.get("/disputes/")
    with django_assert_num_queries(9) as few:
        client.get("/disputes/")
    for _n in range(9):
        claim()
    with django_assert_num_queries(len(few)):
        client.get("/disputes/")


def test_one_dispute_costs_at_most_twelve_queries(client, deal, lin, edition, stranger):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    row = services.open_dispute(stranger, deal.pk, "late", 100, "迟了")
    services.offer(lin, row.pk, 10, "一点补偿")
    client.force_login(stranger)
    client.get(f"/disputes/{row.number}/")
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(f"/disputes/{row.number}/")
    assert len(found) <= 12, [each["sql"][:90] for each in found]
