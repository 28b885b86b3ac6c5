"""What the clock does with launches: remind, unveil, decide, pass on, close.

Every step takes rows that nobody else holds (SKIP LOCKED) and may run any number of times. `now` is
given, so that a test needs no sleep. Visitors never wait for these steps: pages and claims ask the
instant itself (`policies.is_unveiled`).
"""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q

from haishi.foundation import audit
from haishi.foundation.models import Pool
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM
from haishi.launches.events import ClaimsLost, LaunchClosed, LaunchNear, LaunchUnveiled
from haishi.launches.models import Allotment, Claim, Launch, Reservation
from haishi.launches.services.claims import decide, promote
from haishi.launches.services.dossier import LEAD
from haishi.launches.states import CLAIM, LAUNCH, ClaimState, LaunchState, Rule
from haishi.media import services as media

BATCH = 50
TOLD = 500  # people in one fact
ON_STAGE = dt.timedelta(days=1)  # a launch without a sale is over after that


@service
def remind_due(now: dt.datetime) -> int:
    """State that an unveiling is near, once for each reservation; returns for how many."""
    rows = Reservation.objects.filter(
        reminded_at=None,
        launch__state=LaunchState.ANNOUNCED,
        launch__unveil_at__gt=now,
        launch__unveil_at__lte=now + LEAD,
    )
    rows = rows.select_for_update(skip_locked=True, of=("self",))
    due = list(rows.order_by("launch_id", "pk")[:TOLD])
    people: dict[int, list[int]] = {}
    for row in due:
        people.setdefault(row.launch_id, []).append(row.person_id)
    Reservation.objects.filter(pk__in=[row.pk for row in due]).update(reminded_at=now)
    for launch_id, ids in people.items():
        publish(LaunchNear(launch_id, ids))
    return len(due)


@service
def unveil_due(now: dt.datetime) -> int:
    """Record that the instant of announced launches has come; returns of how many."""
    rows = Launch.objects.filter(state=LaunchState.ANNOUNCED, unveil_at__lte=now)
    rows = rows.select_related("exhibitor").order_by("unveil_at", "pk")
    due = list(rows.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for launch in due:
        launch.state = LAUNCH.after(launch.state, "unveil")
        launch.version += 1
        launch.save(update_fields=["state", "version", "updated_at"])
        audit.record(SYSTEM, "launch.unveil", launch, unveil_at=launch.unveil_at)
        media.show(SYSTEM, launch.sealed_ids)
        publish(LaunchUnveiled(launch.exhibitor.organisation_id, launch.pk))
    return len(due)


def decide_due(now: dt.datetime) -> int:
    """Decide windows and draws that are over; returns how many. One transaction each."""
    rows = Allotment.objects.filter(
        launch__state=LaunchState.LIVE, closes_at__lte=now, decided_at=None, pool_id__isnull=False
    )
    due = list(rows.exclude(rule=Rule.FIRST_COME).values_list("pk", flat=True)[:BATCH])
    for pk in due:
        decide(pk)
    return len(due)


def promote_due(now: dt.datetime) -> int:
    """Offer what was given up to the waiting lists; returns how many people got a unit."""
    waiting = Claim.objects.filter(allotment=OuterRef("pk"), state=ClaimState.WAITING)
    room = Pool.objects.filter(pk=OuterRef("pool_id"), taken__lt=F("capacity"))
    open_still = Q(rule=Rule.FIRST_COME, closes_at__gt=now) | Q(decided_at__isnull=False)
    rows = Allotment.objects.filter(
        open_still, Exists(waiting), Exists(room), launch__state=LaunchState.LIVE
    )
    return sum(promote(pk) for pk in rows.values_list("pk", flat=True)[:BATCH])


@service
def close_ended(now: dt.datetime) -> int:
    """Close launches whose sale is over and paid or expired; returns how many.

    Who still waits has lost. A launch without a sale is over a day after its unveiling.
    """
    settled = Q(allotment__rule=Rule.FIRST_COME) | Q(allotment__decided_at__isnull=False)
    sold = Q(allotment__closes_at__lte=now) & settled
    shown = Q(allotment=None, unveil_at__lte=now - ON_STAGE)
    paying = Claim.objects.filter(allotment__launch=OuterRef("pk"), state=ClaimState.WON)
    offered = Claim.objects.filter(
        allotment__launch=OuterRef("pk"),
        allotment__decided_at__isnull=False,
        state=ClaimState.WAITING,
    )
    room = Pool.objects.filter(pk=OuterRef("allotment__pool_id"), taken__lt=F("capacity"))
    rows = Launch.objects.filter(sold | shown, ~Exists(paying), state=LaunchState.LIVE)
    rows = rows.exclude(Exists(offered), Exists(room))  # the waiting list is still to be asked
    ids = list(rows.order_by("unveil_at").values_list("pk", flat=True)[:BATCH])
    locked = Launch.objects.select_for_update(skip_locked=True, of=("self",))
    due = list(locked.filter(pk__in=ids, state=LaunchState.LIVE).select_related("exhibitor"))
    for launch in due:
        _close(launch, now)
    return len(due)


def _close(launch: Launch, now: dt.datetime) -> None:
    rows = Claim.objects.select_for_update().filter(
        allotment__launch=launch, state=ClaimState.WAITING
    )
    lost = list(rows.order_by("pk"))
    for row in lost:
        row.state = CLAIM.after(row.state, "lose")
    Claim.objects.bulk_update(lost, ["state"], batch_size=TOLD)
    launch.state = LAUNCH.after(launch.state, "close")
    launch.closed_at = now
    launch.version += 1
    launch.save(update_fields=["state", "closed_at", "version", "updated_at"])
    audit.record(SYSTEM, "launch.close", launch, lost=len(lost))
    people = [row.person_id for row in lost]
    for start in range(0, len(people), TOLD):
        publish(ClaimsLost(launch.pk, people[start : start + TOLD]))
    publish(LaunchClosed(launch.exhibitor.organisation_id, launch.pk))
