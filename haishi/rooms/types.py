"""Kinds of rooms, and what people may do in them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from haishi.foundation.types import Actor
from wire.messages import HOST, MODERATE, READ, SAY

__all__ = ["HOST", "KINDS", "MODERATE", "READ", "SAY", "Entry", "Grant", "RoomKind"]

Rights = Callable[[Actor, str], int]
Organiser = Callable[[str], int | None]
Title = Callable[[str], Any]
Hearts = Callable[[str, Mapping[dt.datetime, int]], None]


def no_hearts(_room: str, _minutes: Mapping[dt.datetime, int]) -> None:
    """For rooms whose hearts are only shown."""


@dataclass(frozen=True)
class RoomKind:
    """Rooms whose names begin with `prefix`. All three raise NotFound for a room that is none.

    `rights(actor, room)`: bits READ SAY HOST MODERATE, 0 for a room that is hidden from the actor.
    `organiser(room)`: the organisation whose list of words counts there, None: no list.
    `title(room)`: what people call it. `hearts(room, {whole minute, UTC: all hearts of it})`: what
    gateways counted, told again while a minute's number grows; part of a service.
    """

    prefix: str
    rights: Rights
    organiser: Organiser
    title: Title
    hearts: Hearts = no_hearts


KINDS: dict[str, RoomKind] = {}


@dataclass(frozen=True)
class Grant:
    """A token for the gateway. `rights`: bits by room, 0 where there is nothing to be had."""

    token: str
    seconds: int
    rights: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One item of a room's log as the archive keeps it. `person_id` 0: nobody, or the house."""

    room: str
    epoch: int
    offset: int
    kind: str
    at: dt.datetime
    person_id: int = 0
    name: str = ""
    text: str = ""
    style: int = 0
    colour: int = 0
    role: int = 0
    body: Any = None
    about: int | None = None
