"""The text of a version as plain JSON, what it must hold, and the difference of two versions."""

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from haishi.contracts.errors import (
    ClausesMissing,
    EnglishMissing,
    MilestonesMissing,
    PartiesWrong,
    RateWrong,
    SplitWrong,
    SupplierWrong,
    TotalsDiffer,
)
from haishi.contracts.states import Language
from haishi.contracts.types import Change, ClauseDraft, Draft, LineDraft, MilestoneDraft, Piece
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money
from haishi.trade.types import Share

WHOLE = 10_000
# Latin words and numbers are one unit of a difference, every other character is its own.
_UNIT = re.compile(r"[A-Za-z0-9.,%'’-]+|\s+|.", re.DOTALL)


def check(draft: Draft) -> None:
    """Refuse what cannot be a contract.

    Raises PartiesWrong, ClausesMissing, MilestonesMissing, SupplierWrong, SplitWrong,
    TotalsDiffer, RateWrong, EnglishMissing.
    """
    firms = [party.organisation_id for party in draft.parties]
    if len(firms) < 2 or len(set(firms)) != len(firms) or draft.payer_id not in firms:
        raise PartiesWrong
    if not draft.clauses or not all(each.title.zh and each.text.zh for each in draft.clauses):
        raise ClausesMissing
    check_money(draft.total.minor, draft.milestones)
    for each in draft.milestones:
        _check_split(each, firms, draft.payer_id)
    sums = [sum(each.amount_minor for each in draft.milestones)]
    sums += [sum(line.price_minor * line.quantity for line in draft.lines)] if draft.lines else []
    for found in sums:
        if found != draft.total.minor:
            raise TotalsDiffer(sum=Money(found, draft.total.currency), total=draft.total)
    check_english(draft.language, draft.title, draft.clauses, draft.milestones)
    if draft.shown and (draft.shown.rate <= 0 or draft.shown.currency == draft.total.currency):
        raise RateWrong


def check_english(
    language: str,
    name: Bilingual,
    articles: Sequence[ClauseDraft],
    parts: Sequence[MilestoneDraft],
) -> None:
    """A paper in English alone has English words for everything. Raises EnglishMissing."""
    words = [name, *(each.title for each in articles), *(each.text for each in articles)]
    words += [each.name for each in parts]
    if language == Language.ENGLISH and not all(each.en for each in words):
        raise EnglishMissing


def check_money(total_minor: int, milestones: Sequence[MilestoneDraft]) -> None:
    """Money has milestones, each of something; without money there are none.

    Raises MilestonesMissing.
    """
    least = min((each.amount_minor for each in milestones), default=0)
    if least <= 0 and (milestones or total_minor):
        raise MilestonesMissing


def _check_split(milestone: MilestoneDraft, firms: list[int], payer_id: int) -> None:
    if milestone.supplier_id not in firms or milestone.supplier_id == payer_id:
        raise SupplierWrong(name=milestone.name)
    points = [share.points for share in milestone.shares]
    named = [share.organisation_id for share in milestone.shares]
    if not points:
        return
    whole = sum(points) == WHOLE and min(points) > 0
    if not whole or len(set(named)) != len(named) or not set(named) <= set(firms):
        raise SplitWrong(name=milestone.name)


def content_of(draft: Draft) -> dict[str, Any]:
    """The part of a draft that versions may change, as plain JSON."""
    return {
        "title": _pair(draft.title),
        "clauses": [[*_pair(each.title), *_pair(each.text)] for each in draft.clauses],
        "lines": [
            [*_pair(line.name), line.quantity, line.unit, line.price_minor] for line in draft.lines
        ],
        "milestones": [
            {
                "name": _pair(each.name),
                "due": each.due.isoformat(),
                "amount": each.amount_minor,
                "supplier": each.supplier_id,
                "shares": [[share.organisation_id, share.points] for share in each.shares],
            }
            for each in draft.milestones
        ],
    }


def _pair(words: Bilingual) -> list[str]:
    return [words.zh, words.en]


def title(content: dict[str, Any]) -> Bilingual:
    """The title of a version."""
    return Bilingual(*content["title"])


def clauses(content: dict[str, Any]) -> tuple[ClauseDraft, ...]:
    """The articles of a version."""
    return tuple(
        ClauseDraft(Bilingual(row[0], row[1]), Bilingual(row[2], row[3]))
        for row in content["clauses"]
    )


def lines(content: dict[str, Any]) -> tuple[LineDraft, ...]:
    """What is delivered under a version."""
    return tuple(
        LineDraft(Bilingual(row[0], row[1]), row[2], row[4], row[3]) for row in content["lines"]
    )


def milestones(content: dict[str, Any]) -> tuple[MilestoneDraft, ...]:
    """The milestones of a version."""
    return tuple(
        MilestoneDraft(
            name=Bilingual(*row["name"]),
            due=dt.date.fromisoformat(row["due"]),
            amount_minor=row["amount"],
            supplier_id=row["supplier"],
            shares=tuple(Share(*pair) for pair in row["shares"]),
        )
        for row in content["milestones"]
    )


def differences(
    before: dict[str, Any], after: dict[str, Any], names: dict[int, Any], currency: str
) -> list[Change]:
    """What changed between two versions, in reading order. `names`: {organisation id: name}."""
    old, new = (dict(_passages(each, names, currency)) for each in (before, after))
    changes = []
    for label in dict.fromkeys([*old, *new]):
        if old.get(label) != new.get(label):
            changes.append(Change(label, tuple(_pieces(old.get(label, ""), new.get(label, "")))))
    return changes


def _passages(
    content: dict[str, Any], names: dict[int, Any], currency: str
) -> Iterator[tuple[str, str]]:
    yield _("合同名称"), _both(title(content))
    for number, clause in enumerate(clauses(content), 1):
        label = _("第 %d 条") % number
        yield label, "\n".join(filter(None, (_both(clause.title), _both(clause.text))))
    for line in lines(content):
        price = Money(line.price_minor, currency)
        yield line.name.zh, f"{_both(line.name)} {line.quantity} {line.unit} × {price}"
    for number, each in enumerate(milestones(content), 1):
        parts = [f"{names.get(s.organisation_id, '?')} {s.points / 100:g}%" for s in each.shares]
        facts = [_both(each.name), each.due.isoformat(), str(Money(each.amount_minor, currency))]
        yield _("节点 %d") % number, " · ".join([*facts, *parts])


def _both(words: Bilingual) -> str:
    return " / ".join(filter(None, (words.zh, words.en)))


def _pieces(before: str, after: str) -> Iterable[Piece]:
    old, new = _UNIT.findall(before), _UNIT.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[a:b]))
            continue
        if a < b:
            yield Piece("removed", "".join(old[a:b]))
        if c < d:
            yield Piece("added", "".join(new[c:d]))
