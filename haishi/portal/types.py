"""What the pages of the portal are made of."""

from dataclasses import dataclass, field
from typing import Any

from haishi.foundation.bilingual import Bilingual


@dataclass(frozen=True)
class Door:
    """A hall as a card: its name, how many booths are shown, its picture."""

    slug: str
    title: Bilingual
    summary: Bilingual
    booths: int
    picture_id: int | None
    is_launch_hall: bool


@dataclass(frozen=True)
class HomePage:
    """Everything the home page of an edition shows."""

    edition: Any
    doors: list[Door]
    featured: list[Any]
    products: list[Any]
    now: list[Any]
    next: list[Any]
    announcements: list[Any]
    numbers: dict[str, int]
    pictures: dict[int, Any] = field(default_factory=dict)
