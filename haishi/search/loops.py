"""The indexer: the only writer of the index, a loop of the worker."""

from haishi.foundation.loops import loop
from haishi.search.errors import IndexBusy
from haishi.search.services import take_in


@loop("search", 0.5)
def step() -> int:
    """Take in what waits; while `haishi manage reindex` holds the pen, rest."""
    try:
        return take_in()
    except IndexBusy:
        return 0
