"""Lists of words that do not pass, one for each organiser."""

from dataclasses import dataclass
from typing import Any

import msgspec

from gateway.sounds import sound
from gateway.words import Verdict, Words, written
from haishi.foundation import audit
from haishi.foundation.errors import NotFound
from haishi.foundation.service import service
from haishi.foundation.text import clean
from haishi.foundation.types import Actor
from haishi.rooms import selectors
from haishi.rooms.errors import TooManyWords, WordInvalid
from haishi.rooms.models import WORD_LENGTH, Word
from haishi.rooms.services.sharing import share
from haishi.rooms.states import Action, Manner

MOST_WORDS = 5_000
# What may stand behind a word in an imported line: an action, then how closely to compare.
ACTIONS = {
    "审核": Action.HOLD, "review": Action.HOLD, "hold": Action.HOLD,
    "打码": Action.MASK, "mask": Action.MASK,
    "拦截": Action.BLOCK, "block": Action.BLOCK, "放行": Action.ALLOW, "allow": Action.ALLOW,
}  # fmt: skip
MANNERS = {
    "精确": Manner.EXACT, "exact": Manner.EXACT,
    "首字母": Manner.INITIALS, "initials": Manner.INITIALS,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A word as it was typed and what is to happen. `manner` "": its sound counts too."""

    text: str
    action: str
    manner: str = ""


def parse(lines: str, action: str) -> list[Line]:
    """Words, one a line, each alone or with `,action` or `,action manner`. Raises WordInvalid."""
    found = []
    for number, raw in enumerate(clean(lines).split("\n"), 1):
        text = raw.strip()
        if not text or text.startswith("#"):
            continue
        line = _read(text) or Line(text, action)
        if not written(line.text) or len(line.text) > WORD_LENGTH:
            raise WordInvalid(line=number)
        found.append(line)
    return found


def _read(text: str) -> Line | None:
    """A line that says what is to happen; None for one that is only a word."""
    word, mark, said = text.replace("，", ",").rpartition(",")
    parts = said.lower().split()
    if not mark or not 1 <= len(parts) <= 2 or parts[0] not in ACTIONS:
        return None
    if parts[1:] and parts[1] not in MANNERS:
        return None
    manner = MANNERS[parts[1]] if parts[1:] else ""
    return Line(word.strip(), ACTIONS[parts[0]], manner)


@service
def add_words(actor: Actor, slug: str, *, lines: str, action: str) -> int:
    """Add words to an organiser's list, or change what happens to them; returns how many.

    `lines`: one word a line, `词`, `词,打码` or `词,打码 首字母`. Nothing is added when one of them
    cannot be used. Raises NotFound, WordInvalid, TooManyWords.
    """
    organiser = selectors.get_words_organiser(actor, slug)
    rows = {
        written(line.text): Word(
            organiser=organiser,
            text=line.text,
            folded=written(line.text),
            action=line.action,
            manner=line.manner,
            added_by_id=actor.pk,
        )
        for line in parse(lines, action)
    }
    if not rows:
        raise WordInvalid(line=1)
    Word.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["organiser", "folded"],
        update_fields=["text", "action", "manner", "added_by"],
    )
    if selectors.words(organiser.pk).count() > MOST_WORDS:
        raise TooManyWords
    _share(organiser.pk)
    audit.record(actor, "words.added", organiser, count=len(rows))
    return len(rows)


@service
def remove_word(actor: Actor, slug: str, word_id: int) -> None:
    """Take a word off the list. Raises NotFound."""
    organiser = selectors.get_words_organiser(actor, slug)
    row = selectors.words(organiser.pk).filter(pk=word_id).first()
    if row is None:
        raise NotFound
    audit.record(actor, "words.removed", organiser, word=row.text, was=row.action)
    row.delete()
    _share(organiser.pk)


def judge(organiser: Any, text: str) -> Verdict:
    """What would happen to a line in the rooms of an organiser."""
    return Words(selectors.actions(organiser.pk), sound).judge(clean(text))


def _share(organiser_id: int) -> None:
    share(f"words.{organiser_id}", msgspec.json.encode(selectors.actions(organiser_id)))
    # For rooms that a gateway does not know yet.
    share("words", msgspec.json.encode(selectors.actions()))
