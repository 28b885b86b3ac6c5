"""The next edition with the same structure; the end of this one and its archive."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haishi.expo import desks, policies, selectors, services
from haishi.expo.forms.closing import CloneForm, CloseForm
from haishi.expo.states import EditionState
from haishi.expo.views.frame import organiser_page, sent
from haishi.media.types import size_words


@login_required
def clone(request: HttpRequest, edition: str) -> HttpResponse:
    """The next edition with the same structure."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    form = CloneForm(sent(request), zone=row.time_zone)
    if request.method == "POST" and (made := form.apply(services.clone, request.user, row.pk)):
        messages.success(request, _("新一届已建立，处于筹备中。下一步可以邀请老参展商续展。"))
        return redirect("expo:organise", made.slug)
    context = {"form": form, "heading": _("复制到新一届")}
    return organiser_page(request, row, "clone", "expo/timetable/form.html", context, form.status)


@login_required
def close(request: HttpRequest, edition: str) -> HttpResponse:
    """End the edition for good; afterwards, how far its archive is."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    form = CloseForm(sent(request))
    if request.method == "POST" and form.apply(services.close, request.user, row.pk):
        messages.success(request, _("展会已闭幕，存档正在生成。"))
        return redirect("expo:close", row.slug)
    closed = row.state == EditionState.CLOSED
    archive = selectors.archive_of(row) if closed else None
    ready = row.state == EditionState.OPEN
    context = {
        "form": form,
        "closed": closed,
        "archive": archive,
        "size": size_words(archive.size if archive else 0),
        "archive_url": selectors.archive_url(row),
        "missing": not selectors.archive_stands(row),
        "pending": selectors.pending_before_closing(row) if ready else [],
    }
    return organiser_page(
        request, row, "close", "expo/closing/close.html", context, form.status, part="archive"
    )


@login_required
@require_POST
def build_again(request: HttpRequest, edition: str) -> HttpResponse:
    """Order the archive once more."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    services.build_again(request.user, row.pk)
    messages.success(request, _("已排队，马上再次生成。"))
    return redirect("expo:close", row.slug)
