"""Mail and push messages on their way: claimed for a while, tried, tried again, given up.

A claim is a lease: it commits before anything is sent, so no network call holds a transaction, and
a worker that dies leaves rows that come due again.
"""

import datetime as dt
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q

from haishi.foundation.service import service
from haishi.notices import mail, push, selectors
from haishi.notices.models import Attempt, Delivery, DigestClock, Message, Notice, PushSubscription
from haishi.notices.states import Channel, DeliveryState
from haishi.notices.types import KINDS

LEASE = dt.timedelta(minutes=10)
# Minutes between tries; a mail server that is away for a day still gets its mail.
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
# Nobody may ask us to wait longer than the message is worth.
LONGEST_WAIT = push.KEEP_SECONDS
KEPT = dt.timedelta(days=30)
READ_KEPT = dt.timedelta(days=365)
SWEEP_BATCH = 5_000


@dataclass(frozen=True)
class Pushed:
    """One push message, ready to be sent."""

    delivery_id: int
    url: str
    body: bytes
    headers: dict[str, str]


def _claim(channel: Channel, now: dt.datetime, limit: int) -> list[Delivery]:
    due = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        channel=channel, state=DeliveryState.WAITING, next_try_at__lte=now
    )
    rows = list(
        due.select_related("person", "notice", "subscription").order_by("next_try_at", "pk")[:limit]
    )
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(next_try_at=now + LEASE)
    gone = [row for row in rows if row.person is not None and not row.person.is_active]
    _finish([row.pk for row in gone], DeliveryState.DROPPED, now)
    return [row for row in rows if row not in gone]


def _finish(ids: list[int], state: DeliveryState, now: dt.datetime, error: str = "") -> None:
    rows = Delivery.objects.filter(Q(pk__in=ids) | Q(digest_id__in=ids))
    rows.update(state=state, finished_at=now, error=error)


@service
def claim_mail(now: dt.datetime, limit: int = 50) -> list[tuple[int, EmailMultiAlternatives]]:
    """(delivery id, message) of mails that are due, leased."""
    return [(row.pk, mail.compose(row)) for row in _claim(Channel.MAIL, now, limit)]


@service
def record_mail(delivery_id: int, error: str, now: dt.datetime) -> None:
    """A mail was handed over, or `error` says why not; the eighth failure is the last."""
    _record(delivery_id, error, now)


def _record(delivery_id: int, error: str, now: dt.datetime, wait: int | None = None) -> None:
    row = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if row is None or row.state != DeliveryState.WAITING:
        return  # erased or unsubscribed meanwhile
    row.tries += 1
    if not error:
        _finish([row.pk], DeliveryState.SENT, now)
    elif row.tries > len(PAUSES):
        _finish([row.pk], DeliveryState.FAILED, now, error[:300])
    else:
        asked = dt.timedelta(seconds=min(wait or 0, LONGEST_WAIT))
        row.next_try_at = now + max(PAUSES[row.tries - 1], asked)
        Delivery.objects.filter(pk=row.pk).update(error=error[:300])
    row.save(update_fields=["tries", "next_try_at"])


@service
def claim_push(now: dt.datetime, limit: int = 50) -> list[Pushed]:
    """Push messages that are due, encrypted and leased."""
    ready = []
    for row in _claim(Channel.PUSH, now, limit):
        browser, notice, person = row.subscription, row.notice, row.person
        assert browser is not None
        assert notice is not None
        assert person is not None
        english = person.language.startswith("en")
        content = {
            "title": (notice.subject_en if english else "") or notice.subject,
            "body": ((notice.body_en if english else "") or notice.body)[: push.TEXT_LENGTH],
            "url": notice.url or "/notices/",
            "tag": f"notice-{notice.pk}",
        }
        topic = f"n{notice.pk}"
        body, headers = push.sealed(browser.endpoint, browser.p256dh, browser.auth, content, topic)
        ready.append(Pushed(row.pk, browser.endpoint, body, headers))
    return ready


@service
def record_push(
    delivery_id: int, status: int | None, error: str, now: dt.datetime, wait: int | None = None
) -> None:
    """What the push service answered. 404 and 410: the browser is gone, so is its row.

    `wait`: the seconds it asked for with 429 or 503; the next try is no earlier.
    """
    if status in (404, 410):
        PushSubscription.objects.filter(
            pk__in=Delivery.objects.filter(pk=delivery_id).values("subscription_id")
        ).delete()
    elif status is not None and 200 <= status < 300:
        _record(delivery_id, "", now)
    elif status is not None and 400 <= status < 500 and status != 429:
        _finish([delivery_id], DeliveryState.FAILED, now, f"{status} {error}"[:300])
    else:
        _record(delivery_id, f"{status or ''} {error}".strip() or "failed", now, wait)


@service
def gather_digests(now: dt.datetime, limit: int = 100) -> int:
    """Make one mail of what waits for each person whose 08:00 has come; returns how many people.

    What they have read on the page meanwhile is left out; nothing unread means no mail.
    """
    clocks = DigestClock.objects.select_for_update(skip_locked=True).filter(next_at__lte=now)
    due = list(clocks.order_by("next_at")[:limit])
    for row in due:
        _gather(row.person_id, now)
        row.next_at = selectors.next_digest(row.zone, now)
    DigestClock.objects.bulk_update(due, ["next_at"])
    return len(due)


def _gather(person_id: int, now: dt.datetime) -> None:
    held = Delivery.objects.filter(person_id=person_id, state=DeliveryState.HELD, digest=None)
    held.exclude(notice__read_at=None).update(state=DeliveryState.DROPPED, finished_at=now)
    ids = list(held.filter(notice__kind__in=KINDS).values_list("pk", flat=True))
    if not ids:
        return
    digest = Delivery.objects.create(person_id=person_id, channel=Channel.MAIL, next_try_at=now)
    Delivery.objects.filter(pk__in=ids).update(digest=digest)


@service
def sweep(now: dt.datetime) -> int:
    """Forget what nobody needs: finished deliveries and facts of 30 days, notices read a year ago.

    Returns how many rows went, at most a batch of each so that no transaction grows long.
    """
    old = (
        Attempt.objects.filter(dispatch__message__created_at__lt=now - KEPT),
        Message.objects.filter(created_at__lt=now - KEPT),
        Delivery.objects.filter(finished_at__lt=now - KEPT),
        Notice.objects.filter(read_at__lt=now - READ_KEPT),
        Notice.objects.filter(hidden=True, created_at__lt=now - READ_KEPT, deliveries=None),
    )
    gone = 0
    for rows in old:
        ids = list(rows.order_by(F("pk")).values_list("pk", flat=True)[:SWEEP_BATCH])
        gone += rows.model.objects.filter(pk__in=ids).delete()[0] if ids else 0
    return gone
