"""Requests to come again are remembered once, and end."""

from haishi.expo import services
from haishi.foundation import clock
from haishi.foundation.loops import loop


@loop("expo-again", 30.0)
def requests() -> int:
    """Remind at half time, end what is over."""
    now = clock.now()
    return services.remind_requests(now) + services.expire_requests(now)
