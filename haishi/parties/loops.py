"""What must not wait for a person: invitations end, reviewers are reminded."""

from haishi.foundation.loops import loop
from haishi.parties import services

loop("invitations", 60.0)(services.expire_invitations)
loop("verification-reminders", 300.0)(services.remind_reviewers)
