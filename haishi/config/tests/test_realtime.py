"""Rooms and live video beside the pages: their processes, and that pages may reach them."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from haishi.config import opening
from haishi.config.env import Env
from haishi.config.kinds import BadSetting
from haishi.config.supervisor import Home, Nats, Supervisor, gateway_child, origin_child
from haishi.config.tests.plane import free_port
from haishi.foundation import planes, security
from wire import live, tokens


def pump_until(house: Supervisor, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        house.pump(0.05)


def facts(home: Home, name: str) -> dict[str, object]:
    return next(child for child in home.state["children"] if child["name"] == name)


def test_gateway_and_broker_start_and_come_back_when_they_are_killed(tmp_path: Path):
    home = Home(tmp_path / "home")
    home.ensure()
    nats = Nats(home, free_port())
    with open(os.devnull, "w") as nowhere, Supervisor(home, stream=nowhere) as house:
        house.start(nats.child())
        house.wait_ready("nats")
        environment = {"NATS_URL": nats.url}
        house.start(gateway_child("127.0.0.1", free_port(), "a secret", [], environment))
        house.wait_ready("gateway")
        assert (home.jetstream / "jetstream" / "$G" / "streams" / "ROOMS").is_dir()
        for name in ("gateway", "nats"):
            os.kill(house.pids()[name], signal.SIGKILL)
            pump_until(house, lambda name=name: facts(home, name)["restarts"] == 1)
            house.wait_ready(name)
        pump_until(house, lambda: facts(home, "gateway")["state"] == "ready")
        assert facts(home, "gateway")["restarts"] == 1  # it outlives the broker


def test_both_get_keys_that_the_pages_can_derive(tmp_path: Path):
    one = gateway_child("127.0.0.1", 1, "a secret", ["http://a"], {"NATS_URL": "x"}, proxies="::1")
    assert one.environment == {
        "NATS_URL": "x",
        "HAISHI_GATEWAY_HOST": "127.0.0.1",
        "HAISHI_GATEWAY_PORT": "1",
        "HAISHI_GATEWAY_KEY": tokens.derive("a secret").hex(),
        "HAISHI_GATEWAY_ORIGINS": "http://a",
        "HAISHI_GATEWAY_PROXIES": "::1",
        "HAISHI_GATEWAY_DRAIN": "2",
    }
    two = origin_child("::", 2, 4, "a secret", "http://hook/", ["http://a"], tmp_path, {})
    assert two.environment["HAISHI_ORIGIN_WATCH_KEY"] == live.derive("a secret", "watch").hex()
    assert two.environment["HAISHI_ORIGIN_CONTROL_KEY"] == live.derive("a secret", "control").hex()
    assert two.environment["HAISHI_ORIGIN_RTMP_PORT"] == "4"
    assert "a secret" not in " ".join([*one.command, *two.command])


@pytest.mark.parametrize(
    ("public", "bind", "origins"),
    [
        ("", "127.0.0.1", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"]),
        ("", "0.0.0.0", []),
        ("https://expo.test", "0.0.0.0", ["https://expo.test"]),
        ("https://expo.test/", "127.0.0.1", ["https://expo.test"]),
    ],
)
def test_only_pages_of_ours_may_connect(monkeypatch, public, bind, origins):
    for name, value in {"public_url": public, "bind": bind, "port": 8000}.items():
        monkeypatch.setattr(opening.env, name, value)
    assert opening.page_origins() == origins


def sources(policy: str, name: str) -> str:
    return next(part for part in policy.split("; ") if part.startswith(f"{name} "))


@pytest.mark.django_db
def test_pages_may_reach_rooms_and_video_under_the_name_their_reader_used(settings):
    settings.GATEWAY_URL = settings.ORIGIN_URL = None
    settings.GATEWAY_PORT, settings.ORIGIN_PORT = 8001, 8002
    policy = (
        Client()
        .get("/style/", headers={"host": "127.0.0.1:8000"})
        .headers["Content-Security-Policy"]
    )
    assert sources(policy, "connect-src") == (
        "connect-src 'self' ws://127.0.0.1:8001 http://127.0.0.1:8002"
    )
    assert sources(policy, "media-src") == "media-src 'self' blob: http://127.0.0.1:8002"
    assert sources(policy, "worker-src") == "worker-src 'self' blob:"
    assert sources(policy, "script-src") == "script-src 'self'"


@pytest.mark.django_db
def test_behind_a_front_pages_reach_the_addresses_that_it_serves(settings, rf):
    settings.GATEWAY_URL = "wss://expo.test/rt"
    settings.ORIGIN_URL = "https://video.test/live/"
    request = rf.get("/", headers={"host": "expo.test"})
    assert planes.gateway_url(request) == "wss://expo.test/rt"
    assert planes.origin_url(request) == "https://video.test/live"
    policy = security.policy_of(request)
    assert sources(policy, "connect-src") == (
        "connect-src 'self' wss://expo.test https://video.test"
    )


def test_a_host_that_is_none_gets_the_policy_of_the_house_alone(settings, rf):
    settings.GATEWAY_URL = None
    settings.ALLOWED_HOSTS = ["expo.test"]
    request = rf.get("/", headers={"host": "evil.test"})
    assert sources(security.policy_of(request), "connect-src") == "connect-src 'self'"


def test_an_address_of_the_wrong_kind_stops_the_start():
    with pytest.raises(BadSetting, match="HAISHI_GATEWAY_URL"):
        Env({"HAISHI_GATEWAY_URL": "https://expo.test/rt"})
