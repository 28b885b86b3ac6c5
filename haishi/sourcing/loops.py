"""The clock of requests turns."""

from haishi.foundation import clock
from haishi.foundation.loops import loop
from haishi.sourcing import services


@loop("sourcing-deadlines", 1.0)
def deadlines() -> int:
    """Close what is over and open the seals; tell who has a day left."""
    now = clock.now()
    return services.close_due(now) + services.near_due(now)


@loop("sourcing-waiting", 30.0)
def waiting() -> int:
    """Remind who has to decide; end what nobody decided, split or touched in time."""
    now = clock.now()
    done = services.press_due(now) + services.lapse_due(now)
    return done + services.settle_due(now) + services.expire_drafts(now)
