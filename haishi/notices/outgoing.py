"""Calls to addresses that others typed in: only to public places, only where we looked, briefly.

The name is resolved once, every address it has must be public, and the connection goes to one of
those very addresses, so an answer that changes in between (DNS rebinding) leads nowhere. Redirects
are answers, not instructions. One deadline covers connecting, sending and reading, however slowly
the other side drips.
"""

import datetime as dt
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from haishi.foundation import clock
from haishi.notices.errors import TargetRefused

SECONDS = 5.0
EXCERPT = 500
READ = 4_096
URL_LENGTH = 800
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Ranges that carry an IPv4 address inside, so a private one could hide there: NAT64, 6to4, Teredo.
_CARRIERS = [ipaddress.ip_network(n) for n in ("64:ff9b::/96", "2002::/16", "2001::/32")]


class Unreachable(Exception):
    """No usable answer came. The text says why, in few words, for the delivery log."""


@dataclass(frozen=True)
class Reply:
    """What the other side answered: HTTP status, and up to 500 characters of the body.

    `retry_after`: the seconds it asks us to wait (RFC 9110, section 10.2.3), if it does.
    """

    status: int
    excerpt: str
    retry_after: int | None = None


@dataclass(frozen=True)
class Target:
    """A checked address; the connection goes to `address`, whatever the name says later."""

    parts: SplitResult
    host: str
    port: int
    address: str


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet and to one machine there."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if any(address in carrier for carrier in _CARRIERS):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def check_form(url: str) -> SplitResult:
    """The parts of `url` if its form is acceptable, without asking DNS. Raises TargetRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise TargetRefused from None
    plain = parts.scheme == "http" and _loopback_allowed()
    bad = (
        not url.isascii()
        or any(character.isspace() for character in url)
        or len(url) > URL_LENGTH
        or not (parts.scheme == "https" or plain)
        or not parts.hostname
        or parts.username is not None
        or parts.fragment
        or (port is not None and port != 443 and port < 1024)
    )
    if bad:
        raise TargetRefused
    return parts


def resolve(url: str) -> Target:
    """Look the host up once and pin the place. Raises TargetRefused, Unreachable."""
    parts = check_form(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("name not found") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    # One private address among public ones is how a rebinding name looks: refuse all of it.
    if not addresses or not all(_allowed(address, parts.scheme) for address in addresses):
        raise TargetRefused
    return Target(parts, host, port, str(addresses[0]))


def _loopback_allowed() -> bool:
    return bool(getattr(settings, "OUTGOING_ALLOW_LOOPBACK", False))


def _allowed(address: Address, scheme: str) -> bool:
    if address.is_loopback and _loopback_allowed():
        return True
    return scheme == "https" and is_public(address)


class _Connection(http.client.HTTPConnection):
    """Goes to the pinned address; for https the certificate must still match the name."""

    def __init__(self, target: Target, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.target = target
        # http.client lets go of `sock` while the body is still being read; we must not.
        self.line: socket.socket | None = None
        self.late = False

    def connect(self) -> None:
        place = (self.target.address, self.target.port)
        self.sock = self.line = socket.create_connection(place, self.timeout)
        if self.target.parts.scheme == "https":
            context = ssl.create_default_context()
            secure = context.wrap_socket(
                self.sock, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self.sock = self.line = secure
            secure.do_handshake()
        if self.late:
            raise TimeoutError

    def cut(self) -> None:
        """End the conversation from another thread: blocked reads return at once."""
        self.late = True
        if self.line is None:
            return
        try:
            # The plain socket's own shutdown: TLS would wait for the other side's goodbye.
            socket.socket.shutdown(self.line, socket.SHUT_RDWR)
        except OSError:
            return  # already closed, which is what was wanted


def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float = SECONDS) -> Reply:
    """POST `body` and return what was answered, whatever the status; redirects are not followed.

    Raises TargetRefused for a place we do not call, Unreachable when no answer came within
    `seconds` in all.
    """
    began = time.monotonic()
    connection = _Connection(resolve(url), seconds)
    watchdog = threading.Timer(max(0.1, seconds - (time.monotonic() - began)), connection.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        return _exchange(connection, body, headers)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable("timeout" if connection.late else _reason(error)) from None
    finally:
        watchdog.cancel()
        connection.close()


def _exchange(connection: _Connection, body: bytes, headers: Mapping[str, str]) -> Reply:
    parts = connection.target.parts
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"User-Agent": "Haishi/1", "Accept-Encoding": "identity", "Connection": "close"}
    connection.request("POST", path, body, {**sent, **headers})
    response = connection.getresponse()
    if connection.late:
        raise TimeoutError  # we ended it ourselves: headers that were cut off are no answer
    try:
        content = response.read(READ)
    except (OSError, http.client.HTTPException):
        content = b""  # the status has arrived, and the status is what counts
    text = content.decode("utf-8", "replace").replace("\x00", "")
    return Reply(response.status, text[:EXCERPT], _wait(response.getheader("Retry-After", "")))


def _wait(header: str) -> int | None:
    """Seconds of a Retry-After header, which holds a number or a date; None for anything else."""
    if header.isascii() and header.isdigit():
        return int(header[:9])
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000": a UTC date without a zone of its own
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0, int((moment - clock.now()).total_seconds()))


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or 'failed'}"[:200]
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    return type(error).__name__
