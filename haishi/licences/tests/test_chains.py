"""Chains of title, as values."""

import datetime as dt

import pytest

from haishi.licences.chains import faults
from haishi.licences.types import Link

OWNER = ("蓬莱影业", "Penglai Pictures")
TODAY = dt.date(2026, 11, 27)


def on(year: int, month: int = 1) -> dt.date:
    return dt.date(year, month, 1)


PAINTER = Link("creation", "", "画师", on(2018))
SOLD = Link("assignment", "画师", "蓬莱影业", on(2020))


def lent(giver: str, taker: str, start: int, end: int) -> Link:
    return Link("exclusive", giver, taker, on(start), on(end))


@pytest.mark.parametrize(
    "links",
    [
        [Link("creation", "", "蓬莱影业", on(2020))],
        [PAINTER, SOLD],
        [PAINTER, Link("assignment", "画师", " penglai pictures", on(2018))],
        [PAINTER, lent("画师", "蓬莱影业", 2025, 2030)],
        [PAINTER, lent("画师", "别家", 2019, 2020), lent("画师", "蓬莱影业", 2020, 2030)],
        [PAINTER, lent("画师", "别家", 2019, 2021), SOLD],
    ],
)
def test_a_chain_that_holds_has_no_faults(links):
    assert faults(links, OWNER, TODAY) == []


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ([], ["还没有任何环节"]),
        ([SOLD], ["第一环须是创作，且没有让与方"]),
        ([PAINTER], ["最后没有到达本单位：权利在“画师”手里"]),
        (
            [PAINTER, Link("assignment", "别人", "蓬莱影业", on(2020))],
            ["“别人”让与“蓬莱影业”时，权利在“画师”手里"],
        ),
        (
            [PAINTER, Link("assignment", "画师", "蓬莱影业", on(2017))],
            ["“蓬莱影业”一环的日期早于前一环"],
        ),
        (
            [PAINTER, lent("画师", "别家", 2019, 2021), lent("画师", "蓬莱影业", 2020, 2030)],
            ["给“别家”和“蓬莱影业”的独占许可时间重叠"],
        ),
        (
            [PAINTER, lent("画师", "蓬莱影业", 2020, 2025)],
            ["最后没有到达本单位：权利在“画师”手里"],
        ),
        (
            [Link("creation", "", "蓬莱影业", on(2018)), lent("蓬莱影业", "别家", 2025, 2030)],
            ["最后没有到达本单位：权利在“别家”手里"],
        ),
    ],
)
def test_every_fault_is_named(links, said):
    assert faults(links, OWNER, TODAY) == said


def test_an_exclusive_licence_ends_on_its_last_day():
    chain = [PAINTER, lent("画师", "蓬莱影业", 2020, 2027)]
    assert faults(chain, OWNER, dt.date(2026, 12, 31)) == []
    assert faults(chain, OWNER, dt.date(2027, 1, 1)) != []
