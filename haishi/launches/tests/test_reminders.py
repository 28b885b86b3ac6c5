"""Reminders reach people by mail, by push and in the inbox; they never name what is secret."""

import base64
import datetime as dt
import json
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail

from haishi.foundation import outbox
from haishi.foundation.loops import LOOPS
from haishi.launches import services
from haishi.launches.models import Launch
from haishi.notices import selectors as notices
from haishi.notices.tests.receiver import listening

pytestmark = pytest.mark.django_db
BROWSER, AUTH = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
MINUTE = dt.timedelta(minutes=1)


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def subscription(endpoint: str) -> dict[str, Any]:
    """A browser's PushSubscription as JSON."""
    point = BROWSER.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    keys = {"p256dh": encoded(point), "auth": encoded(AUTH)}
    return {"endpoint": endpoint, "expirationTime": None, "keys": keys}


def test_a_reminder_comes_by_mail_ten_minutes_before(announced, stranger):
    services.reserve(stranger, announced.pk)
    services.remind_due(announced.unveil_at - 9 * MINUTE)
    outbox.drain(rounds=20)
    LOOPS["notices-mail"].step()
    (message,) = [each for each in mail.outbox if each.to == [stranger.email]]
    assert message.subject == "即将揭幕：把海带回家"
    assert "蓬莱影业的新品还有不到 10 分钟揭幕。" in message.body
    assert f"/launches/{announced.slug}/" in message.body
    assert "潮汐灯" not in message.body


def test_a_reminder_comes_by_push_ten_minutes_before(announced, stranger, client, settings):
    settings.OUTGOING_ALLOW_LOOPBACK = True
    client.force_login(stranger)
    services.reserve(stranger, announced.pk)
    with listening() as receiver:
        receiver.status = 201
        body = subscription(receiver.url)
        answer = client.post("/notices/push/", json.dumps(body), content_type="application/json")
        assert answer.json() == {"ok": True}
        services.remind_due(announced.unveil_at - 9 * MINUTE)
        outbox.drain(rounds=20)
        assert LOOPS["notices-push"].step() == 1
        ((_path, _headers, sealed),) = receiver.requests
    content = http_ece.decrypt(sealed, private_key=BROWSER, auth_secret=AUTH, version="aes128gcm")
    told = json.loads(content)
    assert (told["title"], told["url"]) == (
        "即将揭幕：把海带回家",
        f"/launches/{announced.slug}/",
    )
    assert "潮汐灯" not in content.decode()


def test_who_reserved_reads_of_a_new_instant_and_is_reminded_of_it(announced, stranger, lin):
    services.reserve(stranger, announced.pk)
    later = announced.unveil_at + dt.timedelta(hours=1)
    services.reschedule(lin, announced.pk, Launch.objects.get().version, later)
    outbox.drain(rounds=20)
    assert [n.subject for n in notices.inbox(stranger)] == ["揭幕改期：把海带回家"]
    assert services.remind_due(announced.unveil_at - 9 * MINUTE) == 0
    assert services.remind_due(later - 9 * MINUTE) == 1


def test_who_reserved_reads_of_a_withdrawal_and_keeps_the_place_for_the_next_time(
    announced, stranger, lin, client
):
    services.reserve(stranger, announced.pk)
    services.withdraw(lin, announced.pk)
    outbox.drain(rounds=20)
    (notice,) = notices.inbox(stranger)
    assert (notice.subject, notice.url) == ("揭幕取消：把海带回家", "/launches/")
    client.force_login(stranger)
    assert client.get(f"/launches/{announced.slug}/").status_code == 404
    services.announce(lin, announced.pk)
    assert "取消预约" in client.get(f"/launches/{announced.slug}/").content.decode()
