"""Halls, stages, programme and launches of the edition, as days and minutes from its opening.

Times are local to the edition: `day` counts from 0, `start` and `end` are minutes after midnight,
half-open. A loader sets them on a real calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from .names import SEED, Organisation, Person, organisations, people
from .products import Product, products
from .prose import table

TITLE = ("2026 青岛数字文化应用发展大会", "2026 Qingdao Conference on Digital Culture Applications")
THEME = ("新应用、新体验、新消费", "New Uses, New Experience, New Consumption")
DAYS = 4
LAUNCHES = 156
RULES = ("first_come", "window", "draw")


@dataclass(frozen=True)
class Hall:
    key: str
    zh: str
    en: str
    intro_zh: str
    intro_en: str
    motif: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    key: str
    zh: str
    en: str
    hall: str
    seats: int


@dataclass(frozen=True)
class Track:
    key: str
    zh: str
    en: str


@dataclass(frozen=True)
class Session:
    key: str
    track: str
    stage: str
    day: int
    start: int
    end: int
    zh: str
    en: str
    abstract_zh: str
    abstract_en: str
    speakers: tuple[Person, ...]


@dataclass(frozen=True)
class Launch:
    """A first sale: `quota` units of a product; `rule` says who gets them when more people come."""

    key: str
    product: str
    organisation: str
    zh: str
    en: str
    day: int
    start: int
    end: int
    rule: str
    quota: int


def halls() -> list[Hall]:
    """The six exhibition halls and, last, the launch hall (which has no booths of its own)."""
    listed = [*table("programme")["halls"], [*table("programme")["launch_hall"], []]]
    return [
        Hall(key, zh, en, intro_zh, intro_en, motif, tuple(fields))
        for key, zh, en, intro_zh, intro_en, motif, fields in listed
    ]


def hall_of(firm: Organisation) -> str:
    """The key of the hall where a firm of this line of work stands."""
    return next(hall.key for hall in halls() if firm.field in hall.fields)


def stages() -> list[Stage]:
    return [Stage(*row) for row in table("programme")["stages"]]


def tracks() -> list[Track]:
    return [Track(*row) for row in table("programme")["tracks"]]


@cache
def speakers() -> tuple[Person, ...]:
    """Ninety people who speak; each has a portrait by `art.speaker_portrait(person.seed)`."""
    return tuple(people(90, 500))


@cache
def sessions() -> tuple[Session, ...]:
    """Keynote, six forums and the rest, without a clash of stage or of speaker.

    The keynote opens day 0 at 9:30; other sessions take the first free place of their stage.
    """
    rng = Random(f"{SEED}:sessions")
    crowd = list(speakers())
    rng.shuffle(crowd)
    opening = 9 * 60 + 30
    free: dict[str, tuple[int, int]] = {stage.key: (0, 13 * 60 + 30) for stage in stages()}
    free["main"] = (0, opening)
    out: list[Session] = []
    seat = 0
    for i, (track, stage, minutes, zh, en, abstract_zh, abstract_en) in enumerate(
        table("programme")["sessions"]
    ):
        day, start = _slot(free[stage], minutes, late=stage == "cinema")
        free[stage] = (day, start + minutes + 30)
        count = {"keynote": 4, "forum": 4, "pitch": 3, "match": 1, "film": 2}.get(track, 1)
        chosen = _speakers(crowd, seat, count, out, day, start, start + minutes)
        seat += count
        out.append(
            Session(
                f"session-{i + 1:02d}",
                track,
                stage,
                day,
                start,
                start + minutes,
                zh,
                en,
                abstract_zh,
                abstract_en,
                chosen,
            )
        )
    return tuple(out)


def _slot(free: tuple[int, int], minutes: int, late: bool) -> tuple[int, int]:
    """The next start that ends by 18:00 (`late`: 21:00) and keeps out of lunch from 12:15 to
    13:30.
    """
    day, start = free
    if start < 13 * 60 + 30 and start + minutes > 12 * 60 + 15:
        start = 13 * 60 + 30
    if start + minutes > (21 if late else 18) * 60:
        day, start = day + 1, 9 * 60 + 30
    return day, start


def _speakers(
    crowd: list[Person],
    seat: int,
    count: int,
    planned: list[Session],
    day: int,
    start: int,
    end: int,
) -> tuple[Person, ...]:
    busy = {
        one.zh
        for s in planned
        if s.day == day and s.start < end and start < s.end
        for one in s.speakers
    }
    order = crowd[seat % len(crowd) :] + crowd[: seat % len(crowd)]
    return tuple([one for one in order if one.zh not in busy][:count])


@cache
def launches() -> tuple[Launch, ...]:
    """156 first sales of goods and digital works, every 13 minutes from 9:00 on each of four days."""
    rng = Random(f"{SEED}:launches")
    firms = {firm.key: firm for firm in organisations()}
    taken: set[str] = set()
    chosen: list[Product] = []
    for product in rng.sample(products(), len(products())):
        if (
            product.kind in ("goods", "digital")
            and product.fen
            and product.organisation not in taken
        ):
            taken.add(product.organisation)
            chosen.append(product)
    others = [p for p in products() if p.kind in ("goods", "digital") and p.fen and p not in chosen]
    chosen += others
    return tuple(
        _launch(i, product, firms[product.organisation])
        for i, product in enumerate(chosen[:LAUNCHES])
    )


def _launch(index: int, product: Product, firm: Organisation) -> Launch:
    rng = Random(f"{SEED}:launch:{index}")
    day, place = divmod(index, LAUNCHES // DAYS)
    start = 9 * 60 + place * 13
    rule = rng.choice(("first_come", "first_come", "window", "draw"))
    quota = rng.choice(
        (20, 30, 50, 88, 100) if (product.fen or 0) > 50_000 else (100, 200, 300, 500)
    )
    zh = f"{firm.short_zh}首发：{product.title_zh}"
    return Launch(
        f"launch-{index + 1:03d}", product.key, firm.key, zh, (f"First launch by {firm.short_en}: "
f"{product.title_en}"),
        day, start, start + 12, rule, quota,
    )  # fmt: skip
