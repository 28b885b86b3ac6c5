"""What the worker looks after by the clock."""

from haishi.foundation.loops import loop
from haishi.media import services


@loop("media-expiry", 60.0)
def expire() -> int:
    """Unfinished uploads and files that nobody finished checking go after a day."""
    return services.expire_uploads() + services.expire_pending() + services.retry_stuck()
