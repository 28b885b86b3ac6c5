"""A milestone: paying, handing over, answering, accepting."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.contracts import selectors, services
from haishi.contracts.forms import DeliverForm, ReasonForm
from haishi.contracts.views import frame
from haishi.foundation.errors import DomainError, Forbidden, NotFound


def _page(
    request: HttpRequest, view: Any, deliver_form: Any = None, return_form: Any = None
) -> HttpResponse:
    row = view.row
    forms = [form for form in (deliver_form, return_form) if form is not None]
    if "deliver" in view.may and deliver_form is None:
        deliver_form = DeliverForm(actor=request.user, supplier_id=row.supplier_id)
    context = {
        **frame.of_contract(request, row.contract, "overview"),
        "view": view,
        "deliver_form": deliver_form,
        "return_form": return_form or ReasonForm(prefix="return"),
    }
    status = next((form.status for form in forms), 200)
    return frame.page(request, "milestone", context, status)


@login_required
@require_GET
def milestone(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Where it stands, who acts next, where its money is, and every round."""
    return _page(request, selectors.milestone_page(request.user, number, position))


@login_required
@require_POST
def fund(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Make the order and go to its page to pay."""
    row = selectors.get_milestone(request.user, number, position)
    here = reverse("contracts:milestone", args=[number, position])
    try:
        made = services.fund(request.user, row.pk)
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(here)
    return redirect("trade:order", made.order_number)


@login_required
@require_POST
def deliver(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Hand over a note and files."""
    view = selectors.milestone_page(request.user, number, position)
    row = view.row
    if "deliver" not in view.may:
        raise Forbidden
    form = DeliverForm(request.POST, request.FILES, actor=request.user, supplier_id=row.supplier_id)
    if form.apply(services.deliver, request.user, row.pk):
        messages.success(request, _("已交付。付款方 7 天内验收或退回，逾期视为合格。"))
        return redirect("contracts:milestone", number, position)
    return _page(request, view, deliver_form=form)


@login_required
@require_POST
def give_back(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Return what was handed over, with a reason."""
    view = selectors.milestone_page(request.user, number, position)
    if "answer" not in view.may:
        raise Forbidden
    form = ReasonForm(request.POST, prefix="return")
    if form.apply(services.return_delivery, request.user, view.row.pk):
        messages.success(request, _("已退回，交付方会收到原因。"))
        return redirect("contracts:milestone", number, position)
    return _page(request, view, return_form=form)


@login_required
def accept(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """What acceptance means; then password or passkey; then the signed acceptance."""
    view = selectors.milestone_page(request.user, number, position)
    if "answer" not in view.may:
        raise Forbidden
    purpose = f"accept:{view.row.pk}:{len(view.deliveries)}"
    here = reverse("contracts:accept", args=[number, position])
    if request.method == "POST":
        if not frame.is_confirmed(request, purpose):
            return frame.ask_again(request, purpose, here)
        frame.used_up(request, purpose)
        target = reverse("contracts:milestone", args=[number, position])
        done = _("已验收。验收单已签署，款项即将按约定分账。")
        return frame.act(request, lambda: services.accept(request.user, view.row.pk), done, target)
    context = {
        **frame.of_contract(request, view.row.contract, "overview"),
        "view": view,
        "confirmed": frame.is_confirmed(request, purpose),
    }
    return frame.page(request, "accept", context)


@login_required
@require_GET
def paper(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """The acceptance, once there is one."""
    row = selectors.get_milestone(request.user, number, position)
    revision = selectors.paper_bytes(row.contract, row)
    return frame.pdf(bytes(revision.content), revision.paper.number)
