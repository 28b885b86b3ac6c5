"""Invoices as buyers and sellers see them."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation import clock
from haishi.foundation.errors import NotFound
from haishi.foundation.money import Money
from haishi.foundation.sheets import table_response
from haishi.parties import selectors as parties
from haishi.trade import papers, selectors, services
from haishi.trade.forms import DecisionForm, InvoiceForm, IssueForm, RedForm
from haishi.trade.states import InvoiceKind
from haishi.trade.views.orders import PER_PAGE, act, render


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What the person and managed firms asked for."""
    rows = selectors.requests_of_person(request.user)
    return _list(request, rows, None)


@login_required
@require_GET
def of_firm(request: HttpRequest, org: str) -> HttpResponse:
    """What was asked of a firm, and what it has to take back in red."""
    firm, rows = selectors.requests_of_firm(request.user, org)
    return _list(request, rows, firm)


def _list(request: HttpRequest, rows: Any, firm: Any) -> HttpResponse:
    if request.GET.get("form") in ("csv", "xlsx"):
        return _sheet(request.GET["form"], rows)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "firm": firm,
        "reds": selectors.red_due_of_firm(firm) if firm else [],
    }
    return render(request, "trade/invoices/list.html", context)


def _sheet(form: str, rows: Any) -> HttpResponse:
    header = [
        _("申请编号"), _("订单"), _("卖家"), _("抬头"), _("税号"), _("发票类型"), _("状态"),
        _("发票号码"), _("开票日期"), _("蓝字发票"), _("货币"), _("金额（含税）"), _("税率"),
        _("税额"),
    ]  # fmt: skip
    found: HttpResponse = table_response(form, _("发票"), header, _cells(list(rows[:5_000])))
    return found


def _cells(rows: list[Any]) -> Iterable[list[Any]]:
    """One line for each invoice; a request without one has a line of its own."""
    invoices = selectors.invoices_of(rows)
    for row in rows:
        order = row.order
        start = [
            row.number, order.number, order.seller.title, row.title, row.tax_number,
            row.get_kind_display(), row.get_state_display(),
        ]  # fmt: skip
        for one in invoices[row.pk]:
            blue = one.blue.number if one.blue else ""
            figures = [one.amount.amount, one.rate_words, one.tax.amount]
            yield [*start, one.number, one.issued_on, blue, order.currency, *figures]
        if not invoices[row.pk]:
            yield [*start, "", "", "", order.currency, row.amount.amount, "", ""]


@login_required
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for an invoice of an order."""
    order = selectors.get_invoice_order(request.user, number)
    figures = selectors.invoice_figures(order)
    titles = selectors.invoice_titles(request.user)
    person = parties.get_self(request.user)
    first: dict[str, Any] = {"email": person.email, "title_kind": "person", "kind": "plain"}
    if titles:
        last = titles[0]
        first |= {name: getattr(last, name) for name in ("title_kind", "title", "tax_number")}
        first["email"] = last.email or first["email"]
    form = InvoiceForm(
        request.POST or None,
        currency=order.currency,
        initial={**first, "amount_minor": figures["left"].minor},
    )
    if request.method == "POST":
        row = form.apply(lambda **v: services.request_invoice(request.user, order.pk, **v))
        if row is not None:
            messages.success(request, _("已申请，卖家开票后会通知你。"))
            return redirect("trade:invoice", row.number)
    context = {"order": order, "form": form, "figures": figures, "titles": titles}
    return render(request, "trade/invoices/ask.html", context, form.status)


@login_required
@require_GET
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """One request with its invoices."""
    return _invoice(request, selectors.get_request(request.user, number), {})


def _issue_form(request: HttpRequest, row: Any, kind: Any, prefix: str, amount: Any = None) -> Any:
    """As sent, or as first shown with the `amount` that is due."""
    given = (request.POST, request.FILES) if amount is None else (None, None)
    first = (
        {} if amount is None else {"amount_minor": amount.minor, "issued_on": clock.now().date()}
    )
    return kind(
        *given,
        prefix=prefix,
        initial=first,
        actor=request.user,
        firm_id=row.order.seller_id,
        currency=row.order.currency,
    )


def _size(amount: Money) -> int:
    return amount.minor


def _invoice(request: HttpRequest, row: Any, bound: dict[str, Any]) -> HttpResponse:
    steps = selectors.invoice_steps_for(request.user, row)
    invoices = selectors.invoices_of([row])[row.pk]
    files = selectors.invoice_files(invoices)
    figures = selectors.invoice_figures(row.order)
    context = {
        "request_row": row,
        "order": row.order,
        "invoices": [(one, files.get(one.asset_id)) for one in invoices],
        "figures": figures,
        "steps": steps,
        "issue_form": bound.get("issue")
        or _issue_form(
            request, row, IssueForm, "issue", min(row.amount, figures["left"], key=_size)
        ),
        "red_form": bound.get("red") or _issue_form(request, row, RedForm, "red", figures["red"]),
        "red_of": bound.get("red_of"),
        "refuse_form": bound.get("refuse") or DecisionForm(prefix="refuse"),
    }
    forms = [form for name, form in bound.items() if name != "red_of"]
    return render(
        request, "trade/invoices/invoice.html", context, forms[0].status if forms else 200
    )


@login_required
@require_POST
def step(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Issue, refuse or withdraw."""
    row = selectors.get_request(request.user, number)
    if action == "issue":
        form = _issue_form(request, row, IssueForm, "issue")
        done = form.issue(services.issue_invoice, request.user, row.pk)
    elif action == "refuse":
        form = DecisionForm(request.POST, prefix="refuse")
        done = form.apply(services.refuse_invoice, request.user, row.pk)
    elif action == "withdraw":
        act(request, lambda: services.withdraw_invoice(request.user, row.pk))
        return redirect("trade:invoice", number)
    else:
        raise NotFound
    if done is None:
        return _invoice(request, row, {action: form})
    messages.success(request, _("已办理。"))
    return redirect("trade:invoice", number)


@login_required
@require_POST
def red(request: HttpRequest, number: str, invoice_id: int) -> HttpResponse:
    """Take back a blue invoice of this request."""
    row = selectors.get_request(request.user, number)
    if invoice_id not in {one.pk for one in selectors.invoices_of([row])[row.pk]}:
        raise NotFound
    form = _issue_form(request, row, RedForm, "red")
    if form.issue(services.issue_red, request.user, invoice_id) is None:
        return _invoice(request, row, {"red": form, "red_of": invoice_id})
    messages.success(request, _("红字发票已登记。"))
    return redirect("trade:invoice", number)


@login_required
@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The request as a PDF, for the seller's bookkeeping."""
    row = selectors.get_request(request.user, number)
    content = papers.invoice_request(row, InvoiceKind(row.kind), selectors.lines_of(row.order))
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.number}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
