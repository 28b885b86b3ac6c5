"""Exhibitors: what booths lack, what tiers let them show, who asks to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from haishi.expo import policies
from haishi.expo.models import BoothStaff, Edition, Enquiry, Exhibitor, NextStep
from haishi.expo.selectors.core import (
    editions_visible_to,
    exhibitors_visible_to,
    get_exhibitor,
)
from haishi.expo.states import EditionState, EnquiryState, ExhibitorState
from haishi.foundation import clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.prepared import Given, Prepared
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.media.states import Kind
from haishi.parties import selectors as parties

__all__ = [
    "MIN_EXHIBITS",
    "MIN_INTRO",
    "MODEL",
    "VIDEO",
    "BoothPage",
    "ChecklistItem",
    "Filters",
    "booth_page",
    "can_apply",
    "checklist",
    "entitled_media",
    "exhibitor_rows",
    "exhibitors_of",
    "get_edition_by_id",
    "lock_any_exhibitor",
    "lock_visible_exhibitor",
    "review_queue",
    "staff_of",
    "steps_of",
]
MIN_INTRO, MIN_EXHIBITS = 40, 3
VIDEO, MODEL = _("视频"), _("三维模型")


@dataclass(frozen=True)
class ChecklistItem:
    """One thing a booth page needs; `route` is where the firm does it, "" when it is not theirs."""

    key: str
    label: Any
    done: bool
    route: str


def checklist(exhibitor: Exhibitor) -> list[ChecklistItem]:
    """What makes a booth page complete, in the order a firm would do it. Two queries."""
    answering = BoothStaff.objects.filter(exhibitor=exhibitor, answers=True).exists()
    stepping = NextStep.objects.filter(exhibitor=exhibitor).exists()
    intro = len(exhibitor.intro.strip()) >= MIN_INTRO
    exhibits = exhibitor.exhibit_count >= MIN_EXHIBITS
    rows: list[tuple[str, Any, bool, str]] = [
        ("headline", _("写一个展位标题"), bool(exhibitor.headline.strip()), "expo:booth_setup"),
        ("intro", _("写一段介绍，至少 40 字"), intro, "expo:booth_setup"),
        ("banner", _("选一张横幅图片"), bool(exhibitor.banner_asset_id), "expo:booth_media"),
        ("staff", _("指定至少一位同事回复询价"), answering, "expo:booth_staff"),
        ("steps", _("放上至少一个下一步按钮"), stepping, "expo:booth_steps"),
        ("exhibits", _("摆出至少 3 件展品"), exhibits, "catalogue:exhibits"),
        ("booth", _("主办方分配展位"), exhibitor.booth_id is not None, ""),
    ]
    return [ChecklistItem(*row) for row in rows]


def entitled_media(exhibitor: Exhibitor) -> tuple[list[int], list[int], int | None]:
    """(pictures and models, documents, video) that the tier lets the booth show.

    A firm moved to a smaller tier keeps its files; what exceeds the tier is not shown.
    """
    room = exhibitor.tier.max_media
    pictures = list(exhibitor.media_ids)
    if pictures and not exhibitor.tier.may_model:
        files = media.assets(pictures)
        pictures = [pk for pk in pictures if pk in files and files[pk].kind != Kind.MODEL]
    pictures = pictures[:room]
    documents = exhibitor.document_ids[: room - len(pictures)]
    return pictures, documents, exhibitor.video_asset_id if exhibitor.tier.may_video else None


_STAFF = Prepared(
    lambda: (
        BoothStaff.objects.filter(exhibitor=Given("exhibitor"), person__is_active=True)
        .select_related("person")
        .order_by("order", "pk")
    )
)
_STEPS = Prepared(
    lambda: NextStep.objects.filter(exhibitor=Given("exhibitor")).order_by("order", "pk")
)


def staff_of(exhibitor: Exhibitor) -> list[BoothStaff]:
    """The people at the booth, in order."""
    return _STAFF(exhibitor=exhibitor.pk)


def steps_of(exhibitor: Exhibitor) -> list[NextStep]:
    """The buttons of the booth page, in order."""
    return _STEPS(exhibitor=exhibitor.pk)


@dataclass(frozen=True)
class BoothPage:
    """What a booth page shows; pictures by asset id, cut to what the tier includes."""

    exhibitor: Exhibitor
    staff: list[BoothStaff]
    steps: list[NextStep]
    media_ids: list[int]
    document_ids: list[int]
    video_id: int | None
    shown: bool

    @property
    def organisation(self) -> Any:
        """The firm."""
        return self.exhibitor.organisation


def booth_page(actor: Actor, exhibitor_id: int) -> BoothPage:
    """A booth by who may see it: four queries at most. Raises NotFound.

    Members of the firm and the organiser see a preview (`shown` is False) before visitors do. An
    edition that is over keeps its booths without next steps.
    """
    exhibitor = get_exhibitor(actor, exhibitor_id)
    pictures, documents, video = entitled_media(exhibitor)
    closed = exhibitor.edition.state == EditionState.CLOSED
    return BoothPage(
        exhibitor=exhibitor,
        staff=[row for row in staff_of(exhibitor) if row.shown][: exhibitor.tier.max_staff],
        steps=[] if closed else steps_of(exhibitor),
        media_ids=pictures,
        document_ids=documents,
        video_id=video,
        shown=policies.is_shown(exhibitor),
    )


def get_edition_by_id(actor: Actor, edition_id: int) -> Edition:
    """One by its id. Raises NotFound."""
    if found := editions_visible_to(actor).filter(pk=edition_id).first():
        return found
    raise NotFound


def lock_visible_exhibitor(actor: Actor, exhibitor_id: int) -> Exhibitor:
    """The exhibitor, row locked, for whoever may see it; the caller checks what else it takes."""
    rows = exhibitors_visible_to(actor).select_for_update(of=("self",))
    found = rows.filter(pk=exhibitor_id).first()
    if found is None:
        raise NotFound
    return found


def lock_any_exhibitor(exhibitor_id: int) -> Exhibitor:
    """The exhibitor, row locked, for work that no person asked for. Raises NotFound."""
    rows = Exhibitor.objects.select_related("tier", "edition").select_for_update(of=("self",))
    found = rows.filter(pk=exhibitor_id).first()
    if found is None:
        raise NotFound
    return found


def exhibitors_of(actor: Actor) -> list[Exhibitor]:
    """Participations of the firms a person belongs to, newest edition first."""
    rows = Exhibitor.objects.filter(organisation__in=parties.roles_of(actor))
    rows = rows.select_related("organisation", "edition", "tier", "booth__hall")
    return list(rows.order_by("-edition__opens_at", "organisation__name", "pk"))


def can_apply(edition: Edition) -> bool:
    """Whether applications are taken now."""
    now = clock.now()
    until = edition.apply_until
    in_time = (until is None or until > now) and edition.closes_at > now
    return edition.state == EditionState.OPEN and in_time


@dataclass(frozen=True)
class Filters:
    """How a list of exhibitors is narrowed; empty values ask for nothing."""

    query: str = ""
    state: str = ""
    tier: int | None = None
    hall: int | None = None
    sort: str = ""
    # "incomplete", "unplaced", "silent", "waiting": what the radar and the close page link to.
    lack: str = ""


SORTS: dict[str, Sequence[str]] = {
    "waiting": ("submitted_at", "pk"),
    "newest": ("-submitted_at", "-pk"),
    "name": ("organisation__name", "pk"),
    "booth": ("booth__hall__order", "booth__code", "pk"),
}


def exhibitor_rows(actor: Actor, edition: Edition, filters: Filters) -> QuerySet[Exhibitor]:
    """Exhibitors of an edition for its organiser, drafts left out. Raises Forbidden."""
    if not policies.works_for(actor, edition):
        raise Forbidden
    rows = Exhibitor.objects.filter(edition=edition).exclude(state=ExhibitorState.DRAFT)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.tier:
        rows = rows.filter(tier=filters.tier)
    if filters.hall:
        rows = rows.filter(booth__hall=filters.hall)
    if filters.query:
        rows = rows.filter(
            Q(organisation__name__icontains=filters.query)
            | Q(organisation__name_en__icontains=filters.query)
            | Q(booth__code__iexact=filters.query)
            | Q(organisation__city__icontains=filters.query)
        )
    rows = _lacking(rows, filters.lack)
    rows = rows.select_related("organisation", "tier", "booth__hall", "contact", "wished_hall")
    return rows.order_by(*SORTS.get(filters.sort, SORTS["name"]))


def _lacking(rows: QuerySet[Exhibitor], lack: str) -> QuerySet[Exhibitor]:
    approved = rows.filter(state=ExhibitorState.APPROVED)
    if lack == "incomplete":
        return approved.filter(complete=False)
    if lack == "unplaced":
        return approved.filter(booth=None)
    if lack == "waiting":  # somebody waits for an answer
        waits = Q(state__in=(EnquiryState.OPEN, EnquiryState.MISSED))
        return rows.filter(Exists(Enquiry.objects.filter(waits, exhibitor=OuterRef("pk"))))
    if lack == "silent":  # somebody waits for an answer beyond the promised time
        missed = Q(state=EnquiryState.MISSED)
        due = Q(state=EnquiryState.OPEN, due_at__lte=clock.now())
        late = Enquiry.objects.filter(missed | due, exhibitor=OuterRef("pk"))
        return approved.filter(Exists(late))
    return rows


def review_queue(actor: Actor, edition: Edition, filters: Filters) -> QuerySet[Exhibitor]:
    """Applications that wait for an answer, longest waiting first. Raises Forbidden."""
    if not policies.can_review(actor, edition):
        raise Forbidden
    waiting = Filters(
        query=filters.query,
        state=ExhibitorState.SUBMITTED,
        tier=filters.tier,
        sort=filters.sort or "waiting",
    )
    rows = exhibitor_rows(actor, edition, waiting)
    return rows.filter(wished_hall=filters.hall) if filters.hall else rows
