"""What all pages of licences share: side navigation, answers of buttons."""

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
from haishi.foundation.papers import registry
from haishi.parties import selectors as parties


def side_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """One's licences, the works of one's firms, the reviewers' queue, and the rest."""

    def item(label: Any, icon: str, url: str) -> dict[str, Any]:
        return {"label": label, "icon": icon, "url": url, "current": request.path == url}

    items = [
        item(_("授权市场"), "globe", reverse("licences:market")),
        item(_("我的授权"), "seal", reverse("licences:mine")),
    ]
    items += [
        item(_("%s的授权业务") % firm.title, "org", reverse("licences:desk", args=[firm.slug]))
        for firm in parties.organisations_of(request.user)[:12]
    ]
    if parties.can_verify(request.user):
        items.append(item(_("权属核验"), "gavel", reverse("licences:queue")))
    return [{"label": _("IP 授权"), "items": items}, *visitor_nav()]


def page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of a member; never kept."""
    whole = {"side_nav": side_nav(request), **context}
    response = web.page(request, f"licences/{name}.html", whole, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def pdf(paper_id: int | None, name: str) -> HttpResponse:
    """The newest revision of an issued paper. Raises NotFound when there is none."""
    if paper_id is None:
        raise NotFound
    content = bytes(registry.latest(paper_id).content)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def sent(request: HttpRequest) -> Any:
    """What a form was sent with; None before."""
    return request.POST if request.method == "POST" else None


def files(request: HttpRequest) -> Any:
    """Files that came with it; None before."""
    return request.FILES if request.method == "POST" else None


def act(request: HttpRequest, action: Callable[[], Any], done: str, target: str) -> HttpResponse:
    """Do what a button asks and go to `target`, where a refusal is told, too."""
    try:
        action()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(target)


def act_by_form(
    request: HttpRequest, form: Any, action: Callable[..., Any], done: str, target: str
) -> HttpResponse:
    """The same for a button with a field or two: what is wrong with them is told on the page."""
    if form.apply(action) is not None:
        messages.success(request, done)
    else:
        for faults in form.errors.values():
            for fault in faults:
                messages.error(request, fault)
    return redirect(target)
