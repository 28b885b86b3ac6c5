"""Webhooks from the fact to the receiver: signed, tried, given up, replayed, logged."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import logging
import re
from typing import Any

import pytest
from django.test import Client

from haishi.foundation import outbox
from haishi.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from haishi.foundation.service import service
from haishi.notices import loops, services
from haishi.notices.errors import (
    EndpointNotActive,
    EndpointTaken,
    TargetRefused,
    TooManyEndpoints,
)
from haishi.notices.models import Attempt, Dispatch, Endpoint, Message, Notice
from haishi.notices.services.dispatching import Outcome, pause, signed
from haishi.notices.tests.receiver import Receiver
from haishi.parties.events import MemberJoined, OrganisationCreated

pytestmark = pytest.mark.django_db
FAILURE = Outcome(500, 12, "broken")


@service
def happen(firm: Any, person: Any) -> None:
    """A public fact and one that is not, as a service of another module would state them."""
    outbox.publish(MemberJoined(organisation_id=firm.pk, person_id=person.pk))
    outbox.publish(OrganisationCreated(organisation_id=firm.pk, person_id=person.pk))


def add(person: Any, firm: Any, url: str = "https://hooks.example.com/", *labels: str) -> Any:
    return services.add_endpoint(person, firm.pk, url, list(labels) or ["*"])


def queued(person: Any, firm: Any, **wanted: Any) -> Dispatch:
    """One fact that waits for one endpoint."""
    add(person, firm, **wanted)
    happen(firm, person)
    outbox.drain()
    return Dispatch.objects.get()


def mac(secret: str, uid: str, moment: str, body: bytes) -> str:
    """The signature as the specification words it, without the library."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{uid}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def test_a_public_fact_arrives_signed_with_ids_only(
    lin: Any, zhou: Any, firm: Any, receiver: Receiver
) -> None:
    endpoint, secret = add(lin, firm, receiver.url)
    happen(firm, zhou)
    outbox.drain()
    assert loops.send_webhooks() == 1
    ((_path, headers, body),) = receiver.requests
    message = Message.objects.get()
    moment = message.created_at.strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{message.created_at.microsecond // 1000:03d}Z"
    )
    assert json.loads(body) == {
        "type": "parties.MemberJoined",
        "timestamp": moment,
        "data": {"organisation_id": firm.pk, "person_id": zhou.pk},
    }
    assert headers["webhook-id"] == message.uid
    signature = mac(secret, message.uid, headers["webhook-timestamp"], body)
    assert headers["webhook-signature"] == signature
    row = Dispatch.objects.get()
    attempt = Attempt.objects.get()
    assert (row.state, row.tries, row.endpoint) == ("delivered", 1, endpoint)
    assert (attempt.status, attempt.excerpt, attempt.error) == (200, "thank you", "")


def test_only_facts_that_were_asked_for_and_of_ones_own_firm_are_queued(
    lin: Any, chen: Any, firm: Any, organiser: Any
) -> None:
    add(lin, firm, "https://a.example/", "parties.OrganisationChanged")
    add(lin, firm, "https://b.example/", "parties.MemberJoined")
    services.add_endpoint(_owner(organiser), organiser.pk, "https://c.example/", ["*"])
    happen(firm, lin)
    outbox.drain()
    assert [row.endpoint.url for row in Dispatch.objects.all()] == ["https://b.example/"]


def _owner(firm: Any) -> Any:
    from haishi.parties.tests.factories import MembershipFactory, PersonFactory

    person = PersonFactory()
    MembershipFactory(person=person, organisation=firm, role="owner")
    return person


def test_a_failing_receiver_is_tried_on_schedule_for_three_days(lin: Any, firm: Any) -> None:
    row = queued(lin, firm)
    now = row.next_try_at
    for number in range(1, 11):
        assert [e.dispatch_id for e in services.claim_dispatches(now)] == [row.pk]
        services.record_attempt(row.pk, FAILURE, now)
        row.refresh_from_db()
        assert (row.state, row.tries) == ("waiting", number)
        assert row.next_try_at - now == pause(number, row.message.uid)
        assert services.claim_dispatches(row.next_try_at - dt.timedelta(seconds=1)) == []
        now = row.next_try_at
    services.record_attempt(row.pk, FAILURE, now)
    row.refresh_from_db()
    assert row.state == "failed"
    assert Endpoint.objects.get().state == "disabled"
    assert Attempt.objects.count() == 11


@pytest.mark.parametrize(
    ("uid", "seconds"), [("msg_a", [5.0, 57.6, 90835.7]), ("msg_b", [4.6, 59.1, 78760.6])]
)
def test_pauses_vary_by_a_tenth_around_the_schedule(uid: str, seconds: list[float]) -> None:
    found = [pause(number, uid) for number in (1, 2, 10)]
    assert [round(wait.total_seconds(), 1) for wait in found if wait] == seconds
    assert pause(11, uid) is None


def test_after_three_days_of_failure_the_managers_are_told_and_calls_end(
    lin: Any, zhou: Any, firm: Any
) -> None:
    row = queued(lin, firm)
    start = row.next_try_at
    services.record_attempt(row.pk, FAILURE, start)
    services.record_attempt(row.pk, FAILURE, start + dt.timedelta(days=3, seconds=-1))
    assert Endpoint.objects.get().state == "active"
    services.record_attempt(row.pk, Outcome(None, 5000, "", "timeout"), start + dt.timedelta(3))
    endpoint = Endpoint.objects.get()
    row.refresh_from_db()
    assert (endpoint.state, endpoint.reason, row.state) == ("disabled", "failing", "cancelled")
    notice = Notice.objects.get()
    assert (notice.person_id, notice.subject) == (lin.pk, "事件推送已停用")
    assert notice.url == f"/notices/webhooks/penglai/{endpoint.pk}/"
    assert notice.body_en == (
        "https://hooks.example.com/ could not be reached for three days, so we have stopped "
        "sending to it. Once it is repaired you can resume and replay."
    )


def test_a_success_in_between_starts_the_three_days_anew(lin: Any, firm: Any) -> None:
    row = queued(lin, firm)
    start = row.next_try_at
    services.record_attempt(row.pk, FAILURE, start)
    services.record_attempt(row.pk, Outcome(204, 3), start + dt.timedelta(days=1))
    assert Endpoint.objects.get().failing_since is None
    services.replay(lin, row.pk)
    services.record_attempt(row.pk, FAILURE, start + dt.timedelta(days=4))
    assert Endpoint.objects.get().state == "active"


@pytest.mark.parametrize(
    ("status", "state", "left"),
    [(500, "waiting", "active"), (302, "waiting", "active"), (410, "cancelled", "disabled")],
)
def test_what_an_answer_means(
    lin: Any, firm: Any, receiver: Receiver, status: int, state: str, left: str
) -> None:
    receiver.status = status
    row = queued(lin, firm, url=receiver.url)
    assert loops.send_webhooks() == 1
    row.refresh_from_db()
    assert (row.state, Endpoint.objects.get().state) == (state, left)
    assert len(receiver.requests) == 1
    assert Attempt.objects.get().status == status


def test_a_firm_cannot_make_us_call_our_own_network(lin: Any, firm: Any) -> None:
    row = queued(lin, firm, url="https://localhost:8443/")
    assert loops.send_webhooks() == 1
    row.refresh_from_db()
    assert (row.state, Attempt.objects.get().error) == ("waiting", "address refused")


def test_one_slow_endpoint_does_not_starve_the_others(lin: Any, firm: Any) -> None:
    busy, _ = add(lin, firm, "https://busy.example/")
    for _ in range(9):
        services.ping(lin, busy.pk)
    quiet, _ = add(lin, firm, "https://quiet.example/")
    last = services.ping(lin, quiet.pk)
    claimed = services.claim_dispatches(last.next_try_at, count=5)
    assert [e.url for e in claimed] == ["https://busy.example/"] * 4 + ["https://quiet.example/"]


def test_a_claim_is_a_lease_of_a_minute(lin: Any, firm: Any) -> None:
    row = queued(lin, firm)
    now = row.next_try_at
    assert len(services.claim_dispatches(now)) == 1
    assert services.claim_dispatches(now + dt.timedelta(seconds=59)) == []
    assert len(services.claim_dispatches(now + dt.timedelta(seconds=60))) == 1


def test_after_a_rotation_both_secrets_sign_for_a_day(lin: Any, firm: Any) -> None:
    endpoint, old = add(lin, firm)
    services.ping(lin, endpoint.pk)
    endpoint, new = services.rotate_secret(lin, endpoint.pk)
    message, until = Message.objects.get(), endpoint.old_secret_until
    before = until - dt.timedelta(seconds=1)
    for moment, secrets in ((before, [new, old]), (until, [new])):
        body, headers = signed(endpoint, message, moment)
        stamp = headers["webhook-timestamp"]
        wanted = [mac(secret, message.uid, stamp, body) for secret in secrets]
        assert headers["webhook-signature"].split(" ") == wanted


def test_secrets_rest_sealed_and_stay_out_of_audit_and_log(
    lin: Any, firm: Any, caplog: Any
) -> None:
    from haishi.foundation.models import AuditEntry

    caplog.set_level(logging.DEBUG)
    _endpoint, secret = add(lin, firm)
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    plain = secret.removeprefix("whsec_")
    assert plain not in Endpoint.objects.get().secret
    assert plain not in caplog.text
    assert plain not in json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_one_fact_is_sent_again_under_its_old_id(lin: Any, firm: Any, receiver: Receiver) -> None:
    row = queued(lin, firm, url=receiver.url)
    loops.send_webhooks()
    services.replay(lin, row.pk)
    loops.send_webhooks()
    first, second = (headers["webhook-id"] for _, headers, _ in receiver.requests)
    assert first == second == row.message.uid
    row.refresh_from_db()
    assert (row.state, row.attempts.count()) == ("delivered", 2)


def test_facts_of_a_pause_are_kept_and_replayed_since_a_time(lin: Any, firm: Any) -> None:
    endpoint, _ = add(lin, firm, "https://a.example/", "parties.MemberJoined")
    services.change_state(lin, endpoint.pk, "pause")
    for _ in range(3):
        happen(firm, lin)
    outbox.drain()
    assert Dispatch.objects.count() == 0
    with pytest.raises(EndpointNotActive):
        services.replay_since(lin, endpoint.pk, Message.objects.earliest("pk").created_at)
    services.change_state(lin, endpoint.pk, "resume")
    second = Message.objects.order_by("pk")[1]
    assert services.replay_since(lin, endpoint.pk, second.created_at) == 2
    waiting = Dispatch.objects.order_by("pk").values_list("message_id", "state", "tries")
    assert list(waiting) == [(second.pk, "waiting", 0), (second.pk + 1, "waiting", 0)]
    assert services.replay_since(lin, endpoint.pk, second.created_at) == 2
    assert Dispatch.objects.count() == 2


def test_only_good_endpoints_are_registered(lin: Any, firm: Any) -> None:
    add(lin, firm)
    refusals = [
        (TargetRefused, "http://hooks.example.com/", ["*"]),
        (EndpointTaken, "https://hooks.example.com/", ["*"]),
        (Invalid, "https://b.example/", []),
        (Invalid, "https://b.example/", ["parties.OrganisationCreated"]),
    ]
    for error, url, labels in refusals:
        with pytest.raises(error):
            services.add_endpoint(lin, firm.pk, url, labels)
    assert Endpoint.objects.count() == 1


def test_the_twenty_first_endpoint_is_refused(lin: Any, firm: Any) -> None:
    for number in range(20):
        add(lin, firm, f"https://{number}.example/")
    with pytest.raises(TooManyEndpoints):
        add(lin, firm, "https://20.example/")
    assert Endpoint.objects.count() == 20


def test_staff_may_not_and_strangers_do_not_even_know(
    lin: Any, zhou: Any, stranger: Any, firm: Any
) -> None:
    endpoint, _ = add(lin, firm)
    row = services.ping(lin, endpoint.pk)
    before = (endpoint.secret, endpoint.state, Dispatch.objects.count())
    for person in (zhou, stranger):
        with pytest.raises(Forbidden):
            services.add_endpoint(person, firm.pk, "https://b.example/", ["*"])
        for act in (
            lambda p=person: services.ping(p, endpoint.pk),
            lambda p=person: services.rotate_secret(p, endpoint.pk),
            lambda p=person: services.change_state(p, endpoint.pk, "pause"),
            lambda p=person: services.remove_endpoint(p, endpoint.pk),
            lambda p=person: services.replay(p, row.pk),
        ):
            with pytest.raises(NotFound):
                act()
    endpoint = Endpoint.objects.get()
    assert (endpoint.secret, endpoint.state, Dispatch.objects.count()) == before


def test_resuming_what_runs_is_a_conflict(lin: Any, firm: Any) -> None:
    endpoint, _ = add(lin, firm)
    with pytest.raises(Conflict):
        services.change_state(lin, endpoint.pk, "resume")


def test_a_manager_adds_tests_and_removes_an_endpoint_in_the_page(
    client: Client, lin: Any, firm: Any, receiver: Receiver
) -> None:
    client.force_login(lin)
    place = "/notices/webhooks/penglai/"
    made = client.post(f"{place}new/", {"url": receiver.url, "labels": ["*"]})
    endpoint = Endpoint.objects.get()
    assert made.status_code == 200
    assert made["Cache-Control"] == "no-store"
    assert made.context["secret"] in made.content.decode()
    page = f"{place}{endpoint.pk}/"
    assert client.post(f"{page}ping/")["Location"] == page
    loops.send_webhooks()
    shown = client.get(page)
    assert made.context["secret"] not in shown.content.decode()
    ((row, last),) = shown.context["log"]
    assert (row.message.label, row.state, last.status) == ("notices.Ping", "delivered", 200)
    entry = client.get(f"{place}log/{row.pk}/")
    assert "thank you" in entry.content.decode()
    assert client.post(f"{place}log/{row.pk}/replay/").status_code == 302
    bad = client.post(f"{page}replay/", {"since": "yesterday"})
    assert (bad.status_code, list(bad.context["replay_form"].errors)) == (422, ["since"])
    assert client.post(f"{page}replay/", {"since": "2026-11-01T08:00"}).status_code == 302
    for action in ("pause", "resume", "rotate", "remove"):
        assert client.post(f"{page}{action}/").status_code in {200, 302}
    assert Endpoint.objects.count() == 0


def test_a_bad_address_is_said_at_its_field_and_what_was_typed_stays(
    client: Client, lin: Any, firm: Any
) -> None:
    client.force_login(lin)
    answer = client.post(
        "/notices/webhooks/penglai/new/", {"url": "http://10.0.0.1/", "labels": ["*"]}
    )
    form = answer.context["form"]
    assert (answer.status_code, form["url"].value()) == (422, "http://10.0.0.1/")
    assert form.errors["url"] == ["这个地址不能使用：请填写公网上的 https 地址。"]
    assert Endpoint.objects.count() == 0


def test_pages_of_another_firm_stay_closed(
    client: Client, lin: Any, zhou: Any, stranger: Any, firm: Any
) -> None:
    endpoint, _ = add(lin, firm)
    client.force_login(stranger)
    assert client.get("/notices/webhooks/penglai/").status_code == 403
    assert client.get(f"/notices/webhooks/penglai/{endpoint.pk}/").status_code == 404
    assert client.post(f"/notices/webhooks/penglai/{endpoint.pk}/remove/").status_code == 404
    assert Endpoint.objects.count() == 1


def test_the_api_does_what_the_pages_do(
    client: Client, lin: Any, firm: Any, receiver: Receiver
) -> None:
    client.force_login(lin)
    root = "/api/v1/notices/endpoints"
    asked = {"organisation": "penglai", "url": receiver.url, "labels": ["parties.MemberJoined"]}
    made = client.post(root, asked, content_type="application/json").json()
    one = f"{root}/{made['id']}"
    assert made["secret"].startswith("whsec_")
    assert "secret" not in client.get(one).json()
    assert [row["id"] for row in client.get(f"{root}?organisation=penglai").json()] == [made["id"]]
    happen(firm, lin)
    outbox.drain()
    loops.send_webhooks()
    (entry,) = client.get(f"{one}/deliveries").json()["items"]
    assert (entry["type"], entry["state"], entry["last"]["status"]) == (
        "parties.MemberJoined", "delivered", 200,
    )  # fmt: skip
    again = client.post(f"/api/v1/notices/deliveries/{entry['id']}/replay").json()
    assert (again["state"], again["tries"]) == ("waiting", 0)
    changed = client.patch(one, {"state": "paused"}, content_type="application/json").json()
    assert changed["state"] == "paused"
    refused = client.patch(one, {"url": "ftp://x/"}, content_type="application/json")
    assert (refused.status_code, refused.json()["field"]) == (422, "url")
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404
