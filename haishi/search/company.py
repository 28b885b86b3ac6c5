"""What the index itself knows: its cities by their sounds, and words that keep company.

Few firms of a city use the very words of a question. So a word that is asked for together with a
city also stands for those that are used beside it remarkably often (association by documents:
Qiu and Frei, 1993), and only there: elsewhere the words themselves fill the page.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from tantivy import Occur, Query

from haishi.foundation.places import english_name
from haishi.search.analysis import syllables
from haishi.search.analysis.typed import STOP
from haishi.search.analysis.words import dictionary
from haishi.search.index import Opened
from haishi.search.types import PUBLIC

MOST_CITIES, MOST_LEARNT = 2_000, 5_000
LOOKED_AT, READ, SEEN_OFTEN, REMARKABLE, KEPT = 64, 120, 5, 3.0, 4


def cities_by_sound(opened: Opened) -> dict[str, str]:
    """{letters: city} of every city something comes from: its pinyin and its English name."""
    found = opened.kept.get("cities by sound")
    if found is None:
        wanted = {"city": {"terms": {"field": "city", "size": MOST_CITIES}}}
        answer = opened.searcher.aggregate(_public(opened), wanted)
        found = {}
        for bucket in answer["city"]["buckets"]:
            city = bucket["key"]
            for spelt in ("".join(syllables(city)), english_name(city).lower().replace("'", "")):
                found.setdefault(spelt, city)
        opened.kept["cities by sound"] = found
    return dict(found)


def _public(opened: Opened) -> Any:
    """What everybody may read: nothing is learnt from the rest."""
    return Query.term_query(opened.schema, "audience", PUBLIC, "basic")


def company(opened: Opened, word: str, met: Any) -> tuple[str, ...]:
    """Words that things with `word` use far more often than all others do, most frequent first.

    `met` is the query for `word`. What was learnt holds until a fifth more things are known.
    """
    things = opened.searcher.num_docs
    known = opened.learnt.get(word)
    if known is None or things > known[0] * 1.2:
        if len(opened.learnt) >= MOST_LEARNT:
            opened.learnt.clear()
        known = opened.learnt[word] = (things, _company(opened, word, met))
    return known[1]


def _company(opened: Opened, word: str, met: Any) -> tuple[str, ...]:
    searcher, counted = opened.searcher, Counter[str]()
    # Any hits, not the best: those are the shortest, and say the same in one way only.
    seen = Query.boolean_query([(Occur.Must, met), (Occur.Must, _public(opened))])
    hits = searcher.search(Query.const_score_query(seen, 1.0), LOOKED_AT, count=False).hits
    for _score, address in hits:
        card = json.loads(searcher.doc(address).get_first("card"))
        counted.update(set(dictionary().cut(f"{card[2]} {card[4]}"[:READ], True)))
    things, looked = searcher.num_docs, max(1, len(hits))
    remarkable = [
        other
        for other, count in counted.items()
        if count >= SEEN_OFTEN and len(other) > 1 and other != word and other not in STOP
        if count / looked * things >= REMARKABLE * max(1, searcher.doc_freq("body", other))
    ]
    return tuple(sorted(remarkable, key=lambda other: (-counted[other], other))[:KEPT])
