"""What a firm shows at its booth: texts, pictures, people, next steps; is it complete?"""

from collections.abc import Sequence

from haishi.expo import selectors
from haishi.expo.errors import (
    NotColleague,
    PictureOfAnother,
    StepTwice,
    StepUnclear,
    TierForbids,
    TierFull,
)
from haishi.expo.events import BoothChanged
from haishi.expo.models import BoothStaff, Exhibitor, NextStep
from haishi.expo.states import EditionState, ExhibitorState, StepKind
from haishi.expo.types import StaffMember, Step
from haishi.foundation import audit
from haishi.foundation.errors import Conflict
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.media.states import AssetState
from haishi.parties import selectors as parties

MAX_LINKS = 3


def _lock(actor: Actor, exhibitor_id: int) -> Exhibitor:
    """Booths are set up from the first draft on; a suspended one may be corrected too."""
    exhibitor = selectors.lock_exhibitor(actor, exhibitor_id)
    if exhibitor.edition.state == EditionState.CLOSED:
        raise Conflict
    return exhibitor


def refresh(exhibitor: Exhibitor) -> None:
    """Recount completeness of a locked row; tells when it changed what visitors see."""
    complete = all(item.done for item in selectors.checklist(exhibitor))
    if complete != exhibitor.complete:
        exhibitor.complete = complete
        exhibitor.save(update_fields=["complete", "updated_at"])
        publish(BoothChanged(exhibitor.organisation_id, exhibitor.pk))


def _changed(exhibitor: Exhibitor) -> None:
    refresh(exhibitor)
    if exhibitor.state == ExhibitorState.APPROVED:
        publish(BoothChanged(exhibitor.organisation_id, exhibitor.pk))


def _grow(actor: Actor, exhibitor: Exhibitor, seen: int | None) -> None:
    """Notice a stale page and grow the version, for lists that live in tables of their own."""
    audit.save_edited(actor, "booth.edited", exhibitor, seen or exhibitor.version)
    exhibitor.version += 1
    exhibitor.save(update_fields=["version", "updated_at"])


@service
def refresh_complete(exhibitor_id: int) -> bool:
    """Recount whether the booth page is complete; returns it. For other areas and tasks."""
    exhibitor = selectors.lock_any_exhibitor(exhibitor_id)
    refresh(exhibitor)
    return exhibitor.complete


@service
def note_exhibits(exhibitor_id: int, count: int) -> None:
    """The catalogue tells how many exhibits the booth shows. Raises NotFound."""
    exhibitor = selectors.lock_any_exhibitor(exhibitor_id)
    if exhibitor.exhibit_count == count:
        return
    exhibitor.exhibit_count = count
    exhibitor.save(update_fields=["exhibit_count", "updated_at"])
    _changed(exhibitor)


@service
def set_up_booth(
    actor: Actor,
    exhibitor_id: int,
    seen: int,
    *,
    headline: str,
    intro: str,
    template: str,
    colour: str,
    headline_en: str = "",
    intro_en: str = "",
) -> Exhibitor:
    """Write the booth page. Raises NotFound, Forbidden, Conflict, Stale."""
    exhibitor = _lock(actor, exhibitor_id)
    changed = audit.save_edited(
        actor,
        "booth.edited",
        exhibitor,
        seen,
        headline=headline,
        headline_en=headline_en,
        intro=intro,
        intro_en=intro_en,
        template=template,
        colour=colour,
    )
    if changed:
        _changed(exhibitor)
    return exhibitor


@service
def set_media(
    actor: Actor,
    exhibitor_id: int,
    *,
    banner: int | None,
    pictures: Sequence[int],
    documents: Sequence[int] = (),
    video: int | None = None,
    seen: int | None = None,
) -> Exhibitor:
    """Choose banner, pictures and models in order, documents and the video, by asset id.

    Raises NotFound, Forbidden, Conflict, Stale, TierFull, TierForbids, PictureOfAnother.
    """
    exhibitor = _lock(actor, exhibitor_id)
    pictures, documents = list(dict.fromkeys(pictures)), list(dict.fromkeys(documents))
    _check_media(exhibitor, banner, pictures, documents, video)
    changed = audit.save_edited(
        actor,
        "booth.media_chosen",
        exhibitor,
        seen or exhibitor.version,
        banner_asset_id=banner,
        video_asset_id=video,
        media_ids=pictures,
        document_ids=documents,
    )
    if changed:
        _changed(exhibitor)
    return exhibitor


def _check_media(
    exhibitor: Exhibitor,
    banner: int | None,
    chosen: Sequence[int],
    documents: Sequence[int],
    video: int | None,
) -> None:
    tier = exhibitor.tier
    if len(chosen) + len(documents) > tier.max_media:
        raise TierFull(limit=tier.max_media, field="pictures")
    if video and not tier.may_video:
        raise TierForbids(what=selectors.VIDEO)
    wanted = {*chosen, *documents, *(i for i in (banner, video) if i)}
    files = media.assets(wanted)
    for pk in wanted:
        file = files.get(pk)
        if (
            file is None
            or file.organisation_id != exhibitor.organisation_id
            or file.private
            or file.state == AssetState.REFUSED
        ):
            raise PictureOfAnother
    if not tier.may_model and any(files[i].kind == "model" for i in chosen):
        raise TierForbids(what=selectors.MODEL)
    right = (
        (not banner or files[banner].kind == "image")
        and (not video or files[video].kind == "video")
        and all(files[i].kind in ("image", "model") for i in chosen)
        and all(files[i].kind == "document" for i in documents)
    )
    if not right:
        raise PictureOfAnother


@service
def set_staff(
    actor: Actor, exhibitor_id: int, staff: Sequence[StaffMember], seen: int | None = None
) -> Exhibitor:
    """Who stands at the booth, in order; all must be members of the firm.

    Raises NotFound, Forbidden, Conflict, Stale, NotColleague, TierFull.
    """
    exhibitor = _lock(actor, exhibitor_id)
    people = {member.person_id: member for member in staff}
    if len(people) > exhibitor.tier.max_staff:
        raise TierFull(limit=exhibitor.tier.max_staff, field="staff")
    if not set(people) <= set(parties.member_ids(exhibitor.organisation_id)):
        raise NotColleague(field="staff")
    _grow(actor, exhibitor, seen)
    BoothStaff.objects.filter(exhibitor=exhibitor).delete()
    BoothStaff.objects.bulk_create(
        BoothStaff(
            exhibitor=exhibitor,
            person_id=member.person_id,
            answers=member.answers,
            shown=member.shown,
            order=order,
        )
        for order, member in enumerate(people.values())
    )
    audit.record(actor, "booth.staffed", exhibitor, people=list(people))
    _changed(exhibitor)
    return exhibitor


@service
def set_steps(
    actor: Actor, exhibitor_id: int, steps: Sequence[Step], seen: int | None = None
) -> Exhibitor:
    """The buttons of the booth page, in order.

    Raises NotFound, Forbidden, Conflict, Stale, StepTwice, StepUnclear.
    """
    exhibitor = _lock(actor, exhibitor_id)
    _check_steps(steps)
    _grow(actor, exhibitor, seen)
    NextStep.objects.filter(exhibitor=exhibitor).delete()
    NextStep.objects.bulk_create(
        NextStep(
            exhibitor=exhibitor,
            kind=step.kind,
            label=step.label,
            label_en=step.label_en,
            url=step.url,
            order=order,
        )
        for order, step in enumerate(steps)
    )
    audit.record(actor, "booth.steps_chosen", exhibitor, kinds=[step.kind for step in steps])
    _changed(exhibitor)
    return exhibitor


def _check_steps(steps: Sequence[Step]) -> None:
    kinds = [step.kind for step in steps]
    for kind in StepKind.values:
        if kinds.count(kind) > (MAX_LINKS if kind == StepKind.LINK else 1):
            raise StepTwice
    for step in steps:
        if step.kind == StepKind.LINK and not (step.label and step.url.startswith("https://")):
            raise StepUnclear
