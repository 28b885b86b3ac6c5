"""What must not wait for a person: talks lapse, terms end, silence is told on."""

from haishi.foundation.loops import loop
from haishi.licences import services

loop("licence-lapse", 30.0)(services.lapse_due)
loop("licence-end", 60.0)(services.expire_due)
loop("licence-unopened", 300.0)(services.receive_unopened)
loop("licence-silence", 60.0)(services.escalate_due)


@loop("licence-reminders", 300.0)
def reminders() -> int:
    """Answers, guarantees, bills and reports that run out soon."""
    return services.remind_waiting() + services.remind_unpaid() + services.remind_reports()
