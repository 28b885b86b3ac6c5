"""Kinds of rooms, and tokens to enter them."""

import time
from collections.abc import Sequence

from django.conf import settings

from haishi.foundation import limits
from haishi.foundation.errors import NotFound
from haishi.foundation.service import service
from haishi.foundation.sessions import mark
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.rooms import selectors
from haishi.rooms.errors import RoomsInvalid
from haishi.rooms.models import Room
from haishi.rooms.services.settling import settle
from haishi.rooms.types import KINDS, Grant, Hearts, Organiser, Rights, RoomKind, Title, no_hearts
from haishi.rooms.veil import veiled
from wire import tokens

MOST_ROOMS = 8


def register_rooms(
    prefix: str,
    rights: Rights,
    *,
    organiser: Organiser | None = None,
    title: Title | None = None,
    hearts: Hearts = no_hearts,
) -> None:
    """Declare rooms whose names begin with `prefix`, such as `live-`; names are A-Z a-z 0-9 -.

    `rights(actor, room)` answers with bits READ SAY HOST MODERATE of `haishi.rooms.types`;
    `organiser(room)` with the id of the organisation whose words count there; `title(room)` with
    what people call it. All raise NotFound for a room that is none. `hearts` hears what gateways
    counted (`RoomKind`). Call it where a module's subscribers are loaded.
    """
    KINDS[prefix] = RoomKind(
        prefix, rights, organiser or (lambda _room: None), title or (lambda room: room), hearts
    )


def forget_rooms(prefix: str) -> None:
    """Take a registration back."""
    KINDS.pop(prefix, None)


@service
def grant(actor: Actor, names: Sequence[str], session_key: str | None, address: str) -> Grant:
    """A token for the rooms that `actor` may enter. Raises RoomsInvalid, NotFound, TooMany.

    Rooms that are hidden from the actor have rights 0; when all are, it is NotFound. The token ends
    after five minutes, or as soon as its session does.
    """
    if not 0 < len(names) <= MOST_ROOMS or not all(isinstance(name, str) for name in names):
        raise RoomsInvalid
    limits.limit(f"rooms:{address}", 120, 60)
    rights = {name: _rights(actor, name) for name in names}
    if not any(rights.values()):
        raise NotFound
    for name in filter(rights.get, rights):
        _known(name)
    person = parties.get_self(actor) if actor.is_authenticated else None
    token = tokens.Token(
        user=veiled(person.pk) if person else 0,
        session=mark(session_key),
        name=person.name[:40] if person else "",
        rooms={name: bits for name, bits in rights.items() if bits},
        until=int(time.time()) + tokens.LIFETIME,
    )
    signed = tokens.mint(tokens.derive(settings.SECRET_KEY), token)
    return Grant(signed, tokens.LIFETIME, rights)


def _rights(actor: Actor, name: str) -> int:
    try:
        return selectors.rights_of(actor, name)
    except NotFound:
        return 0


def _known(name: str) -> Room:
    """The row of a room; gateways hear whose words count there before the first line."""
    organiser = selectors.kind_of(name).organiser(name)
    row, new = Room.objects.get_or_create(name=name, defaults={"organiser_id": organiser})
    if new or row.organiser_id != organiser:
        row.organiser_id = organiser
        row.save(update_fields=["organiser"])
        settle(row)
    return row
