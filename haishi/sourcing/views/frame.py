"""What the pages of both desks share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.expo.desks import visitor_nav
from haishi.foundation import web
from haishi.foundation.errors import DomainError, Forbidden, NotFound


def sent(request: HttpRequest) -> Any:
    """What a form was sent with; None before."""
    return request.POST if request.method == "POST" else None


def files(request: HttpRequest) -> Any:
    """The files a form was sent with; None before."""
    return request.FILES if request.method == "POST" else None


def side_nav(current: str) -> list[dict[str, Any]]:
    """Both sides of sourcing, and the rest of one's things at expos."""
    rows = (
        ("mine", _("我发布的询价"), "sourcing:mine", "list"),
        ("bids", _("我的报价"), "sourcing:bids", "file"),
        ("board", _("公开的采购需求"), "sourcing:board", "search"),
    )
    items = [
        {"label": label, "url": reverse(route), "icon": icon, "current": key == current}
        for key, label, route, icon in rows
    ]
    rest = [
        {**group, "items": [item for item in group["items"] if item["url"] != items[1]["url"]]}
        for group in visitor_nav()
    ]
    return [{"label": _("采购与报价"), "items": items}, *rest]


def page(
    request: HttpRequest, current: str, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of a desk; never kept by browsers or fronts."""
    whole = {"side_nav": side_nav(current), **context}
    response = web.page(request, f"sourcing/{name}.html", whole, status=status)
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
