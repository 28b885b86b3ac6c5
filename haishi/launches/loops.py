"""The clock of launches turns."""

from haishi.foundation import clock
from haishi.foundation.loops import loop
from haishi.launches import services


@loop("launch-stage", 0.5)
def stage() -> int:
    """Unveil what is due; remind those who asked."""
    now = clock.now()
    return services.unveil_due(now) + services.remind_due(now)


@loop("launch-weights", 300.0)
def weigh() -> int:
    """Reservations of accounts that have grown up begin to count."""
    return services.weigh_due(clock.now())


@loop("launch-sales", 1.0)
def sales() -> int:
    """Decide, take back, pass on, close: in this order, so that nobody waits for a closed sale."""
    now = clock.now()
    done = services.decide_due(now) + services.expire_unpaid()
    return done + services.promote_due(now) + services.close_ended(now)
