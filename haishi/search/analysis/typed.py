"""What somebody typed, as groups of words that each mean one thing."""

import re
from dataclasses import dataclass

from haishi.search.analysis.folding import fold, is_han
from haishi.search.analysis.pinyin import readings, syllables
from haishi.search.analysis.synonyms import LATIN_PHRASES, SYNONYMS
from haishi.search.analysis.words import dictionary, latin_words, stem

LONGEST = 120  # characters of a question that are read
MOST_GROUPS = 12
_LATIN_RUN = re.compile(r"[a-z]+(?:'[a-z]+)*")

# Words that ask, link or fill, and say nothing about what is sought.
_TEXT = """
的 了 和 与 及 或 在 于 有 没有 是 把 被 给 让 为 为了 以 对 向 从 到 等 就 都 也 还 很 吗 呢 吧
啊 着 过 之 其 这 那 这个 那个 一个 一家 一些 一下 我 我们 你 你们 您 他 他们 咱们 我司 贵司 谁 哪
哪里 哪儿 哪家 哪些 什么 怎么 如何 多少 几 能 能够 可以 会 要 想 想要 需要 希望 请 请问 麻烦 求
求购 寻 找 寻找 找到 查 搜 搜索 看看 买 买到 做 做过 有关 相关 关于 方面 类 类似 之类 推荐 介绍
求推荐 帮忙 最 比较 里 里面 上 中 下 来 去 用 用于 想找 打算 准备 计划 公司 单位 厂家 供应商 一套
一款 家 个 款 种 套 并 且 并且 而 但 如果 a an the of for and or in on at to by with
from is are be i we you me my our your find looking look want need some any which who where what
how please about related company companies supplier suppliers
"""
STOP = frozenset(_TEXT.split())


@dataclass(frozen=True)
class Group:
    """One thing that was asked for.

    `words`: the ways to write it, own word first; several words in one string stand together.
    `parts`: smaller words inside. `spoken`: its syllables, empty for what is not Chinese.
    `readings`: when Latin letters may be pinyin, the ways to read them.
    """

    text: str
    words: tuple[str, ...]
    parts: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    readings: tuple[tuple[str, ...], ...] = ()


def read(text: str) -> list[Group]:
    """The groups of a question, without filling words; of only filling words, those."""
    folded = fold(text[:LONGEST])
    cut = _phrases(_merge_singles(_tokens(folded)))
    groups = [_group(word) for word in cut if word not in STOP]
    if not groups:
        groups = [_group(word) for word in cut]
    distinct = {group.text: group for group in groups}
    return list(distinct.values())[:MOST_GROUPS]


def _tokens(folded: str) -> list[str]:
    """Words in order; an empty string where something separates them."""
    found: list[str] = []
    for word in dictionary().cut(folded, True):
        if is_han(word) or word in SYNONYMS:
            found.append(word)
        elif run := _LATIN_RUN.fullmatch(word):
            found.append(run[0])
        elif any(c.isalnum() for c in word):
            found += [word] if not word.isascii() else latin_words(word)
        else:
            found.append("'" if word == "'" else "")
    return found


def _merge_singles(cut: list[str]) -> list[str]:
    """Single Chinese characters in a row are a name or a slip, and meant as one; so is xi'an."""
    found: list[str] = []
    open_run = False
    for position, word in enumerate(cut):
        single = len(word) == 1 and is_han(word) and word not in STOP
        last = found[-1] if found else ""
        opens = word == "'" and last.isascii() and position + 1 < len(cut)
        closes = last.endswith("'") and word.isascii() and word.isalpha()
        if last and ((single and open_run) or opens or closes):
            found[-1] += word
        elif word:
            found.append(word)
        open_run = single
    return [word for word in found if word != "'"]


def _phrases(cut: list[str]) -> list[str]:
    """English terms of several words become one."""
    found: list[str] = []
    position = 0
    while position < len(cut):
        for length in (3, 2):
            phrase = " ".join(cut[position : position + length])
            if phrase in LATIN_PHRASES:
                found.append(phrase)
                position += length
                break
        else:
            found.append(cut[position])
            position += 1
    return found


def _group(word: str) -> Group:
    others = tuple(_written(word) for word in SYNONYMS.get(word) or SYNONYMS.get(stem(word), ()))
    if is_han(word):
        parts = [p for p in dictionary().cut_for_search(word, True) if p != word and len(p) > 1]
        return Group(word, (word, *others), tuple(parts), syllables(word))
    letters = word.replace("'", "")
    ways: tuple[tuple[str, ...], ...] = ()
    if letters.isascii() and letters.isalpha():
        pieces = tuple(part for part in word.split("'") if part)
        ways = readings(letters) if len(pieces) < 2 else _joined(pieces)
    return Group(word, (_written(word), *others), readings=ways)


def _joined(pieces: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """xi'an can be read in one way only."""
    ways = [readings(piece) for piece in pieces]
    return (tuple(part for way in ways for part in way[0]),) if all(ways) else ()


def _written(word: str) -> str:
    """A word or term as it stands in the index."""
    if is_han(word) or not word.isascii():
        return word
    return " ".join(part for piece in word.split() for part in latin_words(piece))
