"""Statements of our own on the hottest paths: planned once per connection.

Django's cursor writes values into the text, so that PostgreSQL plans each statement anew; for a
statement of several parts planning costs more than running it (measured in bench/claims.py).
"""

import contextlib
from typing import Any

import psycopg
from django.db import connection, transaction


def one_row(sql: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """Run a statement that answers at most one row; a transaction of its own unless one is open.

    `sql` names its values as `%(name)s`. Inside a transaction a failure undoes this statement
    alone. Raises django.db.IntegrityError and its like.
    """
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    alone = contextlib.nullcontext() if not connection.in_atomic_block else transaction.atomic()
    with alone, connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        raw.prepare_threshold = 0  # Django switches preparing off for its own cursors
        try:
            cursor.execute(sql.encode(), values, prepare=True)
            return cursor.fetchone()
        finally:
            raw.prepare_threshold = None
