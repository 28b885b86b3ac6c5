"""The firm's desk: its launches, the dossier, and the steps of its way."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo.desks import exhibitor_desk, exhibitor_nav
from haishi.expo.selectors import can_enter, can_set_up
from haishi.foundation import web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.launches import selectors, services
from haishi.launches.forms import DossierForm, InstantForm, NewDossierForm, QuotaForm

FIELDS = (
    "name", "name_en", "product_id", "teaser", "teaser_en", "story", "story_en",
    "teaser_asset_id", "cover_asset_id", "picture_ids", "session_id", "unveil_at", "version",
)  # fmt: skip


def sent(request: HttpRequest) -> Any:
    """What a form was sent with; None before."""
    return request.POST if request.method == "POST" else None


def _files(request: HttpRequest) -> Any:
    return request.FILES if request.method == "POST" else None


def _page(
    request: HttpRequest, exhibitor: Any, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    nav = exhibitor_nav(request.user, exhibitor, "launches")
    whole = {"exhibitor": exhibitor, "side_nav": nav, **context}
    response = web.page(request, f"launches/desk/{name}.html", whole, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _setting(request: HttpRequest, exhibitor: Any) -> dict[str, Any]:
    products = selectors.products_of(request.user, exhibitor.organisation_id)
    sessions = selectors.sessions_for(exhibitor)
    return {
        "actor": request.user,
        "exhibitor": exhibitor,
        "products": products,
        "sessions": sessions,
    }


def act(request: HttpRequest, action: Callable[[], Any], done: str, target: str) -> HttpResponse:
    """Do what a single button asks and go to `target`, where a refusal is told, too."""
    try:
        action()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(target)


@login_required
@require_GET
def desk(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """All launches of an exhibitor."""
    row = exhibitor_desk(request.user, exhibitor_id, can_enter)
    context = {
        "launches": selectors.launches_at(row),
        "manages": can_set_up(request.user, row),
    }
    return _page(request, row, "list", context)


@login_required
def new(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """Write a dossier."""
    row = exhibitor_desk(request.user, exhibitor_id, can_set_up)
    form = NewDossierForm(sent(request), _files(request), **_setting(request, row))

    def make(**values: Any) -> int:
        return services.draft(request.user, row.pk, **values).pk

    scope = f"launches.draft:{request.user.pk}"
    pk = form.apply_once(scope, make) if request.method == "POST" else None
    if pk:
        messages.success(request, _("材料已保存为草稿。检查无误后提交审核。"))
        return redirect("launches:edit", row.pk, pk)
    return _page(request, row, "new", {"form": form}, form.status)


@login_required
def edit(request: HttpRequest, exhibitor_id: int, launch_id: int) -> HttpResponse:
    """The dossier of a launch; a form while it is a draft."""
    launch = selectors.get_own(request.user, exhibitor_id, launch_id, to_change=True)
    row, sale = launch.exhibitor, selectors.desk_sale(launch)
    initial = {name: getattr(launch, name) for name in FIELDS}
    if sale:
        names = ("quota", "price_minor", "rule", "pay_minutes")
        initial |= {name: getattr(sale.allotment, name) for name in names}
        length = sale.allotment.closes_at - sale.allotment.opens_at
        initial["open_minutes"] = int(length.total_seconds() // 60)
    setting = _setting(request, row)
    form = DossierForm(sent(request), _files(request), initial=initial, **setting)
    if request.method == "POST" and form.apply(services.edit, request.user, launch.pk):
        messages.success(request, _("材料已保存。"))
        return redirect("launches:edit", exhibitor_id, launch_id)
    context = {
        "form": form,
        "launch": launch,
        "sale": sale,
        "certificate": selectors.certificate_of(launch),
        "missing": selectors.missing_of(launch),
        "story": selectors.story_of(launch),
    }
    return _page(request, row, "edit", context, form.status)


@login_required
def move(request: HttpRequest, exhibitor_id: int, launch_id: int) -> HttpResponse:
    """Choose another instant."""
    launch = selectors.get_own(request.user, exhibitor_id, launch_id, to_change=True)
    initial = {"unveil_at": launch.unveil_at, "version": launch.version}
    zone = launch.exhibitor.edition.time_zone
    form = InstantForm(sent(request), initial=initial, zone=zone)
    if request.method == "POST" and form.apply(services.reschedule, request.user, launch.pk):
        messages.success(request, _("揭幕时刻已更改，预约的人会收到通知。"))
        return redirect("launches:edit", exhibitor_id, launch_id)
    context = {"form": form, "launch": launch}
    return _page(request, launch.exhibitor, "move", context, form.status)


@login_required
def quota(request: HttpRequest, exhibitor_id: int, launch_id: int) -> HttpResponse:
    """Change how many are sold; never fewer than are kept or sold."""
    launch = selectors.get_own(request.user, exhibitor_id, launch_id, to_change=True)
    sale = selectors.desk_sale(launch)
    if sale is None:
        raise NotFound
    form = QuotaForm(sent(request), initial={"quota": sale.allotment.quota})

    def resize(quota: int) -> bool:
        services.resize(request.user, sale.allotment.pk, quota)
        return True

    if request.method == "POST" and form.apply(resize):
        messages.success(request, _("首发数量已更改。"))
        return redirect("launches:edit", exhibitor_id, launch_id)
    context = {"form": form, "launch": launch, "sale": sale}
    return _page(request, launch.exhibitor, "quota", context, form.status)


@login_required
@require_POST
def step(request: HttpRequest, exhibitor_id: int, launch_id: int, action: str) -> HttpResponse:
    """One button: submit, take back, announce or withdraw."""
    launch = selectors.get_own(request.user, exhibitor_id, launch_id, to_change=True)
    known = {
        "submit": (services.submit, _("已提交审核，结果会发到你的消息。")),
        "take-back": (services.take_back, _("已收回为草稿，可以修改。")),
        "announce": (services.announce, _("预告已发布，倒计时开始。")),
        "withdraw": (services.withdraw, _("预告已撤回，预约的人会收到通知。")),
    }
    if action not in known:
        raise NotFound
    service, done = known[action]
    target = reverse("launches:edit", args=[exhibitor_id, launch_id])
    return act(request, lambda: service(request.user, launch.pk), done, target)
