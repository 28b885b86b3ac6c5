"""Which stretches of a title are what was asked for, and what was probably meant."""

import difflib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from haishi.search.analysis import Group, fold, is_han, stem, syllables
from haishi.search.analysis.words import dictionary
from haishi.search.types import Piece

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z0-9]+")


class Marker:
    """Marks the words of one question in the texts of its hits."""

    def __init__(self, groups: Sequence[Group], heard: Iterable[tuple[str, ...]]) -> None:
        self.heard = tuple(spoken for spoken in heard if spoken)
        words = {w for g in groups for w in (*g.words, g.text, *g.parts) if w}
        self.plain = [word for word in words if not word.isascii()]
        self.latin = [_latin(word) for word in words if word.isascii()]

    def title(self, text: str) -> list[Piece]:
        """A title in stretches; those that were asked for, or sound like it, are marked."""
        folded = fold(text)
        places = self._places(folded)
        if self.heard:
            spoken = _spoken(folded)
            places += [place for sound in self.heard for place in _sounding(spoken, sound)]
        return _cut(text, places)

    def text(self, text: str) -> list[Piece]:
        """Other text in stretches; only titles are searched by sound."""
        return _cut(text, self._places(fold(text)))

    def _places(self, folded: str) -> list[tuple[int, int]]:
        places = [match.span() for pattern in self.latin for match in pattern.finditer(folded)]
        for word in self.plain:
            start = folded.find(word)
            while start >= 0:
                places.append((start, start + len(word)))
                start = folded.find(word, start + 1)
        return places


@lru_cache(maxsize=2_000)
def _latin(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){re.escape(word)}(?:ies|es|s)?(?![a-z0-9])")


def _cut(text: str, places: list[tuple[int, int]]) -> list[Piece]:
    found: list[Piece] = []
    done = 0
    for start, end in sorted(places):
        if end <= done:
            continue
        start = max(start, done)
        if start > done:
            found.append(Piece(text[done:start], False))
        if found and found[-1].marked:
            found[-1] = Piece(found[-1].text + text[start:end], True)
        else:
            found.append(Piece(text[start:end], True))
        done = end
    return [*found, Piece(text[done:], False)] if done < len(text) else found


def _spoken(folded: str) -> list[str]:
    """The syllable of each character; empty where it is not Chinese."""
    found: list[str] = []
    for token in dictionary().cut(folded, True):
        sound = syllables(token) if is_han(token) else ()
        found += sound if len(sound) == len(token) else [""] * len(token)
    return found


def _sounding(said: Sequence[str], spoken: tuple[str, ...]) -> Iterable[tuple[int, int]]:
    """Where characters sound like `spoken`."""
    wanted, size = list(spoken), len(spoken)
    for start in range(len(said) - size + 1):
        if said[start] == spoken[0] and said[start : start + size] == wanted:
            yield start, start + size


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
        for start, end in _sounding(_spoken(title), spoken):
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
    return "".join(_spoken(fold(title)))
