"""Pages about colleagues: who is in, who is asked, joining and leaving."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from haishi.foundation import web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.parties import selectors, services
from haishi.parties.forms import InviteForm, RoleForm
from haishi.parties.states import Role
from haishi.parties.views.frame import act, desk


def _page(
    request: HttpRequest,
    slug: str,
    form: InviteForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    row = selectors.get_desk(request.user, slug)
    owns = selectors.can_own(request.user, row.pk)
    manages = selectors.can_manage(request.user, row.pk)
    context = {
        "organisation": row,
        "members": selectors.members(row.pk),
        "invitations": selectors.open_invitations(row.pk) if manages else [],
        "form": form or InviteForm(all_roles=owns),
        "roles": Role.choices,
        "owns": owns,
        "manages": manages,
        "my_role": selectors.role_of(request.user, row.pk),
        "problem": problem,
    }
    return desk(request, "parties/members.html", context, status)


@login_required
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Members; inviting a colleague."""
    if request.method != "POST":
        return _page(request, slug)
    row = selectors.get_managed(request.user, slug)
    form = InviteForm(request.POST, all_roles=selectors.can_own(request.user, row.pk))

    def invite(actor: Actor, **values: Any) -> int:
        return services.invite_member(actor, row.pk, **values).pk

    if form.apply_once(f"parties.invite:{request.user.pk}", invite, request.user):
        sent = _("邀请已发往 %(email)s，七天内有效。")
        messages.success(request, sent % {"email": form.cleaned_data["email"]})
        return redirect("parties:members", slug)
    return _page(request, slug, form, status=form.status)


@login_required
@require_POST
def member_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    slug = selectors.desk_of_membership(request.user, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, slug, problem=_("请选择一个角色。"), status=422)

    def change() -> None:
        services.change_role(request.user, pk, form.cleaned_data["role"])

    def page(**refusal: Any) -> HttpResponse:
        return _page(request, slug, **refusal)

    return act(request, change, _("角色已更改。"), reverse("parties:members", args=[slug]), page)


@login_required
@require_POST
def member_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a member out."""
    slug = selectors.desk_of_membership(request.user, pk)

    def page(**refusal: Any) -> HttpResponse:
        return _page(request, slug, **refusal)

    def remove() -> None:
        services.remove_member(request.user, pk)

    return act(request, remove, _("成员已移出。"), reverse("parties:members", args=[slug]), page)


@login_required
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave an organisation."""
    row = selectors.get_desk(request.user, slug)

    def page(**refusal: Any) -> HttpResponse:
        return _page(request, slug, **refusal)

    def go() -> None:
        services.leave_organisation(request.user, row.pk)

    done = _("你已退出%(name)s。") % {"name": row.title}
    return act(request, go, done, reverse("parties:organisations"), page)


@login_required
@require_POST
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    row = services.revoke_invitation(request.user, pk)
    messages.success(request, _("邀请已撤回。"))
    return redirect("parties:members", row.organisation.slug)


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: who invites; log in, then accept."""
    context: dict[str, Any] = {"token": token}
    try:
        context["invitation"] = selectors.get_invitation(token)
        if request.method == "POST":
            joined = services.accept_invitation(request.user, token)
            messages.success(request, _("欢迎加入%(name)s。") % {"name": joined.organisation.title})
            return redirect("parties:organisations")
        status = 200
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        context["problem"], status = str(error), web.status_of(error)
    response = render(request, "parties/invitation.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    # The address is the key: no other site learns it from a link on this page.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
