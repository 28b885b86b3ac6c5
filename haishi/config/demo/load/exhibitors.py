"""Exhibitors on the floor: booth pages, colleagues, next steps; and some in every other state."""

from __future__ import annotations

import datetime as dt
from typing import Any

from haishi.config.demo import names, programme
from haishi.config.demo.load.structure import tier_of
from haishi.config.demo.load.world import World
from haishi.expo.models import Booth, BoothStaff, Exhibitor, NextStep, Tier
from haishi.expo.states import BoothColour, BoothTemplate, ExhibitorState, StepKind
from haishi.foundation.service import service

# Firms after the shown ones, as a review desk meets them; those after them do not come this year.
OTHER_STATES = (
    (ExhibitorState.SUBMITTED, ""),
    (ExhibitorState.SUBMITTED, ""),
    (ExhibitorState.SUBMITTED, ""),
    (ExhibitorState.RETURNED, "参展计划里缺少展品清单，请补充主要展品与到展时间。"),
    (ExhibitorState.RETURNED, "营业执照照片模糊，请重新上传。"),
    (ExhibitorState.SUSPENDED, "展品资质文件过期，更新后即可恢复。"),
    (ExhibitorState.APPROVED, ""),
    (ExhibitorState.APPROVED, ""),
    (ExhibitorState.SUBMITTED, ""),
    (ExhibitorState.DRAFT, ""),
    (ExhibitorState.SUBMITTED, ""),
    (ExhibitorState.SUBMITTED, ""),
    (ExhibitorState.RETURNED, "展位搭建图超出承重限制，请与搭建商确认后再提交。"),
    (ExhibitorState.SUBMITTED, ""),
    (ExhibitorState.SUBMITTED, ""),
    (ExhibitorState.DRAFT, ""),
    (ExhibitorState.SUBMITTED, ""),
    (ExhibitorState.SUSPENDED, "展品介绍与备案内容不一致，核实期间暂停展示。"),
)


@service
def exhibitors(world: World) -> None:
    """Everybody who takes part, with booths assigned hall by hall in the order of the plan."""
    tiers = {tier.slug: tier for tier in Tier.objects.filter(edition=world.edition)}
    free: dict[str, list[Booth]] = {
        key: list(Booth.objects.filter(hall=hall).order_by("code"))
        for key, hall in world.halls.items()
    }
    rows = []
    # The last firm of the demo is the newcomer's, who has yet to apply.
    coming = world.cast[: min(len(world.shown) + len(OTHER_STATES), len(world.cast) - 1)]
    for number, firm in enumerate(coming):
        rows.append(_exhibitor(world, number, firm, tiers, free))
    made = Exhibitor.objects.bulk_create(rows)
    world.exhibitors = {firm.key: row for firm, row in zip(coming, made, strict=True)}
    BoothStaff.objects.bulk_create(
        BoothStaff(exhibitor=row, person=person, order=order)
        for key, row in world.exhibitors.items()
        for order, person in enumerate(world.people[key][: row.tier.max_staff])
    )
    NextStep.objects.bulk_create(
        NextStep(exhibitor=row, kind=kind, order=order)
        for row in made
        for order, kind in enumerate((StepKind.ENQUIRE, StepKind.CARD, StepKind.MEET))
    )
    for row in made:
        _note(world, row)


def _note(world: World, row: Exhibitor) -> None:
    """Begun by the firm, handed in, judged by the reviewer."""
    firm, reviewer = row.contact, world.accounts["reviewer"]
    begun = row.submitted_at - dt.timedelta(hours=5) if row.submitted_at else world.day_one
    world.ledger.note(begun, firm, "exhibitor.begun", row, organisation=row.organisation_id)
    if row.submitted_at:
        world.ledger.note(row.submitted_at, firm, "exhibitor.submitted", row)
    if row.decided_at:
        reason = {"reason": row.reason} if row.reason else {}
        world.ledger.note(row.decided_at, reviewer, f"exhibitor.{row.state}", row, **reason)


def _exhibitor(
    world: World,
    number: int,
    firm: names.Organisation,
    tiers: dict[str, Tier],
    free: dict[str, list[Booth]],
) -> Exhibitor:
    hall = programme.hall_of(firm)
    shown = number < len(world.shown)
    state, reason = (
        (ExhibitorState.APPROVED, "") if shown else OTHER_STATES[number - len(world.shown)]
    )
    judged = state in (ExhibitorState.APPROVED, ExhibitorState.RETURNED, ExhibitorState.SUSPENDED)
    asked = world.day_one - dt.timedelta(days=40 - number % 30, hours=number % 9)
    submitted = None if state == ExhibitorState.DRAFT else asked
    if state == ExhibitorState.SUBMITTED:
        submitted = world.day_one + dt.timedelta(hours=number % 20)
    return Exhibitor(
        edition=world.edition,
        organisation=world.firms[firm.key],
        tier=tiers["pavilion" if number == 0 else tier_of(firm)],
        booth=free[hall].pop(0) if shown else None,
        state=state,
        reason=reason,
        plan=f"{firm.line_zh}，携{3 + number % 7}件展品参展，并希望与采购商、研发机构对接。",
        contact=world.people[firm.key][0],
        wished_hall=world.halls[hall],
        submitted_at=submitted,
        decided_at=asked + dt.timedelta(days=2) if judged else None,
        decided_by=world.accounts["reviewer"] if judged else None,
        **page(world, number, firm) if shown else {},
    )


def page(world: World, number: int, firm: names.Organisation) -> dict[str, Any]:
    """Texts, pictures and papers of a booth page, as fields of Exhibitor."""
    pictures = world.pictures
    return {
        "headline": firm.headline_zh[:60],
        "headline_en": firm.headline_en[:120],
        "intro": firm.profile_zh[:2000],
        "intro_en": firm.profile_en[:4000],
        "template": list(BoothTemplate)[number % 3 if number % 20 else 0],
        "colour": list(BoothColour)[number % 6],
        "banner_asset_id": pictures.get(("banner", firm.key)),
        "media_ids": [pk] if (pk := pictures.get(("portrait", firm.key))) else [],
        "document_ids": [pk] if (pk := pictures.get(("brochure", firm.key))) else [],
    }
