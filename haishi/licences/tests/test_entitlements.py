"""Licensed files: for named people, for the time agreed, and for nobody else."""

import datetime as dt
import io
import zipfile

import pytest

from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.licences import delivery, policies, services
from haishi.licences.errors import NotAColleague, ReasonMissing, SeatsFull
from haishi.licences.models import Access, Grant, Licence, Offer, Seat
from haishi.licences.tests import factories
from haishi.media.tests.factories import kept_asset
from haishi.parties.tests.factories import MembershipFactory, PersonFactory
from haishi.trade import selectors as trade
from haishi.trade import services as money

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide(shown, firm):
    """A style guide that the offer gives access to."""
    asset = kept_asset(
        firm, "document", {"doc.pdf": b"%PDF style"}, purpose="sealed", private=True, main="doc.pdf"
    )
    Offer.objects.filter(pk=shown.pk).update(file_ids=[asset.pk])
    return asset


@pytest.fixture
def opened(licence, guide, su):
    """In force, received, 苏 holds a seat."""
    services.name_seat(su, licence.number, su.email)
    services.open_files(su, licence.number)
    licence.refresh_from_db()
    return licence


def colleague(firm, role="staff"):
    person = PersonFactory(name="同事")
    MembershipFactory(person=person, organisation=firm, role=role)
    return person


def link(licence, person, asset):
    key = delivery.key_for(licence, person, asset.token)
    return f"/licences/{licence.number}/files/{asset.token}/?key={key}"


def fetch(client, person, url):
    client.force_login(person)
    answer = client.get(url)
    return answer.status_code, b"".join(answer) if answer.streaming else b""


def test_the_holder_of_a_seat_gets_the_file_with_a_mark_and_a_line_in_the_log(
    client, opened, guide, su
):
    status, body = fetch(client, su, link(opened, su, guide))
    pack = zipfile.ZipFile(io.BytesIO(body))
    row = Access.objects.get()
    assert (status, pack.read(guide.name)) == (200, b"%PDF style")
    note = pack.read("README.txt").decode()
    assert opened.number in note
    assert f"追溯码：{row.mark}" in note
    assert (row.person, row.asset_id, row.mark) == (
        su,
        guide.pk,
        delivery.mark_of(opened, su, guide.token),
    )


def test_somebody_elses_link_is_not_found(client, opened, guide, su, studio, lin, stranger):
    other = colleague(studio)
    services.name_seat(su, opened.number, other.email)
    url = link(opened, su, guide)
    for person in (other, lin, stranger):
        assert fetch(client, person, url)[0] == 404
    assert fetch(client, other, link(opened, other, guide))[0] == 200
    assert Access.objects.count() == 1


def test_a_link_ends_and_cannot_be_made_up(client, opened, guide, su):
    key = delivery.key_for(opened, su, guide.token)
    until, _dot, mac = key.partition(".")
    base = f"/licences/{opened.number}/files/{guide.token}/?key="
    for forged in ("", "x", f"{int(until) + 600}.{mac}", f"{until}.{mac[:-1]}x"):
        assert fetch(client, su, base + forged)[0] == 404
    later = clock.now() + dt.timedelta(seconds=policies.LINK_SECONDS + 61)
    assert int(until) < later.timestamp()
    assert Access.objects.count() == 0


def test_without_a_seat_or_before_the_receipt_there_is_no_file(client, licence, guide, su):
    assert fetch(client, su, link(licence, su, guide))[0] == 404
    services.name_seat(su, licence.number, su.email)
    assert fetch(client, su, link(licence, su, guide))[0] == 404
    services.open_files(su, licence.number)
    licence.refresh_from_db()
    assert fetch(client, su, link(licence, su, guide))[0] == 200


def test_taking_a_seat_back_stops_links_that_are_out(client, opened, guide, su):
    url = link(opened, su, guide)
    services.free_seat(su, opened.number, Seat.objects.get().pk)
    assert fetch(client, su, url)[0] == 404
    assert Access.objects.count() == 0


@pytest.mark.parametrize("end", ["suspend", "revoke"])
def test_suspension_and_revocation_stop_links_at_once(client, opened, guide, su, lin, end):
    url = link(opened, su, guide)
    getattr(services, end)(lin, opened.number, "超出授权范围")
    assert fetch(client, su, url)[0] == 404
    services_state = Licence.objects.get()
    held = Grant.objects.filter(live=True).exists()
    assert (services_state.reason, held) == ("超出授权范围", end == "suspend")


def test_the_clock_ends_the_term_before_any_loop_records_it(client, opened, guide, su):
    past = factories.began(opened, 24)
    assert (past.state, policies.in_force(past)) == ("active", False)
    assert fetch(client, su, link(opened, su, guide))[0] == 404
    assert services.expire_due() == 1
    assert services.expire_due() == 0
    assert Licence.objects.get().state == "expired"
    assert not Grant.objects.filter(live=True).exists()


def test_a_term_that_has_not_begun_opens_nothing(shown, studio, su, lin):
    tomorrow = policies.today() + dt.timedelta(days=1)
    row = factories.active(shown, studio, su, lin, starts_on=tomorrow)
    with pytest.raises(Conflict):
        services.open_files(su, row.number)
    assert Licence.objects.get().opened_at is None


def test_the_receipt_is_the_end_of_refunds_without_cause_and_lets_the_money_go(licence, su):
    order = factories.order_of(licence)
    assert order.state == "paid"
    services.open_files(su, licence.number)
    services.open_files(su, licence.number)
    order.refresh_from_db()
    assert order.state == "received"
    assert money.settle_due() == 1
    assert trade.held(order).minor == 0


def test_files_that_nobody_opens_in_a_week_count_as_received(licence):
    Licence.objects.update(activated_at=clock.now() - policies.OPEN_WITHIN)
    assert (services.receive_unopened(), services.receive_unopened()) == (1, 0)
    assert factories.order_of(licence).state == "received"


def test_a_guarantee_that_is_paid_back_ends_the_licence(licence, lin, su):
    order = factories.order_of(licence)
    money.call_off(lin, order.pk, "母版遗失")
    from haishi.foundation import outbox

    outbox.drain(rounds=20)
    row = Licence.objects.get()
    assert (row.state, Grant.objects.filter(live=True).exists()) == ("revoked", False)


def test_seats_are_for_colleagues_and_as_many_as_agreed(licence, studio, su, lin, stranger):
    with pytest.raises(NotAColleague):
        services.name_seat(su, licence.number, stranger.email)
    with pytest.raises(Forbidden):
        services.name_seat(lin, licence.number, su.email)
    one, two = colleague(studio), colleague(studio)
    first = services.name_seat(su, licence.number, one.email)
    assert services.name_seat(su, licence.number, one.email).pk == first.pk
    services.name_seat(su, licence.number, two.email)
    with pytest.raises(SeatsFull):
        services.name_seat(su, licence.number, su.email)
    assert Seat.objects.filter(taken_at=None).count() == 2
    services.free_seat(su, licence.number, first.pk)
    services.name_seat(su, licence.number, su.email)
    assert Seat.objects.filter(taken_at=None).count() == 2


def test_a_revocation_has_a_reason(licence, lin):
    with pytest.raises(ReasonMissing):
        services.revoke(lin, licence.number, " ")
    assert Licence.objects.get().state == "active"


def test_a_suspended_licence_goes_on_when_its_licensor_says_so(licence, lin, su):
    services.suspend(lin, licence.number, "待说明")
    with pytest.raises(Forbidden):
        services.resume(su, licence.number)
    services.resume(lin, licence.number)
    assert Licence.objects.get().state == "active"


def test_the_log_of_fetches_is_not_changed(opened, guide, su):
    services.note_access(su, opened.pk, guide.pk, "a", "m")
    with pytest.raises(Exception, match="is not changed afterwards"):
        Access.objects.update(mark="x")


def test_who_leaves_the_house_gives_the_seat_back(opened, su, studio):
    other = colleague(studio)
    services.name_seat(su, opened.number, other.email)
    assert services.export_personal(other.pk)["seats"][0]["licence"] == opened.number
    services.erase_personal(other.pk)
    assert not Seat.objects.filter(person=other, taken_at=None).exists()


def test_who_runs_a_licence_does_not_just_leave(opened, su):
    from haishi.licences.errors import LicencesOpen

    with pytest.raises(LicencesOpen):
        services.erase_personal(su.pk)
    assert Seat.objects.filter(taken_at=None).count() == 1


def test_a_stranger_finds_no_licence(opened, stranger):
    with pytest.raises(NotFound):
        services.revoke(stranger, opened.number, "x")
    assert Licence.objects.get().state == "active"
