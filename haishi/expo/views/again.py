"""Last year's exhibitors are asked again, and answer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from haishi.expo import desks, policies, selectors, services
from haishi.expo.forms.closing import AskAgainForm
from haishi.expo.states import EditionState, ReconfirmationState
from haishi.expo.views.frame import exhibitor_page, organiser_page, sent
from haishi.foundation.types import Actor


@login_required
def organise(request: HttpRequest, edition: str) -> HttpResponse:
    """Ask, and see who has answered what."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    sources = selectors.earlier_editions(row)
    form = AskAgainForm(sent(request), sources=sources, edition=row)

    def ask(actor: Actor, **values: Any) -> list[int]:
        return [services.ask_again(actor, row.pk, **values)]

    scope = f"expo.again:{row.pk}:{request.user.pk}"
    asked = form.apply_once(scope, ask, request.user) if request.method == "POST" else None
    if asked:
        messages.success(request, _asked(asked[0]))
        return redirect("expo:again", row.slug)
    state = request.GET.get("state", "")
    context = {
        "form": form,
        "sources": sources,
        "page": selectors.requests_to(row, state, request.GET.get("page", "1")),
        "tabs": _tabs(request.path, selectors.request_counts(row), state),
        "closed": row.state == EditionState.CLOSED,
    }
    return organiser_page(request, row, "again", "expo/closing/again.html", context, form.status)


def _asked(count: int) -> str:
    if not count:
        return _("没有新的单位需要邀请：都已邀请过，或已在本届。")
    return ngettext("已邀请 %(n)d 家单位。", "已邀请 %(n)d 家单位。", count) % {"n": count}


def _tabs(path: str, counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    rows: list[tuple[str, Any, int]] = [("", _("全部"), sum(counts.values()))]
    rows += [(state.value, state.label, counts[state]) for state in ReconfirmationState]
    return [
        {
            "label": label,
            "url": f"{path}?state={value}" if value else path,
            "current": value == current,
            "count": count,
        }
        for value, label, count in rows
    ]


@login_required
@require_POST
def ask_once_more(request: HttpRequest, edition: str, request_id: int) -> HttpResponse:
    """Ask one firm again that declined or did not answer."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    services.ask_once_more(request.user, row.pk, request_id)
    messages.success(request, _("已再次邀请。"))
    return redirect("expo:again", row.slug)


@login_required
@require_GET
def come_again(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """What the firm is asked, what comes along, and its answer."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id, policies.can_set_up)
    context = {"requests": selectors.requests_for(exhibitor)}
    return exhibitor_page(request, exhibitor, "again", "expo/closing/come_again.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, exhibitor_id: int, request_id: int, answer: str) -> HttpResponse:
    """Confirm or decline."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id, policies.can_set_up)
    row = selectors.request_for(exhibitor, request_id)
    if answer == "confirm":
        new = services.confirm_again(request.user, row.pk)
        messages.success(request, _("欢迎回来。展位内容已带到新一届，请核对。"))
        return redirect("expo:exhibit", new.pk)
    services.decline_again(request.user, row.pk)
    messages.success(request, _("已谢绝。主办方会收到通知。"))
    return redirect("expo:come_again", exhibitor.pk)
