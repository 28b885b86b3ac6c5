"""MediaMTX and SRS as a driver meets them: their hooks, their HTTP API, their way to say no.

Both keep a few publishers and readers in memory. `bodies/` holds one example of each body. Sources:
bluenviron/mediamtx api/openapi.yaml and docs (authentication, hooks), ossrs.io documents of SRS 6
(http-callback, http-api). Nothing here needs the house or the origin.
"""

import json
from pathlib import Path
from typing import Any

BODIES = Path(__file__).parent / "bodies"


def body(name: str, **changes: Any) -> dict[str, Any]:
    """An example by its file's name, with some of its fields changed."""
    example: dict[str, Any] = json.loads((BODIES / f"{name}.json").read_text())
    return example | changes
