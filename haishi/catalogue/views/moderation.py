"""The moderators' queue of an edition, and the keepers' door of a brand channel."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.catalogue import selectors, services
from haishi.catalogue.forms import ReasonForm
from haishi.catalogue.states import ProductState
from haishi.catalogue.views.frame import act, desk_page, sent
from haishi.expo.desks import organiser_desk, organiser_nav
from haishi.expo.selectors import can_moderate
from haishi.foundation.errors import NotFound


@login_required
@require_GET
def queue(request: HttpRequest, edition: str) -> HttpResponse:
    """Products that wait for a look, longest waiting first."""
    row = organiser_desk(request.user, edition, can_moderate)
    name = request.GET.get("queue", "")
    name = name if name in selectors.QUEUES else "waiting"
    page, counts = selectors.moderation_queue(request.user, row, name, request.GET.get("page", "1"))
    context = {
        "edition": row,
        "page": page,
        "queue": name,
        "counts": counts,
        "channels": selectors.brands_kept_by(request.user),
        "side_nav": organiser_nav(request.user, row, "products"),
    }
    return render(request, "catalogue/desk/queue.html", context)


@login_required
def judge(request: HttpRequest, edition: str, product_id: int) -> HttpResponse:
    """A product as visitors would see it, with what the firm wrote in both languages."""
    row = organiser_desk(request.user, edition, can_moderate)
    product = selectors.get_for_moderation(request.user, row, product_id)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.apply(services.return_, request.user, product.pk):
        messages.success(request, _("已退回，对方会收到原因。"))
        return redirect("catalogue:moderation", edition)
    page = selectors.product_page(request.user, product.slug)
    context = {
        "edition": row,
        "page": page,
        "product": product,
        "form": form,
        "states": ProductState,
        "story": selectors.story_of(product),
        "side_nav": organiser_nav(request.user, row, "products"),
    }
    return render(request, "catalogue/desk/judge.html", context, status=form.status)


@login_required
@require_POST
def decide(request: HttpRequest, edition: str, product_id: int, action: str) -> HttpResponse:
    """List a product, or leave a changed one as it is."""
    row = organiser_desk(request.user, edition, can_moderate)
    product = selectors.get_for_moderation(request.user, row, product_id)
    known = {
        "approve": (services.approve, _("产品已上架。")),
        "acknowledge": (services.acknowledge, _("已看过，产品保持上架。")),
    }
    if action not in known:
        raise NotFound
    service, done = known[action]
    target = reverse("catalogue:moderation", args=[edition])
    return act(request, lambda: service(request.user, product.pk), done, target)


@login_required
@require_GET
def wishes(request: HttpRequest, brand: str) -> HttpResponse:
    """Who asks to come into a channel, and who is in it."""
    inside = request.GET.get("queue") == "inside"
    page = selectors.wishes(request.user, brand, inside, request.GET.get("page", "1"))
    context = {"wishes": page, "page": page.page, "inside": inside}
    return desk_page(request, page.brand.keeper, "catalogue/desk/wishes.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, brand: str, product_id: int, action: str) -> HttpResponse:
    """Let a product into the channel, or not."""
    page = selectors.wishes(request.user, brand, False, "1")
    known = {
        "admit": (services.admit, _("已加入频道。")),
        "decline": (services.decline, _("已婉拒，对方会收到通知。")),
    }
    if action not in known:
        raise NotFound
    service, done = known[action]
    target = reverse("catalogue:wishes", args=[page.brand.slug])
    return act(request, lambda: service(request.user, product_id), done, target)
