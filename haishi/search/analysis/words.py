"""Cutting text into words, the same way for documents and questions."""

import re
from functools import cache, lru_cache
from typing import Any

from haishi.search.analysis.folding import fold, is_han
from haishi.search.analysis.pinyin import bigrams, syllables
from haishi.search.analysis.synonyms import TERMS

_LATIN = re.compile(r"[a-z0-9\u00e0-\u024f\u0370-\u052f]+")
_WORD = re.compile(r"\w")
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LONGEST_WORD = 40
# How much of a title can be found by its beginnings: keeps the list short for long titles.
_STARTS, _HAN_BEGIN, _LATIN_BEGIN = 5, 5, 10


@cache
def dictionary() -> Any:
    """The segmenter with the terms of the field; loading costs 0.3 s, once per process."""
    import rjieba

    for term in TERMS:
        if not rjieba.has_word(term):
            rjieba.add_word(term, 2_000, "n")
    return rjieba


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """English plurals lose their s (Harman, 1991): enough, and never wrong enough to surprise."""
    if len(word) > 4 and word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and word[-2] not in "us":
        return word[:-1]
    return word


@lru_cache(maxsize=100_000)
def _known(word: str) -> bool:
    return bool(dictionary().has_word(word))


def index_words(text: str) -> list[str]:
    """Every word of a text that may be asked for, in order, with the words inside long words.

    Names that no dictionary knows come as guessed words and as pairs of characters.
    """
    found: list[str] = []
    previous = ""
    for token in dictionary().cut_for_search(fold(text), True):
        single = token if len(token) == 1 and is_han(token) else ""
        if is_han(token):
            found.append(token)
            if single and previous:
                found.append(previous + single)
            elif len(token) > 2 and not _known(token):
                found += [token[i : i + 2] for i in range(len(token) - 1)]
        elif _WORD.search(token):
            found += latin_words(token)
        previous = single
    return found


def latin_words(token: str) -> list[str]:
    """Stems of the Latin, Greek or Cyrillic words and numbers in a token; other scripts as is."""
    parts = _LATIN.findall(token)
    if not parts:
        return [token[:_LONGEST_WORD]]
    if len(parts) == 1 and len(parts[0]) != len(token) and not token.isascii():
        parts = [token, *parts]  # 裸眼3d is a word and holds one
    return [stem(part)[:_LONGEST_WORD] for part in parts]


def han_runs(text: str) -> list[str]:
    """Unbroken stretches of Chinese characters of a folded text."""
    return _HAN_RUN.findall(text)


def sounds(title: str) -> list[str]:
    """How a title sounds: syllables, pairs of syllables, and its single characters."""
    found: dict[str, None] = {}
    for run in han_runs(fold(title)):
        spoken = [part for word in dictionary().cut(run, True) for part in syllables(word)]
        found |= dict.fromkeys([*spoken, *bigrams(spoken), *run])
    return list(found)


def beginnings(title: str) -> list[str]:
    """What people may have typed so far of a title: Chinese, pinyin, initials, English.

    Counted from the start of each of its first words; `^` marks those from the very start.
    """
    folded = fold(title)
    starts: list[int] = []
    position = 0
    for token in dictionary().cut(folded, True):
        if _WORD.search(token) and len(starts) < _STARTS:
            starts.append(position)
        position += len(token)
    found: dict[str, None] = {}
    for start in starts:
        mark = "^" if start == starts[0] else ""
        for begin in _beginnings_of(folded[start : start + _LATIN_BEGIN], bool(mark)):
            found[begin] = None
            if mark:
                found[mark + begin] = None
    return list(found)


def _beginnings_of(text: str, first: bool) -> list[str]:
    if not is_han(text[:1]):
        compact = text.replace(" ", "")
        return [compact[:n] for n in range(1, len(compact) + 1)]
    run = han_runs(text)[0]
    spoken = syllables(run[:6])
    pinyin = "".join(spoken)[:_LATIN_BEGIN]
    initials = "".join(part[0] for part in spoken)
    found = [run[:n] for n in range(1, min(len(run), _HAN_BEGIN) + 1)]
    found += [pinyin[:n] for n in range(1, len(pinyin) + 1)]
    return found + ([initials[:n] for n in range(2, len(initials) + 1)] if first else [])


def typed_beginning(text: str) -> str:
    """What was typed, cut to the length `beginnings` keeps."""
    compact = fold(text).replace(" ", "").replace("'", "")
    if is_han(compact[:1]):
        run = han_runs(compact)[0]
        return str(run[:_HAN_BEGIN])
    return compact[:_LATIN_BEGIN]
