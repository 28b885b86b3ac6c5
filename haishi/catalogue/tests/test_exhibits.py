"""What stands at a booth."""

import datetime as dt

import pytest
from django.urls import reverse

from haishi.catalogue import selectors, services
from haishi.catalogue.errors import AlreadyExhibited, ExhibitElsewhere, NotListed
from haishi.catalogue.models import Exhibit
from haishi.catalogue.tests.factories import ExhibitFactory, ListedFactory, ProductFactory
from haishi.expo.errors import TierFull
from haishi.expo.selectors import pending_before_closing
from haishi.expo.services import confirm_again
from haishi.expo.tests.factories import (
    EditionFactory,
    ReconfirmationFactory,
    TierFactory,
)
from haishi.foundation import clock, outbox
from haishi.foundation.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db


def test_a_firm_puts_up_a_listed_product_and_the_booth_counts_it(lin, firm, exhibitor):
    row = ListedFactory(organisation=firm)
    services.exhibit(lin, exhibitor.pk, row.pk)
    exhibitor.refresh_from_db()
    assert (selectors.exhibit_ids(exhibitor.pk), exhibitor.exhibit_count) == ([row.pk], 1)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda firm: ProductFactory(organisation=firm), NotListed),
        (lambda firm: ListedFactory(), ExhibitElsewhere),
        (lambda firm: ProductFactory(), NotFound),
    ],
)
def test_only_ones_own_listed_products_stand_there(lin, firm, exhibitor, make, refusal):
    with pytest.raises(refusal):
        services.exhibit(lin, exhibitor.pk, make(firm).pk)
    assert Exhibit.objects.count() == 0


def test_nothing_stands_there_twice_and_the_tier_has_a_limit(lin, firm, exhibitor):
    rows = [ListedFactory(organisation=firm) for _ in range(3)]
    services.exhibit(lin, exhibitor.pk, rows[0].pk)
    with pytest.raises(AlreadyExhibited):
        services.exhibit(lin, exhibitor.pk, rows[0].pk)
    services.exhibit(lin, exhibitor.pk, rows[1].pk)
    with pytest.raises(TierFull):
        services.exhibit(lin, exhibitor.pk, rows[2].pk)
    assert selectors.exhibit_ids(exhibitor.pk) == [rows[0].pk, rows[1].pk]


def test_a_colleague_without_the_role_changes_no_booth(zhou, firm, exhibitor):
    row = ListedFactory(organisation=firm)
    with pytest.raises(Forbidden):
        services.exhibit(zhou, exhibitor.pk, row.pk)
    assert Exhibit.objects.count() == 0


def test_exhibits_are_arranged_and_the_featured_come_first(lin, firm, exhibitor):
    first, second = (ListedFactory(organisation=firm) for _ in range(2))
    for place, row in enumerate((first, second)):
        ExhibitFactory(exhibitor=exhibitor, product=row, order=place)
    services.arrange(lin, exhibitor.pk, [second.pk, first.pk])
    assert selectors.exhibit_ids(exhibitor.pk) == [second.pk, first.pk]
    services.arrange(lin, exhibitor.pk, [second.pk, first.pk], featured=[first.pk])
    assert [row.id for row in selectors.exhibits_of(exhibitor.pk)] == [first.pk, second.pk]


def test_the_featured_of_an_edition_stand_at_booths_that_visitors_see(firm, exhibitor):
    row = ListedFactory(organisation=firm)
    ExhibitFactory(exhibitor=exhibitor, product=row, featured=True)
    ExhibitFactory(exhibitor=exhibitor, product=ListedFactory(organisation=firm))
    assert [each.id for each in selectors.featured(exhibitor.edition_id)] == [row.pk]
    type(exhibitor).objects.update(complete=False)
    assert selectors.featured(exhibitor.edition_id) == []


def test_a_withdrawn_product_leaves_its_booths_until_it_is_listed_again(lin, chen, firm, exhibitor):
    row = ListedFactory(organisation=firm)
    services.exhibit(lin, exhibitor.pk, row.pk)
    services.withdraw(lin, row.pk)
    outbox.drain()
    exhibitor.refresh_from_db()
    assert (selectors.exhibits_of(exhibitor.pk), exhibitor.exhibit_count) == ([], 0)
    services.submit(lin, row.pk)
    services.approve(chen, row.pk)
    outbox.drain()
    exhibitor.refresh_from_db()
    assert exhibitor.exhibit_count == 1


def test_the_booths_page_puts_up_arranges_and_takes_down(client, lin, firm, exhibitor):
    client.force_login(lin)
    page = reverse("catalogue:exhibits", args=[exhibitor.pk])
    rows = [ListedFactory(organisation=firm, name=name) for name in ("风筝", "年画", "泥哨")]
    for row in rows:
        client.post(reverse("catalogue:put_up", args=[exhibitor.pk, row.pk]))
    assert selectors.exhibit_ids(exhibitor.pk) == [rows[0].pk, rows[1].pk]
    assert "展品已满" in client.get(page).content.decode()
    typed = {f"place_{rows[0].pk}": "2", f"place_{rows[1].pk}": "1", f"star_{rows[0].pk}": "on"}
    assert client.post(page, typed).status_code == 302
    found = list(Exhibit.objects.order_by("order").values_list("product_id", "featured"))
    assert found == [(rows[1].pk, False), (rows[0].pk, True)]
    bad = client.post(page, {**typed, f"place_{rows[0].pk}": "x"})
    assert bad.status_code == 422
    assert list(Exhibit.objects.order_by("order").values_list("product_id", "featured")) == found
    client.post(reverse("catalogue:take_down", args=[exhibitor.pk, rows[0].pk]))
    assert selectors.exhibit_ids(exhibitor.pk) == [rows[1].pk]


def test_a_product_says_where_it_stands_and_leads_to_the_next_steps(client, firm, exhibitor):
    row = ListedFactory(organisation=firm)
    ExhibitFactory(exhibitor=exhibitor, product=row)
    page = client.get(reverse("catalogue:product", args=[row.slug])).context["page"]
    booth = exhibitor.booth
    assert [place.label for place in page.places] == [f"{booth.hall.name} {booth.code}"]
    assert [step.url.partition("?")[0] for step in page.steps] == [
        f"/e/haizhou-2026/booth/{exhibitor.pk}/enquire/",
        f"/e/haizhou-2026/booth/{exhibitor.pk}/card/",
    ]


def test_a_product_without_an_open_booth_offers_no_enquiry(client, firm):
    row = ListedFactory(organisation=firm)
    page = client.get(reverse("catalogue:product", args=[row.slug])).context["page"]
    assert (page.steps, page.places) == ([], [])


def test_what_is_still_listed_comes_along_to_the_next_edition_as_far_as_the_tier_goes(
    lin, firm, organiser, exhibitor
):
    shown = [ListedFactory(organisation=firm) for _ in range(3)]
    withdrawn = ProductFactory(organisation=firm, state="withdrawn")
    for place, row in enumerate((shown[1], withdrawn, shown[0], shown[2])):
        ExhibitFactory(exhibitor=exhibitor, product=row, order=place, featured=row == shown[1])
    now = clock.now()
    coming = EditionFactory(series=exhibitor.edition.series, closes_at=now + dt.timedelta(days=9))
    TierFactory(edition=coming, slug=exhibitor.tier.slug, max_exhibits=2)
    request = ReconfirmationFactory(previous=exhibitor, edition=coming)

    new = confirm_again(lin, request.pk)

    rows = Exhibit.objects.filter(exhibitor=new).order_by("order")
    assert [(row.product, row.featured) for row in rows] == [(shown[1], True), (shown[0], False)]
    new.refresh_from_db()
    assert (new.exhibit_count, Exhibit.objects.filter(exhibitor=exhibitor).count()) == (2, 4)


def test_products_that_wait_for_a_moderator_are_named_before_closing(firm, exhibitor):
    ProductFactory(organisation=firm, state="submitted")
    ProductFactory(state="submitted")
    edition = exhibitor.edition
    found = {row.label: (row.count, row.url) for row in pending_before_closing(edition)}
    assert found == {"待审核的产品": (1, "/organise/haizhou-2026/products/")}
