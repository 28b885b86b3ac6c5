"""Pages about oneself: profile, security, keys for the API, personal data."""

import io
import json
import zipfile
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation import clock
from haishi.foundation.preferences import LANGUAGE_COOKIE, YEAR
from haishi.foundation.types import Actor
from haishi.parties import selectors, services
from haishi.parties.forms import EraseForm, ProfileForm, TokenForm
from haishi.parties.services import PROFILE
from haishi.parties.views.frame import desk, sent


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, work and city."""
    known = {name: getattr(request.user, name) for name in PROFILE}
    form = ProfileForm(sent(request), initial=known)
    saved = form.apply(services.edit_profile, request.user) if request.method == "POST" else None
    if saved is not None:
        messages.success(request, _("资料已保存。"))
        answer = redirect("parties:profile")
        wish = form.cleaned_data["language"]
        if wish != known["language"]:
            answer.set_cookie(LANGUAGE_COOKIE, wish, max_age=YEAR, samesite="Lax")
        return answer
    return desk(request, "parties/profile.html", {"form": form}, form.status)


@login_required
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """How the account is protected, with the way to each setting."""
    context = {"protection": selectors.protection_of(request.user)}
    return desk(request, "parties/security.html", context)


def _tokens_page(request: HttpRequest, form: TokenForm, secret: str = "") -> HttpResponse:
    context = {"form": form, "secret": secret, "tokens": selectors.tokens_of(request.user)}
    context["now"] = clock.now()
    return desk(request, "parties/tokens.html", context, form.status)


@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator] # allauth's
def tokens(request: HttpRequest) -> HttpResponse:
    """Keys for the API. A new one is in the answer to its form and nowhere else."""
    form = TokenForm(sent(request))
    secrets: list[str] = []

    def create(actor: Actor, **values: Any) -> int:
        row, token = services.create_token(actor, **values)
        secrets.append(token)
        return row.pk

    scope = f"parties.token:{request.user.pk}"
    if request.method == "POST" and form.apply_once(scope, create, request.user):
        if not secrets:  # the same form a second time: the key was shown the first time
            return redirect("parties:tokens")
        return _tokens_page(request, TokenForm(), secrets[0])
    return _tokens_page(request, form)


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a key."""
    services.revoke_token(request.user, pk)
    messages.success(request, _("令牌已停用。"))
    return redirect("parties:tokens")


def _address(request: HttpRequest) -> str:
    return selectors.get_self(request.user).email


@login_required
@require_GET
def personal(request: HttpRequest) -> HttpResponse:
    """Take a copy of one's data, or erase the account."""
    form = EraseForm(address=_address(request))
    return desk(request, "parties/personal.html", {"form": form})


@login_required
@require_POST
@reauthentication_required  # type: ignore[untyped-decorator] # allauth's
def personal_export(request: HttpRequest) -> HttpResponse:
    """A ZIP with one JSON file for each part of the platform."""
    parts = services.export_person(request.user)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in parts.items():
            text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
            pack.writestr(f"{name}.json", text)
    headers = {
        "Content-Disposition": f'attachment; filename="haishi-{request.user.pk}.zip"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(out.getvalue(), content_type="application/zip", headers=headers)


@login_required
@require_POST
@reauthentication_required  # type: ignore[untyped-decorator] # allauth's
def personal_erase(request: HttpRequest) -> HttpResponse:
    """Erase the account and leave."""
    form = EraseForm(request.POST, address=_address(request))

    def erase(actor: Actor, email: str) -> bool:
        services.erase_person(actor)
        return True

    if form.apply(erase, request.user):
        logout(request)
        messages.success(request, _("账户已注销，个人数据已删除。"))
        return redirect("/")
    return desk(request, "parties/personal.html", {"form": form}, form.status)
