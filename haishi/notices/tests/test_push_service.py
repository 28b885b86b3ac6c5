"""Web push meets a push service that reads the RFCs, and one that has a bad day."""

import datetime as dt
from collections.abc import Iterator
from email.utils import format_datetime
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.notices import loops, outgoing, push, services
from haishi.notices.models import Delivery, PushSubscription
from haishi.notices.tests.push_service import Browser, PushService, b64, point_of, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.OUTGOING_ALLOW_LOOPBACK = True
    with serving(push.public_key()) as found:
        yield found


@pytest.fixture
def phone(client: Client, lin: Any, service: PushService) -> Browser:
    """林's phone, which has subscribed."""
    browser = Browser("phone")
    client.force_login(lin)
    body = browser.subscription(service)
    assert client.post("/notices/push/", body, content_type="application/json").status_code == 200
    return browser


def tell(*people: Any) -> Delivery:
    ids = [person.pk for person in people]
    services.tell(ids, "enquiry", Bilingual("青州窑问价", "A price"), "请答复。", "/desk/")
    return Delivery.objects.filter(channel="push").latest("pk")


def state() -> tuple[str, int, str]:
    row = Delivery.objects.get(channel="push")
    return row.state, row.tries, row.error


def test_a_message_is_accepted_and_the_browser_reads_it(
    lin: Any, phone: Browser, service: PushService
) -> None:
    row = tell(lin)
    assert loops.send_push() == 1
    assert service.refused == []
    ((name, headers, body),) = service.accepted
    assert (name, headers["topic"], headers["ttl"]) == ("phone", f"n{row.notice_id}", "86400")
    read = phone.read(body)
    assert (read["title"], read["body"], read["url"]) == ("青州窑问价", "请答复。", "/desk/")
    assert read["tag"] == f"notice-{row.notice_id}"
    assert state() == ("sent", 1, "")


def test_nobody_else_reads_it_neither_with_another_key_nor_with_another_secret(
    lin: Any, phone: Browser, service: PushService
) -> None:
    tell(lin)
    loops.send_push()
    body = service.accepted[0][2]
    for other in (Browser("x"), Browser("y", phone.private, b"fedcba9876543210")):
        with pytest.raises(InvalidTag):
            other.read(body)
    with pytest.raises(InvalidTag):
        phone.read(body[:-1] + bytes([body[-1] ^ 1]))


def test_two_browsers_of_one_person_get_a_message_each_under_keys_of_their_own(
    client: Client, lin: Any, phone: Browser, service: PushService
) -> None:
    desk = Browser("desk", auth=b"fedcba9876543210")
    client.post("/notices/push/", desk.subscription(service), content_type="application/json")
    tell(lin)
    assert loops.send_push() == 2
    read = {name: (phone if name == "phone" else desk).read(b) for name, _h, b in service.accepted}
    assert [read["phone"]["title"], read["desk"]["title"]] == ["青州窑问价"] * 2
    assert service.accepted[0][2][:16] != service.accepted[1][2][:16]  # a salt each


def test_a_subscription_made_with_another_key_is_refused_and_not_tried_again(
    lin: Any, phone: Browser, service: PushService
) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1()).public_key()
    service.key = b64(point_of(stranger))
    tell(lin)
    loops.send_push()
    assert (service.refused, state()) == (["key"], ("failed", 0, "403 key"))


def test_the_longest_text_still_fits_into_one_message(
    lin: Any, phone: Browser, service: PushService
) -> None:
    services.tell([lin.pk], "enquiry", "海" * 200, "市" * 4_000, "/desk/")
    loops.send_push()
    assert service.refused == []
    assert phone.read(service.accepted[0][2])["body"] == "市" * push.TEXT_LENGTH


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_dropped_and_the_others_stay(
    client: Client, lin: Any, zhou: Any, phone: Browser, service: PushService, status: int
) -> None:
    tell(lin)
    service.status = status
    loops.send_push()
    assert (PushSubscription.objects.count(), Delivery.objects.filter(channel="push").count()) == (
        0, 0,
    )  # fmt: skip
    service.status = 201
    client.force_login(zhou)
    client.post(
        "/notices/push/", Browser("zhou").subscription(service), content_type="application/json"
    )
    tell(lin, zhou)
    assert loops.send_push() == 1
    assert [name for name, _headers, _body in service.accepted] == ["zhou"]


def waits() -> dt.timedelta:
    """How long the next try is away, to the second."""
    left = Delivery.objects.get(channel="push").next_try_at - clock.now()
    return dt.timedelta(seconds=round(left.total_seconds()))


@pytest.mark.parametrize(
    ("answer", "asked", "wait"),
    [
        (429, "1800", dt.timedelta(minutes=30)),
        (429, "5", dt.timedelta(minutes=1)),  # our own pause is longer
        (429, "999999999999", dt.timedelta(days=1)),  # no longer than the message is worth
        (429, "soon", dt.timedelta(minutes=1)),
        (503, "600", dt.timedelta(minutes=10)),
        (500, "", dt.timedelta(minutes=1)),
    ],
)
def test_a_busy_service_is_left_alone_for_as_long_as_it_asks(
    lin: Any, phone: Browser, service: PushService, answer: int, asked: str, wait: dt.timedelta
) -> None:
    service.status, service.headers = answer, {"Retry-After": asked}
    tell(lin)
    loops.send_push()
    assert (state()[:2], waits()) == (("waiting", 1), wait)
    assert loops.send_push() == 0  # not yet
    assert service.accepted == []


def test_a_wait_may_be_given_as_a_date() -> None:
    moment = clock.now().replace(microsecond=0) + dt.timedelta(hours=2)
    assert 7_195 <= (outgoing._wait(format_datetime(moment, usegmt=True)) or 0) <= 7_200
    assert outgoing._wait("Mon, 06 Apr 2020 01:00:00 GMT") == 0


def test_what_failed_is_sent_when_the_service_is_well_again(
    lin: Any, phone: Browser, service: PushService
) -> None:
    service.status = 500
    tell(lin)
    loops.send_push()
    service.status = 201
    Delivery.objects.update(next_try_at=clock.now())
    assert loops.send_push() == 1
    assert state()[:2] == ("sent", 2)
    assert phone.read(service.accepted[0][2])["title"] == "青州窑问价"


def test_a_service_that_hangs_is_given_up_after_the_deadline_and_tried_again(
    lin: Any, phone: Browser, service: PushService, monkeypatch: Any
) -> None:
    monkeypatch.setattr(outgoing.post, "__defaults__", (0.3,))
    service.manner = "slow"
    tell(lin)
    assert loops.send_push() == 1
    assert (state(), waits()) == (("waiting", 1, "timeout"), dt.timedelta(minutes=1))
