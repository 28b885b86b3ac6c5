"""Tell people something: rows in the caller's transaction, mail and push after it."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import connection

from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.notices import selectors
from haishi.notices.models import Delivery, DigestClock, Notice, PushSubscription
from haishi.notices.states import Channel, DeliveryState
from haishi.notices.types import (
    BODY_LENGTH,
    DIGEST,
    KINDS,
    NOW,
    OFF,
    SUBJECT_LENGTH,
    Choice,
    Kind,
    Words,
    in_both,
)

BATCH = 1_000

# One statement for any number of people. A repeat of an unread topic counts up instead; xmax is 0
# only for rows that are new. Sorted, so that two announcements lock rows in the same order.
_WRITE = """
INSERT INTO notices_notice (person_id, kind, subject, subject_en, body, body_en, url, calendar,
  topic, important, hidden, repeats, created_at)
SELECT person, %(kind)s, %(subject)s, %(subject_en)s, %(body)s, %(body_en)s, %(url)s, %(calendar)s,
  %(topic)s, %(important)s, %(hidden)s, 1, %(now)s FROM unnest(%(people)s::bigint[]) AS person
ORDER BY person
ON CONFLICT (person_id, kind, topic) WHERE read_at IS NULL AND topic <> ''
DO UPDATE SET subject = EXCLUDED.subject, subject_en = EXCLUDED.subject_en, body = EXCLUDED.body,
  body_en = EXCLUDED.body_en, url = EXCLUDED.url, calendar = EXCLUDED.calendar,
  important = EXCLUDED.important, hidden = EXCLUDED.hidden, created_at = EXCLUDED.created_at,
  repeats = notices_notice.repeats + 1
RETURNING id, person_id, xmax = 0
"""


def register_kind(
    key: str, zh: str, en: str, *, inbox: str = NOW, mail: str = NOW, push: str = OFF
) -> Kind:
    """Declare a kind of notice, with its name on the settings page and its default channels.

    `mail` is "now", "digest" or "off"; `inbox` and `push` are "now" or "off". Call it where a
    module's subscribers are loaded. Raises ValueError for a key that links cannot carry.
    """
    if not key.replace("_", "").isalnum() or not key.isascii() or len(key) > 40:
        raise ValueError(f"{key!r}: letters, digits and underscores, at most 40")
    KINDS[key] = Kind(key, Bilingual(zh, en), inbox, mail, push)
    return KINDS[key]


@service
def tell(
    person_ids: Iterable[int],
    kind: str,
    subject: Words,
    body: Words = "",
    url: str = "",
    *,
    values: Mapping[str, Any] | None = None,
    important: bool = False,
    topic: str = "",
    calendar: str = "",
) -> int:
    """Tell people something, each by the channels they chose; returns how many will hear of it.

    `subject` and `body` are a `Bilingual`, or a translatable text with `%(name)s` from `values`.
    `url` is a path of this installation. `topic` joins what is still unread about one thing into
    one notice that counts; a repeat is not mailed again. `important` is always shown and mailed at
    once. `calendar` is an iCalendar object that goes with the mail. Raises KeyError for a kind
    nobody registered, ValueError for an address elsewhere.
    """
    if url and (not url.startswith("/") or url.startswith(("//", "/\\"))):
        raise ValueError(f"{url!r} is not a path of this installation")
    people = sorted(set(person_ids))
    known = KINDS[kind]
    subject_zh, subject_en = in_both(subject, values, SUBJECT_LENGTH)
    body_zh, body_en = in_both(body, values, BODY_LENGTH)
    row = {
        "kind": kind, "subject": subject_zh, "subject_en": subject_en, "body": body_zh,
        "body_en": body_en, "url": url, "calendar": calendar, "topic": topic[:80],
        "important": important, "now": clock.now(),
    }  # fmt: skip
    wanted = _wanted(known, people, important)
    groups: dict[bool, list[int]] = {}
    for person, choice in wanted.items():
        groups.setdefault(choice.inbox == OFF, []).append(person)
    for hidden, group in groups.items():
        fresh = _write({**row, "hidden": hidden, "people": group}, repeat=important)
        _schedule(fresh, wanted)
    return len(wanted)


def _wanted(kind: Kind, people: Collection[int], important: bool) -> dict[int, Choice]:
    chosen = selectors.choices(kind, people)
    wanted = {}
    for person in people:
        choice = chosen.get(person) or selectors.default(kind)
        if important:
            choice = Choice(NOW, NOW, choice.push)
        if (choice.inbox, choice.mail, choice.push) != (OFF, OFF, OFF):
            wanted[person] = choice
    return wanted


def _write(row: Mapping[str, Any], *, repeat: bool) -> dict[int, int]:
    """{person id: notice id} of notices that are to leave the house."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, row)
        return {person: pk for pk, person, fresh in cursor.fetchall() if fresh or repeat}


def _schedule(fresh: Mapping[int, int], wanted: Mapping[int, Choice]) -> None:
    now = clock.now()
    rows = []
    held = []
    for person, notice in fresh.items():
        if wanted[person].mail == OFF:
            continue
        state = DeliveryState.WAITING if wanted[person].mail == NOW else DeliveryState.HELD
        if wanted[person].mail == DIGEST:
            held.append(person)
        row = Delivery(person_id=person, notice_id=notice, channel=Channel.MAIL, state=state)
        row.next_try_at = now
        rows.append(row)
    called = [person for person in fresh if wanted[person].push == NOW]
    for browser in PushSubscription.objects.filter(person_id__in=called) if called else ():
        row = Delivery(person_id=browser.person_id, subscription=browser, channel=Channel.PUSH)
        row.notice_id, row.next_try_at = fresh[browser.person_id], now
        rows.append(row)
    Delivery.objects.bulk_create(rows, batch_size=BATCH)
    _wind_clocks(held, now)


def _wind_clocks(people: Iterable[int], now: dt.datetime) -> None:
    due = selectors.next_digest(settings.TIME_ZONE, now)
    DigestClock.objects.bulk_create(
        [DigestClock(person_id=person, zone=settings.TIME_ZONE, next_at=due) for person in people],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


@service
def write_letter(
    address: str,
    subject: Words,
    body: Words = "",
    url: str = "",
    *,
    language: str = "zh-hans",
    values: Mapping[str, Any] | None = None,
    calendar: str = "",
) -> None:
    """Mail somebody who may have no account: an invitation, a ticket, a confirmation."""
    english = language.startswith("en")
    letter = {
        "subject": in_both(subject, values, SUBJECT_LENGTH)[english],
        "body": in_both(body, values, BODY_LENGTH)[english],
        "url": url,
        "calendar": calendar,
        "language": language,
    }
    Delivery.objects.create(
        address=address, letter=letter, channel=Channel.MAIL, next_try_at=clock.now()
    )


@service
def mark_read(actor: Actor, notice_id: int) -> Notice:
    """The notice, now read. Raises NotFound."""
    row = selectors.get_notice(actor, notice_id)
    if row.read_at is None:
        row.read_at = clock.now()
        row.save(update_fields=["read_at"])
    return row


@service
def mark_all_read(actor: Actor, kind: str = "") -> int:
    """Read everything, or everything of one kind; returns how many were unread."""
    return selectors.inbox(actor, unread=True, kind=kind).order_by().update(read_at=clock.now())
