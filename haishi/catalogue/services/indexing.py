"""Bringing the index of search to what holds of products now."""

from collections.abc import Sequence

from haishi.catalogue import selectors
from haishi.search import services as search


def index_products(product_ids: Sequence[int]) -> None:
    """Find these products as they are now; those that left the list are found no more.

    Called from subscribers, also by modules above that add to what is found of a product. Content
    that has not changed costs a read.
    """
    found = {document.object_id: document for document in selectors.documents(product_ids)}
    search.put_many(found.values())
    for pk in product_ids:
        if pk not in found:
            search.remove("product", pk)
