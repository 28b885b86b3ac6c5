"""The page that pays inside WeChat's own browser (JSAPI): who is it, then the payment itself."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haishi.foundation import web
from haishi.foundation.errors import DomainError, NotFound
from haishi.trade import selectors, services
from haishi.trade.views.frame import fresh, in_wechat, onward

OPENID = "wechat_openid"  # in the session: forgotten with it


@login_required
@require_http_methods(["GET", "POST"])
def inside(request: HttpRequest, reference: str) -> HttpResponse:
    """Goes to WeChat for the openid, then shows the button; a POST asks what came of it."""
    payment = selectors.get_payable(request.user, "wechat", reference)
    number = payment.order.number
    if request.method == "POST":
        if services.wechat_done(request.user, reference):
            messages.success(request, _("已收到付款。"))
        else:
            messages.info(request, _("微信还没有确认这笔付款。到账后，订单会自己更新。"))
        return redirect("trade:order", number)
    if not in_wechat(request):
        return redirect("trade:pay", number)
    try:
        return _next(request, payment)
    except NotFound:
        raise
    except DomainError as error:
        # Perhaps it was said to somebody else's openid: the next try asks anew.
        request.session.pop(OPENID, None)
        messages.error(request, str(error))
        return redirect("trade:order", number)


def _next(request: HttpRequest, payment: Any) -> HttpResponse:
    asker, reference = request.user, payment.reference
    here = reverse("trade:inside", args=[reference])
    if "state" in request.GET:
        code, state = request.GET.get("code", ""), request.GET["state"]
        request.session[OPENID] = services.wechat_openid(asker, reference, code, state)
        return redirect(here)  # a code is good once: not in an address that can be loaded again
    known = request.session.get(OPENID)
    if not known:
        return onward(request, payment.order, services.wechat_login(asker, reference))
    wish = services.wechat_prepay(asker, reference, known)
    context = {"payment": payment, "order": payment.order, "wish": wish}
    return fresh(web.page(request, "trade/paying/inside.html", context))
