"""The order of a draw: anybody can compute it again from the published file.

The key of a ticket is SHA-256 of `seed:digest:ticket`, where `digest` is the SHA-256 of all
tickets, sorted, one a line. The seed was committed to before the first ticket; the digest makes
the order depend on every ticket, so that none can be made to win by knowing the seed alone. First
sales and lotteries of lives draw this way; `tools/verify_draw.py` and, for lotteries,
`static/live/verify_lottery.txt` do the same without importing anything of ours.
"""

import hashlib
import secrets
from collections.abc import Iterable


def new_seed() -> tuple[str, str]:
    """(seed, commitment), both as hex of 32 bytes."""
    seed = secrets.token_hex(32)
    return seed, commitment_of(seed)


def commitment_of(seed: str) -> str:
    """SHA-256 of the seed's hex text."""
    return hashlib.sha256(seed.encode()).hexdigest()


def digest_of(tickets: Iterable[str]) -> str:
    """SHA-256 of all tickets, sorted, one a line."""
    return hashlib.sha256("\n".join(sorted(tickets)).encode()).hexdigest()


_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def ranked(seed: str, tickets: Iterable[str]) -> list[str]:
    """Tickets in the order of the draw."""
    known = list(tickets)
    digest = digest_of(known)
    return sorted(
        known, key=lambda t: (hashlib.sha256(f"{seed}:{digest}:{t}".encode()).hexdigest(), t)
    )


def new_ticket() -> str:
    """60 random bits as twelve letters and digits that are not mistaken for each other."""
    number = secrets.randbits(60)
    return "".join(_LETTERS[number >> shift & 31] for shift in range(0, 60, 5))
