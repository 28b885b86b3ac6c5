"""The firm's shelf: list, edit, order pictures, submit, copy, tables in and out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.catalogue import selectors, services
from haishi.catalogue.columns import header
from haishi.catalogue.forms import ImportForm, NewProductForm, ProductForm
from haishi.catalogue.states import ProductState
from haishi.catalogue.views.frame import act, desk_page, sent
from haishi.foundation import sheets
from haishi.foundation.errors import Invalid, NotFound
from haishi.media import selectors as media
from haishi.parties import selectors as parties

FIELDS = [name for name in NewProductForm.base_fields if name != "once"]


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The shelf of the first firm; without one, how to get there."""
    firm = parties.organisations_of(request.user).first()
    if firm is None:
        return render(request, "catalogue/desk/nowhere.html")
    return redirect("catalogue:desk", firm.slug)


@login_required
@require_GET
def shelf(request: HttpRequest, org: str) -> HttpResponse:
    """Products of a firm, by state."""
    firm = parties.get_desk(request.user, org)
    page = selectors.desk_page(
        firm.pk,
        request.GET.get("state", ""),
        request.GET.get("q", "").strip()[:80],
        request.GET.get("page", "1"),
    )
    return desk_page(request, firm, "catalogue/desk/shelf.html", {"shelf": page})


def _setting(request: HttpRequest, firm: Any) -> dict[str, Any]:
    return {
        "actor": request.user,
        "organisation_id": firm.pk,
        "categories": selectors.categories(),
        "brands": selectors.brands(),
    }


def _files(request: HttpRequest) -> Any:
    return request.FILES if request.method == "POST" else None


@login_required
def new(request: HttpRequest, org: str) -> HttpResponse:
    """Add a product."""
    firm = parties.get_managed(request.user, org)
    form = NewProductForm(sent(request), _files(request), **_setting(request, firm))

    def make(**values: Any) -> int:
        return services.create(request.user, firm.pk, **values).pk

    scope = f"catalogue.create:{request.user.pk}"
    pk = form.apply_once(scope, make) if request.method == "POST" else None
    if pk:
        messages.success(request, _("产品已保存为草稿。检查无误后提交审核。"))
        return redirect("catalogue:edit", firm.slug, pk)
    return desk_page(request, firm, "catalogue/desk/new.html", {"form": form}, form.status)


@login_required
def edit(request: HttpRequest, org: str, product_id: int) -> HttpResponse:
    """Change a product."""
    product = selectors.get_own(request.user, org, product_id, to_change=True)
    initial = {name: getattr(product, name) for name in FIELDS}
    form = ProductForm(
        sent(request),
        _files(request),
        initial={**initial, "version": product.version},
        tiers=selectors.tiers_of(product),
        **_setting(request, product.organisation),
    )
    if request.method == "POST" and form.apply(services.edit, request.user, product.pk):
        messages.success(request, _("产品已保存。"))
        return redirect("catalogue:edit", org, product_id)
    context = {
        "form": form,
        "product": product,
        "missing": selectors.missing_of(product),
        "states": ProductState,
        "story": selectors.story_of(product),
        "links": [
            (link.label, link.icon, reverse(link.route, args=[org, product.pk]))
            for link in selectors.desk_links()
        ],
    }
    firm = product.organisation
    return desk_page(request, firm, "catalogue/desk/edit.html", context, form.status)


@login_required
def pictures(request: HttpRequest, org: str, product_id: int) -> HttpResponse:
    """Put the pictures in order: each button moves one picture one place."""
    product = selectors.get_own(request.user, org, product_id, to_change=True)
    if request.method == "POST":
        order = _moved(product.picture_ids, request.POST.get("move", ""))
        services.order_pictures(request.user, product.pk, order)
        return redirect(f"{request.path}#order")
    found = media.private_attachments(request.user, product.picture_ids)
    rows = [(pk, found[pk]) for pk in product.picture_ids if pk in found]
    context = {"product": product, "rows": rows}
    return desk_page(request, product.organisation, "catalogue/desk/pictures.html", context)


def _moved(order: list[int], wish: str) -> list[int]:
    """`order` after `up:12`, `down:12` or `first:12`; anything else leaves it."""
    step, _colon, number = wish.partition(":")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
    if pk not in order:
        return order
    place = order.index(pk)
    target = {"up": max(0, place - 1), "down": place + 1, "first": 0}.get(step, place)
    rest = [other for other in order if other != pk]
    return [*rest[:target], pk, *rest[target:]]


@login_required
@require_POST
def step(request: HttpRequest, org: str, product_id: int, action: str) -> HttpResponse:
    """One button: submit, withdraw, duplicate or discard."""
    product = selectors.get_own(request.user, org, product_id, to_change=True)
    here = reverse("catalogue:edit", args=[org, product.pk])
    home = reverse("catalogue:desk", args=[org])
    known = {
        "submit": (services.submit, _("已提交审核，结果会发到你的消息。"), here),
        "withdraw": (services.withdraw, _("产品已下架，展位上也不再显示。"), here),
        "duplicate": (services.duplicate, _("副本已保存为草稿。"), home),
        "discard": (services.discard, _("草稿已删除。"), home),
    }
    if action not in known:
        raise NotFound
    service, done, target = known[action]
    return act(request, lambda: service(request.user, product.pk), done, target)


@login_required
def import_(request: HttpRequest, org: str) -> HttpResponse:
    """Products from a table: all lines or none."""
    firm = parties.get_managed(request.user, org)
    form = ImportForm(sent(request), _files(request))
    bad: list[Any] = []
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            count = services.import_products(request.user, firm.pk, content)
        except sheets.BadSheet as error:
            bad = error.lines
            words = _("有 %(n)d 行需要改正，尚未导入任何内容。")
            form.add_error("file", words % {"n": len(bad)})
        except Invalid as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("已导入 %(n)d 件产品，均为草稿。") % {"n": count})
            return redirect("catalogue:desk", firm.slug)
    context = {"form": form, "bad": bad, "header": header()}
    return desk_page(request, firm, "catalogue/desk/import.html", context, form.status)


@login_required
@require_GET
def export(request: HttpRequest, org: str, form: str) -> Any:
    """All products of the firm as CSV or XLSX."""
    firm = parties.get_desk(request.user, org)
    if form not in ("csv", "xlsx"):
        raise NotFound
    header, lines = selectors.product_sheet(firm.pk)
    return sheets.table_response(form, f"{firm.slug}-products", header, lines)
