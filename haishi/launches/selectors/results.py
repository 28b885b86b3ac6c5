"""What became of a first sale, for everybody: numbers, the way there, how to check the draw."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.foundation.audit import history
from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.launches import policies
from haishi.launches.models import Allotment, Claim, Launch
from haishi.launches.selectors.certificates import certificate_of, digest_in
from haishi.launches.selectors.claims import SaleNumbers, sale_numbers
from haishi.launches.selectors.core import get_launch
from haishi.launches.selectors.shown import announced, sale_of, shown
from haishi.launches.states import LaunchState
from haishi.launches.types import Sale, Shown


@dataclass(frozen=True)
class Count:
    """The counters of a sale; `running` while they may still move."""

    url: str
    numbers: SaleNumbers
    running: bool
    decided: bool


@dataclass(frozen=True)
class Moment:
    """Something that happened or will; `done` says which."""

    at: dt.datetime
    label: str
    done: bool


@dataclass(frozen=True)
class ResultPage:
    """Everything on the page of a result. `digest` and `seed` are empty before a decision."""

    shown: Shown
    sale: Sale
    count: Count
    moments: list[Moment]
    draw_url: str
    seed: str
    digest: str
    certificate: Any
    zone: str
    trail: list[dict[str, str]]


def result_count(slug: str) -> Count:
    """The counters alone: two queries. Raises NotFound before the unveiling, or without a sale."""
    row = _unveiled(announced().filter(slug=slug).first())
    return _count(row, sale_numbers(row.allotment))


def result_page(actor: Actor, slug: str, now: dt.datetime) -> ResultPage:
    """The result as this reader sees it. Raises NotFound as `result_count`."""
    row = _unveiled(get_launch(actor, slug))
    allotment, face, sale = row.allotment, shown([row])[0], sale_of(actor, row)
    assert sale is not None
    told = history(allotment)
    trail = [
        {"label": _("新品发布厅"), "url": reverse("launches:hall")},
        {"label": str(face.title), "url": face.url},
        {"label": _("首发结果"), "url": ""},
    ]
    return ResultPage(
        shown=face,
        sale=sale,
        count=_count(row, sale.numbers),
        moments=_moments(row, told, now),
        draw_url=reverse("launches:draw", args=[slug]) if sale.commitment else "",
        seed=allotment.seed if sale.commitment and allotment.decided_at else "",
        digest=digest_in(told) if sale.commitment else "",
        certificate=certificate_of(row),
        zone=row.exhibitor.edition.time_zone,
        trail=trail,
    )


def _unveiled(row: Launch | None) -> Launch:
    known = row is not None and policies.is_announced(row) and policies.is_unveiled(row)
    if row is None or not known or not hasattr(row, "allotment"):
        raise NotFound
    return row


def _count(row: Launch, numbers: SaleNumbers) -> Count:
    return Count(
        url=reverse("launches:result", args=[row.slug]),
        numbers=numbers,
        running=row.state != LaunchState.CLOSED,
        decided=row.allotment.decided_at is not None,
    )


def _moments(row: Launch, told: list[Any], now: dt.datetime) -> list[Moment]:
    """Oldest first; changes of the quota are told because they change everybody's chance."""
    sale: Allotment = row.allotment
    known = [
        (row.announced_at, _("发布预告，公开规则")),
        (row.unveil_at, _("揭幕，首发开始")),
        (sale.closes_at, _("首发截止")),
        (sale.decided_at, _("公布抽签结果与种子")),
        (row.closed_at, _("首发结束")),
    ]
    known += [
        (entry.at, _("首发数量由 %(before)s 件改为 %(after)s 件") % entry.detail)
        for entry in told
        if entry.action == "allotment.resized"
    ]
    found = sorted((at, label) for at, label in known if at is not None)
    return [Moment(at, label, at <= now) for at, label in found]


def deals_of(slug: str) -> list[str] | None:
    """Numbers of the orders behind a launch, oldest first; None for no launch."""
    if not Launch.objects.filter(slug=slug).exists():
        return None
    rows = Claim.objects.filter(allotment__launch__slug=slug).exclude(order=None)
    return list(rows.order_by("order_id").values_list("order__number", flat=True))
