"""Reactions to this module's own facts that lead outside the database."""

from procrastinate.contrib.django import app

from haishi.foundation.events import subscribe
from haishi.parties.events import MemberInvited


@subscribe(MemberInvited)
def mail_the_invitation(event: MemberInvited) -> None:
    """Leave the mail to a job: it may fail and be tried again without undoing the invitation."""
    job = app.configure_task("haishi.parties.tasks.mail_invitation")
    job.defer(invitation_id=event.invitation_id)
