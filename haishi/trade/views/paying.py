"""Where providers tell us what happened, and the sandbox's own cashier."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from haishi.foundation import web
from haishi.foundation.errors import NotFound
from haishi.trade import selectors, services
from haishi.trade.errors import ProviderUnknown


@csrf_exempt  # providers carry no token of ours; their signature is the proof
@require_POST
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    """200 for news that is believed, also when it was known; 403 for what fails a check."""
    try:
        services.take_callback(provider, dict(request.headers), request.body)
    except ProviderUnknown:
        raise NotFound from None
    kind, words = services.heard(provider)
    return HttpResponse(words, content_type=kind)


@login_required
def sandbox(request: HttpRequest, reference: str) -> HttpResponse:
    """The page where a buyer pays without money."""
    payment = selectors.get_payable(request.user, "sandbox", reference)
    if request.method == "POST":
        if request.POST.get("answer") == "decline":
            services.decline_in_sandbox(reference)
            messages.info(request, _("已模拟支付失败，可以再试一次。"))
        else:
            services.pay_in_sandbox(reference)
            messages.success(request, _("支付已提交，结果很快会显示在订单里。"))
        return redirect("trade:order", payment.order.number)
    return web.page(request, "trade/sandbox.html", {"payment": payment, "order": payment.order})
