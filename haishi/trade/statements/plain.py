"""Our own statement: kind, reference, amount, currency, day; also what the sandbox writes."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator

from haishi.foundation.money import EXPONENTS, Money
from haishi.trade.statements.row import Row, Troubles, columns, lines_of
from haishi.trade.states import RowKind

HEADER = ("kind", "reference", "amount", "currency", "day")


def read(content: bytes) -> list[Row]:
    """Rows of any kind. Raises StatementUnreadable."""
    cells = lines_of(content, "utf-8-sig", "gb18030")
    at = columns(cells[0] if cells else [], HEADER)
    troubles = Troubles()

    def found() -> Iterator[Row]:
        for line, row in enumerate(cells[1:], 2):
            if not any(row):
                continue
            if len(row) <= max(at.values()) or row[at["kind"]] not in RowKind.values:
                troubles.say(line, ",".join(row))
                continue
            currency = row[at["currency"]] or "CNY"
            if currency not in EXPONENTS:
                troubles.say(line, currency)
                continue
            amount = troubles.money(line, row[at["amount"]], currency)
            day = troubles.day(line, row[at["day"]])
            yield Row(row[at["kind"]], row[at["reference"]], amount, day, line)

    return troubles.rows(found())


def write(rows: Iterable[tuple[str, str, Money, dt.date]]) -> bytes:
    """A statement of (kind, reference, amount, day)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for kind, reference, amount, day in rows:
        writer.writerow([kind, reference, f"{amount.amount:f}", amount.currency, day.isoformat()])
    return out.getvalue().encode()
