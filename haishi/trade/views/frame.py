"""What the pages of trade have in common."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from haishi.foundation import web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.trade.desks import orders_nav

PER_PAGE = 20


def sent(request: HttpRequest) -> Any:
    """What a form was sent with; None before."""
    return request.POST if request.method == "POST" else None


def render(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page with the side navigation of orders; never kept by a cache on the way."""
    whole = {"side_nav": orders_nav(request.user, request.path), **context}
    return fresh(web.page(request, template, whole, status=status))


def plain_page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page about one thing, without the navigation beside it."""
    return fresh(web.page(request, template, context, status=status))


def fresh(response: HttpResponse) -> HttpResponse:
    """Never kept by a cache, nor by the browser for its back button."""
    response.headers["Cache-Control"] = "no-store"
    return response


def in_wechat(request: HttpRequest) -> bool:
    """Whether the browser is WeChat's own; WeCom names itself the same and cannot pay in a page."""
    agent = request.headers.get("User-Agent", "")
    return "MicroMessenger" in agent and "wxwork" not in agent


def onward(request: HttpRequest, order: Any, address: str) -> HttpResponse:
    """A page that goes on to an address outside of the house by itself.

    Not a redirect: `form-action` of the pages' policy would stop it, as what a form leads to.
    """
    context = {"order": order, "address": address}
    return fresh(web.page(request, "trade/paying/onward.html", context))


def act(request: HttpRequest, action: Callable[[], Any], done: str = "") -> bool:
    """Do it and say so; a refusal is told on the page that follows. Whether it was done."""
    try:
        action()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done or _("已办理。"))
    return True


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where the page before wants to go on, if that is a path of this installation."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    inside = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if inside else otherwise


def whole_number(text: str | None, otherwise: int = 0) -> int:
    """A number that somebody typed or changed in an address."""
    known = (text or "").strip()
    return int(known) if known.isascii() and known.isdigit() and len(known) < 10 else otherwise
