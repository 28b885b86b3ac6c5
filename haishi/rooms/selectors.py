"""Reading rooms: who may do what, what was said, what waits."""

import datetime as dt
import re
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from haishi.foundation import clock
from haishi.foundation.errors import Forbidden, Invalid, NotFound
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Duty
from haishi.rooms.models import GatewaySetting, HeldLine, Room, RoomEntry, Sanction, Telling, Word
from haishi.rooms.states import EntryKind, HeldState
from haishi.rooms.types import KINDS, MODERATE, READ, RoomKind

_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
_PLACE = re.compile(r"(\d{1,15})\.(\d{1,15})")
PAGE = 50


def kind_of(room: str) -> RoomKind:
    """The kind with the longest prefix that fits. Raises NotFound."""
    fitting = [prefix for prefix in KINDS if room.startswith(prefix)]
    if not fitting or not _NAME.fullmatch(room):
        raise NotFound
    return KINDS[max(fitting, key=len)]


def rights_of(actor: Actor, room: str) -> int:
    """What `actor` may do in a room: bits READ SAY HOST MODERATE. Raises NotFound.

    Somebody without an account reads.
    """
    bits = kind_of(room).rights(actor, room)
    if not actor.is_authenticated and not actor.is_staff:
        bits &= READ
    if not bits & READ:
        raise NotFound
    return bits


def check_moderates(actor: Actor, room: str) -> None:
    """Whether `actor` keeps order in a room. Raises NotFound, Forbidden."""
    if not rights_of(actor, room) & MODERATE:
        raise Forbidden


def title_of(room: str) -> Any:
    """What people call a room. Raises NotFound."""
    return kind_of(room).title(room)


def get_moderated(actor: Actor, name: str) -> Room:
    """A room for those who keep order in it. Raises NotFound, Forbidden."""
    check_moderates(actor, name)
    row = Room.objects.filter(name=name).select_related("organiser").first()
    # Nobody has entered it yet: its settings are the plain ones.
    return row or Room(name=name)


def history(actor: Actor, room: str, before: str = "") -> tuple[list[RoomEntry], str | None]:
    """Shown lines of a room before a place `epoch.offset` ("": the newest), oldest first.

    Returns (rows, where the page before begins, None: there is none). Raises NotFound, Invalid.
    """
    rights_of(actor, room)
    rows = shown(room)
    if before:
        place = _PLACE.fullmatch(before)
        if place is None:
            raise Invalid(field="before")
        epoch, offset = map(int, place.groups())
        rows = rows.filter(Q(epoch__lt=epoch) | Q(epoch=epoch, offset__lt=offset))
    found = list(rows.order_by("-epoch", "-offset")[: PAGE + 1])
    page = found[:PAGE][::-1]
    return page, f"{page[0].epoch}.{page[0].offset}" if len(found) > PAGE else None


def shown(room: str) -> QuerySet[RoomEntry]:
    """What readers of a room have seen and may see: no removed or erased lines, no flood."""
    kinds = (EntryKind.SAID, EntryKind.POSTED)
    rows = RoomEntry.objects.filter(room=room, offset__gt=0, kind__in=kinds, removed_at=None)
    return rows.exclude(kind=EntryKind.SAID, text="")  # their speaker was erased


def said(room: str) -> QuerySet[RoomEntry]:
    """All lines of people in a room, flood included, removed ones not: for replays and reports."""
    return RoomEntry.objects.filter(room=room, kind=EntryKind.SAID, removed_at=None).order_by("at")


def latest_lines(room: str, number: int = 30) -> list[RoomEntry]:
    """The newest lines of people in a room, newest first: for its moderators."""
    rows = shown(room).filter(kind=EntryKind.SAID)
    return list(rows.order_by("-epoch", "-offset")[:number])


def get_line(actor: Actor, room: str, epoch: int, offset: int) -> RoomEntry:
    """One line for those who keep order. Raises NotFound, Forbidden."""
    check_moderates(actor, room)
    row = shown(room).filter(epoch=epoch, offset=offset).first()
    if row is None:
        raise NotFound
    return row


def sanctions(room: Room) -> list[Sanction]:
    """What counts now in a room, newest first."""
    rows = Sanction.objects.filter(room__name=room.name, lifted_at=None, until__gt=clock.now())
    return list(rows.select_related("person", "made_by").order_by("-pk"))


def held_lines(room: Room) -> list[HeldLine]:
    """What waits for a moderator of a room, oldest first."""
    rows = HeldLine.objects.filter(room__name=room.name, state=HeldState.WAITING)
    return list(rows.filter(expires_at__gt=clock.now()).order_by("held_at"))


def get_held(actor: Actor, line_id: int) -> HeldLine:
    """A held line, decided or not, for those who keep order. Raises NotFound, Forbidden."""
    row = HeldLine.objects.filter(pk=line_id).select_related("room").first()
    if row is None:
        raise NotFound
    check_moderates(actor, row.room.name)
    return row


def on_their_way() -> tuple[int, dt.datetime | None]:
    """(how many things wait to reach a gateway, since when the oldest does)."""
    tellings = Telling.objects.aggregate(n=Count("pk"), oldest=Min("created_at"))
    settings = GatewaySetting.objects.exclude(told=F("changes")).count()
    return tellings["n"] + settings, tellings["oldest"]


def words(organiser_id: int) -> QuerySet[Word]:
    """The list of an organiser, newest first."""
    return Word.objects.filter(organiser_id=organiser_id).order_by("-pk")


def actions(organiser_id: int | None = None) -> dict[str, str]:
    """{word: action and manner} of an organiser, or of all: the hardest action of a word counts."""
    rows = Word.objects.all() if organiser_id is None else words(organiser_id)
    hardness = ["allow", "mask", "hold", "block"]
    found: dict[str, tuple[str, str]] = {}
    for text, action, manner in rows.order_by("pk").values_list("text", "action", "manner"):
        before = found.get(text)
        if before is None or hardness.index(action) >= hardness.index(before[0]):
            found[text] = action, manner
    return {text: " ".join(filter(None, entry)) for text, entry in found.items()}


def may_keep_words(actor: Actor, room: Room) -> bool:
    """Whether `actor` edits the list that counts in a room."""
    organiser = room.organiser_id
    return organiser is not None and parties.has_duty(actor, organiser, (Duty.MODERATOR,))


def word_lists_of(actor: Actor) -> list[str]:
    """Slugs of the organisers whose list `actor` keeps."""
    mine = parties.organisers_of(actor, (Duty.MODERATOR,))
    if not mine:
        return []
    return list(parties.organisations().filter(pk__in=mine).values_list("slug", flat=True))


def get_words_organiser(actor: Actor, slug: str) -> Any:
    """An organiser for those who keep its list of words. Raises NotFound."""
    row = parties.get_organisation(slug)
    if not row.is_organiser or not parties.has_duty(actor, row.pk, (Duty.MODERATOR,)):
        raise NotFound
    return row
