"""The number by which a room knows a person: not the account's, the same in every room.

A permutation of 48 bits, so that the archive can find the person again and nobody else can: four
rounds of a Feistel network with HMAC-SHA256 (Luby and Rackoff, How to construct pseudorandom
permutations from pseudorandom functions, SIAM J. Comput. 17, 1988). Fits a JavaScript number.
"""

import hmac
from functools import cache

from django.conf import settings

_HALF, _MASK, _ROUNDS = 24, (1 << 24) - 1, range(4)
MOST = (1 << 48) - 1


def veiled(person_id: int) -> int:
    """The room's number of a person, 1 to 2⁴⁸−1; 0 stays 0: nobody."""
    if not person_id:
        return 0
    number = _permuted(person_id)
    # Walk on where the permutation gives the number that means nobody.
    return number or _permuted(0)


def unveiled(number: int) -> int:
    """The person behind a room's number, 0 for one that no person can have."""
    if not 0 < number <= MOST:
        return 0
    person = _restored(number)
    return person or _restored(0)


def _permuted(number: int) -> int:
    left, right = number >> _HALF, number & _MASK
    for turn in _ROUNDS:
        left, right = right, left ^ _round(turn, right)
    return left << _HALF | right


def _restored(number: int) -> int:
    left, right = number >> _HALF, number & _MASK
    for turn in reversed(_ROUNDS):
        left, right = right ^ _round(turn, left), left
    return left << _HALF | right


def _round(turn: int, half: int) -> int:
    content = bytes((turn,)) + half.to_bytes(3, "big")
    return int.from_bytes(hmac.digest(_key(settings.SECRET_KEY), content, "sha256")[:3], "big")


@cache
def _key(secret: str) -> bytes:
    return f"haishi:rooms:people:{secret}".encode()
