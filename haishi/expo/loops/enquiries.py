"""The reply clock turns."""

from haishi.expo import services
from haishi.foundation import clock
from haishi.foundation.loops import loop


@loop("expo-replies", 15.0)
def replies() -> int:
    """Turn the reply clock: reminders, missed enquiries, reports to the organiser."""
    now = clock.now()
    return services.remind_owners(now) + services.mark_missed(now) + services.report_neglected(now)
