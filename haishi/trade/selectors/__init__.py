"""What trade shows."""

from haishi.trade.selectors.bank import *  # noqa: F403
from haishi.trade.selectors.ledger import *  # noqa: F403
from haishi.trade.selectors.orders import *  # noqa: F403
from haishi.trade.selectors.payouts import *  # noqa: F403
from haishi.trade.selectors.rails import *  # noqa: F403
from haishi.trade.selectors.reconciling import *  # noqa: F403
from haishi.trade.selectors.spending import *  # noqa: F403
