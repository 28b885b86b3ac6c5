"""A firm applies, is returned, corrects, is approved, suspended and comes back."""

import datetime as dt

import pytest

from haishi.expo import selectors, services
from haishi.expo.errors import (
    AlreadyApplied,
    ApplicationIncomplete,
    ApplicationsClosed,
    BoothElsewhere,
    BoothTaken,
    EditionNotOpen,
    ReasonMissing,
    TierElsewhere,
)
from haishi.expo.models import Exhibitor
from haishi.expo.tests.factories import (
    BoothFactory,
    EditionFactory,
    ExhibitorFactory,
    HallFactory,
    ShownExhibitorFactory,
    TierFactory,
)
from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound, Stale
from haishi.foundation.models import AuditEntry, Outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(organiser):
    now = clock.now()
    return EditionFactory(
        series__organiser=organiser,
        slug="haizhou-2026",
        opens_at=now + dt.timedelta(days=10),
        closes_at=now + dt.timedelta(days=14),
        apply_until=now + dt.timedelta(days=5),
    )


@pytest.fixture
def tier(edition):
    return TierFactory(edition=edition, slug="standard", max_media=2, max_staff=1)


@pytest.fixture
def draft(edition, tier, firm, lin):
    return services.apply(lin, edition.pk, firm.pk, plan="展出三部数字影像。")


@pytest.fixture
def submitted(draft, lin):
    return services.submit(lin, draft.pk)


def facts() -> list[str]:
    return list(Outbox.objects.order_by("id").values_list("label", flat=True))


def test_an_application_is_submitted_returned_with_a_reason_corrected_and_approved(
    draft, lin, chen, edition
):
    booth = BoothFactory(hall__edition=edition, code="A01")
    services.submit(lin, draft.pk)
    services.return_(chen, draft.pk, " 请补充展品清单 ")
    returned = selectors.get_exhibitor(lin, draft.pk)
    assert (returned.state, returned.reason) == ("returned", "请补充展品清单")
    services.edit_application(lin, draft.pk, returned.version, plan="三部影像，两件装置。")
    services.submit(lin, draft.pk)
    services.approve(chen, draft.pk, booth_id=booth.pk)
    done = selectors.get_exhibitor(lin, draft.pk)
    assert (done.state, done.reason, done.booth, done.decided_by) == ("approved", "", booth, chen)
    assert facts() == [
        "expo.ExhibitorSubmitted",
        "expo.ExhibitorReturned",
        "expo.ExhibitorSubmitted",
        "expo.ExhibitorApproved",
        "expo.BoothChanged",
    ]
    actions = AuditEntry.objects.filter(subject_type="expo.exhibitor").order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "exhibitor.begun",
        "exhibitor.submitted",
        "exhibitor.returned",
        "exhibitor.edited",
        "exhibitor.submitted",
        "exhibitor.approved",
    ]


def test_a_second_application_of_the_same_firm_is_refused(draft, lin, edition, firm):
    with pytest.raises(AlreadyApplied):
        services.apply(lin, edition.pk, firm.pk)
    assert Exhibitor.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"apply_until": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, ApplicationsClosed),
        (
            {
                "opens_at": dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
                "apply_until": None,
                "closes_at": dt.datetime(2025, 1, 2, tzinfo=dt.UTC),
            },
            ApplicationsClosed,
        ),
        ({"state": "closed"}, EditionNotOpen),
        ({"state": "draft"}, NotFound),
    ],
)
def test_nobody_applies_to_an_edition_that_takes_no_applications(
    edition, tier, firm, lin, changes, error
):
    type(edition).objects.filter(pk=edition.pk).update(**changes)
    with pytest.raises(error):
        services.apply(lin, edition.pk, firm.pk)
    assert Exhibitor.objects.count() == 0


def test_a_returned_application_may_be_corrected_after_the_deadline(submitted, lin, chen, edition):
    services.return_(chen, submitted.pk, "请补充")
    edition.apply_until = clock.now() - dt.timedelta(days=1)
    edition.save()
    assert services.submit(lin, submitted.pk).state == "submitted"


def test_staff_and_strangers_do_not_apply_for_a_firm(edition, tier, firm, zhou, stranger):
    for person in (zhou, stranger):
        with pytest.raises(Forbidden):
            services.apply(person, edition.pk, firm.pk)
    assert Exhibitor.objects.count() == 0


def test_a_tier_of_another_edition_is_refused(edition, tier, firm, lin):
    with pytest.raises(TierElsewhere):
        services.apply(lin, edition.pk, firm.pk, tier_id=TierFactory().pk)
    assert Exhibitor.objects.count() == 0


def test_an_application_without_a_plan_stays_a_draft(edition, tier, firm, lin):
    draft = services.apply(lin, edition.pk, firm.pk)
    with pytest.raises(ApplicationIncomplete):
        services.submit(lin, draft.pk)
    draft.refresh_from_db()
    assert (draft.state, draft.version, facts()) == ("draft", 1, [])


def test_a_stale_edit_says_who_changed_what_and_changes_nothing(draft, lin):
    services.edit_application(lin, draft.pk, 1, plan="新的计划")
    with pytest.raises(Stale, match="林海 已修改了参展计划"):
        services.edit_application(lin, draft.pk, 1, plan="旧页面上的计划")
    draft.refresh_from_db()
    assert draft.plan == "新的计划"


def test_a_submitted_application_cannot_be_edited(submitted, lin):
    with pytest.raises(Conflict):
        services.edit_application(lin, submitted.pk, submitted.version, plan="改")
    submitted.refresh_from_db()
    assert submitted.plan == "展出三部数字影像。"


def test_returning_needs_a_reason(submitted, chen):
    with pytest.raises(ReasonMissing):
        services.return_(chen, submitted.pk, "  ")
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_a_booth_goes_to_one_firm(submitted, chen, edition):
    other = ShownExhibitorFactory(edition=edition)
    with pytest.raises(BoothTaken):
        services.approve(chen, submitted.pk, booth_id=other.booth_id)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.booth_id) == ("submitted", None)


def test_a_booth_of_another_edition_is_refused(submitted, chen):
    with pytest.raises(BoothElsewhere):
        services.approve(chen, submitted.pk, booth_id=BoothFactory().pk)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_an_application_is_decided_by_the_organiser_only(submitted, lin, zhou, stranger):
    for person, error in ((lin, Forbidden), (zhou, Forbidden), (stranger, NotFound)):
        with pytest.raises(error):
            services.approve(person, submitted.pk)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_a_draft_does_not_exist_for_the_organiser(draft, chen):
    with pytest.raises(NotFound):
        services.approve(chen, draft.pk)


def test_a_suspended_booth_is_hidden_until_it_is_reinstated(edition, chen, stranger):
    shown = ShownExhibitorFactory(edition=edition)
    services.suspend(chen, shown.pk, "展品权属待核实")
    with pytest.raises(NotFound):
        selectors.booth_page(stranger, shown.pk)
    services.reinstate(chen, shown.pk)
    page = selectors.booth_page(stranger, shown.pk)
    assert (page.shown, page.exhibitor.state, page.exhibitor.reason) == (True, "approved", "")


def test_a_place_may_be_changed_and_taken_back(edition, chen):
    shown = ShownExhibitorFactory(edition=edition)
    place = BoothFactory(hall=HallFactory(edition=edition), code="C07")
    assert services.assign_booth(chen, shown.pk, place.pk).booth == place
    moved = services.assign_booth(chen, shown.pk, None)
    assert (moved.booth, moved.complete) == (None, False)


def test_a_place_needs_an_approved_firm(submitted, chen, edition):
    place = BoothFactory(hall__edition=edition)
    with pytest.raises(Conflict):
        services.assign_booth(chen, submitted.pk, place.pk)
    submitted.refresh_from_db()
    assert submitted.booth_id is None


def test_the_queue_shows_the_longest_waiting_first_and_no_drafts(edition, tier, chen, lin):
    late = ExhibitorFactory(edition=edition, state="submitted", submitted_at=clock.now())
    early = ExhibitorFactory(
        edition=edition, state="submitted", submitted_at=clock.now() - dt.timedelta(days=3)
    )
    ExhibitorFactory(edition=edition)
    assert list(selectors.review_queue(chen, edition, selectors.Filters())) == [early, late]
    with pytest.raises(Forbidden):
        selectors.review_queue(lin, edition, selectors.Filters())
