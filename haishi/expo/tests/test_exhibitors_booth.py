"""A firm sets up its booth within its tier; visitors see it once it is complete."""

import pytest
from django.contrib.auth.models import AnonymousUser

from haishi.expo import selectors, services
from haishi.expo.errors import (
    NotColleague,
    PictureOfAnother,
    StepTwice,
    StepUnclear,
    TierForbids,
    TierFull,
)
from haishi.expo.models import BoothStaff, NextStep
from haishi.expo.tests.factories import BoothFactory, EditionFactory, ExhibitorFactory, TierFactory
from haishi.expo.types import StaffMember, Step
from haishi.foundation.errors import Forbidden, NotFound, Stale
from haishi.foundation.models import Outbox
from haishi.media.tests.factories import ready_asset
from haishi.parties.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
INTRO = "我们用潮汐、渔火和老船坞的声音做影像，从一九九八年拍到今天，欢迎来展位坐一坐，听一段海。"
PAGE = {"headline": "光影里的海", "intro": INTRO, "template": "stage", "colour": "zi"}


@pytest.fixture
def edition(organiser):
    return EditionFactory(series__organiser=organiser)


@pytest.fixture
def tier(edition):
    return TierFactory(edition=edition, max_media=2, max_staff=1)


@pytest.fixture
def exhibitor(edition, tier, firm):
    booth = BoothFactory(hall__edition=edition, code="A01")
    return ExhibitorFactory(
        edition=edition, organisation=firm, tier=tier, state="approved", booth=booth
    )


def asset(firm, kind: str = "image", **fields) -> int:
    return ready_asset(firm, kind, **fields).pk


def lacking(exhibitor) -> list[str]:
    exhibitor.refresh_from_db()
    return [item.key for item in selectors.checklist(exhibitor) if not item.done]


def test_a_booth_is_shown_when_the_last_thing_is_done(exhibitor, firm, lin, stranger):
    assert lacking(exhibitor) == ["headline", "intro", "banner", "staff", "steps", "exhibits"]
    services.set_up_booth(lin, exhibitor.pk, exhibitor.version, **PAGE)
    services.set_media(lin, exhibitor.pk, banner=asset(firm), pictures=[asset(firm)])
    services.set_staff(lin, exhibitor.pk, [StaffMember(lin.pk)])
    services.set_steps(lin, exhibitor.pk, [Step("enquire"), Step("card")])
    assert lacking(exhibitor) == ["exhibits"]
    with pytest.raises(NotFound):
        selectors.booth_page(stranger, exhibitor.pk)
    assert selectors.booth_page(lin, exhibitor.pk).shown is False
    services.note_exhibits(exhibitor.pk, 3)
    page = selectors.booth_page(stranger, exhibitor.pk)
    assert page.shown is True
    assert ([s.kind for s in page.steps], [s.person for s in page.staff]) == (
        ["enquire", "card"],
        [lin],
    )
    services.note_exhibits(exhibitor.pk, 2)
    with pytest.raises(NotFound):
        selectors.booth_page(stranger, exhibitor.pk)


def test_an_introduction_of_39_characters_is_too_short(exhibitor, lin):
    short = {**PAGE, "intro": "海" * 39}
    services.set_up_booth(lin, exhibitor.pk, 1, **short)
    assert "intro" in lacking(exhibitor)
    services.set_up_booth(lin, exhibitor.pk, 2, **{**PAGE, "intro": "海" * 40})
    assert "intro" not in lacking(exhibitor)


def test_somebody_must_answer(exhibitor, lin):
    services.set_staff(lin, exhibitor.pk, [StaffMember(lin.pk, answers=False)])
    assert "staff" in lacking(exhibitor)


def test_a_stale_booth_page_changes_nothing(exhibitor, lin):
    services.set_up_booth(lin, exhibitor.pk, 1, **PAGE)
    with pytest.raises(Stale, match=r"林海 已修改了.*展位标题"):
        services.set_up_booth(lin, exhibitor.pk, 1, **{**PAGE, "headline": "旧页面"})
    with pytest.raises(Stale):
        services.set_steps(lin, exhibitor.pk, [Step("card")], seen=1)
    exhibitor.refresh_from_db()
    assert (exhibitor.headline, NextStep.objects.count()) == ("光影里的海", 0)


def test_staff_of_the_firm_and_strangers_do_not_set_up_booths(exhibitor, zhou, stranger, chen):
    for person, error in ((zhou, Forbidden), (stranger, NotFound), (chen, Forbidden)):
        with pytest.raises(error):
            services.set_up_booth(person, exhibitor.pk, 1, **PAGE)
    exhibitor.refresh_from_db()
    assert (exhibitor.headline, exhibitor.version) == ("", 1)


def test_the_tier_limits_pictures_and_files_together(exhibitor, firm, lin):
    three = [asset(firm), asset(firm)]
    with pytest.raises(TierFull, match="2"):
        services.set_media(
            lin, exhibitor.pk, banner=None, pictures=three, documents=[asset(firm, "document")]
        )
    exhibitor.refresh_from_db()
    assert (exhibitor.media_ids, exhibitor.document_ids, exhibitor.version) == ([], [], 1)


def test_the_tier_decides_about_video_and_models(exhibitor, firm, lin, tier):
    video, model = asset(firm, "video"), asset(firm, "model")
    with pytest.raises(TierForbids):
        services.set_media(lin, exhibitor.pk, banner=None, pictures=[], video=video)
    with pytest.raises(TierForbids):
        services.set_media(lin, exhibitor.pk, banner=None, pictures=[model])
    type(tier).objects.update(may_video=True, may_model=True)
    services.set_media(lin, exhibitor.pk, banner=None, pictures=[model], video=video)
    page = selectors.booth_page(lin, exhibitor.pk)
    assert (page.media_ids, page.video_id) == ([model], video)


def test_a_smaller_tier_hides_what_it_lacks_and_loses_nothing(
    exhibitor, edition, firm, lin, chen, tier
):
    type(tier).objects.update(may_video=True, may_model=True)
    first, second, model, video = (
        asset(firm), asset(firm), asset(firm, "model"), asset(firm, "video"),
    )  # fmt: skip
    services.set_media(lin, exhibitor.pk, banner=None, pictures=[model, first], video=video)
    small = TierFactory(edition=edition, max_media=1)
    services.change_tier(chen, exhibitor.pk, small.pk)
    page = selectors.booth_page(lin, exhibitor.pk)
    assert (page.media_ids, page.video_id) == ([first], None)
    exhibitor.refresh_from_db()
    assert (exhibitor.media_ids, exhibitor.video_asset_id) == ([model, first], video)
    assert second not in page.media_ids


@pytest.mark.parametrize("fault", ["another firm", "private", "refused", "wrong kind", "unknown"])
def test_only_ones_own_fitting_files_are_chosen(exhibitor, firm, lin, organiser, fault):
    made = {
        "another firm": lambda: asset(organiser),
        "private": lambda: asset(firm, private=True),
        "refused": lambda: asset(firm, state="refused", reason="不是图片"),
        "wrong kind": lambda: asset(firm, "document"),
        "unknown": lambda: 99_999,
    }[fault]()
    with pytest.raises(PictureOfAnother):
        services.set_media(lin, exhibitor.pk, banner=made, pictures=[])
    exhibitor.refresh_from_db()
    assert exhibitor.banner_asset_id is None


def test_the_tier_limits_the_people(exhibitor, lin, zhou):
    with pytest.raises(TierFull, match="1"):
        services.set_staff(lin, exhibitor.pk, [StaffMember(lin.pk), StaffMember(zhou.pk)])
    assert BoothStaff.objects.count() == 0


def test_only_colleagues_stand_at_the_booth(exhibitor, lin, stranger, organiser):
    MembershipFactory(person=stranger, organisation=organiser)
    with pytest.raises(NotColleague):
        services.set_staff(lin, exhibitor.pk, [StaffMember(stranger.pk)])
    assert BoothStaff.objects.count() == 0


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ([Step("card"), Step("card")], StepTwice),
        ([Step("link", "官网", url="https://a.example")] * 4, StepTwice),
        ([Step("link", "", url="https://a.example")], StepUnclear),
        ([Step("link", "官网", url="javascript:alert(1)")], StepUnclear),
        ([Step("link", "官网", url="http://a.example")], StepUnclear),
    ],
)
def test_unclear_steps_change_nothing(exhibitor, lin, steps, error):
    services.set_steps(lin, exhibitor.pk, [Step("enquire")])
    with pytest.raises(error):
        services.set_steps(lin, exhibitor.pk, steps)
    assert [row.kind for row in NextStep.objects.all()] == ["enquire"]


def test_a_change_that_visitors_do_not_see_yet_tells_nobody(exhibitor, lin):
    type(exhibitor).objects.update(state="submitted", booth=None)
    services.set_up_booth(lin, exhibitor.pk, 1, **PAGE)
    assert Outbox.objects.count() == 0


def test_a_booth_page_takes_four_queries(exhibitor, firm, lin, django_assert_num_queries):
    services.set_staff(lin, exhibitor.pk, [StaffMember(lin.pk)])
    services.set_media(lin, exhibitor.pk, banner=None, pictures=[asset(firm)])
    type(exhibitor).objects.update(complete=True)
    with django_assert_num_queries(4):  # exhibitor, kinds of its files, staff, steps
        selectors.booth_page(AnonymousUser(), exhibitor.pk)
