"""The exhibitor's desk: take part, follow the application, set up the booth."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo import desks, policies, selectors, services
from haishi.expo.errors import ApplicationIncomplete
from haishi.expo.forms.exhibitors import (
    BoothForm,
    EditApplicationForm,
    MediaForm,
    NewApplicationForm,
    StaffFormSet,
    StepFormSet,
    VersionForm,
    staff_of,
    steps_of,
)
from haishi.expo.states import ExhibitorState, StepKind
from haishi.expo.views.frame import exhibitor_page, sent
from haishi.foundation.types import Actor


@login_required
def take_part(request: HttpRequest, edition: str) -> HttpResponse:
    """Apply to an edition for one of one's firms."""
    row = selectors.get_edition(request.user, edition)
    mine = selectors.participations(request.user, row)
    firms = selectors.firms_to_apply(request.user, row)
    context = {
        "edition": row,
        "open": selectors.can_apply(row),
        "mine": mine,
        "firms": firms,
        "tiers": selectors.tiers_of(row),
    }
    if not (context["open"] and firms):
        return render(request, "expo/floor/take_part.html", context)
    form = NewApplicationForm(
        sent(request),
        organisations=firms,
        tiers=selectors.tiers_of(row),
        halls=selectors.halls_of(row),
    )

    def begin(actor: Actor, organisation_id: int, **values: Any) -> int:
        exhibitor = services.apply(actor, row.pk, organisation_id, **values)
        return exhibitor.pk

    scope = f"expo.apply:{request.user.pk}"
    pk = form.apply_once(scope, begin, request.user) if request.method == "POST" else None
    if pk:
        messages.success(request, _("申请已保存为草稿。确认无误后请提交。"))
        return redirect("expo:exhibit", pk)
    return render(
        request, "expo/floor/take_part.html", {**context, "form": form}, status=form.status
    )


@login_required
@require_GET
def exhibits(request: HttpRequest) -> HttpResponse:
    """All participations of one's firms."""
    context = {"exhibitors": selectors.exhibitors_of(request.user)}
    return render(request, "expo/floor/exhibits.html", context)


@login_required
@require_GET
def desk(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """Where the application stands and what the booth page still lacks."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id, policies.can_enter)
    checklist = selectors.checklist(exhibitor)
    context = {
        "checklist": selectors.checklist_links(exhibitor, checklist),
        "done": sum(item.done for item in checklist),
        "states": ExhibitorState,
        "shown": policies.is_shown(exhibitor),
        "manages": policies.can_set_up(request.user, exhibitor),
        "views": selectors.views_of(exhibitor),
        "asked_again": selectors.waiting_requests(exhibitor),
        "told": selectors.announcements(exhibitor.edition, audiences=("everybody", "exhibitors"))[
            :3
        ],
    }
    return exhibitor_page(request, exhibitor, "desk", "expo/floor/exhibit.html", context)


@login_required
def application(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """Read the application; change it while it is a draft or was returned."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id, policies.can_set_up)
    known = {name: getattr(exhibitor, name) for name in ("plan", "tier_id", "wished_hall_id")}
    form = EditApplicationForm(
        sent(request),
        tiers=selectors.tiers_of(exhibitor.edition),
        halls=selectors.halls_of(exhibitor.edition),
        initial={**known, "version": exhibitor.version},
    )
    work = services.edit_application
    if request.method == "POST" and form.apply(work, request.user, exhibitor.pk):
        messages.success(request, _("申请已保存。"))
        return redirect("expo:exhibit", exhibitor.pk)
    changeable = exhibitor.state in (ExhibitorState.DRAFT, ExhibitorState.RETURNED)
    context = {"form": form, "changeable": changeable, "states": ExhibitorState}
    return exhibitor_page(
        request, exhibitor, "application", "expo/floor/application.html", context, form.status
    )


@login_required
@require_POST
def submit(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """Send the application to the organiser; back to its form when something is missing."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id, policies.can_set_up)
    try:
        services.submit(request.user, exhibitor.pk)
    except ApplicationIncomplete as lacking:
        messages.error(request, str(lacking))
        return redirect("expo:application", exhibitor.pk)
    messages.success(request, _("申请已提交。主办方答复后你会收到消息。"))
    return redirect("expo:exhibit", exhibitor.pk)


@login_required
def setup(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """Texts and look of the booth page."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id, policies.can_set_up)
    known = {name: getattr(exhibitor, name) for name in BoothForm.base_fields if name != "once"}
    form = BoothForm(sent(request), initial={**known, "version": exhibitor.version})
    if request.method == "POST" and form.apply(services.set_up_booth, request.user, exhibitor.pk):
        messages.success(request, _("展位页面已保存。"))
        return redirect("expo:booth_setup", exhibitor.pk)
    return exhibitor_page(
        request, exhibitor, "page", "expo/floor/setup.html", {"form": form}, form.status
    )


@login_required
def media(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """Pictures and papers of the booth page."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id, policies.can_set_up)
    form = MediaForm(
        sent(request),
        request.FILES if request.method == "POST" else None,
        actor=request.user,
        exhibitor=exhibitor,
        initial={**selectors.chosen_media(exhibitor), "version": exhibitor.version},
    )
    if request.method == "POST" and form.apply(services.set_media, request.user, exhibitor.pk):
        messages.success(request, _("图片与资料已保存。"))
        return redirect("expo:booth_media", exhibitor.pk)
    return exhibitor_page(
        request, exhibitor, "media", "expo/floor/media.html", {"form": form}, form.status
    )


@login_required
def staff(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """Who stands at the booth."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id, policies.can_set_up)
    people = selectors.staff_choices(exhibitor)
    lines = StaffFormSet(sent(request), initial=[line for _p, line in people], prefix="staff")
    form = VersionForm(sent(request), initial={"version": exhibitor.version})
    if request.method == "POST" and lines.is_valid():
        chosen = staff_of(list(lines))
        if form.apply(services.set_staff, request.user, exhibitor.pk, staff=chosen):
            messages.success(request, _("工作人员已保存。"))
            return redirect("expo:booth_staff", exhibitor.pk)
    names = {person.pk: person for person, _line in people}
    table = [(names.get(line["person_id"].value()), line) for line in lines]
    if request.method == "POST":
        table = [(names.get(_number(line["person_id"].value())), line) for line in lines]
    context = {"form": form, "lines": lines, "table": table}
    status = 422 if request.method == "POST" else 200
    return exhibitor_page(request, exhibitor, "staff", "expo/floor/staff.html", context, status)


def _number(text: Any) -> int:
    return int(text) if str(text).isdecimal() and len(str(text)) < 18 else 0


@login_required
def steps(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """The buttons of the booth page."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id, policies.can_set_up)
    lines = StepFormSet(sent(request), initial=selectors.step_lines(exhibitor), prefix="steps")
    form = VersionForm(sent(request), initial={"version": exhibitor.version})
    if request.method == "POST" and lines.is_valid():
        chosen = steps_of(list(lines))
        if form.apply(services.set_steps, request.user, exhibitor.pk, steps=chosen):
            messages.success(request, _("按钮已保存。"))
            return redirect("expo:booth_steps", exhibitor.pk)
    context = {"form": form, "lines": lines, "kinds": StepKind}
    status = 422 if request.method == "POST" else 200
    return exhibitor_page(request, exhibitor, "steps", "expo/floor/steps.html", context, status)
