"""Cards: light rows with the picture they need, one query for all pictures of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from haishi.catalogue.types import ProductRow
from haishi.expo import selectors as expo
from haishi.foundation.places import place_name
from haishi.media import selectors as media

ACCENTS = ("qing", "jiang", "sha", "lan", "zi", "cao")


@dataclass(slots=True)
class BoothCard:
    """An exhibitor as a card."""

    url: str
    title: str
    summary: str
    code: str
    city: str
    accent: str
    picture_id: int | None
    picture: Any = None


@dataclass(slots=True)
class LiveCard:
    """A live session, as the lobby's cards show it."""

    row: Any
    picture: Any


def booth_card(row: expo.ExhibitorRow) -> BoothCard:
    """A card of an exhibitor; the accent follows from its number, so it stays the same."""
    return BoothCard(
        url=row.url,
        title=str(row.name),
        summary=str(row.headline or row.tagline),
        code=row.booth_code,
        city=place_name(row.city),
        accent=ACCENTS[row.id % len(ACCENTS)],
        picture_id=next(iter(row.picture_ids), None) or row.banner_asset_id or row.logo_asset_id,
    )


def with_pictures(
    *lists: Iterable[Any], also: Iterable[int | None] = (), admitted: Sequence[Any] = ()
) -> dict[int, Any]:
    """Fill `picture` of every row; returns all that was fetched, for the ids in `also`.

    `admitted`: rows whose picture the reader may see even while it is private.
    """
    rows: list[Any] = [row for rows in lists for row in rows]
    let_in = [row.picture_id for row in admitted]
    found = media.pictures([*(row.picture_id for row in rows), *also], admitted=let_in)
    for row in (*rows, *admitted):
        row.picture = found.get(row.picture_id)
    return found


def share_image(picture: Any) -> str:
    """Absolute address of a picture for share cards, or ""."""
    return settings.PUBLIC_URL + picture.url(1280) if picture else ""


__all__ = ["ACCENTS", "BoothCard", "ProductRow", "booth_card", "share_image", "with_pictures"]
