"""How an order is paid: the choice, the pages where a buyer pays, and what providers tell us."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation import qr, web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.trade import selectors, services
from haishi.trade.errors import ProviderUnknown
from haishi.trade.forms import FaultsForm
from haishi.trade.views.frame import fresh, in_wechat, onward, render

PHONES = ("iPhone", "Android", "Mobile")


@login_required
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Choose how to pay; a POST that names no way takes the only usable one, or shows all."""
    row = selectors.get_payable_order(request.user, number)
    if request.method != "POST" and not selectors.steps_for(request.user, row).get("pay"):
        return redirect("trade:order", number)
    ways = selectors.ways_to_pay(row)
    usable = [way.provider for way in ways if way.ok]
    chosen = request.POST.get("provider", "")
    if request.method == "POST" and not chosen and len(usable) <= 1:
        chosen = usable[0] if usable else "-"
    if request.method != "POST" or not chosen:
        last = selectors.last_way(request.user)
        first = last if last in usable else next(iter(usable), "")
        context = {"order": row, "ways": ways, "first": first, "usable": usable}
        return render(request, "trade/paying/choose.html", context)
    return _begin(request, row, chosen)


def _begin(request: HttpRequest, row: Any, provider: str) -> HttpResponse:
    back = reverse("trade:order", args=[row.number])
    agent = request.headers.get("User-Agent", "")
    try:
        payment = services.start(
            request.user,
            row.pk,
            provider,
            back,
            # The phone's cashier of WeChat opens neither inside WeChat nor inside WeCom.
            phone=any(word in agent for word in PHONES)
            and not (provider == "wechat" and "MicroMessenger" in agent),
            address=web.client_address(request),
            inside=in_wechat(request),
        )
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(back)
    if payment.pay_url.startswith("weixin:"):
        return redirect("trade:scan", payment.reference)
    if payment.pay_url.startswith("/"):
        return redirect(payment.pay_url)
    return onward(request, row, payment.pay_url)


@login_required
@require_GET
def scan(request: HttpRequest, reference: str) -> HttpResponse:
    """The code that WeChat scans."""
    payment = selectors.get_payable(request.user, "wechat", reference)
    code = qr.svg(payment.pay_url, _("微信支付二维码"), 6)
    context = {"payment": payment, "order": payment.order, "code": code}
    return fresh(web.page(request, "trade/paying/scan.html", context))


@login_required
@require_GET
def transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """The custody account, and the remark to write."""
    payment = selectors.get_payable(request.user, "bank", reference)
    context = {"payment": payment, "order": payment.order, "to": selectors.bank_account()}
    return fresh(web.page(request, "trade/paying/bank.html", context))


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
    """The page where a buyer pays without money; operators choose how badly the news travels."""
    payment = selectors.get_payable(request.user, "sandbox", reference)
    practises = bool(request.user.is_staff or settings.DEBUG)
    form = FaultsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        faults = _faults(form) if practises and form.is_valid() else None
        if request.POST.get("answer") == "decline":
            services.decline_in_sandbox(reference, faults)
            messages.info(request, _("已模拟支付失败，可以再试一次。"))
        else:
            services.pay_in_sandbox(reference, faults)
            messages.success(request, _("支付已提交，结果很快会显示在订单里。"))
        return redirect("trade:order", payment.order.number)
    context = {"payment": payment, "order": payment.order, "form": form if practises else None}
    return web.page(request, "trade/paying/sandbox.html", context)


def _faults(form: FaultsForm) -> Any:
    given = form.cleaned_data
    delay = dt.timedelta(seconds=given["delay"])
    return services.SandboxFaults(delay, given["copies"], given["stale"])
