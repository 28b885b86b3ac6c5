"""What is still open in an edition before it is closed for good."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.expo.models import Edition, Enquiry, Exhibitor, Reconfirmation
from haishi.expo.selectors.programme import draft_changes
from haishi.expo.states import EnquiryState, ExhibitorState, ReconfirmationState

__all__ = ["Pending", "pending_before_closing", "register_pending"]


@dataclass(frozen=True)
class Pending:
    """Something that waits: how many, what closing does to it, and where it is dealt with."""

    label: str
    count: int
    effect: str
    url: str


Source = Callable[[Edition], Pending]
_SOURCES: dict[str, Source] = {}


def register_pending(name: str, source: Source) -> None:
    """Let a higher module name what waits in an edition: one bounded count."""
    _SOURCES[name] = source


def pending_before_closing(edition: Edition) -> list[Pending]:
    """What waits, only what there is of it. Six queries, and one of each module above."""
    rows = [*_exhibitors(edition), _enquiries(edition), _requests(edition), _programme(edition)]
    rows += [source(edition) for source in _SOURCES.values()]
    return [row for row in rows if row.count]


def _exhibitors(edition: Edition) -> list[Pending]:
    counts = Exhibitor.objects.filter(edition=edition).aggregate(
        waiting=Count("pk", filter=Q(state=ExhibitorState.SUBMITTED)),
        returned=Count("pk", filter=Q(state=ExhibitorState.RETURNED)),
        hidden=Count("pk", filter=Q(state=ExhibitorState.APPROVED, complete=False)),
    )
    queue = reverse("expo:queue", args=[edition.slug])
    listing = reverse("expo:exhibitors", args=[edition.slug])
    never = _("闭幕后不再受理")
    return [
        Pending(_("待审核的参展申请"), counts["waiting"], never, queue),
        Pending(_("退回待修改的申请"), counts["returned"], never, f"{listing}?state=returned"),
        Pending(
            _("未完成的展位页面"),
            counts["hidden"],
            _("不会进入存档"),
            f"{listing}?lack=incomplete",
        ),
    ]


def _enquiries(edition: Edition) -> Pending:
    waiting = Enquiry.objects.filter(
        exhibitor__edition=edition, state__in=(EnquiryState.OPEN, EnquiryState.MISSED)
    )
    listing = reverse("expo:exhibitors", args=[edition.slug])
    return Pending(
        _("未答复的询价"),
        waiting.count(),
        _("会结束，并通知询价的人"),
        f"{listing}?lack=waiting",
    )


def _requests(edition: Edition) -> Pending:
    asked = Reconfirmation.objects.filter(edition=edition, state=ReconfirmationState.ASKED)
    return Pending(
        _("等待答复的续展邀请"),
        asked.count(),
        _("会过期，并通知双方"),
        reverse("expo:again", args=[edition.slug]) + "?state=asked",
    )


def _programme(edition: Edition) -> Pending:
    return Pending(
        _("未发布的日程变化"),
        len(draft_changes(edition)),
        _("访客与存档看到的仍是上一版"),
        reverse("expo:timetable", args=[edition.slug]),
    )
