"""The licence market, an offer, and both as data."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haishi.foundation import web
from haishi.foundation.pagecache import always_fresh
from haishi.licences import odrl, policies, selectors, wording
from haishi.licences.states import Exclusivity, Right
from haishi.licences.territories import TERRITORIES
from haishi.parties import selectors as parties


def _facets(known: dict[str, str]) -> list[dict[str, Any]]:
    """Groups of filter links: [{label, name, options: [{value, label, current}]}]."""
    groups: tuple[tuple[str, Any, list[tuple[str, Any]]], ...] = (
        ("right", _("权利"), [*Right.choices]),
        ("exclusivity", _("独占性"), [*Exclusivity.choices]),
        (
            "guarantee",
            _("保底金（人民币）"),
            [("none", _("无保底")), ("50000", _("5 万元以内")), ("200000", _("20 万元以内"))],
        ),
        ("territory", _("地域"), [(code, TERRITORIES[code]) for code in [*TERRITORIES][:10]]),
    )
    return [
        {
            "name": name,
            "label": label,
            "options": [
                {"value": value, "label": words, "current": known.get(name) == value}
                for value, words in options
            ],
            "chosen": known.get(name, ""),
        }
        for name, label, options in groups
    ]


@require_GET
def market(request: HttpRequest) -> HttpResponse:
    """Open offers with filters."""
    page, known = selectors.market(request.GET.dict())
    for row in page.object_list:
        row.price_line = wording.price_line(row)
    context = {"page": page, "facets": _facets(known), "known": known}
    return web.page(request, "licences/market.html", context)


def wants_data(request: HttpRequest) -> bool:
    """Whether JSON-LD is asked for rather than a page."""
    accept = request.headers.get("Accept", "")
    return odrl.TYPE in accept and "text/html" not in accept


def data(content: dict[str, Any]) -> JsonResponse:
    """A policy as JSON-LD."""
    options = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(content, json_dumps_params=options, content_type=odrl.TYPE)


@always_fresh
@require_GET
def offer(request: HttpRequest, number: str) -> HttpResponse:
    """The terms of an offer, its title mark, and the way to ask; JSON-LD to programs."""
    row = selectors.get_offer(request.user, number)
    if wants_data(request):
        response: HttpResponse = data(odrl.offer(row))
    else:
        response = web.page(request, "licences/offer.html", _offer(request, row))
    patch_vary_headers(response, ("Accept",))
    return response


def _offer(request: HttpRequest, row: Any) -> dict[str, Any]:
    own = parties.is_member(request.user, row.organisation_id)
    return {
        "offer": selectors.with_pictures([row])[0],
        "facts": wording.facts(row),
        "price": wording.price_line(row),
        "shares": wording.parts(selectors.shares_with_names(row)),
        "links": selectors.links_of(request.user, row.title),
        "granted": selectors.grants_of(row.product_id),
        "own": own,
        "manages": own and policies.can_edit_offer(request.user, row),
        "open": policies.is_shown(row),
        "others": [each for each in selectors.offers_of(row.product_id) if each.pk != row.pk],
        "trail": [
            {"label": _("授权市场"), "url": "/licences/"},
            {"label": row.product.title, "url": row.product.get_absolute_url()},
        ],
    }


@always_fresh
@require_GET
def offer_data(request: HttpRequest, number: str) -> HttpResponse:
    """An offer as JSON-LD, at an address of its own."""
    return data(odrl.offer(selectors.get_offer(request.user, number)))
