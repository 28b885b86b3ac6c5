"""`{% load floor %}`: the plan of a hall as SVG, written as text: a thousand booths in 3 ms."""

from __future__ import annotations

from functools import lru_cache
from html import escape  # plain strings only: Django's takes four times as long
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haishi.expo.selectors.floor import FloorPlan, PlanBooth

register = template.Library()
MARGIN, ARROW = 24, 16


@register.simple_tag
def plan_svg(plan: FloorPlan, current: int | None = None) -> SafeString:
    """The floor of a hall, lengths in decimetres; `current` is an exhibitor to point out.

    State is told by outline and pattern as well as by colour: free booths are dashed, hidden ones
    hatched, featured ones have a double line.
    """
    return _drawn(plan, current, get_language() or "")


@lru_cache(maxsize=64)
def _drawn(plan: FloorPlan, current: int | None, language: str) -> SafeString:
    """Plans are kept as long as nobody moves (`selectors.floor`), so their drawings are too."""
    words = {
        "free": _("空展位"),
        "hidden": _("未展示"),
        "shown": "",
        "featured": "",
    }
    booths = "".join(_booth(booth, words, current) for booth in plan.booths)
    aisles = "".join(
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>' for x1, y1, x2, y2 in plan.aisles
    )
    title = _("%(hall)s展位图：%(taken)d 家展商，%(free)d 个空展位") % {
        "hall": plan.name,
        "taken": plan.taken,
        "free": plan.free,
    }
    box = f"-{MARGIN} -{MARGIN} {plan.width + 2 * MARGIN} {plan.depth + 2 * MARGIN}"
    return mark_safe(  # noqa: S308 - numbers are ours, words are escaped
        f'<svg class="plan" viewBox="{box}" role="group" aria-label="{escape(title)}">'
        '<defs><pattern id="plan-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line y2="6" stroke-width="2"/></pattern></defs>'
        f'<rect class="plan-floor" width="{plan.width}" height="{plan.depth}"/>'
        f'<g class="plan-aisles" aria-hidden="true">{aisles}</g>'
        f"{booths}{_entrance(plan)}</svg>"
    )


def _booth(booth: PlanBooth, words: dict[str, str], current: int | None) -> str:
    p = booth.place
    code, name = escape(p.code), escape(str(booth.name))
    label = f"{code} {name}".strip()
    if words[booth.state]:
        label = f"{label}（{escape(words[booth.state])}）"
    size = min(p.depth / 3, p.width / max(2.2, 0.62 * len(p.code)), 14)
    roomy = bool(name) and p.width >= 28 and p.depth >= 24
    middle = p.y + p.depth / 2 + (-size * 0.2 if roomy else size * 0.35)
    inside = (
        f'<rect x="{p.x}" y="{p.y}" width="{p.width}" height="{p.depth}"/>'
        + _second_mark(booth)
        + f'<text x="{p.x + p.width / 2:g}" y="{middle:.1f}" font-size="{size:.1f}">{code}</text>'
        + (_name(booth, middle + size) if roomy else "")
    )
    if not booth.url:
        return f'<g class="plan-booth plan-{booth.state}"><title>{label}</title>{inside}</g>'
    here = ' aria-current="true"' if booth.exhibitor_id == current and current else ""
    return (
        f'<a class="plan-booth plan-{booth.state}" href="{booth.url}" aria-label="{label}" '
        f'data-name="{label}"{here}>{inside}</a>'
    )


def _second_mark(booth: PlanBooth) -> str:
    p = booth.place
    if booth.state == "hidden":
        return (
            f'<rect class="plan-hatched" x="{p.x}" y="{p.y}" width="{p.width}" height="{p.depth}"/>'
        )
    if booth.state == "featured":
        return (
            f'<rect class="plan-inner" x="{p.x + 2}" y="{p.y + 2}" width="{p.width - 4}" '
            f'height="{p.depth - 4}"/>'
        )
    return ""


def _name(booth: PlanBooth, baseline: float) -> str:
    """The firm's name, as much of it as fits in one line."""
    p, text = booth.place, str(booth.name)
    size = min(6.5, p.depth / 5)
    wide = [1.0 if ord(letter) > 0x2E80 else 0.55 for letter in text]
    room, used, fits = (p.width - 3) / size, 0.0, 0
    for width in wide:
        used += width
        if used > room:
            break
        fits += 1
    shown = text if fits == len(text) else text[: max(1, fits - 1)] + "…"
    x = p.x + p.width / 2
    return (
        f'<text class="plan-firm" x="{x:g}" y="{baseline:.1f}" font-size="{size:.1f}">'
        f"{escape(shown)}</text>"
    )


def _entrance(plan: FloorPlan) -> str:
    """An arrow into the hall in the middle of the entrance's side, and the word."""
    w, d = plan.width, plan.depth
    spots: dict[str, tuple[float, float, int]] = {
        "bottom": (w / 2, d + ARROW, 0),
        "top": (w / 2, -ARROW, 180),
        "left": (-ARROW, d / 2, 90),
        "right": (w + ARROW, d / 2, 270),
    }
    x, y, turn = spots[plan.entrance]
    word = escape(_("入口"))
    beside: dict[str, Any] = {
        "bottom": (x + 12, y - 2, "start"),
        "top": (x + 12, y + 6, "start"),
        "left": (x + 4, y - 12, "middle"),
        "right": (x - 4, y - 12, "middle"),
    }
    tx, ty, anchor = beside[plan.entrance]
    return (
        f'<g class="plan-entrance"><path d="M0 0V-14M-5 -9L0 -14L5 -9" '
        f'transform="translate({x:g} {y:g}) rotate({turn})"/>'
        f'<text x="{tx:g}" y="{ty:g}" font-size="10" text-anchor="{anchor}">{word}</text></g>'
    )
