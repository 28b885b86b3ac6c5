"""What people hear about archives and about coming again."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.expo import selectors, services
from haishi.expo.events import (
    ArchiveBuilt,
    ArchiveFailed,
    ReconfirmationAsked,
    ReconfirmationConfirmed,
    ReconfirmationDeclined,
    ReconfirmationExpired,
    ReconfirmationReminded,
)
from haishi.expo.models import Reconfirmation
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.events import subscribe
from haishi.foundation.types import SYSTEM
from haishi.notices import services as notices
from haishi.parties import selectors as parties
from haishi.parties.states import Duty

notices.register_kind("again", "续展邀请", "Coming again", mail="now")
services.register_archive_pages("expo", selectors.programme_paths)


@subscribe(ArchiveBuilt, ArchiveFailed)
def tell_owners(event: ArchiveBuilt | ArchiveFailed) -> None:
    """The organiser's owners hear that the archive is complete, or that it is not."""
    edition = selectors.get_edition_by_id(SYSTEM, event.edition_id)
    built = isinstance(event, ArchiveBuilt)
    notices.tell(
        parties.people_with_duty(edition.series.organiser_id, (Duty.OWNER,)),
        "edition_end",
        _("“%(name)s”的存档已完成") if built else _("“%(name)s”的存档未能完成"),
        _("可在线查阅，也可整包下载保存。") if built else _("原因和再次生成的按钮在闭幕页面。"),
        reverse("expo:close", args=[edition.slug]),
        values={"name": edition.name},
        important=not built,
    )


def _tell_firm(row: Reconfirmation, subject: Any, body: Any, *, important: bool) -> None:
    notices.tell(
        parties.member_ids(row.previous.organisation_id, managing=True),
        "again",
        subject,
        body,
        reverse("expo:come_again", args=[row.previous_id]),
        values=_values(row),
        topic=f"again:{row.pk}",
        important=important,
    )


def _values(row: Reconfirmation) -> dict[str, Any]:
    return {"edition": row.edition.name, "firm": row.previous.organisation.name}


def _tell_organiser(row: Reconfirmation, subject: Any, state: str) -> None:
    """Answers of one kind are counted together while they are unread."""
    people: Iterable[int] = parties.people_with_duty(
        row.edition.series.organiser_id, (Duty.OWNER, Duty.REVIEWER)
    )
    address = reverse("expo:again", args=[row.edition.slug])
    notices.tell(
        people,
        "again",
        subject,
        Bilingual(row.edition.name, row.edition.name_en),
        f"{address}?state={state}",
        values=_values(row),
        topic=f"again:{state}:{row.edition_id}",
    )


@subscribe(ReconfirmationAsked)
def invite(event: ReconfirmationAsked) -> None:
    """The firm's managers are asked."""
    row = selectors.request_facts(event.reconfirmation_id)
    if row is not None:
        body = _("上一届的展位页面、图片、同事和展品会一并带到新展位。请在期限前答复。")
        _tell_firm(row, _("“%(edition)s”邀请%(firm)s继续参展"), body, important=True)


@subscribe(ReconfirmationReminded)
def remind(event: ReconfirmationReminded) -> None:
    """They are reminded once."""
    row = selectors.request_facts(event.reconfirmation_id)
    if row is not None:
        body = _("答复时间已过半。点开即可确认或谢绝。")
        _tell_firm(row, _("“%(edition)s”还在等%(firm)s的答复"), body, important=True)


@subscribe(ReconfirmationExpired)
def tell_both(event: ReconfirmationExpired) -> None:
    """Time is over: both sides know where they stand."""
    row = selectors.request_facts(event.reconfirmation_id)
    if row is not None:
        body = _("如仍想参展，请联系主办方，或直接提交申请。")
        _tell_firm(row, _("“%(edition)s”的续展邀请已过期"), body, important=False)
        _tell_organiser(row, _("%(firm)s没有在期限内答复续展邀请"), "expired")


@subscribe(ReconfirmationConfirmed)
def tell_confirmed(event: ReconfirmationConfirmed) -> None:
    """The organiser hears who comes again."""
    row = selectors.request_facts(event.reconfirmation_id)
    if row is not None:
        _tell_organiser(row, _("%(firm)s确认继续参展"), "confirmed")


@subscribe(ReconfirmationDeclined)
def tell_declined(event: ReconfirmationDeclined) -> None:
    """The organiser hears who does not."""
    row = selectors.request_facts(event.reconfirmation_id)
    if row is not None:
        _tell_organiser(row, _("%(firm)s谢绝了续展邀请"), "declined")
