"""Tokens are taken back in under a second: after a log-out, an erasure."""

import datetime as dt

import msgspec

from haishi.foundation import clock
from haishi.foundation.service import service
from haishi.rooms.services.sharing import share
from haishi.rooms.veil import veiled
from wire.broker import Revoked
from wire.tokens import LIFETIME


@service
def revoke_session(session: str) -> None:
    """Void the tokens that a session (by its mark) has got until now."""
    _revoke(f"s-{session}")


@service
def revoke_person(person_id: int) -> None:
    """Void the tokens that a person has got until now."""
    _revoke(f"u-{veiled(person_id)}")


def _revoke(who: str) -> None:
    now = clock.now()
    # A token of a later log-in ends later than this.
    until = Revoked(now.timestamp() + LIFETIME)
    over = now + dt.timedelta(seconds=LIFETIME + 60)
    share(f"revoked.{who}", msgspec.json.encode(until), over)
