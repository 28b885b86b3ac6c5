"""What firms, moderators and keepers do with products."""

from typing import Any

import pytest

from haishi.catalogue import selectors, services
from haishi.catalogue.errors import (
    NotADraft,
    PriceMissing,
    PriceTiersWrong,
    ProductIncomplete,
    ReasonMissing,
)
from haishi.catalogue.models import PriceTier, Product
from haishi.catalogue.tests.factories import (
    BrandFactory,
    ListedFactory,
    PriceTierFactory,
    ProductFactory,
)
from haishi.expo.tests.factories import ExhibitorFactory
from haishi.foundation.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from haishi.foundation.models import AuditEntry
from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
TIERS = [(10, 3_800), (100, 3_200)]


def kept(product: Any) -> Any:
    product.refresh_from_db()
    return product


def test_a_firm_writes_a_draft_with_price_tiers(lin, firm, category):
    row = services.create(
        lin, firm.pk, category_id=category.pk, name="沙燕", price_mode="tiers", tiers=TIERS
    )
    assert (row.state, row.price_minor, selectors.tiers_of(row)) == ("draft", 3_200, TIERS)


def test_staff_and_strangers_write_no_products(zhou, stranger, firm, category):
    for person in (zhou, stranger):
        with pytest.raises(Forbidden):
            services.create(person, firm.pk, category_id=category.pk, name="沙燕")
    assert Product.objects.count() == 0


@pytest.mark.parametrize("tiers", [[], [(10, 1), (5, 1)], [(1, 5), (2, 6)], [(0, 5)], [(1, -1)]])
def test_tiers_that_do_not_descend_are_refused(lin, firm, category, tiers):
    with pytest.raises(PriceTiersWrong):
        services.create(
            lin, firm.pk, category_id=category.pk, name="沙燕", price_mode="tiers", tiers=tiers
        )
    assert (Product.objects.count(), PriceTier.objects.count()) == (0, 0)


def test_a_fixed_price_needs_a_number_and_a_request_has_none(lin, firm, category):
    with pytest.raises(PriceMissing):
        services.create(lin, firm.pk, category_id=category.pk, name="沙燕", price_mode="fixed")
    row = services.create(
        lin, firm.pk, category_id=category.pk, name="沙燕", price_mode="request", price_minor=5
    )
    assert (Product.objects.count(), row.price_minor) == (1, None)


@pytest.mark.parametrize(
    "changes",
    [{"category_id": 987}, {"brand_id": 987}, {"currency": "XYZ"}, {"minimum": 0}],
    ids=lambda changes: next(iter(changes)),
)
def test_what_does_not_exist_cannot_be_chosen(lin, firm, changes):
    row = ProductFactory(organisation=firm)
    with pytest.raises(Invalid):
        services.edit(lin, row.pk, 1, **changes)
    assert kept(row).version == 1


def test_files_of_another_firm_cannot_be_shown(lin, firm):
    row = ProductFactory(organisation=firm)
    with pytest.raises(Conflict):
        services.edit(lin, row.pk, 1, picture_ids=[987])
    assert kept(row).picture_ids == []


def test_editing_grows_the_version_and_a_stale_page_says_who_was_faster(lin, firm):
    row = ProductFactory(organisation=firm)
    services.edit(lin, row.pk, 1, name="双燕")
    with pytest.raises(Stale) as refusal:
        services.edit(lin, row.pk, 1, name="三燕")
    assert "林海 已修改了名称" in str(refusal.value)
    assert (kept(row).name, row.version) == ("双燕", 2)


def test_new_tiers_alone_grow_the_version_too(lin, firm):
    row = ProductFactory(organisation=firm, price_mode="tiers", price_minor=3_800)
    PriceTierFactory(product=row, minimum=1)
    services.edit(lin, row.pk, 1, tiers=[(1, 3_800), (5, 3_800)])
    assert kept(row).version == 2
    assert selectors.tiers_of(row) == [(1, 3_800), (5, 3_800)]
    with pytest.raises(Stale):
        services.edit(lin, row.pk, 1, name="双燕")


def test_changing_the_price_mode_drops_the_tiers(lin, firm):
    row = ProductFactory(organisation=firm, price_mode="tiers", price_minor=3_800)
    PriceTierFactory(product=row)
    services.edit(lin, row.pk, 1, price_mode="fixed", price_minor=4_000)
    assert (kept(row).price_minor, selectors.tiers_of(row)) == (4_000, [])


def test_a_product_is_submitted_returned_and_listed(lin, chen, firm, exhibitor):
    row = ProductFactory(organisation=firm)
    services.submit(lin, row.pk)
    services.return_(chen, row.pk, "请补充尺寸。")
    assert (kept(row).state, row.reason) == ("returned", "请补充尺寸。")
    services.submit(lin, row.pk)
    services.approve(chen, row.pk)
    assert (kept(row).state, row.reason, row.listed_at is not None) == ("listed", "", True)
    done = AuditEntry.objects.filter(subject_id=row.pk).order_by("id")
    assert [entry.action for entry in done] == [
        "product.submit",
        "product.return",
        "product.submit",
        "product.approve",
    ]


def test_an_incomplete_product_is_not_submitted(lin, firm):
    row = ProductFactory(organisation=firm, summary="", description=" ")
    with pytest.raises(ProductIncomplete) as refusal:
        services.submit(lin, row.pk)
    assert str(refusal.value) == "请先补全：一句话介绍、详细介绍。"
    assert kept(row).state == "draft"


def test_a_return_needs_a_reason(chen, firm, exhibitor):
    row = ProductFactory(organisation=firm, state="submitted")
    with pytest.raises(ReasonMissing):
        services.return_(chen, row.pk, "  ")
    assert kept(row).state == "submitted"


def test_moderators_judge_only_firms_that_come_to_their_editions(chen, lin):
    row = ProductFactory(state="submitted")
    with pytest.raises(NotFound):
        services.approve(chen, row.pk)
    ExhibitorFactory(organisation=row.organisation, edition__series__organiser__name="别处")
    with pytest.raises(NotFound):
        services.approve(chen, row.pk)
    assert kept(row).state == "submitted"


def test_nobody_lists_his_own_product(lin, firm, exhibitor):
    row = ProductFactory(organisation=firm, state="submitted")
    with pytest.raises(Forbidden):
        services.approve(lin, row.pk)
    assert kept(row).state == "submitted"


def test_a_draft_cannot_be_listed_at_once(chen, firm, exhibitor):
    row = ProductFactory(organisation=firm)
    with pytest.raises(NotFound):
        services.approve(chen, row.pk)
    assert kept(row).state == "draft"


def test_changed_words_of_a_listed_product_stay_public_and_ask_for_a_second_look(
    lin, chen, firm, exhibitor
):
    row = ListedFactory(organisation=firm)
    services.edit(lin, row.pk, 1, description="改成另一件东西。")
    assert (kept(row).state, row.unreviewed) == ("listed", True)
    services.acknowledge(chen, row.pk)
    assert kept(row).unreviewed is False


def test_a_new_price_or_order_of_pictures_needs_no_second_look(lin, firm):
    row = ListedFactory(organisation=firm, picture_ids=[4, 5, 6])
    services.edit(lin, row.pk, 1, price_mode="fixed", price_minor=100, tags=["非遗"])
    services.order_pictures(lin, row.pk, [6, 4, 99])
    assert (kept(row).picture_ids, row.unreviewed) == ([6, 4, 5], False)


def test_a_firm_withdraws_and_asks_again(lin, firm):
    row = ListedFactory(organisation=firm)
    services.withdraw(lin, row.pk)
    assert kept(row).state == "withdrawn"
    services.submit(lin, row.pk)
    assert kept(row).state == "submitted"


def test_a_copy_is_a_draft_of_its_own(lin, firm):
    row = ListedFactory(organisation=firm, price_mode="tiers", price_minor=3_200, tags=["非遗"])
    for minimum, price in TIERS:
        PriceTierFactory(product=row, minimum=minimum, price_minor=price)
    copy = services.duplicate(lin, row.pk)
    assert (copy.name, copy.state, copy.tags) == ("沙燕风筝（副本）", "draft", ["非遗"])
    assert (copy.slug != row.slug, selectors.tiers_of(copy)) == (True, TIERS)


def test_only_a_draft_can_be_discarded(lin, firm):
    draft, listed = ProductFactory(organisation=firm), ListedFactory(organisation=firm)
    services.discard(lin, draft.pk)
    with pytest.raises(NotADraft):
        services.discard(lin, listed.pk)
    assert list(Product.objects.all()) == [listed]


class TestAKeeper:
    @pytest.fixture
    def keeper(self) -> Any:
        return PersonFactory(name="掌柜")

    @pytest.fixture
    def brand(self, keeper: Any) -> Any:
        owner = OrganisationFactory(name="手造推进会")
        MembershipFactory(person=keeper, organisation=owner, role="owner")
        return BrandFactory(slug="shouzao", keeper=owner)

    def test_admits_a_listed_product(self, keeper, brand):
        row = ListedFactory(brand=brand)
        services.admit(keeper, row.pk)
        assert kept(row).brand_admitted is True

    def test_declines_and_the_firm_may_wish_again(self, keeper, brand, lin, firm):
        row = ListedFactory(brand=brand, organisation=firm)
        services.decline(keeper, row.pk)
        assert (kept(row).brand_id, row.brand_admitted) == (None, False)
        services.edit(lin, row.pk, row.version, brand_id=brand.pk)
        assert kept(row).brand_id == brand.pk

    def test_admits_nothing_that_did_not_ask(self, keeper, brand):
        row = ListedFactory()
        with pytest.raises(Forbidden):
            services.decline(keeper, row.pk)
        assert kept(row).brand_admitted is False

    def test_is_the_only_one_who_admits(self, brand, lin, firm):
        row = ListedFactory(brand=brand, organisation=firm)
        with pytest.raises(Forbidden):
            services.admit(lin, row.pk)
        assert kept(row).brand_admitted is False

    def test_is_asked_again_when_the_firm_changes_its_channel(self, brand, lin, firm):
        row = ListedFactory(brand=BrandFactory(), brand_admitted=True, organisation=firm)
        services.edit(lin, row.pk, 1, brand_id=brand.pk)
        assert (kept(row).brand_id, row.brand_admitted) == (brand.pk, False)
