"""The public board, its feed, a request's page and questions about it."""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation import clock, web
from haishi.foundation.pagecache import always_fresh
from haishi.sourcing import selectors, services
from haishi.sourcing.forms import QuestionForm

FILTERS = ("category", "city", "kind", "currency", "soon", "past")


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Open requests, those that close first on top."""
    wanted = {name: request.GET.get(name, "") for name in FILTERS}
    filters = selectors.Filters(**wanted)
    shown = selectors.board(filters, request.GET.get("page", "1"))
    context = {"board": shown, "page": shown.page, "filters": filters}
    return web.page(request, "sourcing/board.html", context)


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """The latest open public requests, in Atom (RFC 4287)."""
    home = settings.PUBLIC_URL + reverse("sourcing:board")
    entries = "".join(_entry(row) for row in selectors.newest_open(30))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(_('海市 · 采购需求'))}</title><id>{escape(home)}</id>"
        f"<link href={quoteattr(home)}/><updated>{clock.now().isoformat()}</updated>"
        f"{entries}</feed>"
    )
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def _entry(row: Any) -> str:
    url = settings.PUBLIC_URL + row.get_absolute_url()
    when = (row.published_at or clock.now()).isoformat()
    return (
        f"<entry><id>{escape(url)}</id><title>{escape(str(row.name))}</title>"
        f"<link href={quoteattr(url)}/><updated>{when}</updated>"
        f"<author><name>{escape(str(row.buyer.title))}</name></author>"
        f"<summary>{escape(str(selectors.summary_of(row)))}</summary></entry>"
    )


@always_fresh
@require_GET
def rfq(request: HttpRequest, slug: str) -> HttpResponse:
    """What is wanted, until when, what decides, what was asked."""
    return _rfq(request, slug, None)


def _rfq(request: HttpRequest, slug: str, form: QuestionForm | None) -> HttpResponse:
    shown = selectors.rfq_page(request.user, slug)
    asks = shown.asking and bool(shown.firms)
    form = form or (QuestionForm(firms=shown.firms) if asks else None)
    context = {"page": shown, "rfq": shown.rfq, "form": form, "now": clock.now()}
    status = form.status if form else 200
    response = web.page(request, "sourcing/rfq.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the buyer."""
    row = selectors.get_rfq(request.user, slug)
    form = QuestionForm(request.POST, firms=selectors.bidding_firms(request.user, row))

    def send(**values: object) -> int:
        return services.ask(request.user, row.pk, **values).pk  # type: ignore[arg-type]

    if form.apply_once(f"sourcing.ask:{request.user.pk}:{row.pk}", send) is None:
        return _rfq(request, slug, form)
    messages.success(request, _("问题已送达，答复后所有报价单位都会看到。"))
    return redirect("sourcing:rfq", slug)
