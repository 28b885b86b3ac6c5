"""Events are written with the change that caused them and delivered after it, at least once."""

import datetime as dt
from dataclasses import asdict, fields

import structlog
from django.db import transaction

from haishi.foundation import clock
from haishi.foundation.events import TYPES, Event, Subscriber, subscribers_of
from haishi.foundation.models import Outbox
from haishi.foundation.service import inside_service, service

log = structlog.get_logger("haishi.outbox")
PARK_AFTER = 8


def publish(event: Event) -> None:
    """Record `event` in the transaction of the running service."""
    assert inside_service(), "publish() belongs inside a @service"
    Outbox.objects.create(label=event.label(), payload=asdict(event))


def publishing(payload: str, source: str) -> str:
    """An INSERT of a fact for each row of `source`, as a part of a larger statement.

    `payload` is SQL that makes its JSON; the statement's value `fact` is the event's label.
    """
    columns = "label, payload, done, failures, parked, last_error"
    values = f"%(fact)s, {payload}, '[]', 0, false, ''"
    return f"INSERT INTO foundation_outbox ({columns}) SELECT {values} FROM {source}"  # noqa: S608 - ours


def deliver_due(limit: int = 200) -> int:
    """Hand due events to their subscribers; returns how many rows were finished.

    Rows are taken with SKIP LOCKED, so several workers may run. Each subscriber has a
    transaction of its own; one that fails is tried again with growing pauses and the row is
    parked after `PARK_AFTER` failures, where `haishi doctor` and operators see it.
    """
    finished = 0
    for _ in range(limit):
        with transaction.atomic():
            row = (
                Outbox.objects.select_for_update(skip_locked=True)
                .filter(parked=False, next_try_at__lte=clock.now())
                .order_by("id")
                .first()
            )
            if row is None:
                break
            finished += _deliver(row)
    return finished


def _deliver(row: Outbox) -> int:
    event_type = TYPES.get(row.label)
    failed: list[tuple[str, Exception]] = []
    if event_type is not None:
        known = {field.name for field in fields(event_type)}
        # A fact written by an older release may carry less or more than today's class.
        event = event_type(**{k: v for k, v in row.payload.items() if k in known})
        for name, function in subscribers_of(row.label).items():
            if name not in row.done and (error := _tell(function, event)):
                failed.append((name, error))
            elif name not in row.done:
                row.done.append(name)
    if failed:
        _failed(row, *failed[0])
        return 0
    row.delete()
    return 1


def _tell(function: Subscriber, event: Event) -> Exception | None:
    """What went wrong, if anything: a subscriber must not stop the others, whatever it raises."""
    try:
        with transaction.atomic():
            _call(function, event)
    except Exception as error:
        return error
    return None


@service
def _call(function: Subscriber, event: Event) -> None:
    function(event)


def _failed(row: Outbox, name: str, error: Exception) -> None:
    row.failures += 1
    row.parked = row.failures >= PARK_AFTER
    row.last_error = f"{name}: {type(error).__name__}: {error}"[:2000]
    row.next_try_at = clock.now() + dt.timedelta(seconds=min(2**row.failures, 600))
    row.save()
    log.error(
        "event.failed",
        label=row.label,
        row=row.pk,
        subscriber=name,
        parked=row.parked,
        failures=row.failures,
        exc_info=error,
    )


def drain(rounds: int = 50) -> int:
    """Deliver until nothing is due: facts may cause facts. For tests, imports and the demo."""
    total = 0
    for _ in range(rounds):
        done = deliver_due()
        total += done
        if not done:
            break
    return total
