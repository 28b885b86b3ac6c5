"""Halls and the editor of their floor plans."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo import desks, policies, selectors, services
from haishi.expo.forms.editions import HallEditForm, HallForm, PictureForm
from haishi.expo.forms.floor import PlaceFormSet, PlanForm, RowsForm
from haishi.expo.types import Place
from haishi.expo.views.frame import organiser_page, sent
from haishi.foundation import web
from haishi.foundation.errors import DomainError, Invalid, Stale
from haishi.foundation.text import clean
from haishi.foundation.types import Actor

MAX_PLAN_BYTES = 500_000


@login_required
@require_GET
def halls(request: HttpRequest, edition: str) -> HttpResponse:
    """The halls in their order."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    context = {"halls": selectors.hall_loads(row)}
    return organiser_page(request, row, "halls", "expo/floor/halls.html", context)


@login_required
def hall_new(request: HttpRequest, edition: str) -> HttpResponse:
    """Another hall."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    form = HallForm(sent(request))

    def create(actor: Actor, **values: Any) -> str:
        return services.add_hall(actor, row.pk, **values).slug

    scope = f"expo.hall:{request.user.pk}"
    slug = form.apply_once(scope, create, request.user) if request.method == "POST" else None
    if slug:
        messages.success(request, _("展馆已添加。现在可以画展位图。"))
        return redirect("expo:plan", edition, slug)
    context = {"form": form, "heading": _("添加展馆"), "submit": _("添加"), "back": "expo:halls"}
    return organiser_page(request, row, "halls", "expo/floor/form.html", context, form.status)


@login_required
def hall_edit(request: HttpRequest, edition: str, hall: str) -> HttpResponse:
    """Texts, size and entrance of a hall."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    place = selectors.get_hall(request.user, edition, hall)
    known = {name: getattr(place, name) for name in HallForm.base_fields if name != "once"}
    form = HallEditForm(sent(request), initial={**known, "version": place.version})
    if request.method == "POST" and form.apply(services.edit_hall, request.user, place.pk):
        messages.success(request, _("展馆已保存。"))
        return redirect("expo:halls", edition)
    context = {"form": form, "heading": place.title, "submit": _("保存"), "back": "expo:halls"}
    return organiser_page(request, row, "halls", "expo/floor/form.html", context, form.status)


@login_required
def hall_picture(request: HttpRequest, edition: str, hall: str) -> HttpResponse:
    """The picture that stands for a hall."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    place = selectors.get_hall(request.user, edition, hall)
    form = PictureForm(
        sent(request),
        request.FILES if request.method == "POST" else None,
        actor=request.user,
        organiser_id=row.series.organiser_id,
        initial={"picture": place.picture_asset_id},
    )

    def choose(actor: Actor, picture: int | None) -> Any:
        return services.set_hall_picture(actor, place.pk, picture)

    if request.method == "POST" and form.apply(choose, request.user):
        messages.success(request, _("图片已保存。"))
        return redirect("expo:halls", edition)
    context = {"form": form, "heading": place.title, "submit": _("保存"), "back": "expo:halls"}
    return organiser_page(request, row, "halls", "expo/floor/form.html", context, form.status)


@login_required
@require_POST
def hall_move(request: HttpRequest, edition: str, hall: str) -> HttpResponse:
    """One place up or down in the order."""
    desks.organiser_desk(request.user, edition, policies.can_run)
    place = selectors.get_hall(request.user, edition, hall)
    services.move_hall(request.user, place.pk, up=request.POST.get("way") == "up")
    return redirect("expo:halls", edition)


@login_required
def hall_remove(request: HttpRequest, edition: str, hall: str) -> HttpResponse:
    """Ask, then remove a hall nobody stands in."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    place = selectors.get_hall(request.user, edition, hall)
    if request.method == "POST":
        services.remove_hall(request.user, place.pk)
        messages.success(request, _("展馆已删除。"))
        return redirect("expo:halls", edition)
    context = {"hall": place, "plan": selectors.floor_plan(place, organiser=True)}
    return organiser_page(request, row, "halls", "expo/floor/hall_remove.html", context)


@login_required
def plan(request: HttpRequest, edition: str, hall: str) -> HttpResponse:
    """The floor plan: the drawing, and the same booths as a table that works without script."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    place = selectors.get_hall(request.user, edition, hall)
    if request.content_type == "application/json" and request.method == "POST":
        return _save_drawn(request, place)
    lines = [vars(p) for p in selectors.places(place)]
    form = PlanForm(sent(request), initial={"version": place.version})
    table = PlaceFormSet(sent(request), initial=lines, prefix="booth")
    if request.method == "POST" and table.is_valid():
        drawn = [line.place for line in table if line.place]
        if form.apply(services.save_plan, request.user, place.pk, places=drawn):
            messages.success(request, _("展位图已保存。"))
            return redirect("expo:plan", edition, hall)
    status = 422 if request.method == "POST" else 200
    return _plan_page(request, row, place, status, form=form, table=table)


def _plan_page(
    request: HttpRequest, edition: Any, hall: Any, status: int, **context: Any
) -> HttpResponse:
    context.setdefault("form", PlanForm(initial={"version": hall.version}))
    if "table" not in context:
        lines = [vars(p) for p in selectors.places(hall)]
        context["table"] = PlaceFormSet(initial=lines, prefix="booth")
    start = {"version": hall.version, "prefix_code": hall.code}
    context.setdefault("rows_form", RowsForm(initial=start, auto_id="rows_%s"))
    shown = selectors.floor_plan(hall, organiser=True)
    context |= {"hall": hall, "plan": shown, "drawing": _drawing(hall, shown)}
    return organiser_page(request, edition, "halls", "expo/floor/plan_edit.html", context, status)


def _drawing(hall: Any, shown: Any) -> dict[str, Any]:
    """What the editor's island starts from; lengths in decimetres."""
    return {
        "version": hall.version,
        "width": hall.width,
        "depth": hall.depth,
        "entrance": hall.entrance,
        "prefix": hall.code,
        "booths": [
            {
                "id": b.place.id,
                "code": b.place.code,
                "x": b.place.x,
                "y": b.place.y,
                "width": b.place.width,
                "depth": b.place.depth,
                "name": str(b.name),
            }
            for b in shown.booths
        ],
    }


def _save_drawn(request: HttpRequest, hall: Any) -> JsonResponse:
    """The whole plan at once. 409 or 422 name the booths that are wrong; then nothing changed."""
    try:
        version, places = _parse(request.body)
        saved = services.save_plan(request.user, hall.pk, version, places=places)
    except DomainError as error:
        content = {"message": str(error), "codes": error.values.get("codes", [])}
        if isinstance(error, Stale):  # the drawing stays; the next save is the decision
            content["version"] = error.values["current"]
        return JsonResponse(content, status=web.status_of(error))
    saved.refresh_from_db()
    content = _drawing(saved, selectors.floor_plan(saved, organiser=True))
    return JsonResponse({"message": _("展位图已保存。"), "drawing": content})


def _parse(body: bytes) -> tuple[int, list[Place]]:
    """(version, places) of the editor's JSON. Raises Invalid."""
    if len(body) > MAX_PLAN_BYTES:
        raise Invalid
    try:
        sent_plan = json.loads(body)
        places = [
            Place(
                code=clean(str(line["code"])),
                **{name: int(line[name]) for name in ("x", "y", "width", "depth")},
                id=None if line.get("id") is None else int(line["id"]),
            )
            for line in sent_plan["booths"]
        ]
        version = int(sent_plan["version"])
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise Invalid from None
    limit = 2**31
    if any(abs(n) >= limit for p in places for n in (p.x, p.y, p.width, p.depth)):
        raise Invalid
    return version, places


@login_required
@require_POST
def rows(request: HttpRequest, edition: str, hall: str) -> HttpResponse:
    """Add rows of booths at once."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    place = selectors.get_hall(request.user, edition, hall)
    form = RowsForm(request.POST, auto_id="rows_%s")

    def add(actor: Actor, hall_id: int, *, prefix_code: str, **values: Any) -> Any:
        return services.add_rows(actor, hall_id, prefix=prefix_code, **values)

    if form.apply(add, request.user, place.pk):
        messages.success(request, _("展位已添加。"))
        return redirect("expo:plan", edition, hall)
    return _plan_page(request, row, place, form.status, rows_form=form)
