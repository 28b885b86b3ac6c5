"""Cards: my own, who holds it, those I hold, and leaving one at a booth."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo import selectors, services
from haishi.expo.forms.contacts import CardForm, ConfirmForm, ExchangeForm
from haishi.expo.views.frame import sent, visitor_page
from haishi.foundation import qr, sheets, web
from haishi.foundation.errors import NotFound


@login_required
def my_card(request: HttpRequest) -> HttpResponse:
    """My card with its QR; what it shows."""
    card = services.own_card(request.user)
    known = {name: getattr(card, name) for name in ("firm", "shows_phone", "shows_email")}
    form = CardForm(sent(request), initial=known)
    if request.method == "POST" and form.apply(services.edit_card, request.user):
        messages.success(request, _("名片已保存。"))
        return redirect("expo:my_card")
    address = selectors.card_address(card)
    context = {
        "form": form,
        "card": card,
        "address": address,
        "qr": qr.svg(address, _("我的名片二维码"), scale=5),
    }
    return visitor_page(request, "card", "expo/contacts/my_card.html", context, form.status)


@login_required
@require_POST
def rotate_card(request: HttpRequest) -> HttpResponse:
    """Void the QR codes that are around."""
    services.rotate_card(request.user)
    messages.success(request, _("旧二维码已全部失效。"))
    return redirect("expo:my_card")


@login_required
@require_GET
def my_cards(request: HttpRequest) -> HttpResponse:
    """The ledger: who holds mine, whose I hold."""
    context = {
        "given": selectors.cards_given(request.user),
        "held": selectors.cards_held(request.user)[:500],
    }
    return visitor_page(request, "cards", "expo/contacts/my_cards.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Take a card back."""
    services.revoke_card(request.user, grant_id)
    messages.success(request, _("名片已收回，对方不再看到你的联系方式。"))
    return redirect("expo:my_cards")


@login_required
@require_GET
def held(request: HttpRequest, form: str) -> Any:
    """All cards I hold, as a table or as vCards."""
    rows = selectors.cards_held(request.user)
    if form == "vcf":
        return _vcf(selectors.vcards([row.content for row in rows]), "cards")
    if form not in ("csv", "xlsx"):
        raise NotFound
    header = [_("姓名"), _("英文姓名"), _("职务"), _("单位"), _("电话"), _("邮箱"), _("交换时间")]
    return sheets.table_response(form, "cards", header, selectors.held_sheet(rows))


@login_required
@require_GET
def held_card(request: HttpRequest, grant_id: int) -> HttpResponse:
    """One card I hold, for the address book."""
    row = selectors.cards_held(request.user).filter(pk=grant_id).first()
    if row is None:
        raise NotFound
    return _vcf(selectors.vcards([row.content]), f"card-{row.pk}")


def _vcf(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.vcf"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
def card(request: HttpRequest, token: str) -> HttpResponse:
    """A card whose QR I scanned: take it, and give mine back if I want to."""
    row = selectors.card_behind(token)
    form = ExchangeForm(sent(request))
    if request.method == "POST" and form.apply(services.exchange, request.user, token):
        messages.success(request, _("名片已收下。"))
        return redirect("expo:my_cards")
    mine = row.person_id == request.user.pk
    context = {"form": form, "person": row.person, "card": row, "mine": mine}
    return visitor_page(request, "cards", "expo/contacts/card.html", context, form.status)


@login_required
def leave_card(request: HttpRequest, edition: str, exhibitor_id: int) -> HttpResponse:
    """Leave my card with a firm, or see that it is there and take it back."""
    exhibitor = selectors.get_exhibitor(request.user, exhibitor_id)
    if exhibitor.edition.slug != edition:
        raise NotFound
    form = ConfirmForm(sent(request))
    if request.method == "POST" and form.apply(services.give_card, request.user, exhibitor.pk):
        messages.success(request, _("名片已递上。"))
        if not web.is_fragment(request):
            return redirect("expo:leave_card", edition, exhibitor.pk)
    context = {
        "form": form,
        "exhibitor": exhibitor,
        "edition": exhibitor.edition,
        "card": services.own_card(request.user),
        "grant": selectors.my_grant_to(request.user, exhibitor.pk),
    }
    return web.page(
        request, "expo/contacts/leave_card.html", context, part="card", status=form.status
    )


@login_required
@require_POST
def withdraw_card(request: HttpRequest, edition: str, exhibitor_id: int) -> HttpResponse:
    """Take my card back from a firm, from its page."""
    grant = selectors.my_grant_to(request.user, exhibitor_id)
    if grant is not None:
        services.revoke_card(request.user, grant.pk)
        messages.success(request, _("名片已收回，对方不再看到你的联系方式。"))
    return redirect("expo:leave_card", edition, exhibitor_id)
