"""Webhook endpoints of an organisation and their delivery log, for its managers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haishi.foundation import web
from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.notices import selectors, services
from haishi.notices.forms import EndpointForm, ReplayForm
from haishi.notices.views.side import side_nav
from haishi.parties import selectors as parties

ON_PAGE = 30
EDIT = ["GET", "HEAD", "POST"]


def _context(actor: Actor, slug: str, **more: Any) -> dict[str, Any]:
    place = reverse("notices:endpoints", args=[slug])
    return {"side_nav": side_nav(actor, place), "place": place, **more}


def _trail(slug: str, row: Any, *more: str) -> list[dict[str, Any]]:
    """All endpoints, this one, and what of its log is read."""
    here = {"label": row.description or _("接收地址"), "url": _endpoint_url(slug, row)}
    above = {"label": _("事件推送"), "url": reverse("notices:endpoints", args=[slug])}
    return [above, here, *({"label": label, "url": ""} for label in more)]


def _endpoint_url(slug: str, row: Any) -> str:
    return reverse("notices:endpoint", args=[slug, row.pk])


def _found(request: HttpRequest, slug: str, endpoint_id: int) -> Any:
    row = selectors.get_endpoint(request.user, endpoint_id)
    if row.organisation.slug != slug:
        raise NotFound
    return row


@login_required
@require_safe
def endpoints(request: HttpRequest, slug: str) -> HttpResponse:
    """All endpoints of the organisation."""
    firm = parties.get_organisation(slug)
    rows = selectors.endpoints(request.user, firm.pk)
    context = _context(request.user, slug, firm=firm, endpoints=rows)
    return web.page(request, "notices/endpoints.html", context)


@login_required
@require_http_methods(EDIT)
def add_endpoint(request: HttpRequest, slug: str) -> HttpResponse:
    """Register an address; the answer shows its secret, once."""
    firm = parties.get_organisation(slug)
    selectors.endpoints(request.user, firm.pk)
    form = EndpointForm(request.POST or None)
    if request.method == "POST":
        made = form.apply(services.add_endpoint, request.user, firm.pk)
        if made:
            return _secret_page(request, slug, *made)
    context = _context(request.user, slug, firm=firm, form=form)
    return web.page(request, "notices/endpoint_new.html", context, status=form.status)


def _secret_page(request: HttpRequest, slug: str, row: Any, secret: str) -> HttpResponse:
    context = _context(request.user, slug, firm=row.organisation, endpoint=row, secret=secret)
    response = web.page(request, "notices/endpoint_secret.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(EDIT)
def endpoint(request: HttpRequest, slug: str, endpoint_id: int) -> HttpResponse:
    """One endpoint: its settings, its delivery log."""
    row = _found(request, slug, endpoint_id)
    initial = {"url": row.url, "labels": row.labels, "description": row.description}
    form = EndpointForm(request.POST or None, initial=initial)
    changed = None
    if request.method == "POST":
        changed = form.apply(services.edit_endpoint, request.user, row.pk)
    if changed is not None:
        messages.success(request, _("已保存。"))
        return redirect("notices:endpoint", slug, row.pk)
    return _endpoint_page(request, row, form=form, status=form.status)


def _endpoint_page(
    request: HttpRequest, row: Any, *, status: int = 200, **forms: Any
) -> HttpResponse:
    slug = row.organisation.slug
    initial = {"url": row.url, "labels": row.labels, "description": row.description}
    page = Paginator(selectors.dispatches(row), ON_PAGE).get_page(request.GET.get("page"))
    context = _context(
        request.user,
        slug,
        trail=_trail(slug, row),
        firm=row.organisation,
        endpoint=row,
        page=page,
        log=selectors.with_last_attempt(page),
        form=forms.get("form") or EndpointForm(initial=initial),
        replay_form=forms.get("replay_form") or ReplayForm(),
    )
    return web.page(request, "notices/endpoint.html", context, part="log", status=status)


@login_required
@require_POST
def change_endpoint(request: HttpRequest, slug: str, endpoint_id: int, action: str) -> HttpResponse:
    """pause, resume, ping, rotate, replay or remove."""
    row = _found(request, slug, endpoint_id)
    if action == "rotate":
        return _secret_page(request, slug, *services.rotate_secret(request.user, row.pk))
    if action == "replay":
        return _replay_since(request, row)
    done = _ACTIONS[action](request.user, row.pk)
    messages.success(request, done)
    if action == "remove":
        return redirect("notices:endpoints", slug)
    return redirect("notices:endpoint", slug, row.pk)


def _replay_since(request: HttpRequest, row: Any) -> HttpResponse:
    form = ReplayForm(request.POST)
    count = form.apply(services.replay_since, request.user, row.pk)
    if count is None:
        return _endpoint_page(request, row, replay_form=form, status=form.status)
    text = ngettext("%(n)d 个事件将重新发送。", "%(n)d 个事件将重新发送。", count) % {"n": count}
    messages.success(request, text)
    return redirect("notices:endpoint", row.organisation.slug, row.pk)


def _pause(actor: Actor, endpoint_id: int) -> str:
    services.change_state(actor, endpoint_id, "pause")
    return _("已暂停。期间的事件会保留，恢复后可以重发。")


def _resume(actor: Actor, endpoint_id: int) -> str:
    services.change_state(actor, endpoint_id, "resume")
    return _("已恢复发送。")


def _ping(actor: Actor, endpoint_id: int) -> str:
    services.ping(actor, endpoint_id)
    return _("测试事件已发出，结果稍后出现在记录里。")


def _remove(actor: Actor, endpoint_id: int) -> str:
    services.remove_endpoint(actor, endpoint_id)
    return _("接收地址已删除。")


_ACTIONS: dict[str, Callable[[Actor, int], str]] = {
    "pause": _pause,
    "resume": _resume,
    "ping": _ping,
    "remove": _remove,
}


@login_required
@require_safe
def dispatch(request: HttpRequest, slug: str, dispatch_id: int) -> HttpResponse:
    """One entry of the log: what was sent, every try and its answer."""
    row = selectors.get_dispatch(request.user, dispatch_id)
    if row.endpoint.organisation.slug != slug:
        raise NotFound
    context = _context(
        request.user,
        slug,
        trail=_trail(slug, row.endpoint, row.message.label),
        firm=row.endpoint.organisation,
        dispatch=row,
        endpoint=row.endpoint,
        attempts=selectors.attempts(row),
    )
    return web.page(request, "notices/dispatch.html", context)


@login_required
@require_POST
def replay(request: HttpRequest, slug: str, dispatch_id: int) -> HttpResponse:
    """Send one fact again."""
    row = selectors.get_dispatch(request.user, dispatch_id)
    if row.endpoint.organisation.slug != slug:
        raise NotFound
    services.replay(request.user, dispatch_id)
    messages.success(request, _("将重新发送这个事件。"))
    return redirect("notices:dispatch", slug, dispatch_id)
