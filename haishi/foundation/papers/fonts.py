"""The typeface of papers: Noto Sans SC (SIL Open Font License 1.1), embedded as a subset.

The files are copied by the front-end build to `config/built/fonts`. A paper without its typeface
would be boxes, so a missing file is an error and never a substitute.
"""

import functools
import unicodedata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from haishi.foundation.errors import DomainError

PLAIN, BOLD = "NotoSansSC", "NotoSansSC-Bold"
FILES = {PLAIN: "NotoSansSC_400Regular.ttf", BOLD: "NotoSansSC_700Bold.ttf"}
# Marks without a shape of their own: joiners and variation selectors.
_UNSEEN = frozenset([0x200B, 0x200C, 0x200D, 0x2060, *range(0xFE00, 0xFE10)])


class FontMissing(DomainError):
    message = _("平台缺少中文字体，暂时不能生成文件，请联系管理员。")


def folder() -> Path:
    """Where the font files lie."""
    return Path(settings.PAPER_FONTS)


def _to_unicode(name: str, subset: list[int]) -> str:
    """The map from glyphs back to text (ISO 32000-1, 9.10.3), by which people search and copy.

    ReportLab writes characters beyond U+FFFF as five digits, which no reader understands, and more
    entries to a block than the 100 that are allowed; so its function is replaced by this one.
    """
    entries = [f"<{i:02X}> <{chr(v).encode('utf-16-be').hex()}>" for i, v in enumerate(subset)]
    blocks = [entries[n : n + 100] for n in range(0, len(entries), 100)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        f"1 begincodespacerange\n<00> <{len(subset) - 1:02X}>\nendcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop\nend\nend"])


@functools.cache
def _load(place: Path) -> frozenset[int]:
    covered = []
    ttfonts.makeToUnicodeCMap = _to_unicode
    # Of the whole process, like the line above: whoever writes PDF here writes plain binary.
    rl_config.useA85 = 0
    for name, file in FILES.items():
        try:
            font: Any = TTFont(name, str(place / file))
        except (TTFError, OSError):
            raise FontMissing from None
        pdfmetrics.registerFont(font)
        covered.append(frozenset(font.face.charToGlyph))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    return frozenset.intersection(*covered)


def ready() -> frozenset[int]:
    """Load both faces once; the code points that both draw. Raises FontMissing."""
    return _load(folder())


def is_unseen(char: str) -> bool:
    """Whether the character has no shape and may be left out of print."""
    point = ord(char)
    return point in _UNSEEN or 0xE0100 <= point <= 0xE01EF or unicodedata.category(char) == "Cc"


def legible(text: str) -> tuple[str, list[str]]:
    """(the text as it can be drawn, characters that cannot).

    A character that the typeface lacks is written as its code point, 〔U+20BB7〕: the reader sees
    that something stands there and which character it is.
    """
    drawn = ready()
    parts, missing = [], []
    for char in unicodedata.normalize("NFC", text):
        if char == "\n" or ord(char) in drawn:
            parts.append(char)
        elif not is_unseen(char):
            missing.append(char)
            parts.append(f"〔U+{ord(char):04X}〕")
    return "".join(parts), missing
