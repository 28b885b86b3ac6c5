"""What other modules hand in and get back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from haishi.foundation.bilingual import Bilingual

PUBLIC = "public"
# The one value of the facet `offer`: whoever may see it can order it at this moment.
OPEN_OFFER = "open"
# Facets of the index, in the order pages show them. `kind` and `price` are filled by this module.
FACETS = ("kind", "edition", "hall", "category", "brand", "side", "city", "price", "offer")


@dataclass(frozen=True)
class Facet:
    """A value of a facet: a stable key (slug or code), and its words when it has any."""

    value: str
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class Document:
    """One thing that can be found. Texts are plain, never HTML.

    `kind` and `object_id` name it; `url` is its page (a path). `facets` maps a name of `FACETS`
    to its values. `price_minor` is in fen. `audience` holds who may find it: `public`,
    `org:<id>`, `organiser:<id>`, `person:<id>`; nobody but operators when empty. `boost` lifts
    (2.0) or lowers (0.5) it among equals.
    """

    kind: str
    object_id: int
    title: str
    url: str
    title_en: str = ""
    summary: str = ""
    summary_en: str = ""
    body: str = ""
    keywords: Sequence[str] = ()
    picture_asset_id: int | None = None
    facets: Mapping[str, Sequence[Facet | str]] = field(default_factory=dict)
    price_minor: int | None = None
    audience: Sequence[str] = (PUBLIC,)
    boost: float = 1.0


@dataclass(frozen=True)
class Query:
    """What is asked. `filters` maps facets to accepted values: one of each facet must match.

    `page` counts from 1; pages beyond the thousandth hit are empty.
    """

    text: str = ""
    kind: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    page: int = 1
    per_page: int = 24


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `marked` where it is what was asked for."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Hit:
    """A found thing, complete for a card: no further question to the database is needed."""

    kind: str
    object_id: int
    title: Bilingual
    summary: Bilingual
    url: str
    picture_asset_id: int | None
    price_minor: int | None
    facets: Mapping[str, Sequence[str]]
    title_pieces: Sequence[Piece]
    summary_pieces: Sequence[Piece]


@dataclass(frozen=True)
class FacetCount:
    """How many visible things of the answer carry a value; `chosen` when it is filtered by."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Results:
    """An answer. `ready` is false while there is no index yet: say so, do not say "nothing found".

    `relaxed`: nothing held everything that was asked, so these hold some of it. `facets` count
    under all filters but their own. `took_ms` is wall time.
    """

    hits: Sequence[Hit]
    total: int
    facets: Mapping[str, Sequence[FacetCount]]
    did_you_mean: str
    page: int
    per_page: int
    took_ms: float
    ready: bool = True
    relaxed: bool = False

    @property
    def pages(self) -> int:
        """How many pages can be turned to."""
        reachable = min(self.total, DEEPEST)
        return max(1, -(-reachable // self.per_page))


@dataclass(frozen=True)
class Suggestion:
    """A title that begins like what was typed."""

    kind: str
    title: Bilingual
    url: str
    kind_label: str = ""


DEEPEST = 1_000
