"""How a module says who may open which address, and the rows of the house itself.

The table is read by `haishi/config/tests/test_access.py`, which explains it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.papers import Paper, Paragraph, registry

CAST = ("nobody", "stranger", "zhou", "lin", "chen", "operator")
Kwargs = Mapping[str, Any]


@dataclass(frozen=True)
class World:
    """The fixed cast with its two organisations, fresh for every row."""

    stranger: Any
    zhou: Any
    lin: Any
    chen: Any
    operator: Any
    firm: Any
    organiser: Any


@dataclass(frozen=True)
class Row:
    """One route and the status each of `CAST` gets, in that order; one number means everybody.

    `kwargs(world)` makes what the address names and returns the values of its variables.
    `body(world)` is what is sent (form fields, or JSON when `json`).
    """

    route: str
    statuses: str
    kwargs: Callable[[World], Kwargs] = lambda world: {}
    method: str = "get"
    body: Callable[[World], Any] = lambda world: {}
    json: bool = False
    headers: Kwargs = field(default_factory=dict)

    def expected(self) -> dict[str, int]:
        """{member of the cast: status}."""
        codes = [int(code) for code in self.statuses.split()]
        codes = codes * len(CAST) if len(codes) == 1 else codes
        return dict(zip(CAST, codes, strict=True))


def issued(world: World) -> Kwargs:
    """A paper of the firm."""
    paper = Paper("HT0001", "合同", (Paragraph("海市"),))
    return {"code": registry.issue(world.lin, paper, kind=Bilingual("合同", "Contract")).code}


ROWS = [
    Row("foundation:healthz", "200"),
    Row("foundation:metrics", "200"),  # the test client is on loopback
    Row("foundation:specimen", "200"),
    # Anybody may check a paper; a file that is none is refused.
    Row("foundation:paper", "200", issued),
    Row("foundation:paper", "422", issued, "post"),
    Row("foundation:paper_root", "200"),
    # The description of the API is public.
    Row("api:openapi-json", "200"),
    Row("api:openapi-view", "200"),
    Row("api:api-root", "404"),
]
