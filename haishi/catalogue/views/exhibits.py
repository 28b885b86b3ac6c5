"""The exhibitor's page to choose what stands at the booth."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haishi.catalogue import selectors, services
from haishi.catalogue.forms import ArrangeForm
from haishi.catalogue.views.frame import act, sent
from haishi.expo import selectors as expo
from haishi.expo.desks import exhibitor_desk, exhibitor_nav


def _desk(request: HttpRequest, exhibitor_id: int) -> Any:
    return exhibitor_desk(request.user, exhibitor_id, expo.can_set_up)


@login_required
def exhibits(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """What stands at the booth, in order; what else could stand there."""
    exhibitor = _desk(request, exhibitor_id)
    shown = selectors.shown_exhibits(exhibitor.pk)
    form = ArrangeForm(
        sent(request),
        product_ids=[row.id for row, _featured, _listed in shown],
        starred={row.id for row, featured, _listed in shown if featured},
    )
    if request.method == "POST" and form.is_valid():
        form.apply(services.arrange, request.user, exhibitor.pk)
        messages.success(request, _("展品次序已保存。"))
        return redirect("catalogue:exhibits", exhibitor.pk)
    others = selectors.choosable_exhibits(exhibitor.organisation_id, exhibitor.pk)
    selectors.with_pictures([*(row for row, _featured, _listed in shown), *others])
    limit = exhibitor.tier.max_exhibits
    context = {
        "exhibitor": exhibitor,
        "edition": exhibitor.edition,
        "form": form,
        "shown": [(row, listed, *form.row(row.id)) for row, _featured, listed in shown],
        "others": others,
        "limit": limit,
        "full": len(shown) >= limit,
        "side_nav": exhibitor_nav(request.user, exhibitor, "exhibits"),
    }
    return render(request, "catalogue/desk/exhibits.html", context, status=form.status)


@login_required
@require_POST
def put_up(request: HttpRequest, exhibitor_id: int, product_id: int) -> HttpResponse:
    """Show a product at the booth."""
    _desk(request, exhibitor_id)
    target = reverse("catalogue:exhibits", args=[exhibitor_id])
    return act(
        request,
        lambda: services.exhibit(request.user, exhibitor_id, product_id),
        _("已加入展位。"),
        target,
    )


@login_required
@require_POST
def take_down(request: HttpRequest, exhibitor_id: int, product_id: int) -> HttpResponse:
    """No longer show a product at the booth."""
    _desk(request, exhibitor_id)
    target = reverse("catalogue:exhibits", args=[exhibitor_id])
    return act(
        request,
        lambda: services.take_down(request.user, exhibitor_id, product_id),
        _("已从展位撤下，产品仍在架。"),
        target,
    )
