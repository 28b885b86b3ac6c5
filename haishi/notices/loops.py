"""The worker's part: send what is due, gather digests, forget what is old.

Each step claims and records in short transactions and talks to the network between them.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPException

from django.core.mail import get_connection

from haishi.foundation import clock
from haishi.foundation.loops import loop
from haishi.notices import outgoing, services
from haishi.notices.errors import TargetRefused
from haishi.notices.services.delivering import Pushed
from haishi.notices.services.dispatching import Envelope, Outcome

CALLERS = 16


@loop("notices-mail", 1.0)
def send_mail() -> int:
    """Hand due mails to the mail server, one connection for all of them."""
    batch = services.claim_mail(clock.now())
    if not batch:
        return 0
    connection = get_connection()
    for delivery_id, message in batch:
        error = ""
        try:
            connection.open()
            connection.send_messages([message])
        except (OSError, SMTPException) as failure:
            error = f"{type(failure).__name__}: {failure}"
            connection = get_connection()
        services.record_mail(delivery_id, error, clock.now())
    connection.close()
    return len(batch)


@loop("notices-push", 1.0)
def send_push() -> int:
    """Hand due push messages to the browsers' push services."""
    batch = services.claim_push(clock.now())
    for message, outcome in zip(batch, _call_all(batch), strict=True):
        error = outcome.error or outcome.excerpt
        now, wait = clock.now(), outcome.retry_after
        services.record_push(message.delivery_id, outcome.status, error, now, wait)
    return len(batch)


@loop("notices-webhooks", 0.5)
def send_webhooks() -> int:
    """Call the endpoints whose turn it is."""
    batch = services.claim_dispatches(clock.now())
    for envelope, outcome in zip(batch, _call_all(batch), strict=True):
        services.record_attempt(envelope.dispatch_id, outcome, clock.now())
    return len(batch)


@loop("notices-digest", 30.0)
def gather_digests() -> int:
    """Make the digests of those for whom it is 08:00."""
    return services.gather_digests(clock.now())


@loop("notices-sweep", 3600.0)
def sweep() -> int:
    """Forget what is old."""
    return services.sweep(clock.now())


def _call_all(batch: Sequence[Envelope | Pushed]) -> list[Outcome]:
    """Outcomes in order. Threads only call: rows are read and written by the loop itself."""
    if not batch:
        return []
    with ThreadPoolExecutor(min(CALLERS, len(batch))) as callers:
        return list(callers.map(_call, batch))


def _call(request: Envelope | Pushed) -> Outcome:
    began = time.monotonic()
    status, excerpt, error, wait = None, "", "", None
    try:
        reply = outgoing.post(request.url, request.body, request.headers)
        status, excerpt, wait = reply.status, reply.excerpt, reply.retry_after
    except TargetRefused:
        error = "address refused"
    except outgoing.Unreachable as reason:
        error = str(reason)
    return Outcome(status, int((time.monotonic() - began) * 1_000), excerpt, error, wait)
