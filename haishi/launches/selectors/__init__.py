"""Reading launches. What is embargoed does not exist for others."""

from haishi.launches.selectors.claims import draw_file, my_claim, sale_numbers
from haishi.launches.selectors.core import (
    get_launch,
    launches_visible_to,
    lock_announced,
    lock_editable,
    lock_for_review,
    missing_of,
)

__all__ = [
    "draw_file",
    "get_launch",
    "launches_visible_to",
    "lock_announced",
    "lock_editable",
    "lock_for_review",
    "missing_of",
    "my_claim",
    "sale_numbers",
]
