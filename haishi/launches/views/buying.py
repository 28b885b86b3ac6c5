"""From a kept unit to the cashier."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from haishi.foundation import clock, web
from haishi.launches import selectors, services
from haishi.launches.forms import CheckOutForm
from haishi.launches.views.desk import sent


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
            return redirect("trade:pay", claim.order.number)
    context = {"page": page, "form": form, "now": clock.now()}
    response = web.page(request, "launches/pay.html", context, status=form.status)
    response.headers["Cache-Control"] = "no-store"
    return response
