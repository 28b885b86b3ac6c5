"""Writing: other modules say what can be found; the worker takes it into the index."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import structlog
from django.db import connection

from haishi.foundation import clock
from haishi.foundation.service import service
from haishi.foundation.text import clean
from haishi.search import index
from haishi.search.labels import name_values
from haishi.search.models import FacetName, SearchDocument
from haishi.search.types import FACETS, Document, Facet
from haishi.search.writing import document_of, key_of

__all__ = ["name_values", "put", "put_many", "rebuild", "remove", "take_in"]

# (id, ticket, removed) of a row that was read.
Ticket = tuple[int, uuid.UUID, bool]
log = structlog.get_logger("haishi.search")
BATCH = 2_000
_CONTENT = (
    "title",
    "title_en",
    "summary",
    "summary_en",
    "body",
    "keywords",
    "url",
    "picture_asset_id",
    "facets",
    "price_minor",
    "audience",
    "boost",
)
_DONE = """
UPDATE search_searchdocument AS d SET indexed_at = %s
FROM unnest(%s::bigint[], %s::uuid[]) AS t (id, ticket)
WHERE d.id = t.id AND d.ticket = t.ticket AND d.indexed_at IS NULL
"""


@service
def put(document: Document) -> None:
    """Let `document` be found, in place of what was there under its kind and id.

    Call it from a subscriber with what holds now; the same content again costs one read. It can be
    found a second or two after commit. Raises ValueError for a facet that does not exist.
    """
    put_many([document])


@service
def put_many(documents: Iterable[Document]) -> int:
    """Like `put` for many; returns how many had changed."""
    waiting = iter(documents)
    changed = 0
    while batch := list(islice(waiting, BATCH)):
        _put_names(batch)
        changed += _put_batch({(d.kind, d.object_id): d for d in batch})
    return changed


def _put_batch(documents: dict[tuple[str, int], Document]) -> int:
    rows = {key: row_of(document) for key, document in documents.items()}
    kinds = {kind for kind, _id in rows}
    ids = [object_id for _kind, object_id in rows]
    known = {
        (kind, object_id): digest
        for kind, object_id, digest in SearchDocument.objects.filter(
            kind__in=kinds, object_id__in=ids, removed=False
        ).values_list("kind", "object_id", "digest")
    }
    changed = [row for key, row in sorted(rows.items()) if known.get(key) != row.digest]
    SearchDocument.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=[*_CONTENT, "digest", "ticket", "removed", "indexed_at"],
    )
    return len(changed)


def row_of(document: Document) -> SearchDocument:
    """The row a document is kept as; raises ValueError for a facet that does not exist."""
    facets = {name: _values(values) for name, values in document.facets.items()}
    if strange := set(facets) - set(FACETS) | set(facets) & {"kind", "price"}:
        raise ValueError(f"not a facet: {sorted(strange)}")
    content: dict[str, Any] = {name: getattr(document, name) for name in _CONTENT}
    for name in ("title", "title_en", "summary", "summary_en", "body"):
        content[name] = clean(content[name])
    content |= {
        "title": content["title"][:300],
        "title_en": content["title_en"][:300],
        "facets": {name: values for name, values in sorted(facets.items()) if values},
        "keywords": [clean(word)[:120] for word in document.keywords],
        "audience": sorted(set(document.audience)),
        "boost": min(max(document.boost, 0.25), 4.0),
    }
    names = sorted(_names([document]).items())
    text = json.dumps([content, names], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return SearchDocument(
        kind=document.kind,
        object_id=document.object_id,
        digest=digest,
        ticket=uuid.uuid4(),
        **content,
    )


def _values(values: Sequence[Facet | str]) -> list[str]:
    found = [value.value if isinstance(value, Facet) else value for value in values]
    return sorted({value[:80] for value in found if value})


def _names(documents: Iterable[Document]) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (facet, value.value[:80]): (clean(value.name)[:120], clean(value.name_en)[:160])
        for document in documents
        for facet, values in document.facets.items()
        for value in values
        if isinstance(value, Facet) and value.name
    }


def _put_names(documents: Iterable[Document]) -> None:
    wanted = _names(documents)
    if not wanted:
        return
    found = FacetName.objects.filter(value__in={value for _facet, value in wanted})
    known = {(row.facet, row.value): (row.name, row.name_en) for row in found}
    rows = [
        FacetName(facet=key[0], value=key[1], name=words[0], name_en=words[1])
        for key, words in sorted(wanted.items())
        if known.get(key) != words
    ]
    FacetName.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["facet", "value"],
        update_fields=["name", "name_en"],
    )


@service
def remove(kind: str, object_id: int) -> None:
    """Let it be found no more. Nothing happens when it never was."""
    SearchDocument.objects.filter(kind=kind, object_id=object_id, removed=False).update(
        removed=True,
        indexed_at=None,
        ticket=uuid.uuid4(),
        digest="",
        body="",
        summary="",
        summary_en="",
        keywords=[],
    )


def take_in(limit: int = BATCH) -> int:
    """One step of the indexer: bring waiting rows into the index; returns how many.

    Builds the whole index anew when there is none, or one that cannot be read or is of an older
    version. Raises IndexBusy when another process is writing.
    """
    with index.writing() as root:
        folder = index.writable(root)
        if folder is None:
            return max(1, _build(root))
        rows = list(SearchDocument.objects.filter(indexed_at=None).order_by("id")[:limit])
        if rows:
            names = _all_names()
            _write(folder, rows, names)
            index.write_names(folder, names)
            _mark_done([_ticket(row) for row in rows])
    index.forget()
    return len(rows)


def _write(folder: Any, rows: Sequence[SearchDocument], names: Any) -> None:
    with index.open_for_writing(folder).writer(index.HEAP_BYTES, 1) as writer:
        for row in rows:
            writer.delete_documents_by_term("key", key_of(row))
            if not row.removed:
                writer.add_document(document_of(row, names))


def rebuild() -> int:
    """Build the index anew from the table, beside the one in use. Raises IndexBusy."""
    with index.writing() as root:
        return _build(root)


def _build(root: Any) -> int:
    names = _all_names()
    folder, fresh = index.new_folder(root)
    waiting: list[Ticket] = []
    count = 0
    with fresh.writer(index.HEAP_BYTES * 2, 1) as writer:
        for row in _all_rows():
            if row.indexed_at is None:
                waiting.append(_ticket(row))
            if not row.removed:
                writer.add_document(document_of(row, names))
                count += 1
    index.write_names(folder, names)
    index.make_current(root, folder)
    index.forget()
    for start in range(0, len(waiting), BATCH):
        _mark_done(waiting[start : start + BATCH])
    log.info("search.rebuilt", documents=count, folder=folder.name)
    return count


def _all_rows() -> Iterator[SearchDocument]:
    """Every row in pages by id: memory stays flat and no transaction is held for minutes."""
    last = 0
    while rows := list(SearchDocument.objects.filter(pk__gt=last).order_by("id")[:BATCH]):
        yield from rows
        last = rows[-1].pk


def _ticket(row: SearchDocument) -> Ticket:
    return row.pk, row.ticket, row.removed


def _mark_done(tickets: Sequence[Ticket]) -> None:
    """Rows written again since they were read keep waiting: their ticket is another one."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [clock.now(), [t[0] for t in tickets], [t[1] for t in tickets]])
    gone = [pk for pk, _ticket, removed in tickets if removed]
    SearchDocument.objects.filter(pk__in=gone, removed=True, indexed_at__isnull=False).delete()


def _all_names() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for row in FacetName.objects.order_by("facet", "value"):
        found.setdefault(row.facet, {})[row.value] = [row.name, row.name_en]
    return found
