"""Calls to addresses that others typed in lead nowhere they should not."""

import ipaddress
import socket
from typing import Any

import pytest

from haishi.notices import outgoing
from haishi.notices.errors import TargetRefused
from haishi.notices.tests.receiver import Receiver


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "https:///path",
        "https://",
        "hooks.example.com/",
        "https://user:password@hooks.example.com/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com:25/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\r\nHost: other",
        "https://[::1",
        "https://例子.example/",
        "https://hooks.example.com/" + "a" * 800,
    ],
)
def test_an_address_of_the_wrong_form_is_refused_without_asking_dns(url: str) -> None:
    with pytest.raises(TargetRefused):
        outgoing.check_form(url)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com", "https://hooks.example.com:8443/a?b=c", "https://1.1.1.1/"]
)
def test_an_https_address_of_the_right_form_is_accepted(url: str) -> None:
    assert outgoing.check_form(url).scheme == "https"


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",  # shared by carriers
        "127.0.0.1",
        "169.254.169.254",  # metadata of cloud machines
        "172.16.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:0:80ff:fffe",
        "fc00::1",
        "fe80::1",
        "ff02::1",
    ],
)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not outgoing.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2400:3200::1", "::ffff:1.1.1.1"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert outgoing.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "169.254.169.254"]
)
def test_a_name_that_leads_inside_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(TargetRefused):
        outgoing.post(f"https://{host}:8443/", b"", {})


def names(monkeypatch: Any, *answers: list[str]) -> list[str]:
    """Let DNS give these answers in turn; returns the names that were asked for."""
    asked: list[str] = []

    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port)) for place in found]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked


def test_one_private_address_among_public_ones_refuses_the_name(monkeypatch: Any) -> None:
    names(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(TargetRefused):
        outgoing.resolve("https://hooks.example.com/")


def test_the_name_is_asked_once_and_the_answer_is_where_we_go(monkeypatch: Any) -> None:
    asked = names(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    went: list[Any] = []

    def connect(place: Any, *_: Any, **__: Any) -> Any:
        went.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(outgoing.Unreachable, match="connection refused"):
        outgoing.post("https://hooks.example.com/", b"", {})
    assert (asked, went) == (["hooks.example.com"], [("1.1.1.1", 443)])


def test_http_is_for_loopback_only_and_only_where_allowed(
    monkeypatch: Any, settings: Any, receiver: Receiver
) -> None:
    assert outgoing.post(receiver.url, b"x", {}).status == 200
    settings.OUTGOING_ALLOW_LOOPBACK = False
    with pytest.raises(TargetRefused):
        outgoing.post(receiver.url, b"x", {})
    settings.OUTGOING_ALLOW_LOOPBACK = True
    names(monkeypatch, ["1.1.1.1"])
    with pytest.raises(TargetRefused):
        outgoing.post("http://hooks.example.com/", b"x", {})
    assert len(receiver.requests) == 1


def test_body_headers_and_query_arrive_as_given(receiver: Receiver) -> None:
    reply = outgoing.post(receiver.url, b'{"a":1}', {"X-Mark": "yes"})
    assert reply == outgoing.Reply(200, "thank you")
    path, headers, body = receiver.requests[0]
    assert (path, body, headers["x-mark"]) == ("/hook?from=haishi", b'{"a":1}', "yes")
    assert headers["host"] == f"127.0.0.1:{receiver.port}"


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.status = 302
    assert outgoing.post(receiver.url, b"x", {}).status == 302
    assert [path for path, _, _ in receiver.requests] == ["/hook?from=haishi"]


def test_an_endless_answer_is_cut_to_an_excerpt(receiver: Receiver) -> None:
    receiver.answer = b"\x00" + b"y" * 1_000_000
    assert outgoing.post(receiver.url, b"x", {}).excerpt == "y" * 500


@pytest.mark.parametrize("manner", ["hang", "trickle"])
def test_who_does_not_answer_in_time_is_left(receiver: Receiver, manner: str) -> None:
    receiver.manner = manner
    with pytest.raises(outgoing.Unreachable, match="timeout"):
        outgoing.post(receiver.url, b"x", {}, seconds=0.2)


def test_a_body_that_never_ends_does_not_hold_us_once_the_status_is_known(
    receiver: Receiver,
) -> None:
    receiver.manner = "drip"
    reply = outgoing.post(receiver.url, b"x", {}, seconds=0.3)
    assert (reply.status, set(reply.excerpt)) == (200, {"x"})


def test_a_certificate_nobody_vouches_for_is_refused(receiver: Receiver) -> None:
    with pytest.raises(outgoing.Unreachable, match="TLS"):
        outgoing.post(receiver.url.replace("http:", "https:"), b"x", {})
    assert receiver.requests == []


def test_a_name_that_nobody_has_is_unreachable() -> None:
    with pytest.raises(outgoing.Unreachable, match="name not found"):
        outgoing.post("https://nobody.invalid/", b"x", {})
