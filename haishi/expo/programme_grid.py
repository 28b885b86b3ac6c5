"""A day of the programme as stages beside each other: a table, so that it needs no script."""

import datetime as dt
from dataclasses import dataclass, field

from haishi.expo.selectors import SlotRow
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.wording import clock_time


@dataclass(slots=True)
class Line:
    """A session as a line of a day, or as a cell of the table."""

    row: SlotRow
    time: str
    until: str
    length: str
    state: str  # past | now | next
    speakers: str
    kept: bool
    accent: str


@dataclass(slots=True)
class Cell:
    """A session, or free time (`line` None), over `rows` rows of the table."""

    line: Line | None
    stage: Bilingual
    rows: int = 1


@dataclass(slots=True)
class Row:
    """What begins at a moment, by stage; `time` is "" where sessions only end."""

    time: str
    moment: dt.datetime
    cells: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """Stages in their order, and rows in time order."""

    stages: list[Bilingual]
    rows: list[Row]


def grid(lines: list[Line], zone: str) -> Grid:
    """The sessions of a day. A row begins wherever one begins or ends, so every session is whole
    rows long. Sessions of a stage do not overlap: the database sees to that.
    """
    stages = {line.row.stage_id: line.row.stage for line in lines}
    moments = sorted({m for line in lines for m in (line.row.starts_at, line.row.ends_at)})
    place = {moment: n for n, moment in enumerate(moments)}
    begins = {(line.row.stage_id, place[line.row.starts_at]): line for line in lines}
    starts = {line.row.starts_at for line in lines}
    rows = [Row(clock_time(m, zone) if m in starts else "", m) for m in moments[:-1]]
    for stage_id, stage in stages.items():
        _column(rows, stage, {n: line for (at, n), line in begins.items() if at == stage_id}, place)
    return Grid(list(stages.values()), rows)


def _column(
    rows: list[Row], stage: Bilingual, begins: dict[int, Line], place: dict[dt.datetime, int]
) -> None:
    """One stage from top to bottom; free time is one cell as long as it lasts."""
    number = 0
    while number < len(rows):
        line = begins.get(number)
        if line is not None:
            end = place[line.row.ends_at]
        else:
            end = next((n for n in range(number + 1, len(rows)) if n in begins), len(rows))
        rows[number].cells.append(Cell(line, stage, end - number))
        number = end
