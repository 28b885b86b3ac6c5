"""The inbox."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from haishi.foundation import web
from haishi.notices import selectors, services
from haishi.notices.types import KINDS
from haishi.notices.views.side import side_nav

ON_PAGE = 30


def _context(request: HttpRequest) -> dict[str, Any]:
    unread = request.GET.get("show") == "unread"
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    rows = selectors.inbox(request.user, unread=unread, kind=kind)
    page = Paginator(rows, ON_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "items": [{"notice": row, "kind": KINDS.get(row.kind)} for row in page],
        "kinds": selectors.kinds_in_inbox(request.user),
        "unread": selectors.unread_count(request.user),
        "only_unread": unread,
        "kind": KINDS.get(kind),
        "side_nav": side_nav(request.user, reverse("notices:inbox")),
    }


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything the person was told; `?show=unread`, `?kind=`."""
    return web.page(request, "notices/inbox.html", _context(request), part="list")


@login_required
@require_safe
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Read it and go where it leads; without an address, back to the inbox."""
    row = services.mark_read(request.user, notice_id)
    return redirect(row.url or "notices:inbox")


@login_required
@require_POST
def read_one(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one as read."""
    services.mark_read(request.user, notice_id)
    return _after(request)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything (of `kind`) as read."""
    kind = request.POST.get("kind", "")
    services.mark_all_read(request.user, kind if kind in KINDS else "")
    return _after(request)


def _after(request: HttpRequest) -> HttpResponse:
    """The list as it is now for htmx; the page the reader came from otherwise."""
    if web.is_fragment(request):
        return web.page(request, "notices/inbox.html", _context(request), part="list")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return redirect(back if safe else "notices:inbox")
