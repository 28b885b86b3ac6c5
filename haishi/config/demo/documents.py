"""Papers and moving pictures of a booth: a bilingual brochure (PDF) and a short silent clip (MP4)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import av
import pyvips
from av.video.stream import VideoStream
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from . import art
from .names import Organisation
from .products import Product

WIDTH, HEIGHT = A4
EDGE = 56.0
FONT = "STSong-Light"
INK, QUIET, VOICE, LINE = (HexColor(c) for c in ("#12262D", "#546871", "#0B5F63", "#D2DBD9"))
CLIP = (640, 360)
RATE = 24
# Of a sheet 1200 wide: so that the closest view still has the width of the clip.
SHOT = 0.64
KIND_NAMES = {
    "goods": "实物 Goods",
    "digital": "数字作品 Digital",
    "service": "服务 Service",
    "licence": "授权 Licence",
}


def brochure(firm: Organisation, works: Sequence[Product]) -> bytes:
    """Three or four A4 pages: cover, the firm in two languages, its works. The same input gives
    the same bytes.

    Chinese is set in the Adobe-GB1 face that PDF readers supply, so a brochure stays near 150 KB.
    """
    # Base-85 is for mail of the last century, a quarter larger and the slowest part of a page.
    rl_config.useA85 = 0
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    page.setTitle(f"{firm.short_zh} {firm.short_en}")
    page.setAuthor(firm.zh)
    _cover(page, firm)
    _about(page, firm)
    for start in range(0, min(len(works), 8), 4):
        _works(page, firm, works[start : start + 4])
    page.save()
    return out.getvalue()


def _picture(svg: str, scale: float) -> ImageReader:
    return ImageReader(BytesIO(art.encode(svg, ".jpg", 80, scale)))


def _cover(page: Canvas, firm: Organisation) -> None:
    page.drawImage(
        _picture(art.booth_banner(firm.seed, firm.motif), 0.7),
        0,
        HEIGHT - WIDTH * 9 / 21,
        WIDTH,
        WIDTH * 9 / 21,
    )
    page.drawImage(
        _picture(art.organisation_mark(firm.seed), 0.4), EDGE, HEIGHT - WIDTH * 9 / 21 - 150, 96, 96
    )
    page.setFillColor(INK)
    y = _text(page, firm.short_zh, EDGE, HEIGHT - WIDTH * 9 / 21 - 200, 34)
    page.setFillColor(QUIET)
    y = _text(page, firm.short_en, EDGE, y - 8, 15)
    page.setStrokeColor(LINE)
    page.line(EDGE, y - 12, WIDTH - EDGE, y - 12)
    page.setFillColor(VOICE)
    y = _text(page, firm.tagline_zh, EDGE, y - 44, 16)
    _text(page, firm.tagline_en, EDGE, y - 4, 12)
    page.setFillColor(QUIET)
    _text(
        page, f"{firm.city_zh} · {firm.region_zh}   {firm.city_en}, {firm.region_en}", EDGE, 72, 10
    )
    page.showPage()


def _about(page: Canvas, firm: Organisation) -> None:
    page.setFillColor(VOICE)
    y = _text(page, "关于我们  About", EDGE, HEIGHT - 96, 20)
    page.setFillColor(INK)
    y = _text(page, firm.profile_zh, EDGE, y - 18, 12.5, 1.9)
    page.setFillColor(QUIET)
    y = _text(page, firm.profile_en, EDGE, y - 16, 11, 1.65)
    page.setStrokeColor(LINE)
    page.line(EDGE, y - 8, WIDTH - EDGE, y - 8)
    facts = [
        ("创立 Founded", str(firm.founded)),
        ("业务 Line", f"{firm.line_zh}  {firm.line_en}"),
        ("名称 Name", f"{firm.zh}"),
    ]
    if firm.credit_code:
        facts.append(("统一社会信用代码", firm.credit_code))
    facts += [
        ("联系 Contact", f"{one.zh} {one.en} · {one.title_zh} {one.title_en}")
        for one in firm.staff[:2]
    ]
    y -= 36
    for label, value in facts:
        page.setFillColor(QUIET)
        _text(page, label, EDGE, y, 10)
        page.setFillColor(INK)
        y = _text(page, value, EDGE + 130, y, 10.5) - 8
    page.showPage()


def _works(page: Canvas, firm: Organisation, works: Sequence[Product]) -> None:
    page.setFillColor(VOICE)
    _text(page, "作品  Works", EDGE, HEIGHT - 96, 20)
    top = HEIGHT - 130
    for work in works:
        page.setStrokeColor(LINE)
        page.line(EDGE, top, WIDTH - EDGE, top)
        page.drawImage(
            _picture(art.product_picture(work.seed, work.pictures[0]), 0.4),
            EDGE,
            top - 128,
            168,
            112,
        )
        page.setFillColor(INK)
        y = _text(page, work.title_zh, EDGE + 186, top - 30, 13)
        page.setFillColor(QUIET)
        y = _text(page, work.title_en, EDGE + 186, y, 9.5)
        page.setFillColor(INK)
        y = _text(page, work.summary_zh, EDGE + 186, y - 4, 9.5, 1.6)
        page.setFillColor(VOICE)
        price = "面议 On request" if work.fen is None else f"¥ {work.fen / 100:,.2f}"
        _text(page, f"{KIND_NAMES[work.kind]}   {price}", EDGE + 186, y - 4, 9.5)
        top -= 164
    page.setFillColor(QUIET)
    _text(page, firm.short_zh, EDGE, 48, 9)
    page.showPage()


def _text(page: Canvas, text: str, x: float, y: float, size: float, leading: float = 1.4) -> float:
    """Write wrapped text from baseline `y` down; returns the baseline after it. English breaks at
    spaces only.
    """
    page.setFont(FONT, size)
    width = WIDTH - EDGE - x
    line = ""
    for word in _words(text):
        if (
            line
            and pdfmetrics.stringWidth(line + word.rstrip(), FONT, size) > width
            and word not in "，。、；：）》”？"
        ):
            page.drawString(x, y, line.rstrip())
            line, y = "", y - size * leading
        line += word
    page.drawString(x, y, line.rstrip())
    return y - size * leading


def _words(text: str) -> list[str]:
    """Chinese characters one by one; Latin runs with the space that follows them."""
    out: list[str] = []
    joined = False
    for char in text:
        narrow = ord(char) < 0x2E80 and char not in "“”·"
        if narrow and joined and not out[-1].endswith(" "):
            out[-1] += char
        else:
            out.append(char)
        joined = narrow
    return out


def clip(product: Product, seconds: float = 4.0) -> bytes:
    """An MP4 (H.264, yuv420p, 640 × 360, no sound) that moves slowly over a work's pictures.

    Raises RuntimeError where the installed PyAV has no H.264 encoder.
    """
    encoder = next(
        (name for name in ("libx264", "libopenh264") if name in av.codecs_available), None
    )
    if encoder is None:
        raise RuntimeError("PyAV has no H.264 encoder (libx264 or libopenh264)")
    shots = [
        art.rasterise(art.product_picture(product.seed, m, k), SHOT).copy_memory()
        for k, m in enumerate(product.pictures[:2])
    ]
    # Putting the index first makes the muxer open its output a second time, which only a file allows.
    with NamedTemporaryFile(suffix=".mp4") as out:
        _film(out.name, encoder, shots, int(seconds * RATE))
        return Path(out.name).read_bytes()


def _film(path: str, encoder: str, shots: list[pyvips.Image], total: int) -> None:
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream(encoder, rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = CLIP
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, RATE)
        stream.options = (
            {"preset": "ultrafast", "crf": "26", "threads": "1"} if encoder == "libx264" else {}
        )
        for number in range(total):
            frame = _frame(shots, number / (total - 1))
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _frame(shots: list[pyvips.Image], share: float) -> av.VideoFrame:
    """The picture at `share` of the clip: a slow approach, then, with a second shot, a slow drift."""
    place = min(int(share * len(shots)), len(shots) - 1)
    own = share * len(shots) - place
    source = shots[place]
    wide = round(source.width * (1.0 - 0.16 * own if place == 0 else 0.84))
    tall = round(wide * CLIP[1] / CLIP[0])
    left = round((source.width - wide) * (0.5 if place == 0 else own))
    top = round((source.height - tall) * 0.5)
    view = source.crop(left, top, wide, tall).resize(
        CLIP[0] / wide, vscale=CLIP[1] / tall, kernel="linear"
    )
    frame = av.VideoFrame(*CLIP, "rgb24")
    frame.planes[0].update(_padded(view.write_to_memory(), frame.planes[0].line_size))
    return frame


def _padded(pixels: bytes, stride: int) -> bytes:
    """Rows of RGB widened to the frame's stride."""
    row = CLIP[0] * 3
    if stride == row:
        return pixels
    gap = b"\0" * (stride - row)
    return b"".join(pixels[i : i + row] + gap for i in range(0, len(pixels), row))
