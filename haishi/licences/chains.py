"""Whether a chain of title holds. Pure: no database."""

import datetime as dt
from collections.abc import Sequence
from itertools import combinations, pairwise

from django.utils.translation import gettext as _

from haishi.licences.states import LinkKind
from haishi.licences.types import Link


def faults(links: Sequence[Link], owner: Sequence[str], today: dt.date) -> list[str]:
    """What is wrong with a chain, in words; empty when it holds.

    It begins with a creation, every step leaves from where the right was, dates ascend, exclusive
    licences do not overlap (half-open), and it ends at one of the names of `owner`: as proprietor,
    or as exclusive licensee today.
    """
    if not links:
        return [_("还没有任何环节")]
    found = []
    if links[0].kind not in (LinkKind.CREATION, LinkKind.COMMISSION) or links[0].giver:
        found.append(_("第一环须是创作，且没有让与方"))
    found += [
        _("“%(taker)s”一环的日期早于前一环") % {"taker": after.taker}
        for before, after in pairwise(links)
        if after.on < before.on
    ]
    holder, steps = _walk(links)
    found += steps + _overlaps(links)
    at = _lent_to(links, today) or holder
    if not any(_same(at, name) for name in owner):
        found.append(_("最后没有到达本单位：权利在“%(holder)s”手里") % {"holder": at})
    return found


def _same(one: str, other: str) -> bool:
    return bool(one) and one.strip().casefold() == other.strip().casefold()


def _walk(links: Sequence[Link]) -> tuple[str, list[str]]:
    """(who holds the right in the end, where the chain is broken)."""
    holder, found = links[0].taker, []
    for link in links[1:]:
        if not _same(link.giver, holder):
            found.append(
                _("“%(giver)s”让与“%(taker)s”时，权利在“%(holder)s”手里")
                % {"giver": link.giver, "taker": link.taker, "holder": holder}
            )
        if link.kind != LinkKind.EXCLUSIVE:
            holder = link.taker
    return holder, found


def _overlaps(links: Sequence[Link]) -> list[str]:
    grants = [link for link in links if link.kind == LinkKind.EXCLUSIVE and link.until]
    return [
        _("给“%(one)s”和“%(other)s”的独占许可时间重叠") % {"one": one.taker, "other": other.taker}
        for one, other in combinations(grants, 2)
        if one.until and other.until and one.on < other.until and other.on < one.until
    ]


def _lent_to(links: Sequence[Link], today: dt.date) -> str:
    """Who has an exclusive licence in force today; "" when nobody has."""
    for link in links:
        if link.kind == LinkKind.EXCLUSIVE and link.until and link.on <= today < link.until:
            return link.taker
    return ""
