"""What every desk page of this module has: the side navigation and a place for refusals."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.foundation import web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.parties import selectors

Render = Callable[..., HttpResponse]


def side_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links for this person; the page one is on is marked."""

    def item(label: Any, icon: str, name: str, *args: Any, count: int = 0) -> dict[str, Any]:
        url = reverse(f"parties:{name}", args=args)
        current = request.path == url
        return {"label": label, "icon": icon, "url": url, "current": current, "count": count}

    groups = [
        {
            "label": _("账户"),
            "items": [
                item(_("个人资料"), "user", "profile"),
                item(_("登录与安全"), "shield", "security"),
                item(_("接口令牌"), "key", "tokens"),
                item(_("个人数据"), "download", "personal"),
            ],
        },
        {
            "label": _("单位"),
            "items": [
                item(row.title, "org", "organisation", row.slug)
                for row in selectors.organisations_of(request.user)[:12]
            ]
            + [item(_("全部单位"), "list", "organisations")],
        },
    ]
    platform = [
        item(row.title, "users", "duties", row.slug)
        for row in selectors.organisers_led_by(request.user)
    ]
    if selectors.can_verify(request.user):
        count = selectors.waiting_verifications(request.user)
        platform.append(item(_("认证审核"), "seal", "verifications", count=count))
    if request.user.is_staff:
        platform.append(item(_("主办方"), "hall", "organisers"))
        platform.append({"label": _("资金"), "icon": "seal", "url": reverse("trade:money")})
    return [*groups, {"label": _("平台"), "items": platform}] if platform else groups


def desk(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a desk page; never kept by a cache on the way."""
    response = web.page(
        request, template, {"side_nav": side_nav(request), **context}, status=status
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def act(
    request: HttpRequest, action: Callable[[], Any], done: str, target: str, page: Render
) -> HttpResponse:
    """Do what a single button asks and go to `target`.

    A refusal is shown on the page the button stands on, rendered by `page(problem=…, status=…)`.
    """
    try:
        action()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        return page(problem=str(error), status=web.status_of(error))
    messages.success(request, done)
    return redirect(target)


def sent(request: HttpRequest) -> Any:
    """What a form was sent with; None before. An empty submit is a submit, too."""
    return request.POST if request.method == "POST" else None
