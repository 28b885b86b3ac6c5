"""The least valid documents."""

from itertools import count
from typing import Any

from haishi.search import services
from haishi.search.types import Document

_ids = count(1)


def product(title: str, **fields: Any) -> Document:
    """A product of that title, put where the indexer finds it."""
    object_id = fields.pop("object_id", None) or next(_ids)
    fields.setdefault("url", f"/products/{object_id}")
    document = Document(fields.pop("kind", "product"), object_id, title, **fields)
    services.put(document)
    return document
