"""One line of a provider's statement."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from haishi.foundation.errors import DomainError
from haishi.foundation.money import Money
from haishi.trade.errors import StatementUnreadable

MOST_BYTES, MOST_ROWS = 50 * 1024 * 1024, 200_000


@dataclass(frozen=True)
class Row:
    """`reference` is ours: of the payment, the refund's number, the payout's number.

    `kind` is one of `states.RowKind`; `day` the provider's day; `amount` is positive.
    """

    kind: str
    reference: str
    amount: Money
    day: dt.date | None
    line: int


def lines_of(content: bytes, *encodings: str) -> list[list[str]]:
    """Cells of a CSV without the tabs and backticks that providers put around numbers.

    Raises StatementUnreadable.
    """
    if len(content) > MOST_BYTES:
        raise StatementUnreadable(why=_("文件超过 50 MB"))
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            cells = csv.reader(io.StringIO(text, newline=""))
            return [[cell.strip("\t `\ufeff") for cell in row] for row in cells]
        except csv.Error:
            break
    raise StatementUnreadable(why=_("编码或格式不符"))


def columns(header: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    """{title: place}. Raises StatementUnreadable, naming what is missing."""
    places = {title: place for place, title in enumerate(header)}
    if missing := [title for title in wanted if title not in places]:
        raise StatementUnreadable(why=_("缺少列 %(columns)s") % {"columns": "、".join(missing)})
    return {title: places[title] for title in wanted}


class Troubles:
    """Collects what is wrong with lines; raises it all at once."""

    def __init__(self) -> None:
        self.bad: list[str] = []

    def money(self, line: int, text: str, currency: str = "CNY") -> Money:
        """An amount, positive; zero when it cannot be read, which is remembered."""
        try:
            money = Money.parse(text.lstrip("+-¥"), currency)
        except DomainError:
            self.say(line, text)
            return Money(0)
        return money

    def day(self, line: int, text: str) -> dt.date | None:
        """The day of a time; None when it cannot be read, which is remembered."""
        try:
            return dt.date.fromisoformat(text.strip()[:10].replace("/", "-"))
        except ValueError:
            self.say(line, text)
            return None

    def say(self, line: int, text: str) -> None:
        """Remember a line that cannot be read."""
        words = {"line": line, "text": text[:40]}
        self.bad.append(_("第 %(line)d 行“%(text)s”无法识别") % words)

    def rows(self, found: Iterator[Row]) -> list[Row]:
        """All rows. Raises StatementUnreadable with every bad line."""
        rows = list(found)
        if self.bad:
            raise StatementUnreadable(why=_("；").join(self.bad[:50]))
        if len(rows) > MOST_ROWS:
            raise StatementUnreadable(why=_("行数过多，请按天分开"))
        return rows
