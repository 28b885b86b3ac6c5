"""The reviewers' queue of chains of title."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation.errors import NotFound
from haishi.licences import policies, selectors, services
from haishi.licences.forms import ReasonForm
from haishi.licences.views.frame import act, page, sent


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Chains that wait, the oldest first."""
    name = "verified" if request.GET.get("queue") == "verified" else "waiting"
    rows, counts = selectors.title_queue(request.user, name, request.GET.get("page", "1"))
    return page(request, "queue", {"page": rows, "counts": counts, "queue": name})


@login_required
def judge(request: HttpRequest, title_id: int) -> HttpResponse:
    """A chain with its documents, and what to answer."""
    row = selectors.get_title(request.user, title_id)
    if not policies.can_review_title(request.user, row):
        raise NotFound
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.apply(services.return_title, request.user, title_id):
        messages.success(request, _("已退回，对方会收到原因。"))
        return redirect("licences:queue")
    context = {
        "title": row,
        "links": selectors.links_of(request.user, row),
        "form": form,
        "story": selectors.story_of(row),
    }
    return page(request, "judge", context, form.status)


@login_required
@require_POST
def verify(request: HttpRequest, title_id: int) -> HttpResponse:
    """The chain holds and the documents agree with it."""
    row = selectors.get_title(request.user, title_id)
    if not policies.can_review_title(request.user, row):
        raise NotFound
    target = reverse("licences:queue")
    return act(
        request, lambda: services.verify_title(request.user, title_id), _("权属已核。"), target
    )
