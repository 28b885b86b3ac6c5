"""The organiser's first pages: which editions, the radar, texts and times, tiers, announcements."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo import desks, policies, selectors, services
from haishi.expo.forms.editions import (
    AnnouncementForm,
    EditionForm,
    NewEditionForm,
    PictureForm,
    SeriesForm,
    TierForm,
)
from haishi.expo.states import Audience, EditionState
from haishi.expo.views.frame import organiser_page, sent
from haishi.foundation.errors import Forbidden
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Duty


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The editions one works for."""
    editions = selectors.organised_by(request.user)
    context = {"editions": editions, "series": selectors.series_of(request.user)}
    if not (editions or _responsible(request.user)):
        raise Forbidden
    context["organisers"] = _responsible(request.user)
    return render(request, "expo/floor/organise_home.html", context)


def _responsible(actor: Actor) -> list[Any]:
    if actor.is_staff:
        return parties.organisers()
    ids = set(parties.organisers_of(actor, (Duty.OWNER,)))
    return [row for row in parties.organisers() if row.pk in ids]


@login_required
def series_new(request: HttpRequest) -> HttpResponse:
    """Begin a row of editions."""
    organisers = _responsible(request.user)
    if not organisers:
        raise Forbidden
    form = SeriesForm(sent(request), organisers=organisers)

    def create(actor: Actor, **values: Any) -> int:
        return services.create_series(actor, **values).pk

    scope = f"expo.series:{request.user.pk}"
    if request.method == "POST" and form.apply_once(scope, create, request.user):
        messages.success(request, _("系列已建立。现在可以开设第一届。"))
        return redirect("expo:edition_new")
    context = {"form": form, "heading": _("新建系列"), "submit": _("建立系列")}
    return render(request, "expo/floor/plain_form.html", context, status=form.status)


@login_required
def edition_new(request: HttpRequest) -> HttpResponse:
    """A new edition of a series."""
    series = selectors.series_of(request.user)
    if not series:
        if not _responsible(request.user):
            raise Forbidden
        return redirect("expo:series_new")
    form = NewEditionForm(sent(request), series=series)

    def create(actor: Actor, **values: Any) -> str:
        return services.create_edition(actor, **values).slug

    scope = f"expo.edition:{request.user.pk}"
    slug = form.apply_once(scope, create, request.user) if request.method == "POST" else None
    if slug:
        messages.success(request, _("展会已建立，处于筹备中。下一步：添加展馆。"))
        return redirect("expo:halls", slug)
    context = {"form": form, "heading": _("开设新一届"), "submit": _("开设")}
    return render(request, "expo/floor/plain_form.html", context, status=form.status)


@login_required
@require_GET
def radar(request: HttpRequest, edition: str) -> HttpResponse:
    """The floor in numbers that lead to lists."""
    row = desks.organiser_desk(request.user, edition)
    context = {
        "radar": selectors.radar(row),
        "may_run": policies.can_run(request.user, row),
        "may_review": policies.can_review(request.user, row),
        "states": EditionState,
    }
    return organiser_page(request, row, "radar", "expo/floor/radar.html", context)


@login_required
def edition_edit(request: HttpRequest, edition: str) -> HttpResponse:
    """Texts and times."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    known = {name: getattr(row, name) for name in EditionForm.base_fields if name != "once"}
    form = EditionForm(sent(request), initial={**known, "version": row.version})
    if request.method == "POST" and form.apply(services.edit_edition, request.user, row.pk):
        messages.success(request, _("展会资料已保存。"))
        return redirect("expo:edition_edit", edition)
    context = {"form": form, "heading": _("展会资料"), "submit": _("保存")}
    return organiser_page(request, row, "edition", "expo/floor/edition.html", context, form.status)


@login_required
def edition_cover(request: HttpRequest, edition: str) -> HttpResponse:
    """The picture that stands for the edition."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    form = PictureForm(
        sent(request),
        request.FILES if request.method == "POST" else None,
        actor=request.user,
        organiser_id=row.series.organiser_id,
        initial={"picture": row.cover_asset_id},
    )

    def choose(actor: Actor, picture: int | None) -> Any:
        return services.set_cover(actor, row.pk, picture)

    if request.method == "POST" and form.apply(choose, request.user):
        messages.success(request, _("图片已保存。"))
        return redirect("expo:edition_edit", edition)
    context = {"form": form, "heading": _("展会封面"), "submit": _("保存")}
    context["back"] = "expo:edition_edit"
    return organiser_page(request, row, "edition", "expo/floor/form.html", context, form.status)


@login_required
@require_POST
def edition_state(request: HttpRequest, edition: str) -> HttpResponse:
    """Open to the public, or take back into planning."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    if request.POST.get("action") == "open":
        services.open_edition(request.user, row.pk)
        messages.success(request, _("展会已对外开放。"))
    else:
        services.withdraw_edition(request.user, row.pk)
        messages.success(request, _("展会已转回筹备中，访客暂时看不到。"))
    return redirect("expo:organise", edition)


@login_required
@require_GET
def tiers(request: HttpRequest, edition: str) -> HttpResponse:
    """What exhibitors may be entitled to."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    context = {"tiers": selectors.tiers_of(row)}
    return organiser_page(request, row, "tiers", "expo/floor/tiers.html", context)


@login_required
def tier_new(request: HttpRequest, edition: str) -> HttpResponse:
    """Another tier."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    form = TierForm(sent(request))

    def create(actor: Actor, **values: Any) -> int:
        return services.add_tier(actor, row.pk, **values).pk

    scope = f"expo.tier:{request.user.pk}"
    if request.method == "POST" and form.apply_once(scope, create, request.user):
        messages.success(request, _("级别已添加。"))
        return redirect("expo:tiers", edition)
    context = {"form": form, "heading": _("添加级别"), "submit": _("添加"), "back": "expo:tiers"}
    return organiser_page(request, row, "tiers", "expo/floor/form.html", context, form.status)


@login_required
def tier_edit(request: HttpRequest, edition: str, tier_id: int) -> HttpResponse:
    """Change what a tier includes."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    tier = selectors.tier_for(row, tier_id)
    known = {name: getattr(tier, name) for name in TierForm.base_fields if name != "once"}
    form = TierForm(sent(request), initial=known)
    if request.method == "POST" and form.apply(services.edit_tier, request.user, tier.pk):
        messages.success(request, _("级别已保存。"))
        return redirect("expo:tiers", edition)
    context = {"form": form, "heading": tier.title, "submit": _("保存"), "back": "expo:tiers"}
    return organiser_page(request, row, "tiers", "expo/floor/form.html", context, form.status)


@login_required
@require_POST
def tier_remove(request: HttpRequest, edition: str, tier_id: int) -> HttpResponse:
    """Remove a tier nobody is in."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    services.remove_tier(request.user, selectors.tier_for(row, tier_id).pk)
    messages.success(request, _("级别已删除。"))
    return redirect("expo:tiers", edition)


@login_required
def announcements(request: HttpRequest, edition: str) -> HttpResponse:
    """What was told, and a form to tell more."""
    row = desks.organiser_desk(request.user, edition, policies.can_moderate)
    form = AnnouncementForm(sent(request))

    def tell(actor: Actor, **values: Any) -> int:
        return services.announce(actor, row.pk, **values).pk

    scope = f"expo.announce:{request.user.pk}"
    if request.method == "POST" and form.apply_once(scope, tell, request.user):
        messages.success(request, _("公告已发布，相关的人会收到消息。"))
        return redirect("expo:announcements", edition)
    context = {
        "form": form,
        "announcements": selectors.announcements(row, audiences=Audience.values),
    }
    return organiser_page(
        request, row, "announcements", "expo/floor/announcements.html", context, form.status
    )


@login_required
@require_POST
def announcement_remove(request: HttpRequest, edition: str, announcement_id: int) -> HttpResponse:
    """Take an announcement from the pages."""
    desks.organiser_desk(request.user, edition, policies.can_moderate)
    services.take_down(request.user, announcement_id)
    messages.success(request, _("公告已撤下。"))
    return redirect("expo:announcements", edition)


@require_GET
def public_announcements(request: HttpRequest, edition: str) -> HttpResponse:
    """What the organiser tells everybody."""
    row = selectors.get_edition(request.user, edition)
    context = {"edition": row, "announcements": selectors.announcements(row)}
    return render(request, "expo/floor/public_announcements.html", context)
