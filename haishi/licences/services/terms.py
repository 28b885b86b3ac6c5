"""Whether terms can be offered or agreed."""

from dataclasses import replace

from django.utils.translation import gettext as _

from haishi.foundation.money import EXPONENTS
from haishi.licences import policies
from haishi.licences.errors import StartsTooEarly, TermsIncomplete, TermsWrong
from haishi.licences.states import (
    Base,
    Channel,
    Exclusivity,
    Medium,
    Period,
    Right,
    Stage,
)
from haishi.licences.territories import LANGUAGES, TERRITORIES, WORLD
from haishi.licences.types import Terms


def normal(terms: Terms) -> Terms:
    """The same terms in one spelling: the world alone, all media alone, lists in their order.

    Raises TermsWrong for a value that no list holds.
    """
    territories = _known(terms.territories, [*TERRITORIES], _("地域"))
    media = _known(terms.media, Medium.values, _("品类与媒介"))
    return replace(
        terms,
        rights=_known(terms.rights, Right.values, _("权利")),
        territories=(WORLD,) if WORLD in territories else territories,
        media=(Medium.ALL.value,) if Medium.ALL in media else media,
        languages=_known(terms.languages, [*LANGUAGES], _("语言")),
        stages=_known(terms.stages, Stage.values, _("监修阶段")),
        rates={each: terms.rates[each] for each in Channel.values if each in terms.rates},
    )


def _known(chosen: tuple[str, ...], known: list[str], what: str) -> tuple[str, ...]:
    if set(chosen) - set(known):
        raise TermsWrong(what=what)
    return tuple(each for each in known if each in chosen)


def check(terms: Terms, *, agreed: bool = False) -> Terms:
    """Normal terms that hold everything. `agreed`: with a first day, not before today.

    Raises TermsIncomplete, TermsWrong, StartsTooEarly.
    """
    terms = normal(terms)
    wanted = (
        (terms.rights, _("权利")),
        (terms.territories, _("地域")),
        (terms.media, _("品类与媒介")),
        (terms.languages, _("语言")),
        (terms.rates or terms.guarantee_minor, _("版税率或保底金")),
        (terms.starts_on or not agreed, _("起始日")),
    )
    missing = [label for value, label in wanted if not value]
    if missing:
        raise TermsIncomplete(missing="、".join(missing))
    _bounds(terms)
    if agreed and terms.starts_on is not None and terms.starts_on < policies.today():
        raise StartsTooEarly
    return terms


def _bounds(terms: Terms) -> None:
    wrong = (
        (not 1 <= terms.months <= 600, _("授权期（月）")),
        (not 0 <= terms.sell_off_months <= 60, _("清货期（月）")),
        (not 1 <= terms.seats <= 500, _("席位")),
        (not 1 <= terms.review_days <= 90, _("监修答复期限（天）")),
        (not 0 <= terms.guarantee_minor <= 10**14, _("保底金")),
        (terms.currency not in EXPONENTS, _("货币")),
        (any(not 0 < each <= 10_000 for each in terms.rates.values()), _("版税率")),
        (terms.exclusivity not in Exclusivity.values, _("独占性")),
        (terms.base not in Base.values or terms.period not in Period.values, _("计算基数")),
        (cells_of(terms) > policies.MOST_CELLS, _("权利、地域与品类组合太多")),
    )
    for bad, what in wrong:
        if bad:
            raise TermsWrong(what=what)


def cells_of(terms: Terms) -> int:
    """How many cells the terms grant."""
    return len(terms.rights) * len(terms.territories) * len(terms.media)
