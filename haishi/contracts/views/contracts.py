"""Lists of contracts, one contract, its text, its signing."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.contracts import selectors, services
from haishi.contracts.forms import CommentForm, ProposeForm, ReasonForm
from haishi.contracts.states import ContractState
from haishi.contracts.views import frame
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.parties import selectors as parties

PER_PAGE = 20


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Contracts of one's organisations, by state."""
    org, state = request.GET.get("org", ""), request.GET.get("state", "")
    rows = selectors.contracts_of(request.user, org, state)
    listed = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    counts = selectors.counts_by_state(request.user, org)
    here = reverse("contracts:mine")
    known: list[tuple[str, Any, int]] = [("", _("全部"), sum(counts.values()))]
    known += [(key, label, counts[key]) for key, label in ContractState.choices if key in counts]
    if late := selectors.count_late(request.user, org):
        known.insert(1, ("late", _("有节点逾期"), late))
    states = [
        {
            "label": label,
            "url": f"{here}?{urlencode({'org': org, 'state': key})}",
            "count": count,
            "current": key == state,
        }
        for key, label, count in known
    ]
    context = {
        "page": listed,
        "rows": selectors.contract_rows(request.user, listed),
        "states": states,
        "all_count": sum(counts.values()),
        "binds": bool(parties.managed_by(request.user)),
    }
    return frame.page(request, "mine", context)


@login_required
@require_GET
def contract(request: HttpRequest, number: str) -> HttpResponse:
    """Parties, signatures, milestones and money."""
    row = selectors.get_contract(request.user, number)
    planned = None
    milestones = selectors.milestone_views(request.user, row)
    if not milestones:
        planned = selectors.text_page(row).milestones
    context = {
        **frame.of_contract(request, row, "overview"),
        "milestones": milestones,
        "planned": planned,
        "reason_form": ReasonForm(prefix="decline"),
    }
    return frame.page(request, "contract", context)


@login_required
@require_GET
def text(request: HttpRequest, number: str) -> HttpResponse:
    """The text of a version, what changed in it, and what was said."""
    return _text(request, selectors.get_contract(request.user, number), CommentForm())


def _text(request: HttpRequest, row: Any, form: Any) -> HttpResponse:
    asked = request.GET.get("version", "")
    chosen = int(asked) if asked.isdigit() and len(asked) < 5 else 0
    context = {
        **frame.of_contract(request, row, "text"),
        "text": selectors.text_page(row, chosen),
        "comment_form": form,
    }
    return frame.page(request, "text", context, form.status)


@login_required
@require_GET
def story(request: HttpRequest, number: str) -> HttpResponse:
    """What happened, from the audit log."""
    row = selectors.get_contract(request.user, number)
    context = {**frame.of_contract(request, row, "story"), "story": selectors.story_of(row)}
    return frame.page(request, "story", context)


@login_required
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Write a new version."""
    row = selectors.get_contract(request.user, number)
    steps = selectors.steps_for(request.user, row)
    if "propose" not in steps:
        raise Forbidden
    last = selectors.text_page(row)
    form = ProposeForm(
        request.POST if request.method == "POST" else None,
        clauses=last.clauses,
        milestones=tuple(each.draft for each in last.milestones),
        currency=row.currency,
        initial={"seen": row.latest},
    )
    organisation_id = steps["propose"][0].organisation_id
    if request.method == "POST" and form.apply(
        services.propose, request.user, row.pk, organisation_id
    ):
        messages.success(request, _("新版本已发给各方，等待他们同意。"))
        return redirect("contracts:text", number)
    context = {**frame.of_contract(request, row, "text"), "form": form}
    return frame.page(request, "propose", context, form.status)


@login_required
@require_POST
def step(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """One button or one small form."""
    row = selectors.get_contract(request.user, number)
    if action in ("comment", "decline"):
        return _written(request, row, action)
    chosen = request.POST.get("organisation", "")
    firm = int(chosen) if chosen.isdigit() and len(chosen) < 19 else 0
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isdigit() and len(seen) < 5 else 0
    known: dict[str, tuple[Callable[[], Any], str]] = {
        "send": (lambda: services.send(request.user, row.pk), _("草案已发给各方。")),
        "agree": (
            lambda: services.agree(request.user, row.pk, firm, version),
            _("已同意这一版。全部同意后即可定稿签署。"),
        ),
        "open": (
            lambda: services.open_signing(request.user, row.pk, firm),
            _("文本已定稿封存，各方可以签署。"),
        ),
        "end": (
            lambda: services.end(request.user, row.pk, firm),
            _("已提出终止。其他各方也同意后合同终止。"),
        ),
    }
    if action not in known:
        raise NotFound
    service, done = known[action]
    return frame.act(request, service, done, row.get_absolute_url())


def _written(request: HttpRequest, row: Any, action: str) -> HttpResponse:
    steps = selectors.steps_for(request.user, row)
    if action not in steps:
        raise Forbidden
    firm = steps[action][0].organisation_id
    if action == "comment":
        form: Any = CommentForm(request.POST)
        if form.apply(services.comment, request.user, row.pk, firm):
            messages.success(request, _("意见已发表。"))
            return redirect("contracts:text", row.number)
        return _text(request, row, form)
    form = ReasonForm(request.POST, prefix="decline")
    if form.apply(services.decline, request.user, row.pk, firm):
        messages.success(request, _("已谢绝，各方会收到通知。"))
        return redirect(row.get_absolute_url())
    context = {
        **frame.of_contract(request, row, "overview"),
        "milestones": selectors.milestone_views(request.user, row),
        "planned": None,
        "reason_form": form,
    }
    return frame.page(request, "contract", context, form.status)


@login_required
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """What exactly is signed; then password or passkey; then the signature."""
    row = selectors.get_contract(request.user, number)
    waiting = selectors.steps_for(request.user, row).get("sign", [])
    if not waiting:
        raise Forbidden
    party = waiting[0]
    purpose = f"sign:{row.pk}:{party.organisation_id}"
    here = reverse("contracts:sign", args=[number])
    if request.method == "POST":
        if not frame.is_confirmed(request, purpose):
            return frame.ask_again(request, purpose, here)
        frame.used_up(request, purpose)
        return _sign(request, row, party)
    context = {
        **frame.of_contract(request, row, "overview"),
        "party": party,
        "file": selectors.paper_bytes(row),
        "text": selectors.text_page(row),
        "confirmed": frame.is_confirmed(request, purpose),
    }
    return frame.page(request, "sign", context)


def _sign(request: HttpRequest, row: Any, party: Any) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        services.sign(request.user, row.pk, party.organisation_id, seen)
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("contracts:sign", row.number)
    messages.success(request, _("已代表%(firm)s签署。") % {"firm": party.organisation.title})
    return redirect(row.get_absolute_url())


@login_required
@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The newest file."""
    row = selectors.get_contract(request.user, number)
    revision = selectors.paper_bytes(row)
    return frame.pdf(bytes(revision.content), f"{row.number}-{revision.number}")
