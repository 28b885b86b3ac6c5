"""The reviewers' queue of an edition."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo.desks import organiser_desk, organiser_nav
from haishi.expo.selectors import can_moderate
from haishi.foundation import web
from haishi.launches import selectors, services
from haishi.launches.forms import ReturnForm, RevokeForm
from haishi.launches.views.desk import act, sent


@login_required
@require_GET
def queue(request: HttpRequest, edition: str) -> HttpResponse:
    """Dossiers that wait for a look, the soonest unveiling first."""
    row = organiser_desk(request.user, edition, can_moderate)
    name = request.GET.get("queue", "")
    name = name if name in selectors.QUEUES else "waiting"
    page, counts = selectors.review_queue(request.user, row, name, request.GET.get("page", "1"))
    context = {
        "edition": row,
        "page": page,
        "queue": name,
        "counts": counts,
        "side_nav": organiser_nav(request.user, row, "launches"),
    }
    return web.page(request, "launches/desk/queue.html", context)


@login_required
def judge(request: HttpRequest, edition: str, launch_id: int) -> HttpResponse:
    """A dossier in both languages, and what to answer."""
    row = organiser_desk(request.user, edition, can_moderate)
    launch = selectors.get_for_review(request.user, row, launch_id)
    form = ReturnForm(sent(request))
    if request.method == "POST" and form.apply(services.return_, request.user, launch.pk):
        messages.success(request, _("已退回，对方会收到原因。"))
        return redirect("launches:queue", edition)
    return _judge(request, row, launch, form, RevokeForm())


def _judge(
    request: HttpRequest, row: Any, launch: Any, form: ReturnForm, revoke_form: RevokeForm
) -> HttpResponse:
    context = {
        "edition": row,
        "launch": launch,
        "certificate": selectors.certificate_of(launch),
        "revoke_form": revoke_form,
        "page": selectors.launch_page(request.user, launch.slug),
        "form": form,
        "story": selectors.story_of(launch),
        "side_nav": organiser_nav(request.user, row, "launches"),
    }
    status = max(form.status, revoke_form.status)
    response = web.page(request, "launches/desk/judge.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def revoke(request: HttpRequest, edition: str, launch_id: int) -> HttpResponse:
    """Declare a certificate void."""
    row = organiser_desk(request.user, edition, can_moderate)
    launch = selectors.get_for_review(request.user, row, launch_id)
    form = RevokeForm(request.POST)
    if form.apply(services.revoke_certificate, request.user, launch.pk):
        messages.success(request, _("证书已撤销，核验页会写明原因。"))
        return redirect("launches:judge", edition, launch_id)
    return _judge(request, row, launch, ReturnForm(), form)


@login_required
@require_POST
def approve(request: HttpRequest, edition: str, launch_id: int) -> HttpResponse:
    """Accept a dossier."""
    row = organiser_desk(request.user, edition, can_moderate)
    launch = selectors.get_for_review(request.user, row, launch_id)
    target = reverse("launches:queue", args=[edition])
    done = _("已通过，发布预告前仍然保密。")
    return act(request, lambda: services.approve(request.user, launch.pk), done, target)
