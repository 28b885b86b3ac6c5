"""Reading the expo. What a person may not see does not exist."""

from haishi.expo.selectors.core import *  # noqa: F403
from haishi.expo.selectors.desk import *  # noqa: F403
from haishi.expo.selectors.exhibitors import *  # noqa: F403
from haishi.expo.selectors.floor import *  # noqa: F403
from haishi.expo.selectors.programme import *  # noqa: F403
from haishi.expo.selectors.radar import *  # noqa: F403
from haishi.expo.selectors.shown import *  # noqa: F403
from haishi.expo.selectors.tables import *  # noqa: F403
