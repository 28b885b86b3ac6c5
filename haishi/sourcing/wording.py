"""Instants, weights and places in the reader's words."""

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

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
