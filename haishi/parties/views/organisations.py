"""Pages about organisations: list, found, edit, verify."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haishi.foundation.types import Actor
from haishi.parties import selectors, services
from haishi.parties.forms import OrganisationEditForm, OrganisationForm, VerificationForm
from haishi.parties.states import Side, VerificationState
from haishi.parties.views.frame import desk, sent


@login_required
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """Those one belongs to, with one's role."""
    context = {"memberships": selectors.memberships_of(request.user)}
    return desk(request, "parties/organisations.html", context)


@login_required
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Found one."""
    form = OrganisationForm(sent(request))

    def create(actor: Actor, **values: Any) -> str:
        return services.create_organisation(actor, **values).slug

    scope = f"parties.organisation:{request.user.pk}"
    slug = form.apply_once(scope, create, request.user) if request.method == "POST" else None
    if slug:
        messages.success(request, _("单位已登记。下一步：邀请同事，或申请认证。"))
        return redirect("parties:organisation", slug)
    return desk(request, "parties/organisation_new.html", {"form": form}, form.status)


@login_required
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Its public texts; members read them here, owners and managers change them."""
    row = selectors.get_desk(request.user, slug)
    manages = selectors.can_manage(request.user, row.pk)
    context: dict[str, Any] = {"organisation": row, "manages": manages}
    if not manages and request.method != "POST":
        context["sides"] = [Side(value).label for value in row.sides]
        return desk(request, "parties/organisation.html", context)
    known = {name: getattr(row, name) for name in OrganisationForm.base_fields if name != "once"}
    form = OrganisationEditForm(sent(request), initial={**known, "version": row.version})
    saved = None
    if request.method == "POST":
        saved = form.apply(services.edit_organisation, request.user, row.pk)
    if saved is not None:
        messages.success(request, _("单位资料已保存。"))
        return redirect("parties:organisation", slug)
    return desk(request, "parties/organisation.html", {**context, "form": form}, form.status)


@login_required
def verification(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the verification stands; hand in papers."""
    row = selectors.get_managed(request.user, slug)
    store = services.document_store()
    form = VerificationForm(
        sent(request),
        request.FILES if request.method == "POST" else None,
        with_files=store is not None,
        initial={"legal_name": row.name},
    )

    def ask(actor: Actor, papers: Any = (), **values: Any) -> int:
        kept = [store.keep(actor, row.pk, file) for file in papers] if store else []
        return services.request_verification(actor, row.pk, document_ids=kept, **values).pk

    scope = f"parties.verification:{request.user.pk}"
    if request.method == "POST" and form.apply_once(scope, ask, request.user):
        messages.success(request, _("认证申请已提交，通常两个工作日内答复。"))
        return redirect("parties:verification", slug)
    requests = selectors.verifications_of(row.pk)
    pending = any(one.state == VerificationState.PENDING for one in requests)
    closed = (pending or row.verified_at) and not form.is_bound
    context = {
        "organisation": row,
        "manages": True,
        "requests": requests,
        "pending": pending,
        "form": None if closed else form,
    }
    return desk(request, "parties/verification.html", context, form.status)
