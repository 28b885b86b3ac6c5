"""A licence from its request on: both sides' lists, its page, negotiation, each button."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.money import Money
from haishi.licences import delivery, odrl, policies, selectors, services, wording
from haishi.licences.forms import (
    AskForm,
    CounterForm,
    GoodForm,
    ReasonForm,
    SeatForm,
    initial_terms,
)
from haishi.licences.views.frame import act, act_by_form, page, pdf, sent
from haishi.licences.views.public import data, wants_data
from haishi.parties import selectors as parties

PER_PAGE = 20
SIDES = ("licensee", "licensor")
GROUPS = ("talks", "active", "over")


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What one's firms took and gave, by where it stands."""
    side = request.GET.get("side", "")
    side = side if side in SIDES else SIDES[0]
    group = request.GET.get("state", "")
    group = group if group in GROUPS else ""
    rows = selectors.licences_of(request.user, side, group)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "side": side,
        "group": group,
    }
    return page(request, "mine", context)


@login_required
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a licence, on the offer's terms or with changes."""
    row = selectors.get_offer(request.user, number)
    firms = [
        firm
        for firm in parties.organisations_of(request.user)
        if parties.can_manage(request.user, firm.pk) and firm.pk != row.organisation_id
    ]
    first = initial_terms(row) | {"starts_on": row.starts_on or policies.today()}
    form = AskForm(sent(request), initial=first, firms=firms)
    scope = f"licences.ask:{request.user.pk}"

    def make(**values: Any) -> str:
        return services.ask(request.user, number, **values).number

    made = form.apply_once(scope, make) if request.method == "POST" else None
    if made:
        messages.success(request, _("申请已发出，对方会在期限内答复。"))
        return redirect("licences:licence", made)
    return page(request, "ask", {"form": form, "offer": row, "firms": firms}, form.status)


@login_required
@require_GET
def licence(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about a licence, for its two firms; JSON-LD to programs."""
    row = selectors.get_licence(request.user, number)
    if wants_data(request):
        response: HttpResponse = data(odrl.agreement(row))
        response.headers["Cache-Control"] = "no-store"
    else:
        response = page(request, "licence", _licence(request, row))
    patch_vary_headers(response, ("Accept",))
    return response


def _licence(request: HttpRequest, row: Any) -> dict[str, Any]:
    steps = selectors.steps_of(request.user, row)
    fetch = "fetch" in steps
    return {
        "licence": row,
        "steps": steps,
        "force": policies.in_force(row),
        "facts": wording.facts(row),
        "versions": selectors.changes_of(row),
        "contract": selectors.contract_of(request.user, row),
        "shares": wording.parts(selectors.shares_with_names(row)),
        "seats": selectors.seats_of(row) if row.activated_at or "seats" in steps else [],
        "files": [
            (asset, delivery.key_for(row, request.user, asset.token) if fetch else "")
            for asset in selectors.files_of(row)
        ],
        "accesses": selectors.accesses_of(row) if "gives" in steps or "takes" in steps else [],
        "goods": selectors.goods_of(row),
        "periods": selectors.periods_of(row) if row.activated_at else [],
        "statements": selectors.statements_of(row),
        "recoup": Money(row.recoup_minor, row.currency),
        "order_number": selectors.order_number(row.order_id),
        "story": selectors.story_of(row),
        "seat_form": SeatForm(),
        "good_form": GoodForm(),
        "reason_form": ReasonForm(),
    }


@login_required
@require_GET
def licence_data(request: HttpRequest, number: str) -> HttpResponse:
    """A licence as JSON-LD, for its two firms."""
    response = data(odrl.agreement(selectors.get_licence(request.user, number)))
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The contract as the PDF that is signed."""
    row = selectors.get_licence(request.user, number)
    return pdf(row.paper_id, number)


@login_required
def counter(request: HttpRequest, number: str) -> HttpResponse:
    """Answer with other terms."""
    row = selectors.get_licence(request.user, number)
    if "answer" not in selectors.steps_of(request.user, row):
        raise Forbidden
    first = initial_terms(row) | {"version": row.version}
    form = CounterForm(sent(request), initial=first)
    if request.method == "POST" and form.apply(services.counter, request.user, number):
        messages.success(request, _("新版本已发给对方。"))
        return redirect("licences:licence", number)
    context = {"form": form, "licence": row, "versions": selectors.changes_of(row)}
    return page(request, "counter", context, form.status)


@login_required
@require_POST
def step(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """One button of a licence."""
    row = selectors.get_licence(request.user, number)
    url = row.get_absolute_url()
    seen = request.POST.get("version", "")
    plain = {
        "accept": (
            lambda: services.accept(request.user, number, seen=int(seen or 0)),
            _("条款已议定，合同等各方签署。"),
        ),
        "withdraw": (lambda: services.withdraw(request.user, number), _("申请已撤回。")),
        "open": (
            lambda: services.open_files(request.user, number),
            _("已确认接收，授权文件可以下载了。"),
        ),
        "resume": (lambda: services.resume(request.user, number), _("授权已恢复。")),
    }
    written = {
        "decline": (services.decline, _("已答复不同意。")),
        "suspend": (services.suspend, _("授权已中止，下载随即停止。")),
        "revoke": (services.revoke, _("授权已撤销，所有席位与链接随即失效。")),
    }
    if action in plain and (action != "accept" or seen.isdigit()):
        do, done = plain[action]
        return act(request, do, done, url)
    if action in written:
        service, done = written[action]
        form = ReasonForm(request.POST)
        return act_by_form(request, form, lambda **v: service(request.user, number, **v), done, url)
    raise NotFound
