"""Reading notices, choices and webhooks. What is not yours does not exist."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber

from haishi.foundation import events
from haishi.foundation.clock import local
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.notices.models import (
    Attempt,
    DigestClock,
    Dispatch,
    Endpoint,
    Notice,
    Preference,
    PushSubscription,
)
from haishi.notices.types import KINDS, Choice, Kind
from haishi.parties import selectors as parties

DIGEST_HOUR = 8


def inbox(actor: Actor, *, unread: bool = False, kind: str = "") -> QuerySet[Notice]:
    """The person's notices, newest first."""
    rows = Notice.objects.filter(person_id=actor.pk, hidden=False).order_by("-created_at", "-id")
    if unread:
        rows = rows.filter(read_at=None)
    return rows.filter(kind=kind) if kind else rows


def unread_count(actor: Actor) -> int:
    """How many notices wait on the page: one query on an index of unread rows only."""
    if not actor.is_authenticated:
        return 0
    return Notice.objects.filter(person_id=actor.pk, read_at=None, hidden=False).count()


def kinds_in_inbox(actor: Actor) -> list[tuple[Kind, int]]:
    """(kind, number of notices) for kinds the person has any of, in registered order."""
    rows = inbox(actor).order_by().values_list("kind").annotate(n=Count("id"))
    counts = dict(rows.values_list("kind", "n"))
    return [(kind, counts[key]) for key, kind in KINDS.items() if key in counts]


def get_notice(actor: Actor, notice_id: int) -> Notice:
    """One of the person's own. Raises NotFound."""
    if actor.is_authenticated and (found := inbox(actor).filter(pk=notice_id).first()):
        return found
    raise NotFound


def choices(kind: Kind, person_ids: Iterable[int]) -> dict[int, Choice]:
    """{person id: choice} of those who chose something for `kind`."""
    rows = Preference.objects.filter(kind=kind.key, person_id__in=[*person_ids])
    return {row.person_id: Choice(row.inbox, row.mail, row.push) for row in rows}


def choices_of(actor: Actor) -> dict[str, Choice]:
    """{kind key: choice} of a person for every registered kind."""
    rows = {row.kind: row for row in Preference.objects.filter(person_id=actor.pk)}
    return {
        key: Choice(row.inbox, row.mail, row.push) if (row := rows.get(key)) else default(kind)
        for key, kind in KINDS.items()
    }


def default(kind: Kind) -> Choice:
    """What holds for people who chose nothing."""
    return Choice(kind.inbox, kind.mail, kind.push)


def zone_of(actor: Actor) -> str:
    """The time zone of the person's digest."""
    row = DigestClock.objects.filter(person_id=actor.pk).first()
    return row.zone if row else settings.TIME_ZONE


def next_digest(zone: str, after: dt.datetime) -> dt.datetime:
    """The first 08:00 on the wall clock of `zone` that is later than `after`."""
    there = local(after, zone)
    morning = there.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if morning <= there:
        following = (there + dt.timedelta(days=1)).date()
        morning = dt.datetime.combine(following, dt.time(DIGEST_HOUR), ZoneInfo(zone))
    return morning.astimezone(dt.UTC)


def browsers_of(actor: Actor) -> QuerySet[PushSubscription]:
    """The browsers a person allowed to be called."""
    return PushSubscription.objects.filter(person_id=actor.pk)


# Webhooks


def public_labels() -> list[str]:
    """Labels of the facts that firms may receive, sorted."""
    return sorted(label for label, event in events.TYPES.items() if event.is_public())


def endpoints(actor: Actor, organisation_id: int) -> QuerySet[Endpoint]:
    """The endpoints of an organisation, for its managers. Raises Forbidden."""
    if not parties.can_manage(actor, organisation_id):
        raise Forbidden
    return Endpoint.objects.filter(organisation_id=organisation_id).order_by("pk")


def get_endpoint(actor: Actor, endpoint_id: int) -> Endpoint:
    """One endpoint, for managers of its organisation. Raises NotFound for everybody else."""
    row = Endpoint.objects.select_related("organisation").filter(pk=endpoint_id).first()
    if row is None or not parties.can_manage(actor, row.organisation_id):
        raise NotFound
    return row


def lock_endpoint(actor: Actor, endpoint_id: int) -> Endpoint:
    """Like `get_endpoint`, row locked. Raises NotFound."""
    row = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if row is None or not parties.can_manage(actor, row.organisation_id):
        raise NotFound
    return row


def dispatches(endpoint: Endpoint) -> QuerySet[Dispatch]:
    """The delivery log of an endpoint, newest fact first, with messages."""
    return endpoint.dispatches.select_related("message").order_by("-pk")


def with_last_attempt(rows: Iterable[Dispatch]) -> list[tuple[Dispatch, Attempt | None]]:
    """Each row of a log with the newest try, in one query."""
    found = list(rows)
    tries = Attempt.objects.filter(dispatch__in=found).order_by("dispatch_id", "-pk")
    last = {row.dispatch_id: row for row in tries.distinct("dispatch_id")}
    return [(row, last.get(row.pk)) for row in found]


def get_dispatch(actor: Actor, dispatch_id: int) -> Dispatch:
    """One entry of a delivery log, for managers of the organisation. Raises NotFound."""
    rows = Dispatch.objects.select_related("message", "endpoint__organisation")
    row = rows.filter(pk=dispatch_id).first()
    if row is None or not parties.can_manage(actor, row.endpoint.organisation_id):
        raise NotFound
    return row


def attempts(dispatch: Dispatch) -> list[Attempt]:
    """All tries of one entry, newest first."""
    return list(dispatch.attempts.order_by("-pk"))


def due_fairly(now: dt.datetime, limit: int, each: int) -> list[int]:
    """Ids of due dispatches, at most `each` of one endpoint, so that none can starve the others."""
    turn = Window(RowNumber(), partition_by="endpoint_id", order_by=["next_try_at", "pk"])
    due = Dispatch.objects.filter(state="waiting", next_try_at__lte=now, endpoint__state="active")
    rows = due.annotate(turn=turn).filter(turn__lte=each).order_by("next_try_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])
