"""The launch hall, a launch's page, and what a visitor does there."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo.desks import visitor_nav
from haishi.foundation import clock, web
from haishi.foundation.errors import NotFound
from haishi.foundation.limits import limit
from haishi.foundation.pagecache import always_fresh
from haishi.launches import calendars, selectors, services
from haishi.launches.views.desk import act as do


@always_fresh
@require_GET
def hall(request: HttpRequest) -> HttpResponse:
    """What is live, what comes next, the calendar, the ranking."""
    page = selectors.hall_page(request.GET.dict())
    return web.page(request, "launches/hall.html", {"hall": page, "now": clock.now()})


@always_fresh
@require_GET
def launch(request: HttpRequest, slug: str) -> HttpResponse:
    """The teaser until the instant, everything from then on; the stage alone as a fragment."""
    page = selectors.launch_page(request.user, slug)
    context = {"page": page, "now": clock.now()}
    return web.page(request, "launches/launch.html", context, part="stage")


@always_fresh
@require_GET
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The unveiling for a calendar."""
    return _calendar_file(calendars.calendar([selectors.shown_for_calendar(slug)]), f"{slug}.ics")


def _calendar_file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@always_fresh
@require_GET
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """What became of the sale; its counters alone as a fragment, which the page asks for."""
    if web.is_fragment(request):
        context: dict[str, Any] = {"count": selectors.result_count(slug)}
    else:
        page = selectors.result_page(request.user, slug, clock.now())
        context = {"page": page, "count": page.count}
    return web.page(request, "launches/result.html", context, part="numbers")


@always_fresh
@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """Announcements and unveilings, newest first, in Atom (RFC 4287)."""
    content = calendars.atom(selectors.newest())
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")


@login_required
@require_GET
def my_calendar(request: HttpRequest) -> HttpResponse:
    """All unveilings the person wants to be reminded of, for a calendar."""
    content = calendars.calendar(selectors.reserved_for_calendar(request.user))
    return _calendar_file(content, "launches.ics")


@always_fresh
@require_GET
def draw(request: HttpRequest, slug: str) -> HttpResponse:
    """The public file of a draw: the commitment, and after the decision everything."""
    content = selectors.draw_file(selectors.public_allotment(slug))
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My claims and reminders."""
    context = {
        "claims": selectors.claims_of(request.user),
        "reserved": selectors.reserved_by(request.user),
        "side_nav": visitor_nav("launches"),
        "now": clock.now(),
    }
    return web.page(request, "launches/mine.html", context)


@login_required
@require_POST
def act(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    """One button: reserve or not, claim, put one's name down, wait, give up."""
    row = selectors.get_launch(request.user, slug)
    sale = getattr(row, "allotment", None)
    known: dict[str, tuple[Callable[..., Any], int | None, str]] = {
        "reserve": (services.reserve, row.pk, _("已预约，揭幕前 10 分钟提醒你。")),
        "unreserve": (services.unreserve, row.pk, _("已取消预约。")),
    }
    if sale is not None:
        own = selectors.my_claim(request.user, row)
        known |= {
            "claim": (services.claim, sale.pk, _("抢到了！请在时限内付款。")),
            "request": (services.request, sale.pk, _("已登记，截止后公布结果。")),
            "wait": (services.wait, sale.pk, _("已加入候补，有人让出时会通知你。")),
            "cancel": (services.cancel, own.pk if own else None, _("已放弃，名额让给候补。")),
        }
    if action not in known or known[action][1] is None:
        raise NotFound
    if action == "reserve":  # many accounts behind one address are let in slowly
        limit(f"reserve-from:{web.client_address(request)}", 120, 3600)
    service, subject, done = known[action]
    return do(request, lambda: service(request.user, subject), done, row.get_absolute_url())
