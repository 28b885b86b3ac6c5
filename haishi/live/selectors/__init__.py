"""Reading live sessions. What is not announced does not exist for others."""

from haishi.live.policies import (  # noqa: F401 - the questions other modules may ask
    can_host,
    can_moderate,
    can_speak,
    can_stop,
    is_over,
    is_public,
)
from haishi.live.selectors.chat import *  # noqa: F403
from haishi.live.selectors.console import *  # noqa: F403
from haishi.live.selectors.contributed import *  # noqa: F403
from haishi.live.selectors.core import *  # noqa: F403
from haishi.live.selectors.documents import *  # noqa: F403
from haishi.live.selectors.lines import *  # noqa: F403
from haishi.live.selectors.playback import *  # noqa: F403
from haishi.live.selectors.replays import *  # noqa: F403
from haishi.live.selectors.report import *  # noqa: F403
from haishi.live.selectors.reservations import *  # noqa: F403
from haishi.live.selectors.shown import *  # noqa: F403
from haishi.live.selectors.stage import *  # noqa: F403
from haishi.live.selectors.things import *  # noqa: F403
from haishi.live.selectors.walks import *  # noqa: F403
