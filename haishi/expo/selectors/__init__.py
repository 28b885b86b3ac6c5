"""Reading the expo. What a person may not see does not exist."""

from haishi.expo.policies import (  # noqa: F401 - the questions other modules may ask
    can_enter,
    can_moderate,
    can_serve,
    can_set_up,
    works_for,
)
from haishi.expo.selectors.again import *  # noqa: F403
from haishi.expo.selectors.agenda import *  # noqa: F403
from haishi.expo.selectors.archives import *  # noqa: F403
from haishi.expo.selectors.attendance import *  # noqa: F403
from haishi.expo.selectors.closing import *  # noqa: F403
from haishi.expo.selectors.contacts import *  # noqa: F403
from haishi.expo.selectors.core import *  # noqa: F403
from haishi.expo.selectors.desk import *  # noqa: F403
from haishi.expo.selectors.documents import *  # noqa: F403
from haishi.expo.selectors.enquiries import *  # noqa: F403
from haishi.expo.selectors.exhibitors import *  # noqa: F403
from haishi.expo.selectors.floor import *  # noqa: F403
from haishi.expo.selectors.funnel import *  # noqa: F403
from haishi.expo.selectors.leads import *  # noqa: F403
from haishi.expo.selectors.outcome import *  # noqa: F403
from haishi.expo.selectors.programme import *  # noqa: F403
from haishi.expo.selectors.programme_parts import *  # noqa: F403
from haishi.expo.selectors.radar import *  # noqa: F403
from haishi.expo.selectors.shown import *  # noqa: F403
from haishi.expo.selectors.stage_places import *  # noqa: F403
from haishi.expo.selectors.tables import *  # noqa: F403
