"""Words that are held back: one pass over a normalised line, whatever their number (Aho-Corasick).

A line is compared as a reader sees it: full-width, case and accents folded (NFKD, casefold), spaces
and marks between characters left out, and once more by the sound of its characters when sounds are
given, so that a word written by homophones is found too.
Source: Aho and Corasick, Efficient string matching, CACM 18 (1975).
"""

import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

HOLD, MASK, BLOCK = "hold", "mask", "block"
_HARDEST = {MASK: 0, HOLD: 1, BLOCK: 2}
Sound = Callable[[str], str]


def folded(text: str) -> tuple[list[str], list[int]]:
    """(characters as compared, where each stands in `text`)."""
    characters: list[str] = []
    places: list[int] = []
    for place, raw in enumerate(text):
        for char in unicodedata.normalize("NFKD", raw).casefold():
            if unicodedata.category(char)[0] in "LN":
                characters.append(char)
                places.append(place)
    return characters, places


@dataclass(frozen=True)
class Verdict:
    """What becomes of a line: `action` "" lets it through; `text` has masked characters as `*`."""

    action: str
    text: str
    word: str = ""


class _Automaton:
    """Finds every pattern of symbols in one pass."""

    def __init__(self, patterns: Mapping[tuple[str, ...], str]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._fail = [0]
        self._found: list[list[tuple[int, str]]] = [[]]
        for pattern, word in patterns.items():
            if pattern:
                self._add(pattern, word)
        self._link()

    def _add(self, pattern: Sequence[str], word: str) -> None:
        state = 0
        for symbol in pattern:
            if symbol not in self._next[state]:
                self._next[state][symbol] = len(self._next)
                self._next.append({})
                self._fail.append(0)
                self._found.append([])
            state = self._next[state][symbol]
        self._found[state].append((len(pattern), word))

    def _link(self) -> None:
        queue = deque(self._next[0].values())
        while queue:
            state = queue.popleft()
            for symbol, following in self._next[state].items():
                queue.append(following)
                back = self._fail[state]
                while back and symbol not in self._next[back]:
                    back = self._fail[back]
                self._fail[following] = self._next[back].get(symbol, 0)
                self._found[following] += self._found[self._fail[following]]

    def find(self, symbols: Iterable[str]) -> list[tuple[int, int, str]]:
        """(start, end, word) of every match, half-open, in the order of their ends."""
        state, matches = 0, []
        for place, symbol in enumerate(symbols):
            while state and symbol not in self._next[state]:
                state = self._fail[state]
            state = self._next[state].get(symbol, 0)
            matches += [
                (place + 1 - length, place + 1, word) for length, word in self._found[state]
            ]
        return matches


class Words:
    """A list of words, each with what happens to lines that hold it."""

    def __init__(self, actions: Mapping[str, str], sound: Sound | None = None) -> None:
        """`actions`: {word: hold | mask | block}. `sound`: a character to its syllable, or ""."""
        self._actions = {word: action for word, action in actions.items() if action in _HARDEST}
        self._sound = sound
        letters = {word: folded(word)[0] for word in self._actions}
        self._letters = _Automaton({tuple(each): word for word, each in letters.items()})
        # A single syllable sounds like too many innocent ones.
        spoken = {self._spoken(each): word for word, each in letters.items()}
        self._sounds = _Automaton({key: word for key, word in spoken.items() if len(key) > 1})

    def _spoken(self, characters: Sequence[str]) -> tuple[str, ...]:
        if self._sound is None:
            return ()
        return tuple(self._sound(char) or char for char in characters)

    def judge(self, text: str) -> Verdict:
        """The hardest action that any found word asks for."""
        characters, places = folded(text)
        found = self._letters.find(characters)
        if self._sound is not None:
            found += self._sounds.find(self._spoken(characters))
        if not found:
            return Verdict("", text)
        word = max((match[2] for match in found), key=lambda w: _HARDEST[self._actions[w]])
        action = self._actions[word]
        if action != MASK:
            return Verdict(action, text, word)
        masked = list(text)
        for start, end, _word in found:
            for place in range(places[start], places[end - 1] + 1):
                masked[place] = "*"
        return Verdict(MASK, "".join(masked), word)
