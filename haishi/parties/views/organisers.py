"""Pages of organisers and operators: review of papers, duties, who may run an expo."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation import clock
from haishi.foundation.errors import Forbidden
from haishi.foundation.types import Actor
from haishi.parties import selectors, services
from haishi.parties.errors import NoSuchOrganisation
from haishi.parties.forms import AnswerForm, AppointForm, OrganiserForm
from haishi.parties.states import VerificationState
from haishi.parties.views.frame import act, desk, sent

PAGE = 30


@login_required
@require_GET
def verifications(request: HttpRequest) -> HttpResponse:
    """The queue, oldest first; what was answered under its tab."""
    state = request.GET.get("state", VerificationState.PENDING)
    state = state if state in VerificationState.values else VerificationState.PENDING
    rows = selectors.verification_queue(request.user, state)
    tabs = [
        {
            "label": label,
            "url": f"?state={value}",
            "current": value == state,
            "count": selectors.waiting_verifications(request.user) if value == "pending" else None,
        }
        for value, label in VerificationState.choices
    ]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    overdue = clock.now() - services.REMIND_AFTER
    context = {"page": page, "tabs": tabs, "state": state, "overdue": overdue}
    return desk(request, "parties/verifications.html", context)


@login_required
def verification_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with its papers; approve, return or withdraw."""
    row = selectors.get_verification(request.user, pk)
    form = AnswerForm(sent(request))

    def answer(actor: Actor, answer: str, reason: str) -> Any:
        if answer == "withdraw":
            return services.withdraw_verification(actor, pk, reason)
        return services.answer_verification(actor, pk, answer == "approve", reason)

    if request.method == "POST" and form.apply(answer, request.user):
        messages.success(request, _("已答复，对方会收到通知。"))
        return redirect("parties:verifications")
    store = services.document_store()
    context = {
        "verification": row,
        "documents": store.show(request.user, row.document_ids) if store else [],
        "earlier": [one for one in selectors.verifications_of(row.organisation_id) if one.pk != pk],
        "form": form,
    }
    return desk(request, "parties/verification_answer.html", context, form.status)


def _duties_page(
    request: HttpRequest,
    slug: str,
    form: AppointForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    row = selectors.get_organiser(request.user, slug)
    context = {
        "organisation": row,
        "duties": selectors.duties(row.pk),
        "form": form or AppointForm(),
        "problem": problem,
    }
    return desk(request, "parties/duties.html", context, status)


@login_required
def duties(request: HttpRequest, slug: str) -> HttpResponse:
    """Who does what for an organiser; appoint."""
    if request.method != "POST":
        return _duties_page(request, slug)
    row = selectors.get_organiser(request.user, slug)
    form = AppointForm(request.POST)
    if form.apply(services.appoint_by_email, request.user, row.pk):
        messages.success(request, _("已指定职责。"))
        return redirect("parties:duties", slug)
    return _duties_page(request, slug, form, status=form.status)


@login_required
@require_POST
def duty_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """End a duty."""
    slug = selectors.organiser_of_duty(request.user, pk)

    def page(**refusal: Any) -> HttpResponse:
        return _duties_page(request, slug, **refusal)

    target = reverse("parties:duties", args=[slug])
    return act(request, lambda: services.dismiss(request.user, pk), _("职责已解除。"), target, page)


@login_required
def organisers(request: HttpRequest) -> HttpResponse:
    """For operators: which organisations may run an expo."""
    if not request.user.is_staff:
        raise Forbidden
    form = OrganiserForm(sent(request))

    def make(actor: Actor, slug: str, owner_email: str) -> Any:
        row = selectors.organisations().filter(slug=slug).first()
        if row is None:
            raise NoSuchOrganisation
        return services.make_organiser(actor, row.pk, owner_email)

    if request.method == "POST" and form.apply(make, request.user):
        messages.success(request, _("已设为主办方。"))
        return redirect("parties:organisers")
    context = {"organisers": selectors.organisers(), "form": form}
    return desk(request, "parties/organisers.html", context, form.status)


@login_required
@require_POST
def organiser_end(request: HttpRequest, pk: int) -> HttpResponse:
    """An organisation runs no expo any more."""
    services.unmake_organiser(request.user, pk)
    messages.success(request, _("已取消主办方资格，相关职责同时解除。"))
    return redirect("parties:organisers")
