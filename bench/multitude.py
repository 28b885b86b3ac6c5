"""The demo edition multiplied by bulk SQL: 4,000 exhibitors in more halls, 100,000 products.

Every row is a copy of a demo row under a new id, so that it is as long and as linked as a real
one; pictures are shared.
"""

from __future__ import annotations

from collections.abc import Callable

EXHIBITORS, PRODUCTS, PER_HALL = 4_000, 100_000, 200
FIRST = 1_000_000  # ids of copies start here, far above the demo's

# table, rows to copy in their order, what is different in copy number n (from 0)
Copy = tuple[str, str, int, str]
OPEN = "edition_id = (SELECT id FROM expo_edition WHERE state = 'open')"
SHOWN = f"state = 'approved' AND complete AND booth_id IS NOT NULL AND {OPEN}"


def grow(tell: Callable[[str], None]) -> None:
    """Multiply the open demo edition of this installation; a minute and the index."""
    from django.db import connection, transaction

    from haishi.catalogue.models import Product
    from haishi.expo.models import Exhibitor
    from haishi.search import services as search

    firms = (
        EXHIBITORS
        - Exhibitor.objects.filter(edition__state="open", state="approved", complete=True).count()
    )
    works = PRODUCTS - Product.objects.count()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, source, count, changes in _copies(firms, works):
            cursor.execute(_statement(table, source, changes), [FIRST, count])
            tell(f"large: {cursor.rowcount} × {table}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum leaves an installation at rest
    search.rebuild()
    tell("large: index")


def _copies(firms: int, works: int) -> list[Copy]:
    share = -(-works // firms)  # products of a firm
    halls = -(-firms // PER_HALL)
    booth = f"'hall_id', {FIRST} + n / {PER_HALL}, 'code', 'M' || n % {PER_HALL}"
    spot = f"'x', 60 + n % {PER_HALL} % 20 * 60, 'y', 60 + n % {PER_HALL} / 20 * 60"
    waiting = "'ticket', gen_random_uuid(), 'indexed_at', NULL"
    return [
        ("expo_hall", f"NOT is_launch_hall AND {OPEN}", halls,
         "'slug', 'more-' || n, 'code', 'M' || n, 'width', 1400, 'depth', 760"),
        ("expo_booth", "true", firms, f"{booth}, {spot}, 'width', 50, 'depth', 50"),
        ("parties_organisation",
         f"id IN (SELECT organisation_id FROM expo_exhibitor WHERE {SHOWN})", firms,
         "'slug', 'firm-' || n, 'credit_code', NULL"),
        ("expo_exhibitor", SHOWN, firms,
         f"'organisation_id', {FIRST} + n, 'booth_id', {FIRST} + n, 'exhibit_count', {share}"),
        ("expo_nextstep", "kind <> 'link'", firms * 2, f"'exhibitor_id', {FIRST} + n / 2"),
        ("catalogue_product", "state = 'listed'", works,
         f"'slug', 'more-' || n, 'organisation_id', {FIRST} + n / {share}"),
        ("catalogue_exhibit", "true", works,
         f"'exhibitor_id', {FIRST} + n / {share}, 'product_id', {FIRST} + n,"
         f" 'order', n % {share}"),
        ("search_searchdocument", "kind = 'exhibitor'", firms,
         f"'object_id', {FIRST} + n, {waiting}"),
        ("search_searchdocument", "kind = 'product'", works,
         f"'id', {2 * FIRST} + n, 'object_id', {FIRST} + n, 'url', '/products/more-' || n || '/',"
         f" {waiting}"),
    ]  # fmt: skip


def _statement(table: str, source: str, changes: str) -> str:
    """Copies in turn of the rows that `source` selects. Parameters: first id, how many."""
    return f"""
        WITH numbered AS (
            SELECT row_number() OVER (ORDER BY id) - 1 AS place, to_jsonb(t) AS old
            FROM {table} AS t WHERE {source}
        ), known AS (SELECT count(*) AS size FROM numbered)
        INSERT INTO {table}
        SELECT made.* FROM (SELECT %s AS first, %s AS size) AS asked
        CROSS JOIN known
        CROSS JOIN LATERAL generate_series(0, asked.size - 1) AS n
        JOIN numbered ON numbered.place = n %% known.size
        CROSS JOIN LATERAL jsonb_populate_record(
            NULL::{table}, numbered.old || jsonb_build_object('id', asked.first + n,
            {changes.replace("%", "%%")})
        ) AS made
    """
