"""Suggestions while somebody types. The page of results belongs to the portal."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from haishi.foundation import web
from haishi.search import selectors


def suggest(request: HttpRequest) -> HttpResponse:
    """Titles that begin like `q`: a fragment for htmx, a page without script, `?format=json`."""
    typed = request.GET.get("q", "")
    found = selectors.suggest(request.user, typed)
    if request.GET.get("format") == "json":
        items = [
            {"kind": s.kind, "label": s.kind_label, "title": str(s.title), "url": s.url}
            for s in found
        ]
        return JsonResponse({"items": items})
    context = {"suggestions": found, "typed": typed[:120], "ready": selectors.is_ready()}
    return web.page(request, "search/suggest.html", context, part="list")
