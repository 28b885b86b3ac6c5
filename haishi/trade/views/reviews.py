"""What buyers say: written by them, answered by sellers, looked at by moderators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo.desks import organiser_desk, organiser_nav
from haishi.expo.selectors import can_moderate
from haishi.foundation.errors import NotFound
from haishi.parties import selectors as parties
from haishi.trade import selectors, services
from haishi.trade.forms import AnswerForm, HideForm, ReviewForm
from haishi.trade.views.frame import PER_PAGE, act, plain_page, render, sent


@login_required
def review(request: HttpRequest, number: str, line_id: int) -> HttpResponse:
    """Stars and words about one line of a completed order, or another word for a while."""
    line = selectors.get_bought_line(request.user, number, line_id)
    known = selectors.review_of_line(line)
    initial = {"rating": known.rating, "text": known.text} if known else {}
    form = ReviewForm(sent(request), initial=initial)
    if request.method == "POST" and form.apply(services.write_review, request.user, line.pk):
        messages.success(request, _("谢谢，评价已发表。"))
        return redirect("trade:order", number)
    context = {"line": line, "order": line.order, "known": known, "form": form}
    return plain_page(request, "trade/review.html", context, form.status)


def _firm_page(request: HttpRequest, org: str, bound: AnswerForm | None, at: int) -> HttpResponse:
    firm, rows = selectors.reviews_of_firm(request.user, org)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    manages = parties.can_manage(request.user, firm.pk)
    shown = [
        (row, bound if bound and row.pk == at else AnswerForm(prefix=f"r{row.pk}")) for row in page
    ]
    context = {"firm": firm, "page": page, "rows": shown, "manages": manages}
    return render(request, "trade/firm_reviews.html", context, bound.status if bound else 200)


@login_required
@require_GET
def firm_reviews(request: HttpRequest, org: str) -> HttpResponse:
    """What buyers said of a firm's products."""
    return _firm_page(request, org, None, 0)


@login_required
@require_POST
def answer_review(request: HttpRequest, org: str, review_id: int) -> HttpResponse:
    """The firm's one answer."""
    parties.get_desk(request.user, org)
    form = AnswerForm(request.POST, prefix=f"r{review_id}")
    if form.apply(services.answer_review, request.user, review_id) is None:
        return _firm_page(request, org, form, review_id)
    messages.success(request, _("答复已发表。"))
    return redirect("trade:firm_reviews", org)


@login_required
@require_GET
def moderation(request: HttpRequest, edition: str) -> HttpResponse:
    """Reviews of what an edition's firms sell, newest first; hidden ones apart."""
    row = organiser_desk(request.user, edition, can_moderate)
    hidden = request.GET.get("queue") == "hidden"
    rows = selectors.reviews_in_edition(row, hidden=hidden)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": row,
        "page": page,
        "hidden": hidden,
        "side_nav": organiser_nav(request.user, row, "reviews"),
    }
    return render(request, "trade/moderation.html", context)


@login_required
@require_POST
def judge(request: HttpRequest, edition: str, review_id: int, action: str) -> HttpResponse:
    """Take a review off its page with a reason, or put it back."""
    organiser_desk(request.user, edition, can_moderate)
    target = reverse("trade:moderation", args=[edition])
    if action == "show":
        act(request, lambda: services.show_review(request.user, review_id), _("评价已恢复显示。"))
        return redirect(f"{target}?queue=hidden")
    if action != "hide":
        raise NotFound
    form = HideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明隐藏的原因。"))
        return redirect(target)
    reason = form.cleaned_data["reason"]
    done = _("评价已隐藏，作者会收到原因。")
    act(request, lambda: services.hide_review(request.user, review_id, reason), done)
    return redirect(target)
