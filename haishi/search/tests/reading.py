"""What is kept to be found, for the tests of other modules."""

from typing import Any

from haishi.search.models import SearchDocument


def kept() -> dict[tuple[str, int], Any]:
    """Rows the index is made of, by kind and id; removed ones are not among them."""
    rows = SearchDocument.objects.filter(removed=False)
    return {(row.kind, row.object_id): row for row in rows}
