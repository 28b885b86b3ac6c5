"""The licensor's desk: works with their chains of title, and offers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation.errors import Forbidden, NotFound
from haishi.licences import policies, selectors, services
from haishi.licences.forms import EditOfferForm, LinkForm, OfferForm, initial_terms
from haishi.licences.forms.terms import PARTNERS
from haishi.licences.views.frame import act, files, page, sent
from haishi.parties import selectors as parties


@login_required
@require_GET
def desk(request: HttpRequest, org: str) -> HttpResponse:
    """Works of a firm that may be licensed, with title and offers."""
    firm = parties.get_desk(request.user, org)
    context = {
        "firm": firm,
        "rows": selectors.desk_rows(request.user, firm),
        "manages": parties.can_manage(request.user, firm.pk),
    }
    return page(request, "desk", context)


@login_required
@require_GET
def work(request: HttpRequest, org: str, product_id: int) -> HttpResponse:
    """The same for one work, of whatever kind."""
    firm = parties.get_desk(request.user, org)
    rows = selectors.desk_rows(request.user, firm, product_id)
    if not rows:
        raise NotFound
    manages = parties.can_manage(request.user, firm.pk)
    return page(request, "desk", {"firm": firm, "rows": rows, "manages": manages})


@login_required
@require_POST
def begin(request: HttpRequest, product_id: int) -> HttpResponse:
    """Start the chain of title of a work."""
    title = services.begin_title(request.user, product_id)
    return redirect("licences:title", title.pk)


@login_required
def title(request: HttpRequest, title_id: int) -> HttpResponse:
    """A chain of title; its firm's managers add steps while it is open."""
    row = selectors.get_title(request.user, title_id)
    manages = policies.can_edit_title(request.user, row)
    if request.method == "POST" and not manages:
        raise Forbidden
    form = None
    if manages and row.state in ("draft", "returned"):
        setting: dict[str, Any] = {"actor": request.user, "firm_id": row.organisation_id}
        form = LinkForm(sent(request), files(request), **setting)
    if request.method == "POST":
        if form is None:
            return act(request, lambda: services.submit_title(request.user, title_id), "", ".")
        scope = f"licences.link:{request.user.pk}"
        made = form.apply_once(scope, lambda **v: services.add_link(request.user, title_id, **v).pk)
        if made:
            messages.success(request, _("已加入权属链。"))
            return redirect("licences:title", title_id)
    return page(request, "title", _title(request, row, form, manages), form.status if form else 200)


def _title(request: HttpRequest, row: Any, form: Any, manages: bool) -> dict[str, Any]:
    return {
        "title": row,
        "links": selectors.links_of(request.user, row),
        "form": form,
        "manages": manages,
        "offers": list(row.offers.order_by("pk")),
        "story": selectors.story_of(row),
    }


@login_required
@require_POST
def drop(request: HttpRequest, title_id: int, link_id: int) -> HttpResponse:
    """Strike a step out."""
    selectors.get_title(request.user, title_id)
    target = reverse("licences:title", args=[title_id])
    return act(
        request, lambda: services.drop_link(request.user, title_id, link_id), _("已移出。"), target
    )


@login_required
@require_POST
def title_step(request: HttpRequest, title_id: int, action: str) -> HttpResponse:
    """Hand the chain in, or take it back."""
    selectors.get_title(request.user, title_id)
    known = {
        "submit": (services.submit_title, _("已提交核验，结果会发到你的消息。")),
        "take-back": (services.take_title_back, _("已收回，可以修改。相关授权暂停展示。")),
    }
    if action not in known:
        raise NotFound
    service, done = known[action]
    target = reverse("licences:title", args=[title_id])
    return act(request, lambda: service(request.user, title_id), done, target)


def _partners(row: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    others = [
        (firm, points)
        for firm, points in selectors.shares_with_names(row)
        if firm.pk != row.organisation_id
    ]
    for number, (firm, points) in zip(PARTNERS, others, strict=False):
        found |= {f"partner_{number}": firm.slug, f"points_{number}": points}
    return found


@login_required
def new_offer(request: HttpRequest, title_id: int) -> HttpResponse:
    """Write an offer of a work."""
    row = selectors.get_title(request.user, title_id)
    if not policies.can_edit_title(request.user, row):
        raise Forbidden
    setting: dict[str, Any] = {"actor": request.user, "firm_id": row.organisation_id}
    first = {"audit": True, "stages": ["concept", "sample", "production"]}
    form = OfferForm(sent(request), files(request), initial=first, **setting)
    scope = f"licences.offer:{request.user.pk}"

    def make(**values: Any) -> str:
        return services.draft_offer(request.user, title_id, **values).number

    number = form.apply_once(scope, make) if request.method == "POST" else None
    if number:
        messages.success(request, _("已存为草稿。核对后开放授权。"))
        return redirect("licences:offer", number)
    context = {"form": form, "title": row, "offer": None}
    return page(request, "offer_form", context, form.status)


@login_required
def edit_offer(request: HttpRequest, number: str) -> HttpResponse:
    """Change an offer; licences that exist keep their terms."""
    row = selectors.get_own_offer(request.user, number)
    first = {name: getattr(row, name) for name in ("summary", "summary_en", "file_ids", "version")}
    first |= initial_terms(row) | _partners(row)
    setting: dict[str, Any] = {"actor": request.user, "firm_id": row.organisation_id}
    form = EditOfferForm(sent(request), files(request), initial=first, **setting)
    if request.method == "POST" and form.apply(services.edit_offer, request.user, number):
        messages.success(request, _("授权条款已保存。"))
        return redirect("licences:offer", number)
    context = {"form": form, "title": row.title, "offer": row}
    return page(request, "offer_form", context, form.status)


@login_required
@require_POST
def offer_step(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Open an offer, or withdraw it."""
    row = selectors.get_own_offer(request.user, number)
    known = {
        "open": (services.open_offer, _("已开放，所有人都能看到并申请。")),
        "withdraw": (services.withdraw_offer, _("已收回，不再接受新的申请。")),
    }
    if action not in known:
        raise NotFound
    service, done = known[action]
    return act(request, lambda: service(request.user, number), done, row.get_absolute_url())
