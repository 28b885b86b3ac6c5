"""A seller's stock and the files that buyers get."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haishi.parties import selectors as parties
from haishi.trade import selectors, services
from haishi.trade.forms import DeliverablesForm, StockForm
from haishi.trade.views.frame import render


@login_required
@require_GET
def stock(request: HttpRequest, org: str) -> HttpResponse:
    """How many are left of what a firm sells directly."""
    firm = parties.get_desk(request.user, org)
    page = selectors.stock_page(firm.pk, request.GET.get("page", "1"))
    manages = parties.can_manage(request.user, firm.pk)
    context = {"firm": firm, "page": page, "manages": manages}
    return render(request, "trade/stock.html", context)


@login_required
def goods(request: HttpRequest, org: str, product_id: int) -> HttpResponse:
    """One product: its stock, and for digital files what is delivered."""
    product = selectors.get_own_product(request.user, org, product_id)
    state = selectors.stock_state(product)
    which = request.POST.get("which", "") if request.method == "POST" else ""
    stock_form = StockForm(
        request.POST if which == "stock" else None, initial={"total": state.total}
    )
    files_form = DeliverablesForm(
        request.POST if which == "files" else None,
        request.FILES if which == "files" else None,
        actor=request.user,
        organisation_id=product.organisation_id,
        initial={"asset_ids": selectors.deliverable_ids(product.pk)},
    )
    if which == "stock" and _set_stock(request, stock_form, product.pk):
        return redirect("trade:goods", org, product_id)
    if which == "files" and _set_files(request, files_form, product.pk):
        return redirect("trade:goods", org, product_id)
    context = {
        "product": product, "firm": product.organisation, "state": state,
        "stock_form": stock_form, "files_form": files_form,
    }  # fmt: skip
    status = max(stock_form.status, files_form.status)
    return render(request, "trade/goods.html", context, status)


def _set_stock(request: HttpRequest, form: StockForm, product_id: int) -> bool:
    def keep(total: int) -> bool:
        services.set_stock(request.user, product_id, total)
        return True

    done = bool(form.apply(keep))
    if done:
        messages.success(request, _("库存已保存。"))
    return done


def _set_files(request: HttpRequest, form: DeliverablesForm, product_id: int) -> bool:
    def keep(asset_ids: list[int]) -> bool:
        services.set_deliverables(request.user, product_id, asset_ids)
        return True

    done = bool(form.apply(keep))
    if done:
        messages.success(request, _("交付文件已保存，已购买的买家也能下载。"))
    return done
