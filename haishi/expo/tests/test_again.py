"""Last year's exhibitors are asked again: they answer once, or time answers for them."""

import datetime as dt

import pytest

from haishi.expo import selectors, services
from haishi.expo.errors import (
    DeadlineOutside,
    EditionElsewhere,
    EditionNotOpen,
    RequestExpired,
)
from haishi.expo.models import BoothStaff, Exhibitor, NextStep, Reconfirmation
from haishi.expo.tests.factories import (
    EditionFactory,
    ExhibitorFactory,
    HallFactory,
    ShownExhibitorFactory,
    TierFactory,
)
from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import AuditEntry, Outbox
from haishi.foundation.outbox import drain
from haishi.media.tests.factories import ready_asset
from haishi.notices.tests.reading import subjects, told
from haishi.parties.tests.factories import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-CN"}


@pytest.fixture
def last(organiser):
    """Last year's edition, closed."""
    return EditionFactory(series__organiser=organiser, slug="haizhou-2025", state="closed")


@pytest.fixture
def coming(last):
    """The next one, in planning."""
    now = clock.now()
    return EditionFactory(
        series=last.series,
        slug="haizhou-2027",
        name="2027 海州博览会",
        state="draft",
        opens_at=now + dt.timedelta(days=90),
        closes_at=now + dt.timedelta(days=94),
    )


@pytest.fixture
def tier(coming):
    """The standard tier of the coming edition: two files, one person."""
    return TierFactory(edition=coming, slug="standard", max_media=2, max_staff=1)


@pytest.fixture
def booth(last, firm, lin, zhou):
    """The firm's booth of last year, set up."""
    pictures = [ready_asset(firm).pk for _n in range(3)]
    hall = HallFactory(edition=last, slug="digital")
    row = ShownExhibitorFactory(
        edition=last,
        organisation=firm,
        tier=TierFactory(edition=last, slug="standard"),
        booth__hall=hall,
        media_ids=pictures,
        banner_asset_id=pictures[0],
        headline_en="The sea in light",
        colour="jiang",
    )
    for order, person in enumerate((lin, zhou, PersonFactory())):
        BoothStaff.objects.create(exhibitor=row, person=person, order=order)
    NextStep.objects.create(exhibitor=row, kind="enquire", order=0)
    return row


def until(days=21):
    return clock.now() + dt.timedelta(days=days)


@pytest.fixture
def request_(coming, tier, last, booth, chen):
    services.ask_again(chen, coming.pk, source_id=last.pk, expires_at=until())
    return Reconfirmation.objects.get(previous=booth)


def facts() -> list[str]:
    return list(Outbox.objects.order_by("id").values_list("label", flat=True))


def test_approved_exhibitors_are_asked_once_and_their_managers_hear_of_it(
    coming, tier, last, booth, chen, lin, zhou
):
    ShownExhibitorFactory(edition=last, state="suspended", reason="待核实")
    ExhibitorFactory(edition=last)
    ask = {"source_id": last.pk, "expires_at": until()}

    assert services.ask_again(chen, coming.pk, **ask) == 1
    assert services.ask_again(chen, coming.pk, **ask, also_lapsed=True) == 0

    row = Reconfirmation.objects.get()
    assert (row.previous, row.edition, row.state) == (booth, coming, "asked")
    assert facts() == ["expo.ReconfirmationAsked"]
    drain()
    subject = "“2027 海州博览会”邀请蓬莱影业继续参展"
    assert told(lin) == [(subject, 1, f"/exhibit/{booth.pk}/again/")]
    assert told(zhou) == []


def test_a_firm_that_already_applies_is_left_alone(coming, tier, last, booth, firm, chen):
    ExhibitorFactory(edition=coming, organisation=firm, tier=tier)
    asked = services.ask_again(chen, coming.pk, source_id=last.pk, expires_at=until())
    assert (asked, Reconfirmation.objects.count()) == (0, 0)


def test_only_the_organiser_asks_for_an_open_edition_of_its_own_in_time(
    coming, last, booth, chen, lin, stranger
):
    elsewhere = EditionFactory()
    for person, edition, source, expires, error in (
        (lin, coming, last, until(), NotFound),
        (stranger, coming, last, until(), NotFound),
        (chen, coming, elsewhere, until(), EditionElsewhere),
        (chen, coming, coming, until(), EditionElsewhere),
        (chen, coming, last, until(-1), DeadlineOutside),
        (chen, coming, last, until(95), DeadlineOutside),
        (chen, last, coming, until(), EditionNotOpen),
    ):
        with pytest.raises(error):
            services.ask_again(person, edition.pk, source_id=source.pk, expires_at=expires)
    assert (Reconfirmation.objects.count(), facts()) == (0, [])


def test_a_confirmed_firm_moves_in_with_texts_files_people_and_buttons(
    request_, booth, coming, tier, lin
):
    hall = HallFactory(edition=coming, slug="digital")

    new = services.confirm_again(lin, request_.pk)

    new.refresh_from_db()
    assert (new.edition, new.organisation, new.tier) == (coming, booth.organisation, tier)
    assert (new.state, new.booth, new.wished_hall, new.contact) == ("approved", None, hall, lin)
    texts = ("plan", "headline", "headline_en", "intro", "template", "colour", "banner_asset_id")
    assert [getattr(new, t) for t in texts] == [getattr(booth, t) for t in texts]
    assert new.media_ids == booth.media_ids[:2]  # as many as the tier includes
    assert [row.person for row in selectors.staff_of(new)] == [lin]
    assert [step.kind for step in selectors.steps_of(new)] == ["enquire"]
    request_.refresh_from_db()
    assert (request_.state, request_.answered_at is not None) == ("confirmed", True)


def test_without_a_tier_of_that_name_the_reviewers_decide(request_, coming, tier, lin):
    type(tier).objects.filter(pk=tier.pk).update(slug="basic")
    new = services.confirm_again(lin, request_.pk)
    assert (new.state, new.tier) == ("submitted", tier)
    assert "expo.ExhibitorSubmitted" in facts()


def test_a_booth_that_was_suspended_since_is_reviewed(request_, booth, lin):
    type(booth).objects.filter(pk=booth.pk).update(state="suspended", reason="待核实")
    assert services.confirm_again(lin, request_.pk).state == "submitted"


def test_confirming_twice_has_one_effect(request_, lin, coming):
    first = services.confirm_again(lin, request_.pk)
    before = (facts(), AuditEntry.objects.count())

    assert services.confirm_again(lin, request_.pk) == first

    assert (facts(), AuditEntry.objects.count()) == before
    assert Exhibitor.objects.filter(edition=coming).count() == 1
    with pytest.raises(Conflict):
        services.decline_again(lin, request_.pk)


def test_a_firm_that_applied_by_itself_keeps_what_it_wrote(request_, coming, tier, firm, lin):
    own = ExhibitorFactory(edition=coming, organisation=firm, tier=tier, headline="新的标题")
    assert services.confirm_again(lin, request_.pk) == own
    own.refresh_from_db()
    assert (own.state, own.headline) == ("draft", "新的标题")


def test_only_the_firms_managers_answer(request_, zhou, stranger, chen, coming):
    for person, error in ((zhou, Forbidden), (stranger, NotFound), (chen, NotFound)):
        for service in (services.confirm_again, services.decline_again):
            with pytest.raises(error):
                service(person, request_.pk)
    request_.refresh_from_db()
    assert (request_.state, Exhibitor.objects.filter(edition=coming).count()) == ("asked", 0)


def test_who_declined_may_be_asked_again_and_come(request_, coming, last, chen, lin, organiser):
    services.decline_again(lin, request_.pk)
    drain()
    assert subjects(chen) == ["蓬莱影业谢绝了续展邀请"]
    with pytest.raises(Conflict):
        services.confirm_again(lin, request_.pk)
    ask = {"source_id": last.pk, "expires_at": until(30)}
    assert services.ask_again(chen, coming.pk, **ask) == 0
    assert services.ask_again(chen, coming.pk, **ask, also_lapsed=True) == 1
    request_.refresh_from_db()
    assert (request_.state, request_.answered_at) == ("asked", None)
    assert services.confirm_again(lin, request_.pk).state == "approved"


def test_one_firm_is_asked_once_more_with_as_much_time(request_, coming, chen, lin, stranger):
    length = request_.expires_at - request_.asked_at
    with pytest.raises(Conflict):
        services.ask_once_more(chen, coming.pk, request_.pk)
    services.decline_again(lin, request_.pk)
    other = EditionFactory(series=coming.series, closes_at=until(5), opens_at=until(4))
    with pytest.raises(NotFound):
        services.ask_once_more(chen, other.pk, request_.pk)
    row = services.ask_once_more(chen, coming.pk, request_.pk)
    assert (row.state, row.reminded_at) == ("asked", None)
    assert row.expires_at - row.asked_at == pytest.approx(length, abs=dt.timedelta(seconds=1))


def test_half_time_reminds_once_and_the_end_tells_both(request_, chen, lin):
    half = request_.asked_at + (request_.expires_at - request_.asked_at) / 2
    assert services.remind_requests(half - dt.timedelta(seconds=1)) == 0
    assert services.remind_requests(half + dt.timedelta(seconds=1)) == 1
    assert services.remind_requests(half + dt.timedelta(days=1)) == 0
    assert services.expire_requests(request_.expires_at - dt.timedelta(seconds=1)) == 0
    assert services.expire_requests(request_.expires_at) == 1
    assert services.expire_requests(request_.expires_at) == 0
    assert facts() == [
        "expo.ReconfirmationAsked",
        "expo.ReconfirmationReminded",
        "expo.ReconfirmationExpired",
    ]
    drain()
    address = f"/exhibit/{request_.previous_id}/again/"
    assert told(lin) == [("“2027 海州博览会”的续展邀请已过期", 3, address)]
    assert subjects(chen) == ["蓬莱影业没有在期限内答复续展邀请"]


def test_what_is_over_cannot_be_confirmed_even_before_the_loop_comes_by(request_, lin, coming):
    Reconfirmation.objects.update(expires_at=clock.now())
    for _late in range(2):
        for service in (services.confirm_again, services.decline_again):
            with pytest.raises(RequestExpired):
                service(lin, request_.pk)
        services.expire_requests(clock.now())
    request_.refresh_from_db()
    assert (request_.state, Exhibitor.objects.filter(edition=coming).count()) == ("expired", 0)


def test_closing_an_edition_ends_what_was_asked_for_it(request_, coming, chen, lin):
    services.open_edition(chen, coming.pk)
    services.close(chen, coming.pk, name="2027 海州博览会")
    request_.refresh_from_db()
    assert request_.state == "expired"
    with pytest.raises(EditionNotOpen):
        services.ask_once_more(chen, coming.pk, request_.pk)


def test_the_organiser_asks_on_a_page_and_sees_who_answered(
    coming, tier, last, booth, chen, client
):
    client.force_login(chen)
    address = f"/organise/{coming.slug}/again/"
    form = client.get(address, headers=CHINESE)
    assert "2026 海州数字文化博览会（1 家）" in form.text
    sent = {
        "source_id": last.pk,
        "expires_at": clock.local(until(), "Asia/Shanghai").strftime("%Y-%m-%dT%H:%M"),
        "once": "k1",
    }
    assert client.post(address, {**sent, "expires_at": "2020-01-01T09:00"}).status_code == 422
    for _again in range(2):  # a repeated submit has one effect
        assert client.post(address, sent).status_code == 302
    page = client.get(f"{address}?state=asked", headers=CHINESE).text
    assert page.count("蓬莱影业") == 1
    assert facts() == ["expo.ReconfirmationAsked"]
    assert "蓬莱影业" not in client.get(f"{address}?state=declined", headers=CHINESE).text


def test_the_firm_answers_on_its_page(request_, booth, coming, lin, client):
    client.force_login(lin)
    desk = client.get(f"/exhibit/{booth.pk}/", headers=CHINESE).text
    assert "主办方邀请贵单位继续参展" in desk
    address = f"/exhibit/{booth.pk}/again/"
    assert "2027 海州博览会" in client.get(address, headers=CHINESE).text
    answer = client.post(f"{address}{request_.pk}/confirm/")
    new = Exhibitor.objects.get(edition=coming)
    assert answer.headers["Location"] == f"/exhibit/{new.pk}/"
    assert f'href="/exhibit/{new.pk}/"' in client.get(address, headers=CHINESE).text


def test_a_request_of_another_booth_does_not_exist(request_, last, lin, client):
    own = ShownExhibitorFactory(organisation__name="另一家", edition=last)
    MembershipFactory(person=lin, organisation=own.organisation, role="owner")
    client.force_login(lin)
    assert client.post(f"/exhibit/{own.pk}/again/{request_.pk}/decline/").status_code == 404
    request_.refresh_from_db()
    assert request_.state == "asked"


def test_the_close_page_names_what_is_pending_and_where_it_is_dealt_with(
    request_, coming, chen, stranger, client
):
    services.open_edition(chen, coming.pk)
    booth = ShownExhibitorFactory(edition=coming)
    services.enquire(stranger, booth.pk, subject="报价", message="请报价。")
    ExhibitorFactory(edition=coming, state="submitted", submitted_at=clock.now())
    ExhibitorFactory(edition=coming, state="returned", reason="请补充")
    ExhibitorFactory(edition=coming, state="approved")
    desk = f"/organise/{coming.slug}"

    found = [(row.count, row.url) for row in selectors.pending_before_closing(coming)]

    assert found == [
        (1, f"{desk}/applications/"),
        (1, f"{desk}/exhibitors/?state=returned"),
        (1, f"{desk}/exhibitors/?lack=incomplete"),
        (1, f"{desk}/exhibitors/?lack=waiting"),
        (1, f"{desk}/again/?state=asked"),
    ]
    client.force_login(chen)
    for _count, url in found:
        assert client.get(url).status_code == 200
    text = client.get(f"{desk}/close/", headers=CHINESE).text
    for _count, url in found:
        assert f'href="{url}"' in text
    listed = client.get(f"{desk}/exhibitors/?lack=waiting", headers=CHINESE).text
    assert f"/exhibitors/{booth.pk}/" in listed


def test_nothing_pending_is_said_too(coming, chen, client):
    services.open_edition(chen, coming.pk)
    client.force_login(chen)
    assert "没有待办" in client.get(f"/organise/{coming.slug}/close/", headers=CHINESE).text


def test_pages_cost_a_bounded_number_of_queries(
    coming, tier, last, booth, chen, lin, client, django_assert_num_queries
):
    for _firm in range(5):
        ShownExhibitorFactory(edition=last)
    services.ask_again(chen, coming.pk, source_id=last.pk, expires_at=until())
    services.open_edition(chen, coming.pk)
    for person, count, address in (
        (chen, 10, f"/organise/{coming.slug}/again/"),
        (chen, 16, f"/organise/{coming.slug}/close/"),
        (lin, 7, f"/exhibit/{booth.pk}/again/"),
    ):
        client.force_login(person)
        with django_assert_num_queries(count):
            assert client.get(address).status_code == 200
