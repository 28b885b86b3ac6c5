"""From the wish to the order: choosing how many, the cart, the last look before ordering."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation import once
from haishi.foundation.errors import NotFound
from haishi.parties import selectors as parties
from haishi.trade import selectors, services
from haishi.trade.errors import CartMoved
from haishi.trade.forms import BuyForm, CheckoutForm
from haishi.trade.types import Seen
from haishi.trade.views.frame import act, plain_page, render, sent, whole_number


def buy(request: HttpRequest, slug: str) -> HttpResponse:
    """How many of a product: into the cart, or straight on to the order.

    Whoever has no session comes back here after signing in, with the number that was chosen.
    """
    wished = request.POST.get("quantity") or request.GET.get("quantity") or ""
    if not request.user.is_authenticated:
        query = urlencode({"quantity": wished}) if wished else ""
        return redirect_to_login(f"{request.path}?{query}" if query else request.path)
    choice = selectors.choice_of(request.user, slug, whole_number(wished))
    form = BuyForm(sent(request), initial={"quantity": choice.quantity})
    if request.method == "POST":
        line = _put(request, form, choice.product.pk)
        if line is not None:
            return _go_on(request, line)
    return plain_page(request, "trade/buy.html", {"choice": choice, "form": form}, form.status)


def _put(request: HttpRequest, form: BuyForm, product_id: int) -> Any:
    key = (request.POST.get("once") or once.new_key())[:60]
    now = request.POST.get("then") == "order"
    return form.apply(
        lambda quantity: services.put_in_cart(
            request.user, product_id, quantity, key=f"{key}{'!' if now else ''}", instead=now
        )
    )


def _go_on(request: HttpRequest, line: Any) -> HttpResponse:
    if request.POST.get("then") != "order":
        messages.success(request, _("已加入购物车。"))
        return redirect("trade:cart")
    for group in selectors.cart_of(request.user):
        if any(item.id == line.pk for item in group.items):
            where = [group.seller.slug, group.kind, group.currency]
            return redirect(f"{reverse('trade:checkout', args=where)}?only={line.pk}")
    return redirect("trade:cart")


@login_required
@require_GET
def cart(request: HttpRequest) -> HttpResponse:
    """What is in it, by the orders it would become."""
    groups = selectors.cart_of(request.user)
    return render(request, "trade/cart.html", {"groups": groups})


@login_required
@require_POST
def cart_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Another number, or out of the cart. A line that is gone already is said, not an error."""
    if request.POST.get("do") == "remove":
        gone = services.take_out_of_cart(request.user, line_id)
        messages.info(request, _("已移出购物车。") if gone else _("这件商品已不在购物车里。"))
        return redirect("trade:cart")
    form = BuyForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for text in form.errors["quantity"]))
        return redirect("trade:cart")
    quantity = form.cleaned_data["quantity"]
    try:
        done = _("数量已更新。")
        act(request, lambda: services.set_quantity(request.user, line_id, quantity), done)
    except NotFound:
        messages.info(request, _("这件商品已不在购物车里，或已下架。"))
    return redirect("trade:cart")


@login_required
def checkout(request: HttpRequest, org: str, kind: str, currency: str) -> HttpResponse:
    """The last look: prices of this moment, where to, for whom. Ordering keeps the units."""
    query = request.POST if request.method == "POST" else request.GET
    only = whole_number(query.get("only"))
    if request.method == "POST" and (made := _made_before(request)):
        return redirect("trade:order", made)
    try:
        group = selectors.cart_group(request.user, org, kind, currency, only)
    except NotFound:
        messages.info(request, _("这些商品已不在购物车里，或暂时不能购买。"))
        return redirect("trade:cart")
    form = _checkout_form(request, group)
    if request.method == "POST":
        number = _order(request, form)
        if number:
            messages.success(request, _("订单已提交，请在时限内付款。"))
            return redirect("trade:order", number)
        # Prices and lines of this moment, not those that were refused.
        group = selectors.cart_group_or_none(request.user, org, kind, currency, only) or group
    context = {"group": group, "form": form, "only": only or ""}
    return plain_page(request, "trade/checkout.html", context, form.status)


def _key(request: HttpRequest) -> str:
    return (request.POST.get("once") or once.new_key())[:60]


def _made_before(request: HttpRequest) -> str:
    """The number of the order that this very page made already, "" when it did not."""
    return selectors.order_of_checkout(request.user, _key(request))


def _checkout_form(request: HttpRequest, group: Any) -> CheckoutForm:
    return CheckoutForm(
        sent(request),
        addresses=selectors.addresses_of(request.user),
        firms=parties.organisations_of(request.user),
        ships=group.kind == "goods",
    )


def _order(request: HttpRequest, form: CheckoutForm) -> str:
    """The number of the new order, or "" with the reason on the form."""

    def make(address: int | None = None, firm: int | None = None, note: str = "") -> str:
        order = services.check_out(
            request.user, _seen(request.POST), key=_key(request),
            address_id=address, firm_id=firm, note=note,
        )  # fmt: skip
        return order.number

    try:
        return form.apply(make) or ""
    except NotFound:
        form.add_error(None, str(CartMoved(changes=_("有商品已下架"))))
        return ""


def _seen(posted: QueryDict) -> list[Seen]:
    """The lines as the page showed them: `line` = `id:quantity:minor units:currency`."""
    found = []
    for text in posted.getlist("line")[:200]:
        parts = text.split(":")
        if len(parts) == 4 and all(part.isascii() and part.isdigit() for part in parts[:3]):
            pk, quantity, price = (int(part[:17]) for part in parts[:3])
            found.append(Seen(pk, quantity, price, parts[3][:3]))
    return found
