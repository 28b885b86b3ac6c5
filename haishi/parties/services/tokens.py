"""Keys for the API: shown once, kept as a digest, limited to scopes and to a year."""

import datetime as dt
import hashlib
import secrets
import string
from collections.abc import Iterable

from django.db.models import Q

from haishi.foundation import audit, clock
from haishi.foundation.api import SCOPES
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties.errors import ExpiryOutOfRange, ScopeUnknown, TooManyTokens
from haishi.parties.models import ApiToken, Person

PREFIX, LENGTH = "hsk_", 40
MAX_DAYS, MAX_TOKENS = 365, 20
USE_NOTED_EVERY = dt.timedelta(minutes=1)
_ALPHABET = string.ascii_letters + string.digits


def _digest(token: str) -> str:
    """sha256 suffices: 40 random characters are 238 bits, which nobody guesses from a digest."""
    return hashlib.sha256(token.encode()).hexdigest()


@service
def create_token(actor: Actor, name: str, scopes: Iterable[str], days: int) -> tuple[ApiToken, str]:
    """A key of `days` days. Returns (row, token); the token is never shown again.

    Raises Forbidden, ScopeUnknown, ExpiryOutOfRange, TooManyTokens.
    """
    if not actor.is_authenticated:
        raise Forbidden
    wanted = sorted(set(scopes))
    if not wanted or not SCOPES.keys() >= set(wanted):
        raise ScopeUnknown
    if not 1 <= days <= MAX_DAYS:
        raise ExpiryOutOfRange
    Person.objects.select_for_update().get(pk=actor.pk)
    live = ApiToken.objects.filter(person_id=actor.pk, revoked_at=None, expires_at__gt=clock.now())
    if live.count() >= MAX_TOKENS:
        raise TooManyTokens
    token = PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
    row = ApiToken.objects.create(
        person_id=actor.pk,
        name=name,
        prefix=token[:12],
        digest=_digest(token),
        scopes=wanted,
        expires_at=clock.now() + dt.timedelta(days=days),
    )
    audit.record(actor, "token.created", row, scopes=wanted, days=days)
    return row, token


@service
def revoke_token(actor: Actor, token_id: int) -> ApiToken:
    """End a key of one's own at once. Raises NotFound."""
    row = ApiToken.objects.select_for_update().filter(pk=token_id, person_id=actor.pk).first()
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        audit.record(actor, "token.revoked", row)
    return row


def authenticate_token(token: str) -> tuple[Actor, frozenset[str]] | None:
    """(person, scopes) of a key that is neither ended nor past its day, else None.

    Its last use is noted at most once a minute, so that reading costs no write.
    """
    if not token.startswith(PREFIX) or len(token) != len(PREFIX) + LENGTH:
        return None
    now = clock.now()
    row = (
        ApiToken.objects.select_related("person")
        .filter(digest=_digest(token), revoked_at=None, expires_at__gt=now, person__is_active=True)
        .first()
    )
    if row is None:
        return None
    if row.last_used_at is None or row.last_used_at <= now - USE_NOTED_EVERY:
        old = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
        ApiToken.objects.filter(old, pk=row.pk).update(last_used_at=now)
    return row.person, frozenset(row.scopes)
