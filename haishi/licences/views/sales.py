"""Sales reports, by form or by table; statements as page, PDF and XLSX."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.money import Money
from haishi.foundation.sheets import csv_response, xlsx_response
from haishi.licences import columns, policies, selectors, services, wording
from haishi.licences.forms import ImportForm, SalesForm, day_of
from haishi.licences.states import Channel, Stage
from haishi.licences.views.frame import act, page, pdf, sent


def _period(request: HttpRequest, row: Any) -> Any:
    """The period that the address names. Raises NotFound."""
    day = day_of(request.GET.get("from", ""))
    for period in selectors.periods_of(row):
        if period.starts_on == day and period.closed:
            return period
    raise NotFound


def _goods(row: Any) -> list[Any]:
    goods = selectors.goods_of(row)
    if Stage.PRODUCTION not in row.stages:
        return goods
    cleared = selectors.approved_goods(row)
    return [good for good in goods if good.pk in cleared]


@login_required
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Report a period, or correct it: `?from=2026-01-01`."""
    row = selectors.get_licence(request.user, number)
    if not policies.is_licensee(request.user, row):
        raise Forbidden
    period = _period(request, row)
    imports = "file" in request.FILES or "import" in request.POST
    form = SalesForm(None if imports else sent(request), licence=row, goods=_goods(row))
    table = ImportForm(*((request.POST, request.FILES) if imports else ()))

    def make(**values: Any) -> int:
        if "file" in values:
            values = {"sales": columns.read(row, values["file"].read())}
        corrects = period.report is not None
        return services.report(
            request.user, number, period.starts_on, corrects=corrects, **values
        ).number

    chosen: Any = table if imports else form
    scope = f"licences.report:{request.user.pk}"
    made = chosen.apply_once(scope, make) if request.method == "POST" else None
    if made:
        messages.success(request, _("报告已收下，结算单如下。"))
        return redirect("licences:statement", number, made)
    context = {"form": form, "table": table, "licence": row, "period": period}
    return page(request, "report", context, chosen.status)


@login_required
@require_GET
def template(request: HttpRequest, number: str) -> Any:
    """The table to fill in."""
    row = selectors.get_licence(request.user, number)
    return csv_response(f"{number}-sales", columns.header(), columns.template(row))


def _lines(row: Any) -> list[dict[str, Any]]:
    """A statement's lines for people."""
    return [
        {
            "channel": Channel(channel).label,
            "units": units,
            "base": Money(base, row.currency),
            "rate": wording.percent(points),
            "royalty": Money(royalty, row.currency),
        }
        for channel, units, base, points, royalty in row.lines
    ]


@login_required
@require_GET
def statement(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """What a report came to."""
    licence = selectors.get_licence(request.user, number)
    row = selectors.get_statement(licence, n)
    context = {
        "licence": licence,
        "statement": row,
        "lines": _lines(row),
        "last_day": row.report.ends_on - dt.timedelta(days=1),
        "sales": selectors.lines_of(row),
        "shares": selectors.split_of(licence, row.due),
        "order_number": selectors.order_number(row.order_id),
        "pays": policies.is_licensee(request.user, licence),
    }
    return page(request, "statement", context)


@login_required
@require_GET
def sheet(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The sales behind a statement as XLSX."""
    licence = selectors.get_licence(request.user, number)
    row = selectors.get_statement(licence, n)
    header = [*columns.header(), _("折合（%(currency)s）") % {"currency": row.currency}]
    lines = [
        [
            line.good.name,
            line.get_channel_display(),
            line.territory,
            line.units,
            str(Money(line.amount_minor, line.currency).amount),
            line.currency,
            f"{line.rate.normalize():f}",
            str(Money(line.worth_minor, row.currency).amount),
        ]
        for line in selectors.lines_of(row)
    ]
    return xlsx_response(f"{number}-{n}", header, lines)


@login_required
@require_GET
def paper(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The statement as the PDF that was issued."""
    licence = selectors.get_licence(request.user, number)
    return pdf(selectors.get_statement(licence, n).paper_id, f"{number}-{n}")


@login_required
@require_POST
def bill(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """Ask once more for a bill that ran out."""
    row = selectors.get_licence(request.user, number)
    return act(
        request,
        lambda: services.bill_again(request.user, number, n),
        _("账单已重新开出，请在期限内付款。"),
        f"{row.get_absolute_url()}statements/{n}/",
    )
