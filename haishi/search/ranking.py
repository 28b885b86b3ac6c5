"""From groups of words to a query of the index.

A group is met by its word, a synonym, or its sound. All groups must be met; if that fills no page,
most of them; if that finds nothing, any. A city that is named is a wish and no condition: what
comes from it stands first, and the rest of the page is filled from elsewhere. The score adds
BM25 of the words (title before text), of their parts, and of pairs of syllables across the title.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations, islice
from typing import Any

from tantivy import Occur, Query

from haishi.search.analysis import Group, bigrams, is_han, syllables
from haishi.search.company import cities_by_sound, company
from haishi.search.index import Opened

TITLE, BODY, SOUND = 2.2, 1.0, 0.6
SYNONYM, PART, ACROSS = 0.8, 0.4, 0.5
# Who names a city wants what comes from there, not what mentions it: nothing outweighs it while
# all else that was asked for is met.
PLACE, FIRST = 1.5, 60.0
# Share of a word's pairs of syllables that must be heard: one slip in four characters is forgiven.
HEARD = 0.6
# All groups, most of them, any of them: tried in turn until a page is filled.
# With a city: all but the city, and what nearly says it there.
ALL, MOST, ANY, NEAR = "all", "most", "any", "near"
ENOUGH = 10
MOST_WAYS = 20
COMMON, FEW_THINGS = 0.2, 1_000
Clause = tuple[Any, Any]


class Ranking:
    """Builds queries against one commit of the index."""

    def __init__(self, opened: Opened, groups: Sequence[Group]) -> None:
        self.opened, self.searcher, self.schema = opened, opened.searcher, opened.schema
        self._known: dict[str, bool] = {}
        self.groups = [part for group in groups for part in self._split(group)]
        self.best = {group.text: self._best_reading(group) for group in self.groups}
        self.places = {group.text: self._city(group) for group in self.groups}
        named = [city for city in self.places.values() if city]
        # Two cities are a way, or a comparison; then both are plain words.
        self.city = named[0] if len(named) == 1 and len(self.groups) > 1 else ""
        self.weighty = self._weighty()

    def known(self, word: str) -> bool:
        """Whether the index holds the word; terms of several words count as known."""
        if word not in self._known:
            frequency = self.searcher.doc_freq
            self._known[word] = " " in word or bool(frequency("body", word))
        return self._known[word]

    def met(self, stage: str) -> Any:
        """What a hit must meet at a stage of `STAGES`. Enough for counting."""
        if stage == NEAR:
            return _either([_every(self._strict), self._nearly])
        groups = [self._group(group, stage == ANY) for group in self.weighty]
        if stage == ANY:
            return Query.boolean_query([(Occur.Should, group) for group in groups])
        needed = len(groups) if stage == ALL else required(len(groups))
        ways = [
            Query.boolean_query([(Occur.Must, group) for group in chosen])
            for chosen in islice(combinations(groups, needed), MOST_WAYS)
        ]
        # Intersections skip through postings; a union that counts would read every one of them.
        return ways[0] if len(ways) == 1 else Query.boolean_query([(Occur.Should, w) for w in ways])

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages worth trying, strictest first."""
        count = len(self.weighty)
        plain = (ALL, MOST, ANY) if count > 2 else (ALL, ANY) if count > 1 else (ALL,)
        return (NEAR, *plain[1:]) if self.city else plain

    @cached_property
    def _nearly(self) -> Any:
        """From the city, with every group in the title: its word, or one that goes with it."""
        there = Query.term_query(self.schema, "city", self.city, "basic")
        titled = []
        for group, met in zip(self.weighty, self._strict, strict=True):
            words = (*group.words, *company(self.opened, group.text, met))
            titled.append(_either([self._word("title", word, TITLE) for word in words]))
        return _every([there, *titled])

    @cached_property
    def _strict(self) -> list[Any]:
        return [self._group(group, False) for group in self.weighty]

    def _city(self, group: Group) -> str:
        """The city that a group names, in characters, pinyin or English; "" for any other word."""
        if is_han(group.text):
            return group.text if self.searcher.doc_freq("city", group.text) else ""
        letters = group.text.replace("'", "")
        known = bool(group.readings) or len(letters) > 3
        return cities_by_sound(self.opened).get(letters, "") if known else ""

    def _weighty(self) -> list[Group]:
        """Groups that decide; a word of every fifth thing only lifts, if there are others."""
        things = self.searcher.num_docs
        if self.city:
            return [group for group in self.groups if not self.places[group.text]]
        if things < FEW_THINGS:
            return self.groups
        common = {
            group.text
            for group in self.groups
            if self.searcher.doc_freq("body", group.words[0]) > COMMON * things
        }
        return [group for group in self.groups if group.text not in common] or self.groups

    def ranked(self, met: Any, stage: str = ALL) -> Any:
        """`met` with what lifts a hit without being asked for."""
        extras = self._extras()
        if stage == NEAR:
            extras.append((Occur.Should, Query.const_score_query(self._nearly, FIRST)))
        return Query.boolean_query([(Occur.Must, met), *extras]) if extras else met

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
        ways = [
            self._word("body", word, BODY if position == 0 else BODY * SYNONYM)
            for position, word in enumerate(group.words)
        ]
        if len(group.text) == 1 and is_han(group.text):
            ways.append(self._word("sound", group.text, BODY))
        known = self.known(group.words[0])
        spoken = group.spoken if not known or relaxed else ()
        if heard := spoken or self.best[group.text]:
            ways.append(self._heard(heard, 1.0 if known else HEARD))
        elif not known and not group.spoken and len(group.text) >= 4:
            ways += self._misspelt(group.text)
        # One way alone stays a plain list of postings, which an intersection can skip through.
        return ways[0] if len(ways) == 1 else Query.boolean_query([(Occur.Should, w) for w in ways])

    def _word(self, field: str, word: str, boost: float) -> Any:
        if " " in word and field in ("title", "body"):
            words: list[str | tuple[int, str]] = [*word.split()]
            return Query.boost_query(Query.phrase_query(self.schema, field, words), boost)
        option = {"sound": "freq", "city": "basic"}.get(field, "position")
        return Query.boost_query(Query.term_query(self.schema, field, word, option), boost)

    def _misspelt(self, word: str) -> list[Any]:
        distance = 1 if len(word) < 8 else 2
        near = Query.fuzzy_term_query(self.schema, "body", word, distance)
        return [Query.boost_query(near, BODY * PART)]

    def _heard(self, spoken: tuple[str, ...], share: float) -> Any:
        pairs = bigrams(spoken) or list(spoken)
        clauses = [(Occur.Should, self._word("sound", pair, SOUND * 1.5)) for pair in pairs]
        return Query.boolean_query(clauses, max(1, math.ceil(share * len(pairs))))

    def _extras(self) -> list[Clause]:
        """What lifts a hit without being asked for: title, parts of words, the sound as a whole."""
        found: dict[tuple[str, str], float] = {}
        before: tuple[str, ...] = ()
        for group in self.groups:
            if city := self.places[group.text]:
                found["city", city] = PLACE
            if group not in self.weighty:
                found["body", group.words[0]] = BODY
            for position, word in enumerate(group.words):
                found["title", word] = TITLE if position == 0 else TITLE * SYNONYM
            for part in group.parts:
                found["title", part] = TITLE * PART
                found["body", part] = BODY * PART
            spoken = group.spoken or self.best[group.text]
            for pair in () if self.known(group.words[0]) else bigrams(spoken):
                found.setdefault(("sound", pair), SOUND)
            if before and spoken:
                found.setdefault(("sound", f"{before[-1]}_{spoken[0]}"), SOUND * ACROSS)
            before = spoken
        return [
            (Occur.Should, self._word(field, word, weight))
            for (field, word), weight in found.items()
            if (" " in word and field == "title") or self.searcher.doc_freq(field, word)
        ]


def _every(clauses: Sequence[Any]) -> Any:
    return Query.boolean_query([(Occur.Must, clause) for clause in clauses])


def _either(clauses: Sequence[Any]) -> Any:
    if len(clauses) == 1:
        return clauses[0]
    return Query.boolean_query([(Occur.Should, clause) for clause in clauses])


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
