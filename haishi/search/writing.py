"""A row of the table as a document of the index."""

import json
from typing import Any

import tantivy

from haishi.search.analysis import beginnings, index_words, sounds
from haishi.search.models import SearchDocument
from haishi.search.prices import band
from haishi.search.types import FACETS

# A text longer than this is found by its beginning; nobody searches for its thousandth sentence.
LONGEST_BODY = 6_000


def key_of(row: SearchDocument) -> str:
    """What names the row in the index."""
    return f"{row.kind}:{row.object_id}"


def card_of(row: SearchDocument) -> bytes:
    """What a hit shows, as JSON."""
    content = [
        row.kind,
        row.object_id,
        row.title,
        row.title_en,
        row.summary[:400],
        row.summary_en[:600],
        row.url,
        row.picture_asset_id,
        row.price_minor,
        row.facets,
    ]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def document_of(row: SearchDocument, names: dict[str, dict[str, list[str]]]) -> Any:
    """The tantivy document of a row; `names` gives the words of its facet values."""
    values = {**row.facets, "kind": [row.kind]}
    if row.price_minor is not None:
        values["price"] = [band(row.price_minor)]
    labels = [
        word
        for facet in FACETS
        for value in values.get(facet, ())
        for word in names.get(facet, {}).get(value, [value] if facet == "city" else ())
    ]
    title = index_words(f"{row.title} {row.title_en}")
    words = [*row.keywords, *labels]
    rest = " ".join([row.summary, row.summary_en, *words, row.body[:LONGEST_BODY]])
    document = tantivy.Document()
    document.add_text("key", key_of(row))
    document.add_text("title", " ".join(title))
    document.add_text("body", " ".join([*title, *index_words(rest)]))
    document.add_text("sound", " ".join(sounds(row.title)))
    begin = beginnings(row.title)
    if row.title_en:
        begin += beginnings(row.title_en)
    document.add_text("begin", " ".join(dict.fromkeys(begin)))
    for who in row.audience:
        document.add_text("audience", who)
    for facet in FACETS:
        for value in values.get(facet, ()):
            document.add_text(facet, value)
    document.add_float("lift", 2.0**row.boost - 2.0)
    document.add_bytes("card", card_of(row))
    return document
