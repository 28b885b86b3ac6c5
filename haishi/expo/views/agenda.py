"""My agenda and its calendar feed; the programme for calendars and schedule apps; its changes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo import programme_exports, programme_history, selectors, services
from haishi.expo.views.frame import visitor_page
from haishi.foundation.errors import NotFound
from haishi.foundation.pagecache import always_fresh


def _ics(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.ics") or ""
    return response


@require_GET
def schedule(request: HttpRequest, edition: str, form: str) -> HttpResponse:
    """The released programme as `ics`, frab `xml` or `json`."""
    row = selectors.get_edition(request.user, edition)
    if form == "ics":
        entries = [(row, slot) for slot in selectors.programme_rows(row)]
        return _ics(programme_exports.calendar(str(row.title), entries), edition)
    if form == "xml":
        content = programme_exports.schedule_xml(row)
        return HttpResponse(content, content_type="application/xml; charset=utf-8")
    if form == "json":
        return JsonResponse({"schedule": programme_exports.schedule(row)})
    raise NotFound


@require_GET
def session_ics(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One session for a calendar."""
    row = selectors.get_edition(request.user, edition)
    slot = selectors.get_released(row, code)
    chosen = selectors.released_slots(row).filter(pk=slot.pk)
    entries = [(row, each) for each in selectors.programme_rows(row, chosen)]
    return _ics(programme_exports.calendar(entries[0][1].title.zh, entries), code)


@require_GET
def changes(request: HttpRequest, edition: str) -> HttpResponse:
    """What each released version changed."""
    row = selectors.get_edition(request.user, edition)
    context = {"edition": row, "versions": programme_history.versions(row)}
    return render(request, "expo/programme/changes.html", context)


@login_required
@require_POST
def keep(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Into my agenda, or out of it with `drop`: also a session that is no longer public."""
    row = selectors.get_edition(request.user, edition)
    if "drop" in request.POST:
        services.drop_from_agenda(request.user, row.pk, code)
        messages.success(request, _("已从我的日程移除。"))
        if request.POST["drop"] == "agenda":
            return redirect("expo:my_agenda")
    else:
        slot = selectors.get_released(row, code)
        services.add_to_agenda(request.user, slot.session_id)
        messages.success(request, _("已加入我的日程。"))
    return redirect("expo:session", edition, code)


@login_required
@require_GET
def my_agenda(request: HttpRequest) -> HttpResponse:
    """What I want to attend, day by day, and the address of my calendar feed."""
    token = selectors.agenda_token(request.user)
    feed = request.build_absolute_uri(reverse("expo:agenda_feed", args=[token]))
    context = {"days": programme_history.agenda_days(request.user), "feed": feed}
    return visitor_page(request, "agenda", "expo/programme/agenda.html", context)


@login_required
@require_POST
def renew_feed(request: HttpRequest) -> HttpResponse:
    """A new address for the calendar feed; the old one stops."""
    services.renew_feed(request.user)
    messages.success(request, _("已换成新地址，旧地址不再有效。"))
    return redirect("expo:my_agenda")


@always_fresh
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The agenda of the person whose signed address this is."""
    owner = selectors.agenda_owner(token)
    if owner is None:
        raise NotFound
    entries = [(row.edition, row.slot) for row in selectors.agenda(owner)]
    return _ics(programme_exports.calendar(_("我的日程"), entries), "agenda")
