"""Reading the expo. What a person may not see does not exist."""

from haishi.expo.selectors.core import *  # noqa: F403
