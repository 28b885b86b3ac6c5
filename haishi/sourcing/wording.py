"""Instants, weights and places in the reader's words."""

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from haishi.sourcing.states import Criterion


def instant_text(moment: dt.datetime) -> str:
    """`2026-12-03 18:00:00 CST`: to the second and with its zone, as a refusal must name it."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S %Z}"


def weights_of(criteria: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """(criterion, its name, weight), in the order of `Criterion`."""
    return [
        (each.value, str(each.label), criteria[each.value])
        for each in Criterion
        if each.value in criteria
    ]


def place_text(place: int, of: int) -> str:
    """`第 2 名（共 5 家）`."""
    return _("第 %(place)s 名（共 %(of)s 家）") % {"place": place, "of": of}
