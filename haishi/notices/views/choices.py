"""How a person wants to be told, and the one-click way out of a mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from haishi.foundation import web
from haishi.foundation.errors import NotFound
from haishi.notices import mail, push, selectors, services
from haishi.notices.forms import ChoicesForm
from haishi.notices.types import KINDS
from haishi.notices.views.side import side_nav


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Kinds by channels, the digest's zone, this browser."""
    form = ChoicesForm(
        request.POST or None,
        choices=selectors.choices_of(request.user),
        initial={"zone": selectors.zone_of(request.user)},
    )
    if request.method == "POST":
        form.apply(services.save_choices, request.user)
        if not form.errors:
            messages.success(request, _("通知设置已保存。"))
            return redirect("notices:settings")
    context = {
        "form": form,
        "push_key": push.public_key(),
        "browsers": selectors.browsers_of(request.user).count(),
        "side_nav": side_nav(request.user, reverse("notices:settings")),
    }
    return web.page(request, "notices/settings.html", context, status=form.status)


@csrf_exempt  # mail programs post here on the reader's behalf (RFC 8058); the link is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, so that a mail scanner's visit changes nothing; POST stops the mails."""
    found = mail.read_unsubscribe(token)
    if found is None:
        raise NotFound
    if request.method == "POST":
        services.leave(token)
    kind = KINDS.get(found[1])
    context = {"label": kind.label if kind else _("每日汇总"), "done": request.method == "POST"}
    return render(request, "notices/unsubscribe.html", context)
