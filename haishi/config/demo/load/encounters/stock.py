"""Stock on a third of what has a price, and one digital work with its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any

from haishi.catalogue.states import ProductKind
from haishi.config.demo import documents, names
from haishi.config.demo import products as content
from haishi.config.demo.load.encounters.season import Stand
from haishi.config.demo.load.world import World
from haishi.foundation.models import Pool
from haishi.media import services as media
from haishi.media.states import Purpose
from haishi.trade.models import Deliverable, Stock

DAY = dt.timedelta(days=1)


def fill(world: World) -> None:
    """A shelf that can be counted."""
    rng = Random(f"{names.SEED}:stock")
    goods = [row for row in world.products.values() if _counted(row)]
    chosen = goods[::3]
    pools = Pool.objects.bulk_create(
        Pool(kind=f"product:{row.pk}", capacity=rng.choice((24, 60, 120, 300)) + row.minimum * 20)
        for row in chosen
    )
    Stock.objects.bulk_create(
        Stock(product=row, pool_id=pool.pk) for row, pool in zip(chosen, pools, strict=True)
    )
    for row, pool in zip(chosen, pools, strict=True):
        at = row.listed_at + DAY / 8
        world.ledger.note(
            at, world.accounts["exhibitor"], "product.stocked", row, total=pool.capacity
        )


def _counted(row: Any) -> bool:
    """Made before it is ordered, and for sale at a price."""
    return row.state == "listed" and row.kind == ProductKind.GOODS and row.price_minor is not None


def digital_work(world: World, stands: Sequence[Stand]) -> tuple[Stand, Any] | None:
    """The first digital work with a price at a booth, with what its buyers get."""
    found = ((stand, row) for stand in stands for row in stand.products if _filed(row))
    stand, row = next(found, (None, None))
    if stand is None or row is None:
        return None
    work = next(each for each in content.products() if world.products.get(each.key) == row)
    firm = next(each for each in world.cast if each.key == work.organisation)
    asset = media.import_generated(
        stand.staff[0], row.organisation_id, documents.brochure(firm, [work]),
        name=f"{row.name}.pdf", purpose=Purpose.SEALED,
    )  # fmt: skip
    Deliverable.objects.create(product=row, asset_id=asset.pk)
    at, owner = row.listed_at, stand.staff[0]
    world.ledger.note(at, owner, "product.deliverables", row, assets=[asset.pk])
    return stand, row


def _filed(row: Any) -> bool:
    """Delivered as a file, at a price."""
    return row.kind == ProductKind.FILE and row.price_minor is not None
