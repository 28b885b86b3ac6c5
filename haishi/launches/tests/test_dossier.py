"""A dossier goes from draft to announcement; every refusal leaves it as it was."""

import datetime as dt

import pytest

from haishi.catalogue.tests.factories import ProductFactory
from haishi.foundation import clock, draws
from haishi.foundation.audit import history
from haishi.foundation.errors import Conflict, Forbidden, NotFound, Stale
from haishi.foundation.models import Outbox, Pool
from haishi.launches import services
from haishi.launches.errors import (
    AlreadyUnveiled,
    DossierIncomplete,
    DossierLocked,
    FilesGone,
    InstantTooSoon,
    LaunchElsewhere,
    PriceMissing,
    ReasonMissing,
)
from haishi.launches.models import Allotment, Launch, Reservation
from haishi.media import selectors as media
from haishi.media.tests.factories import ready_asset
from haishi.parties.tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def facts() -> list[str]:
    return list(Outbox.objects.order_by("id").values_list("label", flat=True))


def story(launch) -> list[str]:
    return [entry.action for entry in reversed(history(launch))]


def private() -> dict[str, bool]:
    row = Launch.objects.get()
    found = media.assets([row.teaser_asset_id, *row.sealed_ids])
    return {asset.token: asset.private for asset in found.values()}


def test_a_draft_keeps_what_was_written_and_its_address_says_nothing(draft, dossier):
    row = Launch.objects.get()
    assert (row.name, row.teaser, row.state, row.version) == ("潮汐灯", "把海带回家", "draft", 1)
    assert "tide" not in row.slug
    assert row.slug.startswith("l-")
    sale = row.allotment
    assert (sale.quota, sale.rule, sale.price_minor, sale.pay_minutes) == (5, "draw", 12_800, 20)
    assert (sale.opens_at, sale.closes_at) == (
        dossier["unveil_at"], dossier["unveil_at"] + HOUR / 2,
    )  # fmt: skip
    assert (sale.pool_id, sale.commitment) == (None, "")


def test_staff_and_strangers_do_not_write_dossiers(exhibitor, zhou, stranger, chen, dossier):
    for person, refusal in ((zhou, Forbidden), (stranger, Forbidden), (chen, Forbidden)):
        with pytest.raises(refusal):
            services.draft(person, exhibitor.pk, **dossier)
    assert Launch.objects.count() == 0


def test_a_dossier_has_only_products_and_files_of_its_own_firm(lin, exhibitor, dossier):
    other = OrganisationFactory()
    product = ProductFactory(organisation=other, state="listed")
    with pytest.raises(LaunchElsewhere):
        services.draft(lin, exhibitor.pk, **{**dossier, "product_id": product.pk})
    with pytest.raises(FilesGone):
        services.draft(lin, exhibitor.pk, **{**dossier, "cover_asset_id": ready_asset(other).pk})
    hidden = ProductFactory(organisation=other)
    with pytest.raises(NotFound):
        services.draft(lin, exhibitor.pk, **{**dossier, "product_id": hidden.pk})
    assert Launch.objects.count() == 0


def test_a_first_sale_needs_a_price(lin, exhibitor, dossier):
    with pytest.raises(PriceMissing):
        services.draft(lin, exhibitor.pk, **{**dossier, "price_minor": None})
    assert (Launch.objects.count(), Allotment.objects.count()) == (0, 0)


def test_editing_says_who_was_quicker_and_a_later_instant_moves_the_sale(lin, draft, dossier):
    later = dossier["unveil_at"] + HOUR
    services.edit(lin, draft.pk, 1, name="潮灯", unveil_at=later, quota=8)
    row = Launch.objects.select_related("allotment").get()
    assert (row.name, row.version, row.allotment.quota) == ("潮灯", 2, 8)
    assert (row.allotment.opens_at, row.allotment.closes_at) == (later, later + HOUR / 2)
    with pytest.raises(Stale):
        services.edit(lin, draft.pk, 1, name="海灯", quota=1)
    row.refresh_from_db()
    assert (row.name, Allotment.objects.get().quota) == ("潮灯", 8)


def test_a_change_of_the_sale_alone_makes_a_new_version_and_none_removes_it(lin, draft):
    assert services.edit(lin, draft.pk, 1, price_minor=9_900).version == 2
    assert Allotment.objects.get().price_minor == 9_900
    assert services.edit(lin, draft.pk, 2, quota=None).version == 3
    assert Allotment.objects.count() == 0


def test_what_is_missing_is_named_before_it_is_handed_in(lin, exhibitor):
    launch = services.draft(lin, exhibitor.pk, name="潮汐灯", teaser="把海带回家")
    with pytest.raises(DossierIncomplete, match="揭幕内容、揭幕图、揭幕时刻"):
        services.submit(lin, launch.pk)
    launch.refresh_from_db()
    assert (launch.state, facts()) == ("draft", [])


def test_a_dossier_that_was_handed_in_is_not_changed_until_it_is_taken_back(lin, zhou, draft):
    with pytest.raises(Forbidden):
        services.submit(zhou, draft.pk)
    services.submit(lin, draft.pk)
    with pytest.raises(DossierLocked):
        services.edit(lin, draft.pk, 2, name="海灯")
    assert Launch.objects.get().name == "潮汐灯"
    assert services.take_back(lin, draft.pk).state == "draft"
    services.edit(lin, draft.pk, 3, name="海灯")
    assert facts() == ["launches.LaunchSubmitted"]


def test_a_reviewer_returns_with_a_reason_or_accepts(lin, chen, stranger, draft):
    services.submit(lin, draft.pk)
    with pytest.raises(NotFound):
        services.approve(stranger, draft.pk)
    with pytest.raises(Forbidden):
        services.approve(lin, draft.pk)
    with pytest.raises(ReasonMissing):
        services.return_(chen, draft.pk, "  ")
    assert Launch.objects.get().state == "under_review"
    services.return_(chen, draft.pk, "请补英文。")
    assert (Launch.objects.get().state, Launch.objects.get().review_note) == (
        "draft", "请补英文。",
    )  # fmt: skip
    services.submit(lin, draft.pk)
    services.approve(chen, draft.pk)
    row = Launch.objects.get()
    assert (row.state, row.review_note, row.announced_at) == ("embargoed", "", None)
    assert facts() == [
        "launches.LaunchSubmitted",
        "launches.LaunchReturned",
        "launches.LaunchSubmitted",
        "launches.LaunchApproved",
    ]
    with pytest.raises(Conflict):
        services.return_(chen, draft.pk, "晚了")


def test_announcing_opens_the_teaser_and_commits_to_a_seed(announced):
    sale = Allotment.objects.get()
    assert announced.state == "announced"
    assert (Pool.objects.get().capacity, Pool.objects.get().pk) == (5, sale.pool_id)
    assert sale.commitment == draws.commitment_of(sale.seed)
    assert private() == {"tok-teaser": False, "tok-cover": True, "tok-more": True}
    assert facts()[-1] == "launches.LaunchAnnounced"
    assert story(announced) == [
        "launch.drafted", "launch.submit", "launch.approve", "launch.announce",
    ]  # fmt: skip


def test_the_instant_is_at_least_ten_minutes_away(lin, embargoed):
    soon = clock.now() + dt.timedelta(minutes=9)
    Launch.objects.update(unveil_at=soon)
    with pytest.raises(InstantTooSoon, match="10"):
        services.announce(lin, embargoed.pk)
    row = Launch.objects.get()
    assert (row.state, row.announced_at, Pool.objects.count()) == ("embargoed", None, 0)
    assert private()["tok-teaser"] is True
    with pytest.raises(InstantTooSoon):
        services.reschedule(lin, embargoed.pk, row.version, soon)


def test_moving_the_instant_moves_the_sale_and_reminds_again(lin, announced, stranger, dossier):
    services.reserve(stranger, announced.pk)
    Reservation.objects.update(reminded_at=clock.now())
    later = dossier["unveil_at"] + HOUR
    services.reschedule(lin, announced.pk, announced.version, later)
    sale = Allotment.objects.get()
    assert (sale.opens_at, sale.closes_at) == (later, later + HOUR / 2)
    assert Reservation.objects.get().reminded_at is None
    moved = Outbox.objects.get(label="launches.LaunchMoved")
    assert moved.payload == {"launch_id": announced.pk, "withdrawn": False}


def test_withdrawing_seals_the_teaser_again_and_announcing_once_more_keeps_the_seed(lin, announced):
    seed = Allotment.objects.get().seed
    services.withdraw(lin, announced.pk)
    assert (Launch.objects.get().state, private()["tok-teaser"]) == ("embargoed", True)
    assert Outbox.objects.get(label="launches.LaunchMoved").payload["withdrawn"] is True
    services.take_back(lin, announced.pk)
    services.edit(lin, announced.pk, Launch.objects.get().version, quota=7)
    assert (Pool.objects.get().capacity, Allotment.objects.get().seed) == (7, seed)


def test_what_was_unveiled_is_neither_moved_nor_withdrawn(lin, announced, dossier):
    Launch.objects.update(unveil_at=clock.now() - dt.timedelta(seconds=1))
    version = Launch.objects.get().version
    with pytest.raises(AlreadyUnveiled):
        services.reschedule(lin, announced.pk, version, dossier["unveil_at"])
    with pytest.raises(AlreadyUnveiled):
        services.withdraw(lin, announced.pk)
    assert (Launch.objects.get().state, private()["tok-teaser"]) == ("announced", False)
