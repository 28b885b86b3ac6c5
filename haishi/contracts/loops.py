"""The clocks of contracts turn."""

from haishi.contracts import services
from haishi.foundation.loops import loop

loop("contract-ends", 30.0)(services.expire_due)
loop("contract-reminders", 60.0)(services.remind_due)
loop("contract-silence", 30.0)(services.accept_silent)
loop("contract-overdue", 300.0)(services.chase_overdue)
