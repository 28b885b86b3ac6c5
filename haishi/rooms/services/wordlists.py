"""Lists of words that do not pass, one for each organiser."""

from dataclasses import dataclass
from typing import Any

import msgspec

from gateway.words import Verdict, Words, folded
from haishi.foundation import audit
from haishi.foundation.errors import NotFound
from haishi.foundation.service import service
from haishi.foundation.text import clean
from haishi.foundation.types import Actor
from haishi.rooms import selectors
from haishi.rooms.errors import TooManyWords, WordInvalid
from haishi.rooms.models import WORD_LENGTH, Word
from haishi.rooms.services.sharing import share
from haishi.rooms.states import Action

MOST_WORDS = 5_000
# What may stand behind a word in an imported line.
NAMES = {
    "审核": Action.HOLD, "hold": Action.HOLD, "打码": Action.MASK, "mask": Action.MASK,
    "拦截": Action.BLOCK, "block": Action.BLOCK,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A word as it was typed, and what is to happen."""

    text: str
    action: str


def parse(lines: str, action: str) -> list[Line]:
    """Words, one a line, each with `,action` or the default. Raises WordInvalid with the line."""
    found = []
    for number, raw in enumerate(clean(lines).split("\n"), 1):
        text = raw.strip()
        if not text or text.startswith("#"):
            continue
        word, mark, named = text.replace("，", ",").rpartition(",")
        chosen = NAMES.get(named.strip().lower()) if mark else None
        word = word.strip() if chosen else text
        if not _compared(word) or len(word) > WORD_LENGTH:
            raise WordInvalid(line=number)
        found.append(Line(word, chosen or action))
    return found


def _compared(word: str) -> str:
    return "".join(folded(word)[0])


@service
def add_words(actor: Actor, slug: str, *, lines: str, action: str) -> int:
    """Add words to an organiser's list, or change what happens to them; returns how many.

    `lines`: one word a line, `词` or `词,打码`. Nothing is added when a line cannot be used. Raises
    NotFound, WordInvalid, TooManyWords.
    """
    organiser = selectors.get_words_organiser(actor, slug)
    rows = {
        _compared(line.text): Word(
            organiser=organiser,
            text=line.text,
            folded=_compared(line.text),
            action=line.action,
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
        update_fields=["text", "action", "added_by"],
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
    return Words(selectors.actions(organiser.pk)).judge(clean(text))


def _share(organiser_id: int) -> None:
    share(f"words.{organiser_id}", msgspec.json.encode(selectors.actions(organiser_id)))
    # For rooms that a gateway does not know yet.
    share("words", msgspec.json.encode(selectors.actions()))
