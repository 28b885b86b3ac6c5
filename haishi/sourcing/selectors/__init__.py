"""Reading requests, quotations and awards. What one may not see does not exist."""

from haishi.sourcing.selectors.bids import *  # noqa: F403
from haishi.sourcing.selectors.board import *  # noqa: F403
from haishi.sourcing.selectors.core import *  # noqa: F403
from haishi.sourcing.selectors.desk import *  # noqa: F403
from haishi.sourcing.selectors.notified import *  # noqa: F403
from haishi.sourcing.selectors.shown import *  # noqa: F403
