"""What the pages of the firm's desk have in common."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.catalogue import selectors
from haishi.foundation import web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.parties import selectors as parties


def sent(request: HttpRequest) -> Any:
    """What a form was sent with; None before."""
    return request.POST if request.method == "POST" else None


def side_nav(request: HttpRequest, firm: Any) -> list[dict[str, Any]]:
    """The shelf, the table, the channels the firm keeps, and the firm's other desk."""

    def item(label: Any, icon: str, url: str) -> dict[str, Any]:
        return {"label": label, "icon": icon, "url": url, "current": request.path == url}

    shelf = []
    if parties.is_member(request.user, firm.pk) or request.user.is_staff:
        shelf.append(item(_("产品与作品"), "cube", reverse("catalogue:desk", args=[firm.slug])))
    if parties.can_manage(request.user, firm.pk):
        url = reverse("catalogue:new", args=[firm.slug])
        shelf.append(item(_("添加产品"), "plus", url))
        url = reverse("catalogue:import", args=[firm.slug])
        shelf.append(item(_("表格导入"), "upload", url))
    channels = [
        item(brand.title, "seal", reverse("catalogue:wishes", args=[brand.slug]))
        for brand in selectors.brands_kept_by(request.user, firm.pk)
    ]
    groups = [{"label": firm.title, "items": shelf}] if shelf else []
    if channels:
        groups.append({"label": _("品牌频道"), "items": channels})
    others = [
        item(row.title, "org", reverse("catalogue:desk", args=[row.slug]))
        for row in parties.organisations_of(request.user)[:12]
        if row.pk != firm.pk
    ]
    if others:
        groups.append({"label": _("其他单位"), "items": others})
    return groups


def desk_page(
    request: HttpRequest, firm: Any, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the firm's desk; never kept by a cache on the way."""
    manages = parties.can_manage(request.user, firm.pk)
    whole = {"firm": firm, "side_nav": side_nav(request, firm), "manages": manages, **context}
    response = web.page(request, template, whole, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def act(request: HttpRequest, action: Callable[[], Any], done: str, target: str) -> HttpResponse:
    """Do what a single button asks and go to `target`, where a refusal is told, too."""
    try:
        action()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(target)
