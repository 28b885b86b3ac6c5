"""Who asked to be reminded is told once before, once at the start, and when there is no start."""

import datetime as dt
import json

import pytest
from django.core import mail
from icalendar import Calendar

from haishi.foundation import clock, outbox
from haishi.foundation.errors import NotFound, TooMany
from haishi.foundation.loops import LOOPS
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.live import selectors, services
from haishi.live.errors import NotReservable, OwnLive
from haishi.live.events import LiveStarted
from haishi.live.models import LiveSession, Reservation
from haishi.live.services.sessions import begin
from haishi.live.tests.factories import LiveFactory
from haishi.notices import selectors as notices
from haishi.notices.tests.receiver import listening
from haishi.notices.tests.test_push import subscription

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def subjects(person):
    return [notice.subject for notice in notices.inbox(person)]


def people(session):
    return LiveSession.objects.get(pk=session.pk).reservations


@service
def on_air(session):
    """What the clock does when there is a picture at the planned time."""
    begin(LiveSession.objects.select_for_update().get(pk=session.pk), "live")


def test_a_reservation_counts_once_and_can_be_taken_back(planned, stranger, chen):
    assert services.reserve(stranger, planned.pk)
    assert not services.reserve(stranger, planned.pk)
    assert services.reserve(chen, planned.pk)
    assert people(planned) == 2
    assert services.unreserve(stranger, planned.pk)
    assert not services.unreserve(stranger, planned.pk)
    assert people(planned) == 1
    assert selectors.reservers_of(planned.pk) == [chen.pk]


@pytest.mark.parametrize(
    ("state", "refusal"),
    [("live", NotReservable), ("ended", NotReservable), ("draft", NotFound)],
)
def test_what_is_on_air_over_or_unknown_is_not_reserved(exhibitor, stranger, state, refusal):
    now = clock.now()
    ended = now if state == "ended" else None
    opened = None if state == "draft" else now
    session = LiveFactory(exhibitor=exhibitor, state=state, ended_at=ended, opened_at=opened)
    with pytest.raises(refusal):
        services.reserve(stranger, session.pk)
    assert (Reservation.objects.count(), people(session)) == (0, 0)


def test_the_hosts_side_does_not_raise_its_own_number(planned, zhou):
    with pytest.raises(OwnLive):
        services.reserve(zhou, planned.pk)
    assert (Reservation.objects.count(), people(planned)) == (0, 0)


def test_a_person_reserves_at_most_sixty_times_an_hour(planned, stranger):
    for _ in range(60):
        services.reserve(stranger, planned.pk)
        services.unreserve(stranger, planned.pk)
    with pytest.raises(TooMany):
        services.reserve(stranger, planned.pk)
    assert people(planned) == 0


def test_the_reminder_comes_ten_minutes_before_once_in_the_inbox_and_by_mail(planned, stranger):
    services.reserve(stranger, planned.pk)
    assert services.remind_due(planned.starts_at - 11 * MINUTE) == 0
    assert services.remind_due(planned.starts_at - 9 * MINUTE) == 1
    assert services.remind_due(planned.starts_at - 8 * MINUTE) == 0
    outbox.drain(rounds=20)
    LOOPS["notices-mail"].step()
    assert subjects(stranger) == ["即将开播：《青瓷开窑》"]
    (message,) = [each for each in mail.outbox if each.to == [stranger.email]]
    assert message.subject == "即将开播：《青瓷开窑》"
    assert f"/live/{planned.public_id}/" in message.body


def test_an_english_reader_hears_the_english_title(planned, stranger):
    stranger.language = "en"
    stranger.save(update_fields=["language"])
    services.reserve(stranger, planned.pk)
    services.remind_due(planned.starts_at - 9 * MINUTE)
    outbox.drain(rounds=20)
    LOOPS["notices-mail"].step()
    (message,) = [each for each in mail.outbox if each.to == [stranger.email]]
    assert message.subject == "Starting soon: “Opening the celadon kiln”"


def test_the_start_is_told_once_however_often_the_fact_comes(planned, stranger, chen):
    services.reserve(stranger, planned.pk)
    on_air(planned)
    outbox.drain(rounds=20)
    assert subjects(stranger) == ["开播了：《青瓷开窑》"]
    service(publish)(LiveStarted(planned.exhibitor.organisation_id, planned.pk))
    outbox.drain(rounds=20)
    assert subjects(stranger) == ["开播了：《青瓷开窑》"]
    assert subjects(chen) == []


def test_who_reserves_in_the_last_minutes_hears_of_the_start_alone(exhibitor, stranger):
    session = LiveFactory(exhibitor=exhibitor, starts_at=clock.now() + 5 * MINUTE)
    services.reserve(stranger, session.pk)
    assert services.remind_due(clock.now()) == 0
    on_air(session)
    outbox.drain(rounds=20)
    assert subjects(stranger) == ["开播了：《青瓷开窑》"]


def test_another_start_is_told_and_reminded_of_anew(planned, stranger, lin):
    services.reserve(stranger, planned.pk)
    services.remind_due(planned.starts_at - 9 * MINUTE)
    later = planned.starts_at + dt.timedelta(days=1)
    seen = LiveSession.objects.get().version
    services.edit(lin, planned.pk, seen, starts_at=later, ends_at=later + dt.timedelta(hours=1))
    outbox.drain(rounds=20)
    assert "直播改期：《青瓷开窑》" in subjects(stranger)
    assert services.remind_due(planned.starts_at - 8 * MINUTE) == 0
    assert services.remind_due(later - 9 * MINUTE) == 1


def test_a_new_title_is_no_new_start(planned, stranger, lin):
    services.reserve(stranger, planned.pk)
    services.edit(lin, planned.pk, LiveSession.objects.get().version, title="青瓷出窑")
    outbox.drain(rounds=20)
    assert subjects(stranger) == []


def test_a_withdrawal_is_told_and_the_place_kept(planned, stranger, lin):
    services.reserve(stranger, planned.pk)
    services.withdraw(lin, planned.pk)
    outbox.drain(rounds=20)
    (notice,) = notices.inbox(stranger)
    assert (notice.subject, notice.url) == ("直播暂缓：《青瓷开窑》", "/live/")
    assert services.remind_due(planned.starts_at - 9 * MINUTE) == 0
    services.announce(lin, planned.pk)
    assert services.remind_due(planned.starts_at - 9 * MINUTE) == 1


def test_called_off_means_told_once_and_nothing_kept(planned, stranger, lin):
    services.reserve(stranger, planned.pk)
    services.cancel(lin, planned.pk)
    outbox.drain(rounds=20)
    (notice,) = notices.inbox(stranger)
    assert (notice.subject, notice.url) == ("直播取消：《青瓷开窑》", "/live/")
    assert (Reservation.objects.count(), people(planned)) == (0, 0)


def test_what_never_began_ends_the_reservation_and_says_so(planned, stranger):
    services.reserve(stranger, planned.pk)
    services.end_overdue(planned.starts_at + dt.timedelta(hours=2))
    outbox.drain(rounds=20)
    assert subjects(stranger) == ["直播取消：《青瓷开窑》"]
    assert Reservation.objects.count() == 0


def test_after_the_broadcast_names_go_and_the_number_stays(planned, stranger, lin):
    services.reserve(stranger, planned.pk)
    on_air(planned)
    outbox.drain(rounds=20)
    services.end(lin, planned.pk)
    outbox.drain(rounds=20)
    assert subjects(stranger) == ["开播了：《青瓷开窑》"]
    assert (Reservation.objects.count(), people(planned)) == (0, 1)


def test_a_suspended_booth_reminds_nobody(planned, exhibitor, stranger):
    services.reserve(stranger, planned.pk)
    exhibitor.state, exhibitor.reason = "suspended", "投诉待查"
    exhibitor.save()
    assert services.remind_due(planned.starts_at - 9 * MINUTE) == 0


def test_the_data_of_a_person_hold_reservations_and_erasing_takes_them_out(planned, stranger):
    services.reserve(stranger, planned.pk)
    (row,) = services.export_personal(stranger.pk)["reservations"]
    assert row["live"] == planned.public_id
    services.erase_personal(stranger.pk)
    assert (Reservation.objects.count(), people(planned)) == (0, 0)


def test_the_button_turns_in_place_and_the_lobby_and_the_room_show_it(client, planned, stranger):
    client.force_login(stranger)
    address = f"/live/{planned.public_id}/reserve/"
    htmx = {"HX-Request": "true"}
    before = client.get(address, headers=htmx).content.decode()
    assert "提醒我" in before
    after = client.post(address, headers=htmx).content.decode()
    assert "已预约提醒" in after
    assert "1 人预约" in after
    for page in ("/live/", f"/live/{planned.public_id}/"):
        shown = client.get(page).content.decode()
        assert "已预约提醒" in shown
        assert "1 人预约" in shown
    off = client.post(address, {"wish": "off", "from": "lobby"})
    assert (off.status_code, off["Location"]) == (302, "/live/")
    assert people(planned) == 0


def test_a_booth_shows_its_lives_with_their_buttons(client, planned):
    shown = client.get(selectors.firm_url(planned)).content.decode()
    assert "青瓷开窑" in shown
    assert f'hx-get="/live/{planned.public_id}/reserve/"' in shown


def test_a_guest_is_sent_to_log_in_and_back_to_the_room(client, planned):
    answer = client.post(f"/live/{planned.public_id}/reserve/")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next=/live/{planned.public_id}/")
    assert Reservation.objects.count() == 0


def test_a_refusal_in_place_changes_nothing(client, planned, lin):
    client.force_login(lin)
    address = f"/live/{planned.public_id}/reserve/"
    assert client.post(address, headers={"HX-Request": "true"}).status_code == 403
    assert Reservation.objects.count() == 0


def test_reservations_as_a_calendar(client, planned, stranger):
    client.force_login(stranger)
    services.reserve(stranger, planned.pk)
    book = Calendar.from_ical(client.get("/live/reserved.ics").content)
    (event,) = book.walk("VEVENT")
    assert str(event["summary"]) == "直播：青瓷开窑"
    assert event.decoded("dtstart") == planned.starts_at.replace(microsecond=0)


def test_reminders_also_come_by_push(client, planned, stranger, settings):
    settings.OUTGOING_ALLOW_LOOPBACK = True
    client.force_login(stranger)
    services.reserve(stranger, planned.pk)
    with listening() as receiver:
        receiver.status = 201
        body = json.dumps(subscription(receiver.url))
        assert client.post("/notices/push/", body, content_type="application/json").json() == {
            "ok": True
        }
        services.remind_due(planned.starts_at - 9 * MINUTE)
        outbox.drain(rounds=20)
        assert LOOPS["notices-push"].step() == 1
        assert len(receiver.requests) == 1
