"""Numbers that people can read to each other."""

import secrets

from haishi.foundation import clock
from haishi.licences.policies import ZONE

# Without letters and digits that are taken for one another.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_number(prefix: str) -> str:
    """`prefix`, the day, and six random signs."""
    day = clock.local(clock.now(), ZONE).strftime("%y%m%d")
    return prefix + day + "".join(secrets.choice(LETTERS) for _n in range(6))
