"""The room a holder has, taken and given back by single statements."""

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest

from haishi.media.errors import QuotaExceeded
from haishi.media.models import Usage
from haishi.media.types import size_words

# The row is the lock; two who ask at once are served one after the other, on the newest figure.
_TAKE = """
INSERT INTO media_usage AS u (holder, size) VALUES (%(holder)s, %(size)s)
ON CONFLICT (holder) DO UPDATE SET size = u.size + EXCLUDED.size
 WHERE u.size + EXCLUDED.size <= %(quota)s
RETURNING size
"""


def take(holder: str, size: int, quota: int) -> None:
    """Count `size` more bytes for `holder`. Raises QuotaExceeded when they do not fit."""
    with connection.cursor() as cursor:
        if size <= quota:
            cursor.execute(_TAKE, {"holder": holder, "size": size, "quota": quota})
            if cursor.fetchone() is not None:
                return
    row = Usage.objects.filter(holder=holder).first()
    left = max(0, quota - (row.size if row else 0))
    raise QuotaExceeded(left=size_words(left), size=size_words(size))


def give_back(holder: str, size: int) -> None:
    """Count `size` bytes less for `holder`."""
    Usage.objects.filter(holder=holder).update(size=Greatest(F("size") - size, 0))
