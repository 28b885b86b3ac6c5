"""Pages and endpoints of files: serving, uploading, the library."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haishi.foundation import limits, web
from haishi.foundation.errors import DomainError, Forbidden
from haishi.foundation.forms import Form
from haishi.foundation.pagecache import always_fresh
from haishi.media import selectors, services, serving
from haishi.media.errors import (
    ChecksumWrong,
    FileTooBig,
    QuotaExceeded,
    UploadMalformed,
    UseResumable,
)
from haishi.media.forms import AltForm, LibraryForm, NameForm
from haishi.media.states import MAX_BYTES, PLAIN_BYTES, Kind, Purpose
from haishi.media.types import size_words
from haishi.parties.selectors import organisations_of

View = Callable[..., HttpResponseBase]
TUS = {"Tus-Resumable": "1.0.0"}
PER_PAGE = 24
# What can be said about a file: what it shows, or what it is called.
FORMS: dict[str, tuple[type[Form], Callable[..., Any]]] = {
    Kind.IMAGE: (AltForm, services.set_alt),
    Kind.VIDEO: (AltForm, services.set_alt),
    Kind.MODEL: (NameForm, services.rename),
    Kind.DOCUMENT: (NameForm, services.rename),
}
STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (FileTooBig, 413),
    (QuotaExceeded, 413),
    (UseResumable, 413),
    (ChecksumWrong, 460),
    (UploadMalformed, 400),
)


@require_safe
def file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """A public picture, video, model or document; a private one with its key or to its readers."""
    row = selectors.served(request.user, token, name, request.GET.get("key", ""))
    return serving.answer(request, row)


def _status(error: DomainError) -> int:
    return next((code for kind, code in STATUS if isinstance(error, kind)), web.status_of(error))


def _refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """What went wrong: JSON for programs that ask for it, else the words alone."""
    status = _status(error)
    if "application/json" in request.headers.get("Accept", ""):
        content = {"error": type(error).__name__, "message": str(error), "field": error.field}
        return JsonResponse(content, status=status)
    return HttpResponse(str(error), status=status, content_type="text/plain; charset=utf-8")


def tus(view: View) -> View:
    """Answer refusals with the protocol's codes, everything with its version."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if not request.user.is_authenticated:
                raise Forbidden(_("请先登录。"))
            response = view(request, *args, **kwargs)
        except DomainError as error:
            response = _refusal(request, error)
        for name, value in {**TUS, "Cache-Control": "no-store"}.items():
            response.headers[name] = value
        return response

    return run


@require_http_methods(["POST", "OPTIONS"])
@tus
def uploads(request: HttpRequest) -> HttpResponse:
    """Announce a file: `Upload-Length`, `Upload-Metadata`, `?purpose=…&organisation=…`."""
    if request.method == "OPTIONS":
        extensions = "creation,expiration,checksum,termination"
        return HttpResponse(
            status=204,
            headers={
                "Tus-Version": "1.0.0",
                "Tus-Extension": extensions,
                "Tus-Max-Size": str(max(MAX_BYTES.values())),
                "Tus-Checksum-Algorithm": "sha1,sha256",
            },
        )
    limits.limit(f"media:{request.user.pk}", 200, 600)
    given = serving.metadata(request.headers.get("Upload-Metadata", ""))
    row = services.begin_upload(
        request.user,
        serving.whole(request.GET.get("organisation") or given.get("organisation", "")),
        request.GET.get("purpose") or given.get("purpose", Purpose.PICTURE),
        given.get("filename", ""),
        serving.whole(request.headers.get("Upload-Length", "")) or 0,
    )
    return HttpResponse(
        status=201,
        headers={
            "Location": f"/media/uploads/{row.token}/",
            "Upload-Expires": serving.moment(row.expires_at),
        },
    )


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@tus
def upload(request: HttpRequest, token: str) -> HttpResponse:
    """How far an upload is; another piece of it; or never mind."""
    if request.method == "DELETE":
        services.cancel_upload(request.user, token)
        return HttpResponse(status=204)
    if request.method == "HEAD":
        row = selectors.get_upload(request.user, token)
        return HttpResponse(
            status=200,
            headers={
                "Upload-Offset": str(services.offset_of(row)),
                "Upload-Length": str(row.length),
                "Upload-Expires": serving.moment(row.expires_at),
            },
        )
    if request.content_type != "application/offset+octet-stream":
        raise UploadMalformed(what="Content-Type")
    offset = serving.whole(request.headers.get("Upload-Offset", ""))
    if offset is None:
        raise UploadMalformed(what="Upload-Offset")
    size = serving.whole(request.headers.get("Content-Length", ""))
    checksum = request.headers.get("Upload-Checksum", "")
    there, asset = services.append(request.user, token, offset, request, size, checksum)
    found = {"Upload-Asset": asset.token} if asset else {}
    return HttpResponse(status=204, headers={"Upload-Offset": str(there), **found})


def before_csrf(view: View) -> View:
    """Refuse a body by its announced length before the check of its token reads all of it."""
    checked = csrf_protect(view)

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        announced = serving.whole(request.headers.get("Content-Length", "")) or 0
        if announced > PLAIN_BYTES + 1_000_000:
            return _refusal(request, UseResumable())
        return checked(request, *args, **kwargs)

    return csrf_exempt(run)


@before_csrf
@require_POST
@login_required
@always_fresh
def receive(request: HttpRequest) -> HttpResponse:
    """One file of a plain form, `file`; answers with JSON, a fragment, or the library page."""
    limits.limit(f"media:{request.user.pk}", 200, 600)
    form = LibraryForm(request.POST, request.FILES, organisations=organisations_of(request.user))
    wants_json = "application/json" in request.headers.get("Accept", "")
    row = form.apply(lambda **values: services.receive(request.user, **values))
    if row is None:
        if wants_json:
            return JsonResponse({"errors": form.errors}, status=422)
        return _library(request, form)
    if wants_json:
        return JsonResponse(serving.summary(row), status=201)
    if web.is_fragment(request):
        return render(request, "media/asset.html#state", {"asset": row}, status=201)
    return redirect("media:asset", row.token)


@login_required
@always_fresh
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """All files of the person and of the person's organisations, and the room they take."""
    return _library(request, LibraryForm(organisations=organisations_of(request.user)))


def _library(request: HttpRequest, form: LibraryForm) -> HttpResponse:
    rows = selectors.owned_by(request.user).order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    firms = [*organisations_of(request.user)]
    room = [_room(firm.title, firm.pk, None) for firm in firms]
    room.append(_room(_("我自己"), None, request.user.pk))
    pictures = selectors.private_pictures_of(shown)
    context = {
        "form": form,
        "page": page,
        "room": room,
        "rows": [(row, pictures.get(row.pk)) for row in shown],
    }
    return web.page(request, "media/library.html", context, status=form.status)


def _room(label: Any, organisation_id: int | None, person_id: int | None) -> dict[str, Any]:
    used, quota = selectors.used(organisation_id, person_id), selectors.quota(organisation_id)
    return {
        "label": label,
        "used": size_words(used),
        "quota": size_words(quota),
        "share": min(100, used * 100 // quota),
    }


@login_required
@always_fresh
@require_http_methods(["GET", "HEAD", "POST"])
def asset(request: HttpRequest, token: str) -> HttpResponse:
    """One file: how far it is, what it is, its description. A waiting fragment asks again."""
    row = selectors.get_owned(request.user, token)
    kind, action = FORMS[row.kind]
    known = {name: getattr(row, name) for name in ("alt", "alt_en", "name", "name_en")}
    form = kind(request.POST or None, initial=known)
    if request.method == "POST" and form.apply(action, request.user, row.pk) is not None:
        messages.success(request, _("已保存。"))
        return redirect("media:asset", token)
    found = selectors.private_attachments(request.user, [row.pk]).get(row.pk)
    context = {"asset": row, "form": form, "found": found}
    return web.page(request, "media/asset.html", context, part="state", status=form.status)


@login_required
@require_POST
def remove(request: HttpRequest, token: str) -> HttpResponse:
    """Delete a file."""
    row = selectors.get_owned(request.user, token)
    services.remove(request.user, row.pk)
    messages.success(request, _("文件已删除。"))
    return redirect("media:library")
