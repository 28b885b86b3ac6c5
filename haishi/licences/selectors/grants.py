"""What has been granted of a work."""

from typing import Any

from django.db.models import Q

from haishi.foundation.bilingual import Bilingual
from haishi.licences.models import Grant
from haishi.licences.states import Exclusivity, Medium
from haishi.licences.territories import WORLD, title_of
from haishi.licences.types import Terms

__all__ = ["clash_of", "grants_of", "territory_title"]


def territory_title(code: str) -> Bilingual:
    """A territory's name."""
    return title_of(code)


def clash_of(product_id: int, terms: Terms) -> Grant | None:
    """A grant of the product that stands in the way of `terms`, if there is one. One query."""
    if terms.starts_on is None:
        return None
    rows = Grant.objects.filter(
        product=product_id,
        live=True,
        right__in=terms.rights,
        days__overlap=(terms.starts_on, terms.ends_on),
    )
    if WORLD not in terms.territories:
        rows = rows.filter(territory__in=[*terms.territories, WORLD])
    if Medium.ALL not in terms.media:
        rows = rows.filter(medium__in=[*terms.media, Medium.ALL])
    if terms.exclusivity == Exclusivity.NON_EXCLUSIVE:
        rows = rows.filter(Q(alone=True))
    return rows.order_by("pk").first()


def grants_of(product_id: int) -> list[dict[str, Any]]:
    """Exclusive grants that hold, one line a licence: what nobody else can have, and until when."""
    rows = Grant.objects.filter(product=product_id, live=True, alone=True).order_by("licence_id")
    found: dict[int, dict[str, Any]] = {}
    for row in rows[:400]:
        line = found.setdefault(
            row.licence_id,
            {"days": row.days, "rights": {}, "territories": {}, "media": {}},
        )
        line["rights"][row.get_right_display()] = True
        line["territories"][title_of(row.territory)] = True
        line["media"][Medium(row.medium).label] = True
    return list(found.values())
