"""The order of a lottery: anybody can compute it again from the published file.

The key of a ticket is SHA-256 of `seed:digest:ticket`, where `digest` is the SHA-256 of all
tickets, sorted, one a line: the same as in `tools/verify_draw.py`. The seed was committed to before
the first ticket; the digest makes the order depend on every ticket, so that none can be made to win
by knowing the seed alone. Visitors check with `static/live/verify_lottery.txt`.
"""

import hashlib
import secrets
from collections.abc import Iterable


def new_seed() -> tuple[str, str]:
    """(seed, commitment), both as hex of 32 bytes."""
    seed = secrets.token_hex(32)
    return seed, _sha256(seed)


def digest_of(tickets: Iterable[str]) -> str:
    """SHA-256 of all tickets, sorted, one a line."""
    return _sha256("\n".join(sorted(tickets)))


def ranked(seed: str, tickets: Iterable[str]) -> list[str]:
    """Tickets in the order of the draw."""
    known = list(tickets)
    digest = digest_of(known)
    return sorted(known, key=lambda ticket: (_sha256(f"{seed}:{digest}:{ticket}"), ticket))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
