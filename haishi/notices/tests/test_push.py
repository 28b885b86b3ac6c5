"""Web push: keys, subscriptions, encrypted messages, browsers that are gone."""

import base64
import datetime as dt
import json
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from py_vapid import Vapid02

from haishi.foundation.bilingual import Bilingual
from haishi.notices import loops, push, services
from haishi.notices.models import Delivery, Notice, PushSubscription
from haishi.notices.tests.receiver import Receiver

pytestmark = pytest.mark.django_db
BROWSER = ec.generate_private_key(ec.SECP256R1())
AUTH = b"0123456789abcdef"


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def subscription(endpoint: str) -> dict[str, Any]:
    """What a browser's PushSubscription looks like as JSON."""
    point = BROWSER.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    keys = {"p256dh": encoded(point), "auth": encoded(AUTH)}
    return {"endpoint": endpoint, "expirationTime": None, "keys": keys}


def subscribe(client: Client, endpoint: str = "https://push.example/abc") -> Any:
    body = subscription(endpoint)
    return client.post("/notices/push/", body, content_type="application/json")


def test_a_message_arrives_that_only_the_browser_can_read(
    client: Client, lin: Any, receiver: Receiver
) -> None:
    client.force_login(lin)
    receiver.status = 201
    assert subscribe(client, receiver.url).json() == {"ok": True}
    services.tell([lin.pk], "enquiry", Bilingual("青州窑问价", "A price"), "请答复", "/desk/")
    assert loops.send_push() == 1
    ((_, headers, body),) = receiver.requests
    content = http_ece.decrypt(body, private_key=BROWSER, auth_secret=AUTH, version="aes128gcm")
    notice = Notice.objects.get()
    assert json.loads(content) == {
        "title": "青州窑问价", "body": "请答复", "url": "/desk/", "tag": f"notice-{notice.pk}",
    }  # fmt: skip
    assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", "86400")
    assert headers["topic"] == f"n{notice.pk}"
    assert Vapid02.verify(headers["authorization"])
    assert headers["authorization"].endswith(f"k={push.public_key()}")
    assert Delivery.objects.get(channel="push").state == "sent"


def test_the_key_is_made_once_and_only_its_owner_can_read_it() -> None:
    first = push.public_key()
    push._key.cache_clear()
    assert push.public_key() == first
    assert push.key_path().stat().st_mode & 0o777 == 0o600
    assert push.key_path().parent.parent == settings.HAISHI_HOME
    assert len(base64.urlsafe_b64decode(first + "=")) == 65


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    client: Client, lin: Any, receiver: Receiver, status: int
) -> None:
    client.force_login(lin)
    subscribe(client, receiver.url)
    receiver.status = status
    services.tell([lin.pk], "enquiry", "问价")
    loops.send_push()
    assert PushSubscription.objects.count() == 0
    assert Delivery.objects.filter(channel="push").count() == 0


@pytest.mark.parametrize(
    ("status", "state", "error"),
    [(500, "waiting", "500 busy"), (429, "waiting", "429 busy"), (400, "failed", "400 busy")],
)
def test_other_answers_are_tried_again_unless_trying_is_useless(
    client: Client, lin: Any, receiver: Receiver, status: int, state: str, error: str
) -> None:
    client.force_login(lin)
    subscribe(client, receiver.url)
    receiver.status, receiver.answer = status, b"busy"
    services.tell([lin.pk], "enquiry", "问价")
    loops.send_push()
    row = Delivery.objects.get(channel="push")
    assert (row.state, row.error) == (state, error)


def test_a_browser_belongs_to_who_signed_in_last_and_ten_are_kept(
    client: Client, lin: Any, zhou: Any
) -> None:
    client.force_login(lin)
    subscribe(client)
    client.force_login(zhou)
    subscribe(client)
    assert PushSubscription.objects.get().person == zhou
    for number in range(10):
        subscribe(client, f"https://push.example/{number}")
    kept = PushSubscription.objects.order_by("pk").values_list("endpoint", flat=True)
    assert list(kept) == [f"https://push.example/{number}" for number in range(10)]


def test_a_browser_can_be_taken_back_only_by_its_owner(
    client: Client, lin: Any, stranger: Any
) -> None:
    client.force_login(lin)
    subscribe(client)
    gone = json.dumps({"endpoint": "https://push.example/abc"})
    for person, left in ((stranger, 1), (lin, 0)):
        client.force_login(person)
        answer = client.delete("/notices/push/", gone, content_type="application/json")
        assert (answer.status_code, PushSubscription.objects.count()) == (200, left)


@pytest.mark.parametrize(
    "body",
    [
        "not json",
        "[]",
        "{}",
        json.dumps({**subscription("https://push.example/"), "keys": {}}),
        json.dumps({"endpoint": "https://push.example/", "keys": {"p256dh": "AA", "auth": "A"}}),
        json.dumps(subscription("http://push.example/")),
        json.dumps({**subscription("https://push.example/"), "endpoint": 7}),
    ],
)
def test_what_is_no_subscription_is_refused(client: Client, lin: Any, body: str) -> None:
    client.force_login(lin)
    answer = client.post("/notices/push/", body, content_type="application/json")
    assert answer.status_code == 422
    assert PushSubscription.objects.count() == 0


def test_who_left_is_not_called(client: Client, lin: Any) -> None:
    client.force_login(lin)
    subscribe(client)
    services.tell([lin.pk], "enquiry", "问价")
    lin.is_active = False
    lin.save(update_fields=["is_active"])
    assert loops.send_push() == 0
    assert Delivery.objects.get(channel="push").state == "dropped"


def test_kinds_that_do_not_push_do_not_push(client: Client, lin: Any) -> None:
    client.force_login(lin)
    subscribe(client)
    services.tell([lin.pk], "card", "名片")
    assert Delivery.objects.filter(channel="push").count() == 0


def test_the_service_worker_may_rule_the_whole_site_and_is_always_fresh(client: Client) -> None:
    answer = client.get("/notices/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/", "no-cache")
    assert "showNotification" in answer.content.decode()


def test_a_claimed_message_comes_due_again_when_the_worker_died(client: Client, lin: Any) -> None:
    client.force_login(lin)
    subscribe(client)
    services.tell([lin.pk], "enquiry", "问价")
    now = Delivery.objects.get(channel="push").next_try_at
    assert len(services.claim_push(now)) == 1
    assert len(services.claim_push(now + dt.timedelta(minutes=10, seconds=-1))) == 0
    assert len(services.claim_push(now + dt.timedelta(minutes=10))) == 1
