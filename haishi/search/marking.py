"""Which stretches of a title are what was asked for, and what was probably meant."""

import difflib
import re
from collections.abc import Iterable, Sequence

from haishi.search.analysis import Group, fold, is_han, stem, syllables
from haishi.search.types import Piece

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z0-9]+")


class Marker:
    """Marks the words of one question in the texts of its hits."""

    def __init__(self, groups: Sequence[Group], heard: Iterable[tuple[str, ...]]) -> None:
        self.heard = tuple(spoken for spoken in heard if spoken)
        words = {w for g in groups for w in (*g.words, g.text, *g.parts) if w}
        patterns = [_pattern(word) for word in sorted(words, key=len, reverse=True)]
        self.words = re.compile("|".join(patterns)) if patterns else None

    def pieces(self, text: str) -> list[Piece]:
        """The text in stretches; those that were asked for, or sound like it, are marked."""
        folded = fold(text)
        places = [match.span() for match in self.words.finditer(folded)] if self.words else []
        for spoken in self.heard:
            places += _sounding(folded, spoken)
        found: list[Piece] = []
        done = 0
        for start, end in sorted(places):
            if end <= done:
                continue
            start = max(start, done)
            if start > done:
                found.append(Piece(text[done:start], False))
            if found and found[-1].marked and start == done:
                found[-1] = Piece(found[-1].text + text[start:end], True)
            else:
                found.append(Piece(text[start:end], True))
            done = end
        return [*found, Piece(text[done:], False)] if done < len(text) else found


def _pattern(word: str) -> str:
    if word.isascii():
        return rf"(?<![a-z0-9]){re.escape(word)}(?:ies|es|s)?(?![a-z0-9])"
    return re.escape(word)


def _sounding(folded: str, spoken: tuple[str, ...]) -> Iterable[tuple[int, int]]:
    """Where Chinese characters sound like `spoken`."""
    size = len(spoken)
    for run in _RUN.finditer(folded):
        if size == 0 or not is_han(run[0]):
            continue
        sound = syllables(run[0])
        if len(sound) != len(run[0]):
            continue
        for start in range(len(sound) - size + 1):
            if sound[start : start + size] == spoken:
                yield run.start() + start, run.start() + start + size


def meant(
    text: str, doubted: Sequence[tuple[Group, tuple[str, ...]]], titles: Sequence[str]
) -> str:
    """`text` with doubted words replaced by what the found titles say, or nothing.

    `doubted`: groups that the index does not know, each with how it sounds. Only titles that the
    reader may see are given, so nothing hidden is ever proposed.
    """
    folded_titles = [fold(title) for title in titles]
    corrected, folded, changed = text, fold(text), False
    for group, spoken in doubted:
        place = folded.find(group.text)
        better = _heard_in(folded_titles, spoken) or _close_in(folded_titles, group, folded, place)
        if place >= 0 and better and better != group.text:
            end = place + len(group.text)
            corrected = corrected[:place] + better + corrected[end:]
            folded, changed = fold(corrected), True
    return corrected.strip() if changed else ""


def _heard_in(titles: Sequence[str], spoken: tuple[str, ...]) -> str:
    if len(spoken) < 2:
        return ""
    for title in titles:
        for start, end in _sounding(title, spoken):
            return title[start:end]
    return ""


def _close_in(titles: Sequence[str], group: Group, folded: str, place: int) -> str:
    if group.text.isascii():
        words = {word for title in titles for word in _RUN.findall(title) if word.isascii()}
        near = difflib.get_close_matches(group.text, sorted(words), n=1, cutoff=0.75)
        return near[0] if near and stem(near[0]) != stem(group.text) else ""
    # One wrong character: the neighbours on both sides must stand in the title as well.
    before = folded[max(0, place - 2) : place]
    after = folded[place + len(group.text) : place + len(group.text) + 2]
    before, after = (part if is_han(part) else "" for part in (before, after))
    size = len(group.text)
    if len(before) + size + len(after) < 4:
        return ""
    for title in titles:
        for start in range(len(before), len(title) - size - len(after) + 1):
            window = title[start : start + size]
            framed = title[:start].endswith(before) and title[start + size :].startswith(after)
            same = sum(a == b for a, b in zip(window, group.text, strict=True))
            if framed and same == size - 1 and is_han(window):
                return window
    return ""


def spelled(title: str) -> str:
    """The Chinese of a title in pinyin, without spaces, as somebody would type it."""
    runs = (run for run in _RUN.findall(fold(title)) if is_han(run))
    return "".join(part for run in runs for part in syllables(run))
