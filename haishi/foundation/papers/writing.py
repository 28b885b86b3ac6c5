"""From blocks to a PDF: A4, embedded subset typeface, the same bytes for the same paper.

`invariant` leaves out the clock and random ids; the story is laid out twice, because the footer
says how many pages there are.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.papers import fonts, setting
from haishi.foundation.papers.blocks import Paper, Place, Words, Written

WIDTH, HEIGHT = A4
MARGIN, FOOT = 22 * mm, 20 * mm
MEASURE = WIDTH - 2 * MARGIN


@dataclass
class Notes:
    """What is learned while a paper is set."""

    places: list[Place] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)

    def legible(self, text: str) -> str:
        """The text as it can be drawn; what cannot is remembered."""
        drawn, missing = fonts.legible(text)
        self.missing.update(dict.fromkeys(missing))
        return drawn


def compose(paper: Paper) -> Written:
    """Set a paper. Raises FontMissing.

    Equal papers give equal bytes, in every process and at every time.
    """
    fonts.ready()
    pages = _build(paper, 0, Notes(), io.BytesIO())
    out, notes = io.BytesIO(), Notes()
    _build(paper, pages, notes, out)
    return Written(out.getvalue(), tuple(notes.places), tuple(notes.missing))


def plain(words: Words) -> str:
    """Words in one line: both languages, for metadata."""
    if isinstance(words, Bilingual):
        return " / ".join(filter(None, (words.zh, words.en)))
    return words


def _build(paper: Paper, pages: int, notes: Notes, out: io.BytesIO) -> int:
    """Lay the paper out; returns how many pages it took."""
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        invariant=1,
        initialFontName=fonts.PLAIN,
        title=plain(paper.title),
        author=paper.issuer,
        subject=paper.number,
        creator="Haishi",
        lang="zh-CN",
    )
    frame = Frame(MARGIN, FOOT + 6 * mm, MEASURE, HEIGHT - FOOT - 26 * mm, 0, 0, 0, 0, id="text")
    foot = _footer(notes.legible(paper.number), notes.legible(paper.issuer), pages)
    document.addPageTemplates([PageTemplate("page", [frame], onPage=foot)])
    story = setting.story(paper, MEASURE, notes)
    document.build(story)
    return int(document.page)


def _footer(number: str, issuer: str, pages: int) -> Callable[[Any, Any], None]:
    def draw(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setStrokeColor(setting.LINE)
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, FOOT, WIDTH - MARGIN, FOOT)
        canvas.setFillColor(setting.FAINT)
        canvas.setFont(fonts.PLAIN, 8)
        canvas.drawString(MARGIN, FOOT - 12, number)
        canvas.drawCentredString(WIDTH / 2, FOOT - 12, issuer)
        count = f"第 {document.page} 页，共 {pages} 页  {document.page} / {pages}"
        canvas.drawRightString(WIDTH - MARGIN, FOOT - 12, count)
        canvas.restoreState()

    return draw
