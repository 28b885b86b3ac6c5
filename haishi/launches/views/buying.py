"""From a kept unit to the cashier."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from haishi.foundation import clock, web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.launches import selectors, services
from haishi.launches.forms import CheckOutForm
from haishi.launches.views.desk import sent
from haishi.trade import services as trade


@login_required
def pay(request: HttpRequest, slug: str) -> HttpResponse:
    """The unit, the time that is left and the address; then the cashier. Once more: the order."""
    page = selectors.pay_page(request.user, slug)
    if page.order_url:
        return redirect(page.order_url)
    if not page.payable:
        messages.info(request, page.words)
        return redirect(page.shown.url)
    form = CheckOutForm(sent(request), travels=page.travels, addresses=page.addresses)
    if request.method == "POST":
        claim = form.apply(services.check_out, request.user, page.claim.pk)
        if claim:
            return _to_cashier(request, claim.order)
    context = {"page": page, "form": form, "now": clock.now()}
    response = web.page(request, "launches/pay.html", context, status=form.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _to_cashier(request: HttpRequest, order: Any) -> HttpResponse:
    """Outside of any transaction: a provider is asked."""
    back = reverse("trade:order", args=[order.number])
    try:
        payment = trade.start(request.user, order.pk, trade.default_provider(), back)
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(back)
    return redirect(payment.pay_url)
