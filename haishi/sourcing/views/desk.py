"""The buyer's desk: write, publish, amend, invite, answer, cancel."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation.errors import Conflict
from haishi.parties import selectors as parties
from haishi.sourcing import selectors, services
from haishi.sourcing.forms import (
    AmendForm,
    AnswerForm,
    CancelForm,
    EditRfqForm,
    InviteForm,
    RfqForm,
)
from haishi.sourcing.states import RfqState
from haishi.sourcing.types import LineDraft
from haishi.sourcing.views.frame import act, files, page, sent

COLUMNS = (
    "title", "title_en", "description", "description_en", "category_id", "kind", "city",
    "deliver_to", "deliver_by", "payment_terms", "document_ids", "currency", "currencies",
    "criteria", "visibility", "sealed", "show_rank", "opens_at", "closes_at", "questions_until",
    "decide_by", "version",
)  # fmt: skip


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """All requests of my firms."""
    state = request.GET.get("state", "")
    rows, counts = selectors.my_rfqs(request.user, state, request.GET.get("page", "1"))
    context = {
        "page": rows,
        "state": state,
        "states": [(each, each.label, counts.get(each, 0)) for each in RfqState],
        "firms": selectors.buying_firms(request.user),
        "managed": parties.managed_by(request.user),
    }
    return page(request, "mine", "desk/mine", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Write a request: from an enquiry, a product, or from nothing."""
    firms = selectors.buying_firms(request.user)
    if not firms:
        return page(request, "mine", "desk/no_firm", {})
    wanted = request.GET.get("firm", "")
    firm = next((each for each in firms if each.slug == wanted), firms[0])
    start = selectors.draft_from(
        request.user, request.GET.get("enquiry", ""), request.GET.get("product", "")
    )
    first = {"visibility": "public", "currency": "CNY", "kind": "goods", **start.values}
    form = RfqForm(
        sent(request), files(request), initial=first, actor=request.user, buyer_id=firm.pk,
        lines=start.lines,
    )  # fmt: skip

    def make(**values: Any) -> str:
        return services.draft(request.user, firm.pk, origin=start.origin, **values).slug

    scope = f"sourcing.draft:{request.user.pk}"
    slug = form.apply_once(scope, make) if request.method == "POST" else None
    if slug:
        messages.success(request, _("草稿已保存。检查无误后发布。"))
        return redirect("sourcing:desk", slug)
    context = {"form": form, "firm": firm, "firms": firms, "start": start}
    return page(request, "mine", "desk/new", context, form.status)


def _lines(rfq: Any) -> list[LineDraft]:
    return [
        LineDraft(
            row.name, row.quantity, row.unit, row.spec, row.target_minor, row.product_id, row.pk
        )
        for row in rfq.lines.order_by("number")
    ]


@login_required
@require_GET
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """One request of mine: what to do next, who quoted, what was asked."""
    return _desk(request, selectors.get_own(request.user, slug), {})


def _desk(request: HttpRequest, rfq: Any, bound: dict[Any, Any]) -> HttpResponse:
    shown = selectors.rfq_page(request.user, rfq.slug)
    answers = [
        (row, bound.get(row.pk) or AnswerForm(prefix=f"q{row.pk}"))
        for row in shown.questions
        if not row.answer
    ]
    context = {
        "rfq": rfq,
        "shown": shown,
        "missing": selectors.missing_of(rfq) if rfq.state == RfqState.DRAFT else [],
        "received": selectors.received(rfq),
        "invited": selectors.invitations_of(rfq),
        "award": selectors.award_of(rfq),
        "answers": answers,
        "cancel_form": bound.get("cancel") or CancelForm(),
        "story": selectors.story_of(rfq),
    }
    status = next((form.status for form in bound.values()), 200)
    return page(request, "mine", "desk/rfq", context, status)


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a draft."""
    rfq = selectors.get_own(request.user, slug)
    if rfq.state != RfqState.DRAFT:
        raise Conflict
    form = EditRfqForm(
        sent(request), files(request), initial={name: getattr(rfq, name) for name in COLUMNS},
        actor=request.user, buyer_id=rfq.buyer_id, lines=_lines(rfq),
    )  # fmt: skip
    if request.method == "POST" and form.apply(services.edit, request.user, rfq.pk):
        messages.success(request, _("已保存。"))
        return redirect("sourcing:desk", slug)
    return page(request, "mine", "desk/edit", {"form": form, "rfq": rfq}, form.status)


@login_required
def amend(request: HttpRequest, slug: str) -> HttpResponse:
    """A new revision of an open request."""
    rfq = selectors.get_own(request.user, slug)
    if rfq.state != RfqState.OPEN:
        raise Conflict
    form = AmendForm(
        sent(request), files(request), initial={name: getattr(rfq, name) for name in COLUMNS},
        actor=request.user, rfq=rfq, lines=_lines(rfq),
    )  # fmt: skip
    if request.method == "POST" and form.apply(services.amend, request.user, rfq.pk):
        messages.success(request, _("变更已发布，相关单位会收到通知。"))
        return redirect("sourcing:desk", slug)
    return page(request, "mine", "desk/amend", {"form": form, "rfq": rfq}, form.status)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a draft to bidders."""
    rfq = selectors.get_own(request.user, slug)
    target = reverse("sourcing:desk", args=[slug])
    done = _("询价已发布，开始接受报价。")
    return act(request, lambda: services.publish(request.user, rfq.pk), done, target)


@login_required
@require_POST
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """End a request, with a reason."""
    rfq = selectors.get_own(request.user, slug)
    form = CancelForm(request.POST)
    if form.apply(services.cancel, request.user, rfq.pk) is None:
        return _desk(request, rfq, {"cancel": form})
    messages.success(request, _("询价已取消，相关单位会收到通知。"))
    return redirect("sourcing:desk", slug)


@login_required
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Find firms and ask them to quote."""
    rfq = selectors.get_own(request.user, slug)
    query = request.GET.get("q", "")[:60]
    firms = selectors.choosable_firms(rfq, query)
    form = InviteForm(sent(request), firms=firms)
    if request.method == "POST" and form.apply(services.invite, request.user, rfq.pk) is not None:
        messages.success(request, _("已邀请。发布后对方会收到通知。"))
        return redirect("sourcing:invite", slug)
    context = {
        "rfq": rfq,
        "form": form,
        "firms": firms,
        "query": query,
        "invited": selectors.invitations_of(rfq),
    }
    return page(request, "mine", "desk/invite", context, form.status)


@login_required
@require_POST
def answer(request: HttpRequest, slug: str, question_id: int) -> HttpResponse:
    """Answer a question for everybody."""
    rfq = selectors.get_own(request.user, slug)
    form = AnswerForm(request.POST, prefix=f"q{question_id}")
    if form.apply(services.answer, request.user, question_id) is None:
        return _desk(request, rfq, {question_id: form})
    messages.success(request, _("已答复，所有报价单位都能看到。"))
    return redirect("sourcing:desk", slug)
