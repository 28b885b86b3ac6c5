"""WebVTT (W3C, WebVTT: The Web Video Text Tracks Format): read what is uploaded, write files."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from haishi.live.errors import BadCaptions

MOST_CUES, MOST_BYTES, MOST_TEXT = 5_000, 1_000_000, 400
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_SPAN = re.compile(rf"^{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?$")
_TAG = re.compile(r"<[^>]*>")
Cue = tuple[float, float, str]


def read(content: bytes) -> list[Cue]:
    """[(start, end, text)] in seconds, tags removed. Raises BadCaptions, which names the line."""
    if len(content) > MOST_BYTES:
        raise BadCaptions(line=1, reason=_("文件超过 1 MB"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadCaptions(line=1, reason=_("不是 UTF-8 编码")) from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.match(r"^WEBVTT(?:[ \t].*)?$", lines[0]):
        raise BadCaptions(line=1, reason=_("第一行应为 WEBVTT"))
    cues: list[Cue] = []
    number = 1
    while number < len(lines):
        if "-->" not in lines[number]:
            number += 1
            continue
        start, end = _span(lines[number], number + 1)
        first = number + 1
        number = first
        while number < len(lines) and lines[number].strip() and "-->" not in lines[number]:
            number += 1
        words = _TAG.sub("", "\n".join(lines[first:number])).strip()
        if words:
            cues.append((start, end, _unescaped(words)[:MOST_TEXT]))
        if len(cues) > MOST_CUES:
            raise BadCaptions(line=first, reason=_("字幕超过 5000 条"))
    if not cues:
        raise BadCaptions(line=1, reason=_("没有一条字幕"))
    return cues


def _span(line: str, number: int) -> tuple[float, float]:
    found = _SPAN.match(line.strip())
    if found is None:
        raise BadCaptions(line=number, reason=_("时间应写成 00:01.000 --> 00:03.000"))
    parts = [int(part or 0) for part in found.groups()]
    start, end = (h * 3600 + m * 60 + s + ms / 1000 for h, m, s, ms in (parts[:4], parts[4:]))
    if end <= start:
        raise BadCaptions(line=number, reason=_("结束时间应晚于开始时间"))
    return start, end


def _unescaped(text: str) -> str:
    for name, sign in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(name, sign)
    return text


def write(cues: Iterable[Cue]) -> str:
    """The file of these cues, sorted by start."""
    blocks = ["WEBVTT"]
    for start, end, text in sorted(cues):
        safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        body = "\n".join(line for line in safe.split("\n") if line.strip())
        blocks.append(f"{_clock(start)} --> {_clock(end)}\n{body}")
    return "\n\n".join(blocks) + "\n"


def _clock(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
