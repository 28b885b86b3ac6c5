"""Cameras, their keys and how to use them; other networks; who helps."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haishi.foundation.errors import NotFound
from haishi.live import selectors, services
from haishi.live.forms import CameraForm, HelperForm, TargetForm
from haishi.live.views.console import frame
from haishi.live.views.desk import act, desk_page, sent


def _gear(
    request: HttpRequest,
    session: Any,
    *,
    camera_form: CameraForm | None = None,
    target_form: TargetForm | None = None,
    shown: Any = None,
) -> HttpResponse:
    camera_form, target_form = camera_form or CameraForm(), target_form or TargetForm()
    context = {
        **frame(request, session, "gear"),
        "cameras": selectors.cameras_of(session),
        "state": selectors.console_state(request.user, session),
        "camera_form": camera_form,
        "target_form": target_form,
        "shown": shown,
    }
    return desk_page(request, "gear", context, max(camera_form.status, target_form.status))


@login_required
def gear(request: HttpRequest, public_id: str) -> HttpResponse:
    """All of it; a POST adds a camera."""
    session = selectors.get_for_host(request.user, public_id)
    if request.method != "POST":
        return _gear(request, session)
    form = CameraForm(request.POST)

    def make(**values: Any) -> int:
        return services.add_camera(request.user, session.pk, **values).number

    if form.apply_once(f"live.camera:{request.user.pk}:{session.pk}", make):
        messages.success(request, _("机位已添加。取得推流密钥后就能推流。"))
        return redirect("live:gear", public_id)
    return _gear(request, session, camera_form=form)


@login_required
def camera(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Change a camera's name, or whether viewers may choose it."""
    session = selectors.get_for_host(request.user, public_id)
    found = [row for row in selectors.cameras_of(session) if row.number == number]
    if not found:
        raise NotFound
    initial = {name: getattr(found[0], name) for name in ("label", "label_en", "angle")}
    form = CameraForm(sent(request), initial=initial)
    saved = request.method == "POST" and form.apply(
        services.edit_camera, request.user, session.pk, number
    )
    if saved:
        messages.success(request, _("机位已保存。"))
        return redirect("live:gear", public_id)
    context = {**frame(request, session, "gear"), "form": form, "camera": found[0]}
    return desk_page(request, "camera", context, form.status)


@login_required
@require_POST
def key(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """A new key for a camera, shown this once with everything an encoder asks for."""
    session = selectors.get_for_host(request.user, public_id)
    made = services.rotate_key(request.user, session.pk, number)
    ingest = selectors.ingest_of(session, number, made, request.get_host())
    browser = {"endpoint": ingest.whip, "key": made}
    shown = {"number": number, "ingest": ingest, "camera": browser}
    return _gear(request, session, shown=shown)


@login_required
@require_POST
def remove_camera(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Take a camera out."""
    session = selectors.get_for_host(request.user, public_id)
    target = reverse("live:gear", args=[public_id])
    done = _("机位已移除。")
    return act(
        request, lambda: services.remove_camera(request.user, session.pk, number), done, target
    )


@login_required
@require_POST
def targets(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more network."""
    session = selectors.get_for_host(request.user, public_id)
    form = TargetForm(request.POST)

    def make(**values: Any) -> int:
        return services.add_target(request.user, session.pk, **values).pk

    if form.apply_once(f"live.target:{request.user.pk}:{session.pk}", make):
        messages.success(request, _("平台已添加，直播时会同时推流。"))
        return redirect("live:gear", public_id)
    return _gear(request, session, target_form=form)


@login_required
@require_POST
def target(request: HttpRequest, public_id: str, target_id: int, action: str) -> HttpResponse:
    """Start, stop or forget one network alone."""
    session = selectors.get_for_host(request.user, public_id)
    person, pk = request.user, session.pk
    known = {
        "start": (lambda: services.want_target(person, pk, target_id, True), _("开始推流。")),
        "stop": (lambda: services.want_target(person, pk, target_id, False), _("已停止推流。")),
        "remove": (lambda: services.remove_target(person, pk, target_id), _("平台已移除。")),
    }
    if action not in known:
        raise NotFound
    service, done = known[action]
    back = "live:console" if request.POST.get("from") == "console" else "live:gear"
    return act(request, service, done, reverse(back, args=[public_id]))


@login_required
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Moderators and speakers; a POST invites one."""
    session = selectors.get_for_host(request.user, public_id)
    form = HelperForm(sent(request))

    def make(**values: Any) -> int:
        return services.invite(request.user, session.pk, **values).pk

    if request.method == "POST" and form.apply(make):
        messages.success(request, _("已邀请，对方会收到通知。"))
        return redirect("live:people", public_id)
    context = {
        **frame(request, session, "people"),
        "helpers": selectors.helpers_of(session),
        "form": form,
    }
    return desk_page(request, "people", context, form.status)


@login_required
@require_POST
def dismiss(request: HttpRequest, public_id: str, invited_id: int) -> HttpResponse:
    """They help no more."""
    session = selectors.get_for_host(request.user, public_id)
    target = reverse("live:people", args=[public_id])
    done = _("已移除。")
    return act(
        request, lambda: services.dismiss(request.user, session.pk, invited_id), done, target
    )
