"""The address book."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haishi.trade import selectors, services
from haishi.trade.forms import AddressForm
from haishi.trade.views.frame import render, sent, way_back


@login_required
def addresses(request: HttpRequest) -> HttpResponse:
    """One's addresses, and a new one; `next` leads back to the order that needed it."""
    form = AddressForm(sent(request))
    back = way_back(request, "")
    if request.method == "POST":
        scope = f"trade.address:{request.user.pk}"

        def add(**fields: str) -> int:
            return services.add_address(request.user, **fields).pk

        if form.apply_once(scope, add):
            messages.success(request, _("地址已保存。"))
            return redirect(back or "trade:addresses")
    rows = selectors.addresses_of(request.user)
    context = {"form": form, "rows": rows, "next": back}
    return render(request, "trade/addresses.html", context, form.status)


@login_required
@require_POST
def drop(request: HttpRequest, address_id: int) -> HttpResponse:
    """Delete one; orders keep their copy."""
    services.drop_address(request.user, address_id)
    messages.success(request, _("地址已删除，已下的订单不受影响。"))
    return redirect(way_back(request, reverse("trade:addresses")))
