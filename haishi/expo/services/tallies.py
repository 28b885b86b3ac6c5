"""How often something happened to a booth or product on a day."""

import re
from collections.abc import Callable

from django.db import connection

from haishi.expo import selectors
from haishi.foundation import clock
from haishi.foundation.errors import NotFound
from haishi.foundation.limits import limit
from haishi.foundation.service import service

SUBJECT = re.compile(r"([a-z]{2,12}):([1-9][0-9]{0,17})")
# Crawlers that say so; the rest is kept honest by the limit per address.
BOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python-|headless|lighthouse", re.IGNORECASE
)
_known: dict[str, Callable[[int], bool]] = {}
_UPSERT = """
INSERT INTO expo_tally (subject, kind, day, count) VALUES (%s, %s, %s, %s)
ON CONFLICT ON CONSTRAINT tally_once_a_day DO UPDATE SET count = expo_tally.count + EXCLUDED.count
"""


def register_subject(kind: str, is_public: Callable[[int], bool]) -> None:
    """Let views of `kind:id` be counted; `is_public(id)` says whether there is such a page."""
    _known[kind] = is_public


@service
def count(subject: str, kind: str, times: int = 1) -> None:
    """Add to today's number of `kind` (view, card, enquiry, …) of a subject like "exhibitor:12"."""
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [subject[:40], kind[:12], clock.now().date(), times])


def count_view(subject: str, address: str, browser: str) -> bool:
    """Count a visit of a public page, once per address and ten minutes. Bots do not count.

    Raises NotFound for a subject that has no public page, TooMany for a repetition.
    """
    match = SUBJECT.fullmatch(subject)
    if match is None or match[1] not in _known or not _known[match[1]](int(match[2])):
        raise NotFound
    if not browser or BOTS.search(browser):
        return False
    limit(f"seen:{address}", 120, 60)
    limit(f"seen:{address}:{subject}", 1, 600)
    count(subject, "view")
    return True


register_subject("exhibitor", selectors.is_public_exhibitor)
register_subject("hall", selectors.is_public_hall)
