"""The operators' money: the custody account, what providers refused, statements and differences."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation import clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.trade import selectors, services
from haishi.trade.forms import BankImportForm, NoteForm, StatementForm
from haishi.trade.views.frame import PER_PAGE, act, render


def _tabs(current: str) -> list[dict[str, Any]]:
    names = (("money", _("划付")), ("bank", _("银行账户")), ("reconciliations", _("对账")))
    return [
        {"label": label, "url": reverse(f"trade:{name}"), "current": name == current}
        for name, label in names
    ]


@login_required
@require_GET
def money(request: HttpRequest) -> HttpResponse:
    """Payouts that a provider refused or that wait for an account."""
    rows = selectors.failed_payouts(request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "trade/money/refused.html", {"page": page, "tabs": _tabs("money")})


@login_required
def bank(request: HttpRequest) -> HttpResponse:
    """What came in and has no owner yet, what has to be sent, and the import."""
    done = request.GET.get("of") == "done"
    rows = selectors.bank_lines(request.user, waiting=not done)
    form = BankImportForm(*_sent(request))
    if request.method == "POST":
        taken = form.apply(_import, request.user)
        if taken is not None:
            words = {"fresh": taken[0], "known": taken[1]}
            messages.success(request, _("新导入 %(fresh)d 笔，已有 %(known)d 笔。") % words)
            return redirect("trade:bank")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    found = selectors.suggest(list(page))
    context = {
        "page": page,
        "lines": [(line, found.get(line.pk)) for line in page],
        "tasks": selectors.bank_tasks(request.user, waiting=not done)[:PER_PAGE],
        "form": form,
        "done": done,
        "tabs": _tabs("bank"),
    }
    return render(request, "trade/money/bank.html", context, form.status)


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _import(actor: Any, file: Any) -> tuple[int, int]:
    return services.import_bank_statement(actor, file.read())


@login_required
@require_POST
def bank_line(request: HttpRequest, line_id: int, action: str) -> HttpResponse:
    """Propose whose the money is, or agree to what was proposed."""
    reference = request.POST.get("reference", "")
    known: dict[str, Callable[[], Any]] = {
        "match": lambda: services.propose_match(request.user, line_id, reference),
        "return": lambda: services.propose_return(request.user, line_id),
        "withdraw": lambda: services.withdraw_proposal(request.user, line_id),
        "confirm": lambda: services.confirm_bank_line(request.user, line_id),
    }
    return _do(request, known, action, "trade:bank")


@login_required
@require_POST
def bank_task(request: HttpRequest, task_id: int, action: str) -> HttpResponse:
    """An instruction was carried out, was not after all, or was seen done by a second person."""
    number = request.POST.get("bank_reference", "").strip()
    known: dict[str, Callable[[], Any]] = {
        "execute": lambda: services.execute_task(request.user, task_id, number),
        "back": lambda: services.send_task_back(request.user, task_id),
        "confirm": lambda: services.confirm_task(request.user, task_id),
    }
    return _do(request, known, action, "trade:bank")


def _do(
    request: HttpRequest, known: dict[str, Callable[[], Any]], action: str, target: str, *args: Any
) -> HttpResponse:
    if action not in known:
        raise NotFound
    act(request, known[action])
    return redirect(target, *args)


@login_required
def reconciliations(request: HttpRequest) -> HttpResponse:
    """Days that were compared, and the form that compares another."""
    rows = selectors.reconciliations(request.user)
    form = StatementForm(*_sent(request), ways=selectors.ways_known())
    if request.method == "POST":
        made = form.apply(_reconcile, request.user)
        if made is not None:
            return redirect("trade:reconciliation", made.pk)
    yesterday = clock.local(clock.now(), settings.TIME_ZONE).date() - dt.timedelta(days=1)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "sandbox": "sandbox" in settings.PAYMENT_PROVIDERS,
        "days": [yesterday, yesterday + dt.timedelta(days=1)],
        "tabs": _tabs("reconciliations"),
    }
    return render(request, "trade/money/reconciliations.html", context, form.status)


def _reconcile(actor: Any, provider: str, day: Any, file: Any) -> Any:
    return services.reconcile(actor, provider, file.read(), file.name, day)


@login_required
@require_GET
def sandbox_statement(request: HttpRequest, day: str) -> HttpResponse:
    """The sandbox's statement of a day, for practice."""
    if not request.user.is_staff:
        raise Forbidden
    try:
        when = dt.date.fromisoformat(day)
    except ValueError:
        raise NotFound from None
    content = services.sandbox_statement(when, settings.TIME_ZONE)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sandbox-{when.isoformat()}.csv"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def reconciliation(request: HttpRequest, pk: int) -> HttpResponse:
    """One day: what agreed, and every difference with what can be done about it."""
    row = selectors.get_reconciliation(request.user, pk)
    context = {
        "reconciliation": row,
        "differences": selectors.differences_of(row),
        "form": NoteForm(),
        "tabs": _tabs("reconciliations"),
    }
    return render(request, "trade/money/reconciliation.html", context)


@login_required
@require_POST
def difference(request: HttpRequest, pk: int, difference_id: int, action: str) -> HttpResponse:
    """Ask the provider, explain, agree or take it back."""
    row = selectors.get_reconciliation(request.user, pk)
    if not row.differences.filter(pk=difference_id).exists():
        raise NotFound
    note, corrects = request.POST.get("note", ""), request.POST.get("corrects") == "on"
    known: dict[str, Callable[[], Any]] = {
        "ask": lambda: services.ask_about_difference(request.user, difference_id),
        "propose": lambda: services.propose_difference(
            request.user, difference_id, note, corrects=corrects
        ),
        "withdraw": lambda: services.withdraw_difference(request.user, difference_id),
        "confirm": lambda: services.confirm_difference(request.user, difference_id),
    }
    return _do(request, known, action, "trade:reconciliation", pk)
