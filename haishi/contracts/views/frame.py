"""What every page of contracts has: side navigation, tabs, and the question who is there."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.contracts import selectors
from haishi.expo.desks import visitor_nav
from haishi.foundation import web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.parties import selectors as parties

# A confirmation counts for this long, seconds.
FRESH = 300


def side_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """One's contracts, and those of each of one's firms."""

    def item(label: Any, icon: str, url: str) -> dict[str, Any]:
        current = request.get_full_path() == url
        return {"label": label, "icon": icon, "url": url, "current": current}

    mine = reverse("contracts:mine")
    items = [item(_("全部合同"), "file", mine)]
    items += [
        item(firm.title, "org", f"{mine}?org={firm.slug}")
        for firm in parties.organisations_of(request.user)[:12]
    ]
    return [{"label": _("合同"), "items": items}, *visitor_nav()]


def page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page of the module; never kept by a cache on the way."""
    whole = {"side_nav": side_nav(request), **context}
    response = web.page(request, f"contracts/{name}.html", whole, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def of_contract(request: HttpRequest, contract: Any, tab: str) -> dict[str, Any]:
    """What each page of one contract shows around its own part."""
    tabs = (
        ("overview", _("概况"), "contracts:contract"),
        ("text", _("条款与版本"), "contracts:text"),
        ("story", _("经过"), "contracts:story"),
    )
    return {
        "contract": contract,
        "parties": selectors.named_parties(contract),
        "steps": selectors.steps_for(request.user, contract),
        "tabs": [
            {"label": label, "url": reverse(route, args=[contract.number]), "current": key == tab}
            for key, label, route in tabs
        ],
    }


def act(request: HttpRequest, action: Callable[[], Any], done: str, target: str) -> HttpResponse:
    """Do what one button asks and go to `target`, where a refusal is told, too."""
    try:
        action()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(target)


def is_confirmed(request: HttpRequest, purpose: str) -> bool:
    """Whether the person showed a password or passkey since `ask_again` for this purpose."""
    asked = request.session.get(f"confirm:{purpose}")
    records = get_authentication_records(request, request.user)
    if not asked or not records:
        return False
    last = float(records[-1]["at"])
    return asked <= last and time.time() - last < FRESH


def ask_again(request: HttpRequest, purpose: str, back: str) -> HttpResponse:
    """To the page that asks for password or passkey; from there back to `back`."""
    request.session[f"confirm:{purpose}"] = time.time()
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def used_up(request: HttpRequest, purpose: str) -> None:
    """One confirmation is for one signature."""
    request.session.pop(f"confirm:{purpose}", None)


def pdf(content: bytes, name: str) -> HttpResponse:
    """A file for the parties alone."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store, private"
    return response
