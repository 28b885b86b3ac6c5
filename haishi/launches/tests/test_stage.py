"""The clock reminds, unveils, decides, passes on and closes; running twice is the same as once."""

import datetime as dt

import pytest

from haishi.foundation import clock
from haishi.foundation.errors import NotFound
from haishi.foundation.models import Outbox
from haishi.launches import services
from haishi.launches.errors import AlreadyUnveiled, OwnLaunch
from haishi.launches.models import Allotment, Claim, Launch, Reservation
from haishi.launches.tests.factories import LaunchFactory, sale
from haishi.media import selectors as media
from haishi.parties.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def payloads(label: str) -> list[dict]:
    rows = Outbox.objects.filter(label=f"launches.{label}").order_by("id")
    return [row.payload for row in rows]


def private() -> list[bool]:
    return [row.private for row in media.assets(Launch.objects.get().sealed_ids).values()]


def states() -> dict[int, str]:
    return dict(Claim.objects.order_by("pk").values_list("person_id", "state"))


def test_one_account_counts_once_and_may_change_its_mind(announced, stranger):
    assert services.reserve(stranger, announced.pk) is True
    assert services.reserve(stranger, announced.pk) is False
    assert Launch.objects.get().reservations == 1
    assert services.unreserve(stranger, announced.pk) is True
    assert services.unreserve(stranger, announced.pk) is False
    assert (Launch.objects.get().reservations, Reservation.objects.count()) == (0, 0)


def test_the_firm_does_not_push_its_own_launch_up(announced, zhou):
    with pytest.raises(OwnLaunch):
        services.reserve(zhou, announced.pk)
    assert Launch.objects.get().reservations == 0


def test_nobody_reserves_what_is_secret_or_unveiled(embargoed, lin, stranger):
    with pytest.raises(NotFound):
        services.reserve(stranger, embargoed.pk)
    services.announce(lin, embargoed.pk)
    Launch.objects.update(unveil_at=clock.now())
    with pytest.raises(AlreadyUnveiled):
        services.reserve(stranger, embargoed.pk)
    assert Reservation.objects.count() == 0


def test_who_reserved_is_reminded_once_ten_minutes_before(announced, stranger):
    other = PersonFactory()
    services.reserve(stranger, announced.pk)
    services.reserve(other, announced.pk)
    at = announced.unveil_at
    assert services.remind_due(at - 11 * MINUTE) == 0
    assert services.remind_due(at - 9 * MINUTE) == 2
    assert services.remind_due(at - 8 * MINUTE) == 0
    assert payloads("LaunchNear") == [
        {"launch_id": announced.pk, "person_ids": [stranger.pk, other.pk]}
    ]


def test_who_reserves_in_the_last_minutes_is_looking_at_it_already(announced, stranger):
    Launch.objects.update(unveil_at=clock.now() + 5 * MINUTE)
    services.reserve(stranger, announced.pk)
    assert services.remind_due(clock.now()) == 0


def test_the_instant_unveils_once_and_opens_the_pictures(announced, firm):
    at = announced.unveil_at
    assert services.unveil_due(at - dt.timedelta(microseconds=1)) == 0
    assert private() == [True, True]
    assert services.unveil_due(at) == 1
    assert services.unveil_due(at) == 0
    assert (Launch.objects.get().state, private()) == ("live", [False, False])
    assert payloads("LaunchUnveiled") == [{"organisation_id": firm.pk, "launch_id": announced.pk}]


def test_a_draw_is_decided_when_it_is_over_and_what_is_given_up_goes_to_the_next():
    allotment = sale(1, "draw", pay_minutes=5)
    people = [PersonFactory() for _ in range(3)]
    for person in people:
        services.request(person, allotment.pk)
    assert services.decide_due(allotment.closes_at - MINUTE) == 0
    Allotment.objects.update(closes_at=clock.now())
    assert services.decide_due(clock.now()) == 1
    assert services.decide_due(clock.now()) == 0
    winner = Claim.objects.get(state="won")
    second = Claim.objects.get(place=2)
    services.cancel(winner.person, winner.pk)
    assert services.promote_due(clock.now()) == 1
    assert states()[second.person_id] == "won"


def test_a_sale_closes_when_nobody_can_pay_any_more_and_tells_who_lost():
    allotment = sale(1)
    buyer, late, later = (PersonFactory() for _ in range(3))
    claim = services.claim(buyer, allotment.pk)
    services.wait(late, allotment.pk)
    services.wait(later, allotment.pk)
    Allotment.objects.update(closes_at=clock.now())
    assert services.close_ended(clock.now()) == 0
    services.mark_bought(claim.pk)
    assert services.close_ended(clock.now()) == 1
    assert services.close_ended(clock.now()) == 0
    assert states() == {buyer.pk: "bought", late.pk: "lost", later.pk: "lost"}
    assert payloads("ClaimsLost") == [
        {"launch_id": allotment.launch_id, "person_ids": [late.pk, later.pk]}
    ]
    assert Launch.objects.get().closed_at is not None


def test_a_decided_draw_stays_open_while_a_unit_is_free_and_somebody_waits():
    allotment = sale(1, "draw")
    for _ in range(2):
        services.request(PersonFactory(), allotment.pk)
    Allotment.objects.update(closes_at=clock.now())
    services.decide_due(clock.now())
    won = Claim.objects.get(state="won")
    services.cancel(won.person, won.pk)
    assert services.close_ended(clock.now()) == 0
    assert services.promote_due(clock.now()) == 1


def test_a_launch_without_a_sale_is_over_a_day_later():
    at = clock.now() - dt.timedelta(hours=23)
    LaunchFactory(unveil_at=at)
    assert services.close_ended(clock.now()) == 0
    assert services.close_ended(at + dt.timedelta(days=1)) == 1
    assert Launch.objects.get().state == "closed"
