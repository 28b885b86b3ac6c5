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
from haishi.foundation.pagecache import always_fresh
from haishi.launches import calendars, selectors, services
from haishi.launches.views.desk import act as do


@always_fresh
@require_GET
def hall(request: HttpRequest) -> HttpResponse:
    """What is live, what comes next, the calendar, the ranking."""
    page = selectors.hall_page(request.GET.get("day", ""))
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
    shown, zone = selectors.shown_for_calendar(slug)
    answer = HttpResponse(
        calendars.calendar(shown, zone), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = content_disposition_header(True, f"{slug}.ics") or ""
    return answer


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
    service, subject, done = known[action]
    return do(request, lambda: service(request.user, subject), done, row.get_absolute_url())
