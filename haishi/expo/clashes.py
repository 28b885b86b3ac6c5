"""What cannot happen at the same time. Pure functions on half-open intervals; no tables here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STAGE, SPEAKER, OUTSIDE, CANCELLED = "stage", "speaker", "outside", "cancelled"


@dataclass(frozen=True)
class Placed:
    """A session with its place in the draft. Times are UTC; [starts_at, ends_at)."""

    session_id: int
    stage_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    speaker_ids: tuple[int, ...] = ()
    cancelled: bool = False


@dataclass(frozen=True)
class Clash:
    """`kind` is stage, speaker (two sessions at once), outside (of the edition) or cancelled.

    `subject_id` is the stage or speaker; `other_id` the second session, the later one.
    """

    kind: str
    session_id: int
    other_id: int | None = None
    subject_id: int | None = None


def find(placed: Sequence[Placed], opens_at: dt.datetime, closes_at: dt.datetime) -> list[Clash]:
    """All clashes of a draft, in time order. Touching sessions do not clash.

    A sweep per stage and per speaker: n log n plus the clashes themselves.
    """
    clashes: list[Clash] = []
    by_subject: dict[tuple[str, int], list[Placed]] = defaultdict(list)
    for item in sorted(placed, key=lambda p: (p.starts_at, p.session_id)):
        if item.cancelled:
            clashes.append(Clash(CANCELLED, item.session_id))
            continue
        if item.starts_at < opens_at or item.ends_at > closes_at:
            clashes.append(Clash(OUTSIDE, item.session_id))
        by_subject[STAGE, item.stage_id].append(item)
        for speaker_id in item.speaker_ids:
            by_subject[SPEAKER, speaker_id].append(item)
    for (kind, subject_id), items in by_subject.items():
        clashes += _overlaps(kind, subject_id, items)
    return clashes


def _overlaps(kind: str, subject_id: int, items: Sequence[Placed]) -> Iterable[Clash]:
    running: list[Placed] = []
    for item in items:
        running = [earlier for earlier in running if earlier.ends_at > item.starts_at]
        for earlier in running:
            yield Clash(kind, earlier.session_id, item.session_id, subject_id)
        running.append(item)


def next_free(
    taken: Iterable[tuple[dt.datetime, dt.datetime]],
    length: dt.timedelta,
    earliest: dt.datetime,
    latest: dt.datetime,
) -> dt.datetime | None:
    """The first start from `earliest` at which `length` fits between `taken`, until `latest`."""
    start = earliest
    for begins, ends in sorted(taken):
        if begins >= start + length:
            break
        start = max(start, ends)
    return start if start + length <= latest else None
