"""Using a licence: seats, files, products and their approval."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation.errors import Forbidden, NotFound
from haishi.licences import delivery, policies, selectors, services
from haishi.licences.forms import AnswerForm, GoodForm, HandInForm, SeatForm
from haishi.licences.states import Stage
from haishi.licences.views.frame import act, act_by_form, files, page, sent
from haishi.media import selectors as media


@login_required
@require_POST
def name_seat(request: HttpRequest, number: str) -> HttpResponse:
    """Give a seat to a colleague."""
    row = selectors.get_licence(request.user, number)
    form = SeatForm(request.POST)
    return act_by_form(
        request,
        form,
        lambda **v: services.name_seat(request.user, number, **v),
        _("席位已指派。"),
        row.get_absolute_url() + "#seats",
    )


@login_required
@require_POST
def free_seat(request: HttpRequest, number: str, seat_id: int) -> HttpResponse:
    """Take a seat back."""
    row = selectors.get_licence(request.user, number)
    return act(
        request,
        lambda: services.free_seat(request.user, number, seat_id),
        _("席位已收回，对方的下载链接随即失效。"),
        row.get_absolute_url() + "#seats",
    )


@login_required
@require_GET
def file(request: HttpRequest, number: str, token: str) -> HttpResponseBase:
    """A licensed file for the person whose link it is, while it may be used. 404 to all others."""
    row = selectors.get_licence(request.user, number)
    asset = next((each for each in selectors.files_of(row) if each.token == token), None)
    key = request.GET.get("key", "")
    if asset is None or not delivery.opens(key, row, request.user, token):
        raise NotFound
    mark = delivery.mark_of(row, request.user, token)
    services.note_access(request.user, row.pk, asset.pk, asset.name, mark)
    parcel = delivery.parcel(row, request.user, asset, mark)
    name = f"{asset.name.rpartition('.')[0] or asset.name}-{row.number}.zip"
    response = FileResponse(
        parcel, as_attachment=True, filename=name, content_type="application/zip"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def add_good(request: HttpRequest, number: str) -> HttpResponse:
    """Name a product that will be made."""
    row = selectors.get_licence(request.user, number)
    form = GoodForm(request.POST)
    return act_by_form(
        request,
        form,
        lambda **v: services.add_good(request.user, number, **v),
        _("已登记。按阶段送审，大货通过后才能报告销售。"),
        row.get_absolute_url() + "#approvals",
    )


@login_required
def hand_in(request: HttpRequest, number: str, good_id: int) -> HttpResponse:
    """Hand in a stage of a product."""
    row = selectors.get_licence(request.user, number)
    if not policies.is_licensee(request.user, row):
        raise Forbidden
    good: Any = next((each for each in selectors.goods_of(row) if each.pk == good_id), None)
    if good is None:
        raise NotFound
    setting: dict[str, Any] = {
        "actor": request.user,
        "licence": row,
        "initial": {"stage": good.next_stage},
    }
    form = HandInForm(sent(request), files(request), **setting)
    scope = f"licences.hand_in:{request.user.pk}"

    def make(**values: Any) -> int:
        return services.hand_in(request.user, number, good_id, **values).pk

    if request.method == "POST" and form.apply_once(scope, make):
        messages.success(request, _("已送监修，答复会发到你的消息。"))
        return redirect(row.get_absolute_url() + "#approvals")
    return page(request, "hand_in", {"form": form, "licence": row, "good": good}, form.status)


@login_required
def approval(request: HttpRequest, number: str, approval_id: int) -> HttpResponse:
    """What was handed in, and what the licensor answers."""
    row = selectors.get_licence(request.user, number)
    found = selectors.approval_facts(approval_id)
    if found is None or found.good.licence_id != row.pk:
        raise NotFound
    may = policies.is_licensor(request.user, row)
    if request.method == "POST" and not may:
        raise Forbidden
    form = AnswerForm(sent(request))

    def answer(**values: Any) -> Any:
        return services.answer_approval(request.user, number, approval_id, **values)

    if request.method == "POST" and form.apply(answer):
        messages.success(request, _("已答复，对方会收到通知。"))
        return redirect(row.get_absolute_url() + "#approvals")
    context = {
        "form": form if may and found.state == "submitted" else None,
        "licence": row,
        "approval": found,
        "stage": Stage(found.stage).label,
        "papers": [*media.private_attachments(request.user, found.file_ids).values()],
        "back": reverse("licences:licence", args=[number]),
    }
    return page(request, "approval", context, form.status)
