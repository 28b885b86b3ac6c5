"""Words that are held back, also in disguise: two passes over a line, whatever their number.

As written: full-width, case and accents are folded (NFKD, casefold), spaces and marks between the
characters left out. As spoken: every Chinese character is replaced by its syllable and digits are
left out too, so that homophones (加钱, 价签), whole pinyin (jiaqian, jia钱, j.i.a q1i1a1n) and
letters with digits between are one text. Initials (jq) count only where the entry says so.

To keep innocent lines innocent: letters that continue into other letters are no match (`class`
holds no `ass`), a character stands for exactly one syllable (先 is not 西安), one syllable alone is
compared as written only, an English word that happens to be pinyin (`made`) is not a disguise, and
neither is pinyin without the apostrophe that it needs (xi'an). What is left is for entries `allow`:
a word within 妈妈的 or 读博士 is not found when these are on the list.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from gateway.automaton import Automaton
from gateway.english import ENGLISH

HOLD, MASK, BLOCK, ALLOW = "hold", "mask", "block", "allow"
_HARDEST = {ALLOW: -1, MASK: 0, HOLD: 1, BLOCK: 2}
# After the action of an entry: compare as written only; initials count too.
EXACT, INITIALS = "exact", "initials"
Sound = Callable[[str], str]


@dataclass(frozen=True)
class Verdict:
    """What becomes of a line: `action` "" lets it through; `text` has masked characters as `*`."""

    action: str
    text: str
    word: str = ""


@dataclass
class _Stream:
    """A text as symbols. `edges[i]`: a word may begin at symbol i or end before it."""

    symbols: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    edges: list[bool] = field(default_factory=lambda: [True])
    # First symbol and length of every character that was replaced by its syllable.
    spoken: dict[int, int] = field(default_factory=dict)

    def add(self, symbols: str, place: int, *, edge: bool) -> None:
        """Symbols of one character at `place` of the text."""
        self.edges[-1] = edge
        for symbol in symbols:
            self.symbols.append(symbol)
            self.places.append(place)
            self.edges.append(False)
        self.edges[-1] = True


@dataclass(frozen=True)
class _Disguise:
    """A word as it sounds. `syllables`: {first symbol: length}; empty: letters alone will do."""

    word: str
    syllables: Mapping[int, int]


@lru_cache(maxsize=50_000)
def _folded(raw: str) -> tuple[tuple[str, str], ...]:
    """(character as compared, its kind) for each that one character folds to.

    Letters or digits in a row are one word; Chinese characters (kind "") each stand alone.
    """
    return tuple(
        (char, "digit" if char.isdecimal() else "letter" if ord(char) < 0x0530 else "")
        for char in unicodedata.normalize("NFKD", raw).casefold()
        if unicodedata.category(char)[0] in "LN"
    )


def _symbols(text: str) -> Iterator[tuple[str, str, int]]:
    """(character as compared, its kind, where it stands in `text`)."""
    for place, raw in enumerate(text):
        for char, kind in _folded(raw):
            yield char, kind, place


def written(text: str) -> str:
    """A text as it is compared as written; two words with the same are one."""
    return "".join(char for char, _kind, _place in _symbols(text))


class Words:
    """A list of words, each with what happens to lines that hold it."""

    def __init__(self, entries: Mapping[str, str], sound: Sound = lambda _char: "") -> None:
        """`entries`: {word: hold | mask | block | allow, then ` exact` or ` initials`}; others are
        ignored, and `allow` is always exact.

        `sound`: a character to its syllable in letters a to z, "" for one without.
        """
        self._sound = sound
        parts = {word: entry.split() for word, entry in entries.items()}
        known = {word: part for word, part in parts.items() if part and part[0] in _HARDEST}
        self._actions = {word: part[0] for word, part in known.items()}
        self._written = Automaton((self._writing(word), word) for word in known)
        disguises = [
            each
            for word, part in known.items()
            if EXACT not in part and part[0] != ALLOW
            for each in self._disguises(word, initials=INITIALS in part)
        ]
        self._spoken = Automaton(disguises)

    def _writing(self, word: str) -> list[str]:
        return [char for char, _kind, _place in _symbols(word)]

    def _disguises(self, word: str, *, initials: bool) -> list[tuple[str, _Disguise]]:
        """What a word sounds like, as letters; nothing for a single syllable."""
        syllables = [
            self._sound(char) or char for char, kind, _place in _symbols(word) if kind != "digit"
        ]
        if len(syllables) < 2:
            return []
        spans, at = {}, 0
        for syllable in syllables:
            spans[at] = len(syllable)
            at += len(syllable)
        chinese = any(len(syllable) > 1 for syllable in syllables)
        found = [("".join(syllables), _Disguise(word, spans if chinese else {}))]
        if initials and chinese:
            found.append(("".join(each[0] for each in syllables), _Disguise(word, {})))
        return found

    def _streams(self, text: str) -> tuple[_Stream, _Stream]:
        """The text as it is written and as it is spoken."""
        written, spoken = _Stream(), _Stream()
        before, before_place = "", -2
        for char, kind, place in _symbols(text):
            edge = not kind or kind != before or place > before_place + 1
            written.add(char, place, edge=edge)
            if kind != "digit":
                sound = self._sound(char) if not kind else ""
                if sound:
                    spoken.spoken[len(spoken.symbols)] = len(sound)
                spoken.add(sound or char, place, edge=edge)
            before, before_place = kind, place
        return written, spoken

    def judge(self, text: str) -> Verdict:
        """The hardest action that any found word asks for."""
        if not self._actions:
            return Verdict("", text)
        written, spoken = self._streams(text)
        found = [
            (written.places[start], written.places[end - 1], word)
            for start, end, word in self._written.find(written.symbols)
            if written.edges[start] and written.edges[end]
        ]
        found += [
            (spoken.places[start], spoken.places[end - 1], disguise.word)
            for start, end, disguise in self._spoken.find(spoken.symbols)
            if _is_disguise(spoken, start, end, disguise)
        ]
        return self._verdict(text, found)

    def _verdict(self, text: str, matches: Sequence[tuple[int, int, str]]) -> Verdict:
        allowed = [match for match in matches if self._actions[match[2]] == ALLOW]
        found = [
            (first, last, word)
            for first, last, word in matches
            if self._actions[word] != ALLOW
            and not any(start <= first and last <= end for start, end, _word in allowed)
        ]
        if not found:
            return Verdict("", text)
        word = max((match[2] for match in found), key=lambda w: _HARDEST[self._actions[w]])
        action = self._actions[word]
        if action != MASK:
            return Verdict(action, text, word)
        masked = list(text)
        for first, last, _word in found:
            masked[first : last + 1] = "*" * (last + 1 - first)
        return Verdict(MASK, "".join(masked), word)


def _is_disguise(spoken: _Stream, start: int, end: int, disguise: _Disguise) -> bool:
    """Whether these symbols stand for the word, and not only contain its letters."""
    if not (spoken.edges[start] and spoken.edges[end]):
        return False
    characters = [place for place in range(start, end) if place in spoken.spoken]
    if any(disguise.syllables.get(p - start) != spoken.spoken[p] for p in characters):
        return False
    if characters or any(spoken.edges[start + 1 : end]) or not disguise.syllables:
        return True
    letters = "".join(spoken.symbols[start:end])
    apostrophe = any(place and letters[place] in "aeo" for place in disguise.syllables)
    return not apostrophe and letters not in ENGLISH
