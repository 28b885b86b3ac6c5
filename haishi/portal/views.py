"""Pages of the portal."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from haishi.expo import selectors as expo
from haishi.foundation import web
from haishi.foundation.bilingual import speaks_english
from haishi.foundation.errors import NotFound
from haishi.portal import feeds, selectors


def home(request: HttpRequest) -> HttpResponse:
    """The open edition; without one, what comes and what has been."""
    current = expo.current_edition()
    if current is None:
        past = selectors.past_editions(request.user)
        return render(request, "portal/empty_home.html", {"past": past})
    return render(request, "portal/home.html", {"home": selectors.home_page(current)})


def edition(request: HttpRequest, edition: str) -> HttpResponse:
    """The page of one edition."""
    row = expo.get_edition(request.user, edition)
    return render(request, "portal/home.html", {"home": selectors.home_page(row)})


def halls(request: HttpRequest, edition: str) -> HttpResponse:
    """All halls of an edition."""
    row = expo.get_edition(request.user, edition)
    here = {"label": pgettext("several", "展馆"), "url": ""}
    trail = [{"label": row.title, "url": row.get_absolute_url()}, here]
    context = {"edition": row, "doors": selectors.doors_of(row), "trail": trail}
    return render(request, "portal/halls.html", context)


def hall(request: HttpRequest, edition: str, hall: str) -> HttpResponse:
    """A hall: its plan and its exhibitors."""
    page = selectors.hall_page(request.user, edition, hall, request.GET)
    return render(request, "portal/hall.html", {"page": page})


def booth(request: HttpRequest, edition: str, exhibitor_id: int) -> HttpResponse:
    """A booth page."""
    page = selectors.booth_page(request.user, edition, exhibitor_id)
    return render(request, "portal/booth.html", {"booth": page})


def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """The permanent page of an organisation."""
    page = selectors.organisation_page(request.user, slug)
    return render(request, "portal/organisation.html", {"firm": page})


def search(request: HttpRequest) -> HttpResponse:
    """Search results with facets."""
    page = selectors.search_page(request.user, request.GET)
    return web.page(request, "portal/search.html", {"page": page})


def tour(request: HttpRequest) -> HttpResponse:
    """A walk through the halls of the open edition."""
    current = expo.current_edition()
    stops = selectors.tour_stops(request.user, current) if current else []
    first = next((stop.door.picture for stop in stops if stop.door.picture), None)
    context = {"stops": stops, "share_image": selectors.share_image(first)}
    return render(request, "portal/tour.html", context)


def take_part(request: HttpRequest) -> HttpResponse:
    """How a firm takes part, and what it gets for it."""
    current = expo.current_edition()
    context = {
        "edition": current,
        "tiers": expo.tiers_of(current) if current else [],
        "apply_url": reverse("expo:take_part", args=[current.slug]) if current else "",
    }
    return render(request, "portal/take_part.html", context)


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for this person."""
    page = selectors.desk_page(request.user)
    return render(request, "portal/desk.html", {"desk": page, "side_nav": page.side_nav})


def static_page(request: HttpRequest, name: str) -> HttpResponse:
    """About, terms, privacy, accessibility."""
    headings = {
        "about": _("何谓海市"),
        "terms": _("服务条款"),
        "privacy": _("隐私政策"),
        "accessibility": _("无障碍说明"),
    }
    body = f"portal/static/{name}.{'en' if speaks_english() else 'zh'}.html"
    return render(request, "portal/static_page.html", {"heading": headings[name], "body": body})


def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read."""
    closed = ("/desk/", "/account/", "/organise/", "/exhibit/", "/me/", "/search/", "/api/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append(f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def sitemap(request: HttpRequest) -> HttpResponse:
    """Public pages; split into parts when there are many."""
    part = request.GET.get("part", "")
    if part and not part.isdigit():
        raise NotFound
    body = feeds.sitemap(int(part)) if part else feeds.sitemap_index()
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


def feed(request: HttpRequest) -> HttpResponse:
    """New products and announcements as an Atom feed."""
    return HttpResponse(feeds.atom(), content_type="application/atom+xml; charset=utf-8")
