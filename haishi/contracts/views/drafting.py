"""Drawing up a contract from nothing, or from an enquiry that was answered."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from haishi.contracts import selectors, services
from haishi.contracts.forms import DraftForm
from haishi.contracts.views import frame
from haishi.foundation.types import Actor
from haishi.trade import selectors as trade

ROWS = ("party", "part", "clause")


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Parties, shares, milestones, text; `more` adds a row, `?enquiry=` begins with one."""
    firms = selectors.binding_firms(request.user)
    if not firms:
        return frame.page(request, "new", {"form": None})
    start = selectors.start_from(request.user, request.GET.get("enquiry", ""))
    asked = request.POST.get("more", "")
    more = asked if asked in ROWS else ""
    data = request.POST if request.method == "POST" else None
    form = DraftForm(data, firms=firms, ways=trade.ways_on(), start=start, more=more)

    def compose(actor: Actor, **values: Any) -> str:
        return services.compose(actor, enquiry_id=start.enquiry_id, **values).number

    scope = f"contracts.compose:{request.user.pk}"
    number = form.apply_once(scope, compose, request.user) if data and not more else None
    if number:
        messages.success(request, _("草案已保存，只有你方看得到。看过之后发给各方。"))
        return redirect("contracts:contract", number)
    context = {
        "form": form,
        "start": start,
        "known": selectors.known_firms(request.user),
        "more": more,
    }
    return frame.page(request, "new", context, form.status)
