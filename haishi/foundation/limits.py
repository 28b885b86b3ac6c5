"""Rate limits shared by all web processes: a token bucket per key, in one statement."""

from typing import Any

from django.db import connection

from haishi.foundation.errors import TooMany

_TAKE = """
INSERT INTO foundation_bucket AS b (key, tokens, at) VALUES (%(key)s, %(size)s - 1, now())
ON CONFLICT (key) DO UPDATE SET
  tokens = LEAST(%(size)s, b.tokens + EXTRACT(EPOCH FROM now() - b.at) * %(rate)s) - 1, at = now()
WHERE LEAST(%(size)s, b.tokens + EXTRACT(EPOCH FROM now() - b.at) * %(rate)s) >= 1
RETURNING tokens
"""


def limit(key: str, times: int, seconds: int) -> None:
    """Allow `times` calls per `seconds` for `key`, refilled evenly. Raises TooMany."""
    values: dict[str, Any] = {"key": key[:160], "size": times, "rate": times / seconds}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        if cursor.fetchone() is None:
            raise TooMany(seconds=max(1, seconds // times))
