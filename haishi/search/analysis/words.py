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
_STARTS, _HAN_BEGIN, _LATIN_BEGIN = 4, 4, 8


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


def index_words(text: str) -> list[str]:
    """Every word of a text that may be asked for, in order, with the words inside long words.

    Names that no dictionary knows come as guessed words and as pairs of characters.
    """
    found: list[str] = []
    previous = ""
    for token in dictionary().cut_for_search(fold(text), True):
        found += _kept_of(token)
        single = token if len(token) == 1 and is_han(token) else ""
        if single and previous:
            found.append(previous + single)
        previous = single
    return found


@lru_cache(maxsize=200_000)
def _kept_of(token: str) -> tuple[str, ...]:
    """What the index keeps of one token of the segmenter."""
    if is_han(token):
        if len(token) > 2 and not dictionary().has_word(token):
            return (token, *(token[i : i + 2] for i in range(len(token) - 1)))
        return (token,)
    return tuple(latin_words(token)) if _WORD.search(token) else ()


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
    spoken: list[str] = []
    for token in [*dictionary().cut(fold(title), True), " "]:
        if is_han(token):
            spoken += syllables(token)
            found.update(dict.fromkeys(token))
        elif spoken:
            found.update(dict.fromkeys([*spoken, *bigrams(spoken)]))
            spoken = []
    return list(found)


def beginnings(title: str) -> list[str]:
    """What people may have typed so far of a title: Chinese, pinyin, initials, English.

    Counted from the start of each of its first words; `^` marks those from the very start.
    """
    folded = fold(title)
    tokens = dictionary().cut(folded, True)
    found: list[str] = []
    position = starts = 0
    for number, token in enumerate(tokens):
        if _WORD.search(token):
            begins = _beginnings_at(folded[position : position + 16], tokens[number : number + 6])
            found += begins
            if starts == 0:
                found += _initials(tokens[number : number + 6])
                found += ["^" + begin for begin in found]
            starts += 1
        position += len(token)
        if starts == _STARTS:
            break
    return list(dict.fromkeys(found))


def _beginnings_at(text: str, tokens: list[str]) -> list[str]:
    if not is_han(text[0]):
        compact = text.replace(" ", "")[:_LATIN_BEGIN]
        return [compact[:n] for n in range(1, len(compact) + 1)]
    run = han_runs(text)[0][:_HAN_BEGIN]
    pinyin = "".join(_spoken(tokens))[:_LATIN_BEGIN]
    return [
        *(run[:n] for n in range(1, len(run) + 1)),
        *(pinyin[:n] for n in range(1, len(pinyin) + 1)),
    ]


def _initials(tokens: list[str]) -> list[str]:
    letters = "".join(part[0] for part in _spoken(tokens))[:_LATIN_BEGIN]
    return [letters[:n] for n in range(2, len(letters) + 1)]


def _spoken(tokens: list[str]) -> list[str]:
    """Syllables up to the first token that is not Chinese."""
    found: list[str] = []
    for token in tokens:
        if not is_han(token):
            break
        found += syllables(token)
    return found


def typed_beginning(text: str) -> str:
    """What was typed, cut to the length `beginnings` keeps."""
    compact = fold(text).replace(" ", "").replace("'", "")
    if is_han(compact[:1]):
        return str(han_runs(compact)[0][:_HAN_BEGIN])
    return compact[:_LATIN_BEGIN]
