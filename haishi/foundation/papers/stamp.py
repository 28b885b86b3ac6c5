"""What a signature looks like in its frame: who, for whom, when, and under which certificate."""

import contextlib
import datetime as dt
import io
import tempfile
from collections.abc import Iterator

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from haishi.foundation import clock
from haishi.foundation.papers import fonts, setting
from haishi.foundation.papers.breaking import broken
from haishi.foundation.papers.keys import Signatory

ZONE = "Asia/Shanghai"


def drawn(who: Signatory, at: dt.datetime, serial: int, width: float, height: float) -> bytes:
    """A one-page PDF of the size of the frame, with the same embedded typeface as the paper."""
    fonts.ready()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1, initialFontName=fonts.PLAIN)
    canvas.setFillColor(setting.TINT)
    canvas.rect(0, 0, 1.2 * mm, height, stroke=0, fill=1)
    there = clock.local(at, ZONE).strftime("%Y-%m-%d %H:%M:%S")
    y = height
    for text, font, size, color in (
        (who.person, fonts.BOLD, 12, setting.INK),
        (who.organisation, fonts.PLAIN, 8.5, setting.INK),
        (f"数字签名 Digitally signed {there} UTC+8", fonts.PLAIN, 7.2, setting.FAINT),
        (f"证书 Certificate {serial:x}"[:44], fonts.PLAIN, 6.4, setting.FAINT),
    ):
        canvas.setFont(font, size)
        canvas.setFillColor(color)
        lines = broken(fonts.legible(text)[0], width - 6 * mm, font, size)
        y -= size * 1.42
        canvas.drawString(4 * mm, y, lines[0])
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@contextlib.contextmanager
def as_file(pdf: bytes) -> Iterator[str]:
    """The name of a file with these bytes; pyHanko imports a page only by its file name."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        yield file.name
