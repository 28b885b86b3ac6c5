"""What people write about deals."""

from haishi.trade.forms.disputes import *  # noqa: F403
from haishi.trade.forms.goods import *  # noqa: F403
from haishi.trade.forms.invoices import *  # noqa: F403
from haishi.trade.forms.money import *  # noqa: F403
from haishi.trade.forms.orders import *  # noqa: F403
from haishi.trade.forms.shop import *  # noqa: F403
from haishi.trade.forms.spending import *  # noqa: F403
