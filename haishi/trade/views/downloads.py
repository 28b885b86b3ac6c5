"""Bought files: the list, one purchase, and fetching by a personal link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haishi.foundation.errors import NotFound
from haishi.media import services as media
from haishi.trade import selectors, services
from haishi.trade.forms import OpenForm
from haishi.trade.views.frame import PER_PAGE, render, sent


@login_required
@require_GET
def downloads(request: HttpRequest) -> HttpResponse:
    """Everything the person may fetch."""
    rows = Paginator(selectors.entitlements_of(request.user), PER_PAGE)
    page = rows.get_page(request.GET.get("page"))
    return render(request, "trade/downloads.html", {"page": page})


@login_required
def parcel(request: HttpRequest, entitlement_id: int) -> HttpResponse:
    """One purchase: first the confirmation, then the files with links of the next minutes."""
    form = OpenForm(sent(request))

    def confirm(accepted: bool) -> bool:
        return bool(accepted and services.open_files(request.user, entitlement_id))

    selectors.get_entitlement(request.user, entitlement_id)
    if request.method == "POST" and form.apply(confirm):
        messages.success(request, _("文件已打开，可以下载。"))
        return redirect("trade:parcel", entitlement_id)
    found = selectors.parcel(request.user, entitlement_id)
    context = {"parcel": found, "form": form}
    return render(request, "trade/parcel.html", context, form.status)


@require_GET
def fetch(request: HttpRequest, link: str) -> HttpResponseBase:
    """The file of a personal link: for this person, for some minutes, counted.

    For everybody else there is nothing here, not even a way to sign in.
    """
    if not request.user.is_authenticated:
        raise NotFound
    begun = request.headers.get("Range", "")
    again = bool(begun) and not begun.replace(" ", "").startswith("bytes=0-")
    asset_id = services.fetch(request.user, link, again=again)
    return media.hand_over(request, asset_id)
