"""Finding things. What a reader may not see is in no hit, total, facet or suggestion."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from tantivy import Occur
from tantivy import Query as Match

from haishi.foundation.bilingual import Bilingual, speaks_english
from haishi.foundation.text import clean
from haishi.foundation.types import Actor
from haishi.parties.selectors import duties_of, roles_of
from haishi.search import index, marking, ranking
from haishi.search.analysis import Group, read
from haishi.search.analysis.folding import fold
from haishi.search.analysis.typed import LONGEST
from haishi.search.analysis.words import typed_beginning
from haishi.search.index import Opened
from haishi.search.labels import FACET_NAMES, labels
from haishi.search.models import SearchDocument
from haishi.search.types import (
    DEEPEST,
    FACETS,
    PUBLIC,
    FacetCount,
    Hit,
    Query,
    Results,
    Suggestion,
)

MOST_VALUES = 60
MOST_KEPT = 300
SUGGESTIONS = 8


def audience_of(actor: Actor) -> tuple[str, ...] | None:
    """The audiences a reader belongs to; None for operators, who may find everything."""
    if actor.is_staff:
        return None
    found = [PUBLIC]
    if actor.is_authenticated:
        found.append(f"person:{actor.pk}")
        found += [f"org:{pk}" for pk in sorted(roles_of(actor))]
        found += [f"organiser:{pk}" for pk in sorted(duties_of(actor))]
    return tuple(found)


def facet_name(facet: str) -> str:
    """The word for a facet, such as 展馆. Raises KeyError for one that does not exist."""
    return str(FACET_NAMES[facet])


def search(actor: Actor, query: Query) -> Results:
    """Answer a question. Never raises for what was typed; unknown filters are ignored."""
    started = time.perf_counter()
    opened = index.current()
    page, per_page = max(1, query.page), min(max(1, query.per_page), 100)
    if opened is None:
        return Results((), 0, {}, "", page, per_page, 0.0, ready=False)
    asked = _Asked(opened, audience_of(actor), query)
    hits, total = asked.hits((page - 1) * per_page, per_page)
    return Results(
        hits=hits,
        total=total,
        facets=asked.facets(),
        did_you_mean=asked.did_you_mean(hits) if page == 1 else "",
        page=page,
        per_page=per_page,
        took_ms=round((time.perf_counter() - started) * 1000, 2),
        relaxed=asked.relaxed,
    )


class _Asked:
    """One question to one commit of the index."""

    def __init__(self, opened: Opened, audience: tuple[str, ...] | None, query: Query) -> None:
        self.opened, self.audience = opened, audience
        self.text, self.filters = clean(query.text[:LONGEST]), _filters(query)
        groups = read(self.text)
        self.ranking = ranking.Ranking(opened, groups) if groups else None
        self.relaxed = False
        self.english = speaks_english()
        # Typed text without a single word or sound (only signs) matches nothing, not everything.
        nothing = bool(query.text[:LONGEST].strip()) and not groups
        self.met = Match.empty_query() if nothing else Match.all_query()
        self.marker = marking.Marker(groups, [spoken for _group, spoken in self.doubted])

    def _within(self, core: Any, filters: Mapping[str, Sequence[str]]) -> Any:
        return ranking.within(self.opened.schema, core, self.audience, filters)

    def hits(self, offset: int, limit: int) -> tuple[list[Hit], int]:
        """A page of hits and the total; nothing beyond the deepest page."""
        stages = self.ranking.stages if self.ranking else ("",)
        for stage in stages:
            if self.ranking:
                self.met = self.ranking.met(stage)
            found = self._page(stage, offset, limit)
            full = ranking.MOST in stages and stage in (ranking.ALL, ranking.NEAR)
            enough = ranking.ENOUGH if full else 1
            if found.count >= enough:
                break
        self.relaxed = stage == ranking.ANY and found.count > 0
        if offset >= DEEPEST:
            return [], found.count
        return [self._hit(address) for _score, address in found.hits], found.count

    def _page(self, stage: str, offset: int, limit: int) -> Any:
        weight = {"weight_by_field": "lift"} if self.ranking else {"order_by_field": "lift"}
        core = self.ranking.ranked(self.met, stage) if self.ranking else self.met
        return self.opened.searcher.search(
            self._within(core, self.filters), limit, offset=min(offset, DEEPEST), **weight
        )

    def _hit(self, address: Any) -> Hit:
        card = json.loads(self.opened.searcher.doc(address).get_first("card"))
        kind, object_id, title, title_en, summary, summary_en, url, picture, price, facets = card
        shown = title_en or title if self.english else title or title_en
        under = summary_en or summary if self.english else summary or summary_en
        return Hit(
            kind,
            object_id,
            Bilingual(title, title_en),
            Bilingual(summary, summary_en),
            url,
            picture,
            price,
            facets,
            self.marker.title(shown),
            self.marker.text(under),
        )

    @cached_property
    def doubted(self) -> list[tuple[Group, tuple[str, ...]]]:
        """Groups whose word the index does not know, with how they sound."""
        if self.ranking is None:
            return []
        return [
            (group, group.spoken or self.ranking.best[group.text])
            for group in self.ranking.groups
            if not self.ranking.known(group.words[0])
        ]

    def did_you_mean(self, hits: Sequence[Hit]) -> str:
        """A better spelling, taken from the titles of the hits; empty when there is none."""
        if not self.doubted:
            return ""
        titles = [title for hit in hits[:10] for title in (hit.title.zh, hit.title.en) if title]
        return marking.meant(self.text, self.doubted, titles)

    def facets(self) -> dict[str, list[FacetCount]]:
        """Counts of each facet under all filters but its own, most frequent first."""
        key = (self.audience, self.text, tuple(sorted(self.filters.items())), self.relaxed)
        counted = self.opened.kept.get(key)
        if counted is None:
            counted = self._count()
            if len(self.opened.kept) < MOST_KEPT:
                self.opened.kept[key] = counted
        return {facet: self._named(facet, counted[facet]) for facet in FACETS if counted[facet]}

    def _count(self) -> dict[str, list[tuple[str, int]]]:
        plain = [facet for facet in FACETS if facet not in self.filters]
        found = self._aggregate(plain, self.filters)
        for facet in self.filters:
            others = {name: values for name, values in self.filters.items() if name != facet}
            found |= self._aggregate([facet], others)
        return found

    def _aggregate(
        self, facets: Sequence[str], filters: Mapping[str, Sequence[str]]
    ) -> dict[str, list[tuple[str, int]]]:
        if not facets:
            return {}
        wanted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in facets}
        answer = self.opened.searcher.aggregate(self._within(self.met, filters), wanted)
        return {
            name: [(bucket["key"], bucket["doc_count"]) for bucket in answer[name]["buckets"]]
            for name in facets
        }

    def _named(self, facet: str, counted: Sequence[tuple[str, int]]) -> list[FacetCount]:
        chosen = set(self.filters.get(facet, ()))
        words = labels(self.opened, facet, [value for value, _count in counted], self.english)
        return [
            FacetCount(value, words[value], count, value in chosen)
            for value, count in sorted(counted, key=lambda pair: (-pair[1], pair[0]))
        ]


def _filters(query: Query) -> dict[str, tuple[str, ...]]:
    asked = dict(query.filters)
    if query.kind:
        asked["kind"] = (query.kind,)
    return {
        name: tuple(sorted({clean(value[:80]) for value in asked[name] if value}))[:20]
        for name in FACETS
        if any(asked.get(name, ()))
    }


def suggest(actor: Actor, prefix: str) -> list[Suggestion]:
    """At most eight titles that begin, or hold a word that begins, like what was typed so far."""
    opened = index.current()
    prefix = clean(prefix[:60])
    begin = typed_beginning(prefix)
    if opened is None or not begin:
        return []
    schema = opened.schema
    clauses = [
        (Occur.Must, ranking.one_of(schema, "begin", [begin])),
        (
            Occur.Should,
            Match.const_score_query(Match.term_query(schema, "begin", f"^{begin}", "basic"), 1.0),
        ),
    ]
    query = ranking.within(schema, Match.boolean_query(clauses), audience_of(actor), {})
    found = opened.searcher.search(query, 60, count=False, weight_by_field="lift")
    suggestions: dict[str, Suggestion] = {}
    english = speaks_english()
    for _score, address in found.hits:
        kind, _id, title, title_en, _s, _e, url, *_rest = json.loads(
            opened.searcher.doc(address).get_first("card")
        )
        shown = Bilingual(title, title_en)
        if _continues(prefix, title, title_en):
            known = Suggestion(kind, shown, url, labels(opened, "kind", [kind], english)[kind])
            suggestions.setdefault(str(shown), known)
        if len(suggestions) == SUGGESTIONS:
            break
    return list(suggestions.values())


def _continues(prefix: str, title: str, title_en: str) -> bool:
    """Whether a longer beginning than the index keeps stands in one of the titles."""
    typed = "".join(fold(prefix).replace("'", "").split())
    if typed == typed_beginning(prefix):
        return True
    written = "".join(fold(f"{title}\n{title_en}").split(" "))
    return typed in written or typed in marking.spelled(title)


def is_ready() -> bool:
    """Whether there is an index to ask."""
    return index.current() is not None


def waiting() -> int:
    """Rows that the index has not taken in yet."""
    return SearchDocument.objects.filter(indexed_at=None).count()


def held() -> tuple[int, int]:
    """(things in the table, things in the index): equal when nothing waits."""
    opened = index.current()
    rows = SearchDocument.objects.filter(removed=False).count()
    return rows, int(opened.searcher.num_docs) if opened else 0
