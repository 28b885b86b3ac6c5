"""How each block looks: ink on white, one hairline under the head, no boxes in boxes."""

import functools
from collections.abc import Callable
from typing import Any, Protocol
from xml.sax.saxutils import escape

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Spacer
from reportlab.platypus import Table as Grid
from reportlab.platypus import XPreformatted as Lines

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.papers import fonts
from haishi.foundation.papers.blocks import (
    QR,
    Block,
    Clauses,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Place,
    Signatures,
    Slot,
    Table,
    Words,
)
from haishi.foundation.papers.breaking import broken

INK, FAINT = HexColor("#12262D"), HexColor("#546871")
LINE, EDGE, TINT = HexColor("#D2DBD9"), HexColor("#6F8388"), HexColor("#EAEEEB")
SLOT_HEIGHT, CAPTION = 34 * mm, 12 * mm
_DIGITS = "零一二三四五六七八九"


class Reader(Protocol):
    """What setting needs of `writing.Notes`."""

    places: list[Place]
    missing: dict[str, None]

    def legible(self, text: str) -> str: ...


@functools.cache
def _style(size: float, *, bold: bool = False, faint: bool = False, right: bool = False) -> Any:
    """A style; lines are 1.6 times the size for text, tighter for titles."""
    return ParagraphStyle(
        f"{size}{bold}{faint}{right}",
        fontName=fonts.BOLD if bold else fonts.PLAIN,
        fontSize=size,
        leading=size * (1.3 if size > 14 else 1.6),
        textColor=FAINT if faint else INK,
        alignment=TA_RIGHT if right else 0,
    )


def _lines(text: str, style: Any, width: float, notes: Reader) -> list[Any]:
    """One flowable a paragraph, its lines broken by the rules of the script."""
    found: list[Any] = []
    for part in notes.legible(text).split("\n"):
        lines = broken(part, width, style.fontName, style.fontSize)
        empty = not part.strip()
        found.append(Spacer(1, style.leading / 2) if empty else Lines(_marked(lines), style))
    return found


def _marked(lines: list[str]) -> str:
    return "\n".join(escape(line) for line in lines)


def words(
    given: Words,
    size: float,
    width: float,
    notes: Reader,
    *,
    bold: bool = False,
    right: bool = False,
) -> list[Any]:
    """Flowables of words: Chinese, then English one step smaller and fainter."""
    pair = given if isinstance(given, Bilingual) else Bilingual(given)
    found = _lines(pair.zh or pair.en, _style(size, bold=bold, right=right), width, notes)
    if pair.zh and pair.en and pair.en != pair.zh:
        small = _style(max(size * 0.86, 7.5), faint=True, right=right)
        found += _lines(pair.en, small, width, notes)
    return found


def story(paper: Paper, measure: float, notes: Reader) -> list[Any]:
    """All flowables of a paper, in order."""
    flow = _head(paper, measure, notes)
    for block in paper.blocks:
        flow += _SETTERS[type(block)](block, measure, notes)
    return flow + _lacking(measure, notes)


def _lacking(measure: float, notes: Reader) -> list[Any]:
    if not notes.missing:
        return []
    # Before the list itself is drawn: it names code points only.
    points = "、".join(f"U+{ord(char):04X}" for char in notes.missing)
    note = Bilingual(
        f"字体未收录的字以其 Unicode 编码写出：{points}。",
        f"Characters that the typeface lacks are written as their code points: {points}.",
    )
    return [Spacer(1, 4 * mm), *words(note, 8.5, measure, notes)]


def _head(paper: Paper, measure: float, notes: Reader) -> list[Any]:
    side = 24 * mm if paper.verify_url else 0.0
    room = measure - side - (6 * mm if side else 0)
    title = words(paper.title, 20, room, notes, bold=True)
    title += [Spacer(1, 2 * mm), *words(paper.number, 9, room, notes)]
    flow: list[Any] = title
    if side:
        grid = Grid([[title, _Code(paper.verify_url, side)]], [measure - side, side])
        grid.setStyle([*_BARE, ("VALIGN", (0, 0), (-1, -1), "BOTTOM")])
        flow = [grid]
    return [*flow, HRFlowable(measure, 0.8, color=INK, spaceBefore=3 * mm, spaceAfter=4 * mm)]


_BARE = [
    ("FONTNAME", (0, 0), (-1, -1), fonts.PLAIN),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
]


def _heading(block: Heading, measure: float, notes: Reader) -> list[Any]:
    # A heading is never the last line of a page.
    set_ = words(block.words, 12.5, measure, notes, bold=True)
    for flowable in set_:
        flowable.keepWithNext = 1
    return [Spacer(1, 4 * mm), *set_, Spacer(1, 1.5 * mm)]


def _paragraph(block: Paragraph, measure: float, notes: Reader) -> list[Any]:
    return [*words(block.words, 8.5 if block.small else 10.5, measure, notes), Spacer(1, 2 * mm)]


def chinese_number(number: int) -> str:
    """`12` → 十二, from 1 to 999."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _clauses(block: Clauses, measure: float, notes: Reader) -> list[Any]:
    flow: list[Any] = []
    for number, item in enumerate(block.items, block.first):
        pair = item.title if isinstance(item.title, Bilingual) else Bilingual(item.title)
        english = f"Article {number}  {pair.en}" if pair.en else ""
        # A paper in English alone has no Chinese words, and no Chinese number either.
        chinese = f"第{chinese_number(number)}条　{pair.zh}" if pair.zh else ""
        title = Bilingual(chinese, english)
        head = words(title, 10.5, measure, notes, bold=True)
        body = words(item.text, 10.5, measure, notes)
        flow += [KeepTogether([*head, body[0]]), *body[1:], Spacer(1, 3 * mm)]
    return flow


def _facts(block: Facts, measure: float, notes: Reader) -> list[Any]:
    label = measure * 0.26
    rows = [
        [
            words(name, 9.5, label - 2 * mm, notes, bold=True),
            words(value, 10, measure - label, notes),
        ]
        for name, value in block.rows
    ]
    if not rows:
        return []
    grid = Grid(rows, [label, measure - label], splitInRow=1)
    grid.setStyle([*_BARE, *_RULED])
    return [grid, Spacer(1, 3 * mm)]


_RULED = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
]


def _table(block: Table, measure: float, notes: Reader) -> list[Any]:
    shares = block.shares or (1,) * len(block.head)
    widths = [measure * share / sum(shares) for share in shares]

    def row(cells: tuple[Words, ...], *, bold: bool) -> list[Any]:
        return [
            words(cell, 9, widths[column] - 8, notes, bold=bold, right=column in block.numbers)
            for column, cell in enumerate(cells)
        ]

    rows = [row(block.head, bold=True), *(row(cells, bold=False) for cells in block.rows)]
    grid = Grid(rows, widths, repeatRows=1, splitInRow=1)
    padding = [("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4)]
    head = [("BACKGROUND", (0, 0), (-1, 0), TINT), ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK)]
    grid.setStyle([*_BARE, *_RULED, *padding, *head])
    return [grid, Spacer(1, 3 * mm)]


def _qr(block: QR, measure: float, notes: Reader) -> list[Any]:
    side = 28 * mm
    room = measure - side - 6 * mm
    text = [*words(block.words, 10, room, notes), *words(block.content, 8, room, notes)]
    grid = Grid([[_Code(block.content, side), text]], [side + 6 * mm, room])
    grid.setStyle([*_BARE, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    return [KeepTogether([grid, Spacer(1, 3 * mm)])]


def _signatures(block: Signatures, measure: float, notes: Reader) -> list[Any]:
    gap = 8 * mm
    width = (measure - gap) / 2
    cells: list[Any] = [_SlotFrame(slot, width, notes) for slot in block.slots]
    if len(cells) % 2:
        cells.append("")
    rows = [[cells[n], "", cells[n + 1]] for n in range(0, len(cells), 2)]
    grid = Grid(rows, [width, gap, width])
    grid.setStyle([*_BARE, ("BOTTOMPADDING", (0, 0), (-1, -1), 12)])
    return [grid]


class _SlotFrame(Flowable):  # type: ignore[misc]  # reportlab brings no types
    """Caption above, a frame below whose place is remembered for the signature."""

    def __init__(self, slot: Slot, width: float, notes: Reader) -> None:
        super().__init__()
        self.slot, self.notes = slot, notes
        self.width, self.height = width, SLOT_HEIGHT
        self.caption = words(slot.words, 9, width, notes)

    def draw(self) -> None:
        """Called by the layout once the place is known."""
        canvas, top = self.canv, self.height
        for line in self.caption:
            _width, height = line.wrap(self.width, CAPTION)
            top -= height
            line.drawOn(canvas, 0, top)
        canvas.setStrokeColor(EDGE)
        canvas.setLineWidth(0.5)
        canvas.rect(0, 0, self.width, self.height - CAPTION)
        x, y = canvas.absolutePosition(0, 0)
        box = (int(x) + 1, int(y) + 1, int(x + self.width) - 1, int(y + SLOT_HEIGHT - CAPTION) - 1)
        self.notes.places.append(Place(self.slot.field, canvas.getPageNumber() - 1, box))


class _Code(Flowable):  # type: ignore[misc]  # reportlab brings no types
    """A QR code drawn as rectangles: sharp at every size, no picture."""

    def __init__(self, content: str, side: float) -> None:
        super().__init__()
        self.matrix = [bytes(row) for row in segno.make(content, error="m", micro=False).matrix]
        self.width = self.height = side

    def draw(self) -> None:
        """Dark runs of each row, inside a quiet zone of two modules."""
        step = self.width / (len(self.matrix) + 4)
        self.canv.setFillColor(INK)
        for line, row in enumerate(self.matrix):
            y = self.height - (line + 3) * step
            for start, length in _runs(row):
                x = (start + 2) * step
                self.canv.rect(x, y, length * step + 0.05, step + 0.05, stroke=0, fill=1)


def _runs(row: bytes) -> list[tuple[int, int]]:
    """(start, length) of what is dark."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if not dark:
            continue
        if found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((place, 1))
    return found


_SETTERS: dict[type[Block], Callable[[Any, float, Any], list[Any]]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Clauses: _clauses,
    Facts: _facts,
    Table: _table,
    QR: _qr,
    Signatures: _signatures,
}
