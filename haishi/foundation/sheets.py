"""Tables in and out: CSV and XLSX, with every bad line reported and nothing half imported."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook

from haishi.foundation.errors import DomainError, Invalid
from haishi.foundation.text import clean, is_broken

MAX_ROWS, MAX_BYTES, MAX_UNPACKED = 20_000, 10 * 1024 * 1024, 200 * 1024 * 1024
# A cell that starts like this would be run as a formula by a spreadsheet (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, bool | int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


class _Line:
    def write(self, line: str) -> str:
        return line


def csv_response(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A streamed CSV in UTF-8 with BOM, so that spreadsheets show Chinese."""
    writer = csv.writer(_Line())

    def lines() -> Iterable[str]:
        yield "\ufeff" + writer.writerow([str(cell) for cell in header])
        for row in rows:
            yield writer.writerow([_cell(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or ""
    response["Cache-Control"] = "no-store"
    return response


def xlsx_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The same as one XLSX sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append([str(cell) for cell in header])
    for row in rows:
        sheet.append([_cell(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(out.getvalue(), content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or ""
    response["Cache-Control"] = "no-store"
    return response


def table_response(
    form: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Any:
    """CSV, or XLSX when `form` is "xlsx"."""
    return (xlsx_response if form == "xlsx" else csv_response)(name, header, rows)


@dataclass(frozen=True)
class BadLine:
    """One line of an import that cannot be accepted. `line` counts from 1, the header is line 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return _("第 %(line)d 行：%(message)s") % {"line": self.line, "message": self.message}


class BadSheet(DomainError):
    """At least one line was bad; `lines` holds a BadLine for each. Nothing was imported."""

    def __init__(self, lines: Sequence[BadLine]) -> None:
        super().__init__("；".join(str(line) for line in lines[:50]), field="file")
        self.lines = list(lines)
        self.values = {}

    def __str__(self) -> str:
        return str(self.message)


def read_rows(
    content: bytes, columns: Mapping[str, str], optional: Container[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """(line number, {field: text}) of a CSV or XLSX file whose header names `columns`' titles.

    `columns` maps a title (any language's) to a field; those in `optional` may be absent, as in
    tables made before the field was. Raises Invalid for a file that is not a
    table, too large, or lacks a column; BadSheet for lines with unreadable characters.
    """
    if len(content) > MAX_BYTES:
        raise Invalid(_("文件超过 10 MB，请分批导入。"), field="file")
    raw = _xlsx_rows(content) if content[:4] == b"PK\x03\x04" else _csv_rows(content)
    if not raw:
        raise Invalid(_("文件里没有内容。"), field="file")
    header = [columns.get(cell.strip().lstrip("\ufeff"), "") for cell in raw[0]]
    needed = {title: field for title, field in columns.items() if field not in optional}
    missing = [title for title, field in needed.items() if field not in header]
    known: dict[str, str] = {}
    for title, field in columns.items():
        known.setdefault(field, title)
    absent = [title for title in missing if title in known.values()]
    if absent:
        raise Invalid(_("表头缺少这些列：%(columns)s"), field="file", columns="、".join(absent))
    if len(raw) > MAX_ROWS + 1:
        raise Invalid(_("最多一次导入 20,000 行。"), field="file")
    bad = [
        BadLine(number, _("含有无法显示的字符"))
        for number, row in enumerate(raw[1:], 2)
        if any(is_broken(cell.replace("\r", "")) for cell in row)
    ]
    if bad:
        raise BadSheet(bad)
    return [
        (number, {field: clean(cell) for field, cell in zip(header, row, strict=False) if field})
        for number, row in enumerate(raw[1:], 2)
        if any(cell.strip() for cell in row)
    ]


def check_rows(
    rows: Sequence[tuple[int, dict[str, str]]], parse: Callable[[dict[str, str]], Any]
) -> list[Any]:
    """`parse` each row (it may raise DomainError); raises BadSheet with all the bad lines."""
    good, bad = [], []
    for line, row in rows:
        try:
            good.append(parse(row))
        except DomainError as error:
            bad.append(BadLine(line, str(error)))
    if bad:
        raise BadSheet(bad)
    return good


def _csv_rows(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Invalid(_("无法识别文件编码，请另存为 UTF-8 的 CSV。"), field="file")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Invalid(_("文件不是有效的 CSV：%(reason)s"), field="file", reason=error) from None


def _xlsx_rows(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            if sum(item.file_size for item in pack.infolist()) > MAX_UNPACKED:
                raise Invalid(_("文件解压后过大。"), field="file")
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).active
        if sheet is None:
            return []
        return [
            ["" if cell is None else str(cell) for cell in row]
            for row in sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 2, max_col=100)
        ]
    except Invalid:
        raise
    except Exception:  # openpyxl raises many kinds for damaged files; all mean the same to people
        raise Invalid(_("文件不是有效的 XLSX 表格。"), field="file") from None
