"""Reading titles, offers and licences. What a person may not see does not exist."""

from haishi.licences.selectors.core import *  # noqa: F403
from haishi.licences.selectors.core import lock_by_id as lock_by_id
from haishi.licences.selectors.grants import *  # noqa: F403
from haishi.licences.selectors.pages import *  # noqa: F403
from haishi.licences.selectors.sales import *  # noqa: F403
from haishi.licences.selectors.told import *  # noqa: F403
