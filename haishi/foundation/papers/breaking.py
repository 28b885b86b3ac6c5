"""Where lines break: between any two Chinese characters, never inside a Latin word.

Punctuation that closes does not begin a line and punctuation that opens does not end one
(W3C, Requirements for Chinese Text Layout, 3.1.3). ReportLab's own rule knows only Japanese marks.
"""

import re
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics

_LATIN = "!-\u024f\u2010-\u2014\u20ac"
_UNIT = re.compile(f"[{_LATIN}]+(?:\u2019[{_LATIN}]+)*|\\s+|.", re.DOTALL)
NOT_FIRST = frozenset("、。，．：；？！）》」』】〕〉”’％…—·～,.:;?!)]}%")
NOT_LAST = frozenset("（《「『【〔〈“‘([{¥￥$第")
# Units that a rule may carry to the next line; a row of brackets ends somewhere.
_CARRIED = 3


def broken(text: str, width: float, font: str, size: float) -> list[str]:
    """The lines of one paragraph, each at most `width` points."""
    lines: list[str] = []
    line: list[_Unit] = []
    used = 0.0
    for unit in _units(text, width, font, size):
        if unit.text.isspace() and line and used + unit.width > width:
            continue
        if line and used + unit.width > width:
            carried = _carried(line, unit)
            lines.append("".join(each.text for each in line).rstrip())
            line = carried
            used = sum(each.width for each in line)
        line.append(unit)
        used += unit.width
    return [*lines, "".join(each.text for each in line).rstrip()]


class _Unit(NamedTuple):
    text: str
    width: float


def _carried(line: list[_Unit], unit: _Unit) -> list[_Unit]:
    """Take from the end of `line` what has to stand before `unit` on the next one."""
    carried: list[_Unit] = []
    first = unit.text
    while len(line) > 1 and len(carried) < _CARRIED:
        if first[0] not in NOT_FIRST and line[-1].text[-1] not in NOT_LAST:
            break
        carried.insert(0, line.pop())
        first = carried[0].text
    while carried and carried[0].text.isspace():
        carried.pop(0)
    return carried


def _units(text: str, width: float, font: str, size: float) -> list[_Unit]:
    """Words and characters; a word wider than a line is cut into characters."""
    units: list[_Unit] = []
    for part in _UNIT.findall(text):
        unit = _Unit(part, pdfmetrics.stringWidth(part, font, size))
        if unit.width > width:
            units += [_Unit(char, pdfmetrics.stringWidth(char, font, size)) for char in part]
        else:
            units.append(unit)
    return units
