"""From groups of words to a query of the index.

A group is met by its word, a synonym, or its sound; most groups must be met. The score adds BM25
of the words (title before text), of their parts, and of pairs of syllables across the whole title.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tantivy import Occur, Query

from haishi.search.analysis import Group, bigrams, is_han, syllables
from haishi.search.index import Opened

TITLE, BODY, SOUND = 2.2, 1.0, 0.6
SYNONYM, PART, ACROSS = 0.8, 0.4, 0.5
# Share of a word's pairs of syllables that must be heard: one slip in four characters is forgiven.
HEARD = 0.6
Clause = tuple[Any, Any]


class Ranking:
    """Builds queries against one commit of the index."""

    def __init__(self, opened: Opened, groups: Sequence[Group]) -> None:
        self.searcher, self.schema = opened.searcher, opened.schema
        self.groups = [part for group in groups for part in self._split(group)]
        self.best = {group.text: self._best_reading(group) for group in self.groups}

    def known(self, word: str) -> bool:
        """Whether the index holds the word; terms of several words count as known."""
        if " " in word:
            return True
        return any(self.searcher.doc_freq(field, word) for field in ("title", "body"))

    def query(self, relaxed: bool = False) -> Any:
        """The query of all groups; relaxed, one group that is met is enough."""
        must = [(Occur.Should, self._group(group, relaxed)) for group in self.groups]
        needed = 1 if relaxed else required(len(must))
        whole = Query.boolean_query(must, needed)
        extras = self._extras()
        return Query.boolean_query([(Occur.Must, whole), *extras]) if extras else whole

    def _split(self, group: Group) -> list[Group]:
        """A long word that the index has never met gives way to the words inside it."""
        if group.parts and not any(self.known(word) for word in group.words):
            inside = [Group(part, (part,), (), group_sound(part)) for part in group.parts]
            if all(self.known(part.text) for part in inside):
                return inside
        return [group]

    def _best_reading(self, group: Group) -> tuple[str, ...]:
        """The way to read typed pinyin of which the index has heard most; empty if nothing."""
        best: tuple[float, tuple[str, ...]] = (0.0, ())
        for way in group.readings:
            pairs = bigrams(way) or list(way)
            heard = sum(bool(self.searcher.doc_freq("sound", pair)) for pair in pairs)
            if heard / len(pairs) > best[0] and heard >= math.ceil(HEARD * len(pairs)):
                best = (heard / len(pairs), way)
        return best[1]

    def _group(self, group: Group, relaxed: bool) -> Any:
        clauses: list[Clause] = []
        for position, word in enumerate(group.words):
            clauses += self._word(word, 1.0 if position == 0 else SYNONYM)
        if len(group.text) == 1 and is_han(group.text):
            clauses.append((Occur.Should, self._term("sound", group.text, BODY)))
        known = self.known(group.words[0])
        spoken = group.spoken if not known or relaxed else ()
        if heard := spoken or self.best[group.text]:
            share = HEARD if not known else 1.0
            clauses.append((Occur.Should, self._heard(heard, share)))
        elif not known and not group.spoken and len(group.text) >= 4:
            clauses += self._misspelt(group.text)
        return Query.boolean_query(clauses)

    def _word(self, word: str, weight: float) -> list[Clause]:
        fields = (("title", TITLE * weight), ("body", BODY * weight))
        if " " in word:
            words: list[str | tuple[int, str]] = [*word.split()]
            return [
                (Occur.Should, Query.boost_query(Query.phrase_query(self.schema, f, words), w))
                for f, w in fields
            ]
        return [(Occur.Should, self._term(field, word, boost)) for field, boost in fields]

    def _misspelt(self, word: str) -> list[Clause]:
        distance = 1 if len(word) < 8 else 2
        return [
            (Occur.Should, Query.boost_query(
                Query.fuzzy_term_query(self.schema, field, word, distance), boost))
            for field, boost in (("title", TITLE * PART), ("body", BODY * PART))
        ]

    def _heard(self, spoken: tuple[str, ...], share: float) -> Any:
        pairs = bigrams(spoken) or list(spoken)
        clauses = [(Occur.Should, self._term("sound", pair, SOUND * 1.5)) for pair in pairs]
        return Query.boolean_query(clauses, max(1, math.ceil(share * len(pairs))))

    def _extras(self) -> list[Clause]:
        """What lifts a hit without being asked for: parts of words, and the sound as a whole."""
        found: dict[tuple[str, str], float] = {}
        before: tuple[str, ...] = ()
        for group in self.groups:
            for part in group.parts:
                found["title", part] = TITLE * PART
                found["body", part] = BODY * PART
            spoken = group.spoken or self.best[group.text]
            for pair in bigrams(spoken):
                found.setdefault(("sound", pair), SOUND)
            if before and spoken:
                found.setdefault(("sound", f"{before[-1]}_{spoken[0]}"), SOUND * ACROSS)
            before = spoken
        return [
            (Occur.Should, self._term(field, word, weight))
            for (field, word), weight in found.items()
        ]

    def _term(self, field: str, word: str, boost: float) -> Any:
        kind = "freq" if field == "sound" else "position"
        return Query.boost_query(Query.term_query(self.schema, field, word, kind), boost)


def required(groups: int) -> int:
    """How many of the groups a hit must meet: both of two, two of three, then three in five."""
    return groups if groups <= 2 else max(2, math.ceil(groups * 0.6))


def group_sound(word: str) -> tuple[str, ...]:
    """Syllables of a Chinese word, nothing for others."""
    return syllables(word) if is_han(word) else ()


def one_of(schema: Any, field: str, values: Iterable[str]) -> Any:
    """A clause that one of the values is there; it does not touch the score."""
    terms = [Query.term_query(schema, field, value, "basic") for value in values]
    inner = terms[0] if len(terms) == 1 else Query.boolean_query([(Occur.Should, t) for t in terms])
    return Query.const_score_query(inner, 0.0)


def within(
    schema: Any, query: Any, audience: Sequence[str] | None, filters: Mapping[str, Sequence[str]]
) -> Any:
    """`query` for one audience (None: everything) and under filters."""
    clauses = [(Occur.Must, query)]
    if audience is not None:
        clauses.append((Occur.Must, one_of(schema, "audience", audience)))
    clauses += [(Occur.Must, one_of(schema, name, chosen)) for name, chosen in filters.items()]
    return Query.boolean_query(clauses) if len(clauses) > 1 else query
