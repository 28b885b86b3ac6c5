"""A firm's money: what was paid out, what is on its way, and where it goes."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haishi.trade import selectors, services
from haishi.trade.forms import AccountForm
from haishi.trade.views.frame import PER_PAGE, act, render


@login_required
def payouts(request: HttpRequest, org: str) -> HttpResponse:
    """The list and the accounts; owners change where money goes."""
    firm, rows = selectors.payouts_of(request.user, org)
    owns = selectors.owns_money(request.user, firm.pk)
    places = selectors.payout_places(firm.pk, settings.PAYMENT_PROVIDERS)
    ways = [(place.provider, place.title) for place in places]
    form = AccountForm(request.POST if request.method == "POST" else None, ways=ways)
    if request.method == "POST" and form.apply(services.set_payout_account, request.user, org):
        messages.success(request, _("收款账户已保存，等待中的款项开始划付。"))
        return redirect("trade:payouts", org)
    context: dict[str, Any] = {
        "firm": firm,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "sums": selectors.paid_out_sums(firm.pk),
        "places": places,
        "owns": owns,
        "form": form,
    }
    return render(request, "trade/money/payouts.html", context, form.status)


@login_required
@require_POST
def retry(request: HttpRequest, payout_id: int) -> HttpResponse:
    """Send a refused payout again."""
    org = selectors.desk_of_payout(payout_id)
    act(request, lambda: services.retry_payout(request.user, payout_id))
    return redirect("trade:money") if request.user.is_staff else redirect("trade:payouts", org)
