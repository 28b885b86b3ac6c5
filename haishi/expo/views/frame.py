"""The frame of desk pages: side navigation, the edition or booth they are about."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from haishi.expo import desks
from haishi.foundation import web


def sent(request: HttpRequest) -> Any:
    """What was typed into a form, or None when the page is only asked for."""
    return request.POST if request.method == "POST" else None


def organiser_page(
    request: HttpRequest,
    edition: Any,
    current: str,
    template: str,
    context: dict[str, Any],
    status: int = 200,
    part: str = "",
) -> HttpResponse:
    """A page of the organiser's desk; `current` is the key of its line in the navigation."""
    nav = desks.organiser_nav(request.user, edition, current)
    whole = {"edition": edition, "side_nav": nav, **context}
    return web.page(request, template, whole, status=status, part=part)


def exhibitor_page(
    request: HttpRequest,
    exhibitor: Any,
    current: str,
    template: str,
    context: dict[str, Any],
    status: int = 200,
    part: str = "",
) -> HttpResponse:
    """A page of the exhibitor's desk."""
    nav = desks.exhibitor_nav(request.user, exhibitor, current)
    whole = {"exhibitor": exhibitor, "edition": exhibitor.edition, "side_nav": nav, **context}
    return web.page(request, template, whole, status=status, part=part)


def visitor_page(
    request: HttpRequest,
    current: str,
    template: str,
    context: dict[str, Any],
    status: int = 200,
    part: str = "",
) -> HttpResponse:
    """A page of somebody's own things: cards, enquiries, agenda, badges."""
    whole = {"side_nav": desks.visitor_nav(current), **context}
    return web.page(request, template, whole, status=status, part=part)
