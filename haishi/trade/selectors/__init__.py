"""What trade shows."""

from haishi.trade.selectors.disputes import *  # noqa: F403
from haishi.trade.selectors.invoices import *  # noqa: F403
from haishi.trade.selectors.ledger import *  # noqa: F403
from haishi.trade.selectors.orders import *  # noqa: F403
from haishi.trade.selectors.rails import *  # noqa: F403
from haishi.trade.selectors.rebuilt import *  # noqa: F403
from haishi.trade.selectors.spending import *  # noqa: F403
