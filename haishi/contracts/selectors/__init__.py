"""What contracts show."""

from haishi.contracts.selectors.core import *  # noqa: F403
from haishi.contracts.selectors.lists import *  # noqa: F403
from haishi.contracts.selectors.pages import *  # noqa: F403
from haishi.contracts.selectors.starts import *  # noqa: F403
