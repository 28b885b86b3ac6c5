"""What the exhibitor's pages show besides the booth itself."""

from typing import Any

from django.db.models import Sum
from django.urls import NoReverseMatch

from haishi.expo.models import Edition, Exhibitor, Tally
from haishi.expo.selectors.exhibitors import ChecklistItem, staff_of, steps_of
from haishi.expo.states import StepKind
from haishi.foundation.addresses import address
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.parties import selectors as parties

__all__ = [
    "checklist_links",
    "chosen_media",
    "firms_to_apply",
    "participations",
    "staff_choices",
    "step_lines",
    "views_of",
]
MAX_STEPS = 6


def checklist_links(
    exhibitor: Exhibitor, checklist: list[ChecklistItem]
) -> list[tuple[ChecklistItem, str]]:
    """Each item with the address where the firm does it, "" when it is not theirs."""
    return [(item, _address(item.route, exhibitor.pk)) for item in checklist]


def _address(route: str, pk: int) -> str:
    try:
        return address(route, pk) if route else ""
    except NoReverseMatch:
        return ""  # an installation without that module


def participations(actor: Actor, edition: Edition) -> list[Exhibitor]:
    """Of one's firms in this edition."""
    rows = Exhibitor.objects.filter(edition=edition, organisation__in=parties.roles_of(actor))
    return list(rows.select_related("organisation").order_by("pk"))


def firms_to_apply(actor: Actor, edition: Edition) -> list[Any]:
    """Organisations one manages that have not applied to this edition."""
    present = Exhibitor.objects.filter(edition=edition).values("organisation")
    rows = parties.organisations().filter(pk__in=parties.managed_by(actor))
    return list(rows.exclude(pk__in=present).order_by("name", "pk"))


def chosen_media(exhibitor: Exhibitor) -> dict[str, Any]:
    """Initial values of the media form: the stored ids, models apart from pictures."""
    files = media.assets(exhibitor.media_ids)
    models = [pk for pk in exhibitor.media_ids if pk in files and files[pk].kind == "model"]
    return {
        "banner": exhibitor.banner_asset_id,
        "pictures": [pk for pk in exhibitor.media_ids if pk not in models],
        "models": models,
        "video": exhibitor.video_asset_id,
        "documents": exhibitor.document_ids,
    }


def staff_choices(exhibitor: Exhibitor) -> list[tuple[Any, dict[str, Any]]]:
    """(person, line of the form) of all colleagues; those at the booth first, in their order."""
    present = {row.person_id: row for row in staff_of(exhibitor)}
    people = [row.person for row in parties.members(exhibitor.organisation_id)]
    people.sort(key=lambda person: present[person.pk].order if person.pk in present else 10**6)
    lines = []
    for number, person in enumerate(people, 1):
        row = present.get(person.pk)
        line = {
            "person_id": person.pk,
            "present": row is not None,
            "answers": row.answers if row else True,
            "shown": row.shown if row else True,
            "order": number,
        }
        lines.append((person, line))
    return lines


def step_lines(exhibitor: Exhibitor) -> list[dict[str, Any]]:
    """The lines of the form: what is chosen, then two empty; a new booth starts with two."""
    chosen = [
        {"kind": s.kind, "label": s.label, "label_en": s.label_en, "url": s.url}
        for s in steps_of(exhibitor)
    ] or [{"kind": StepKind.ENQUIRE}, {"kind": StepKind.CARD}]
    spare: list[dict[str, Any]] = [{} for _n in range(min(2, MAX_STEPS - len(chosen)))]
    return [{**line, "order": number} for number, line in enumerate([*chosen, *spare], 1)]


def views_of(exhibitor: Exhibitor) -> int:
    """Visits of the booth page on all days."""
    rows = Tally.objects.filter(subject=f"exhibitor:{exhibitor.pk}", kind="view")
    return int(rows.aggregate(n=Sum("count"))["n"] or 0)
