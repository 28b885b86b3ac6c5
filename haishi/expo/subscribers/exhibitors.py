"""What people hear about applications, announcements and coming again."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.expo import selectors
from haishi.expo.events import (
    ExhibitorApproved,
    ExhibitorReturned,
    ExhibitorSubmitted,
    ExhibitorSuspended,
)
from haishi.foundation.events import subscribe
from haishi.notices import services as notices
from haishi.parties import selectors as parties
from haishi.parties.services import Ties, register_ties
from haishi.parties.states import Duty

notices.register_kind("application", "参展申请", "Applications", mail="now")
notices.register_kind("edition_end", "展会闭幕", "End of an edition", mail="now")
register_ties(Ties(selectors.firms_that_came, selectors.organisers_come_to))


@subscribe(ExhibitorSubmitted)
def tell_reviewers(event: ExhibitorSubmitted) -> None:
    """The organiser's reviewers hear of a new application; unread ones are counted together."""
    row = selectors.exhibitor_facts(event.exhibitor_id)
    if row is None:
        return
    notices.tell(
        parties.people_with_duty(row.edition.series.organiser_id, (Duty.REVIEWER,)),
        "application",
        _("有新的参展申请"),
        _("%(firm)s 申请参加%(edition)s。"),
        reverse("expo:queue", args=[row.edition.slug]),
        values={"firm": row.organisation.name, "edition": row.edition.name},
        topic=f"applications:{row.edition_id}",
    )


@subscribe(ExhibitorApproved, ExhibitorReturned, ExhibitorSuspended)
def tell_firm(event: ExhibitorApproved | ExhibitorReturned | ExhibitorSuspended) -> None:
    """The firm's managers hear the answer."""
    row = selectors.exhibitor_facts(event.exhibitor_id)
    if row is None:
        return
    subject = {
        ExhibitorApproved: _("参展申请已通过"),
        ExhibitorReturned: _("参展申请被退回"),
        ExhibitorSuspended: _("展位已暂停展示"),
    }[type(event)]
    notices.tell(
        parties.member_ids(event.organisation_id, managing=True),
        "application",
        subject,
        row.reason or _("接下来可以布置展位，上架展品。"),
        reverse("expo:exhibit", args=[row.pk]),
        important=True,
    )
