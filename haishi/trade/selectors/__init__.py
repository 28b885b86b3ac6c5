"""What trade shows."""

from haishi.trade.selectors.bank import *  # noqa: F403
from haishi.trade.selectors.behind import *  # noqa: F403
from haishi.trade.selectors.cart import *  # noqa: F403
from haishi.trade.selectors.deliveries import *  # noqa: F403
from haishi.trade.selectors.desk import *  # noqa: F403
from haishi.trade.selectors.disputes import *  # noqa: F403
from haishi.trade.selectors.invoices import *  # noqa: F403
from haishi.trade.selectors.ledger import *  # noqa: F403
from haishi.trade.selectors.offers import *  # noqa: F403
from haishi.trade.selectors.orders import *  # noqa: F403
from haishi.trade.selectors.outcome import *  # noqa: F403
from haishi.trade.selectors.payouts import *  # noqa: F403
from haishi.trade.selectors.rails import *  # noqa: F403
from haishi.trade.selectors.rebuilt import *  # noqa: F403
from haishi.trade.selectors.reconciling import *  # noqa: F403
from haishi.trade.selectors.reviews import *  # noqa: F403
from haishi.trade.selectors.spending import *  # noqa: F403
from haishi.trade.selectors.stock import *  # noqa: F403
