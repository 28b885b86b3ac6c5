"""The list of words of an organiser."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from haishi.foundation import web
from haishi.rooms import selectors, services
from haishi.rooms.forms import ProbeForm, WordsForm

ON_PAGE = 50


def _page(request: HttpRequest, organiser: Any, **changed: Any) -> HttpResponse:
    rows = selectors.words(organiser.pk)
    if asked := request.GET.get("q", "").strip()[:40]:
        rows = rows.filter(text__icontains=asked)
    context = {
        "organiser": organiser,
        "q": asked,
        "page": Paginator(rows, ON_PAGE).get_page(request.GET.get("page")),
        "form": WordsForm(),
        "probe_form": ProbeForm(),
        **changed,
    }
    status = max(context["form"].status, context["probe_form"].status)
    return web.page(request, "rooms/words.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; a POST adds to it."""
    organiser = selectors.get_words_organiser(request.user, slug)
    if request.method != "POST":
        return _page(request, organiser)
    form = WordsForm(request.POST)
    added = form.apply(services.add_words, request.user, slug)
    if added is None:
        return _page(request, organiser, form=form)
    said = ngettext("%(n)s 个词已生效。", "%(n)s 个词已生效。", added) % {"n": added}
    messages.success(request, said)
    return redirect("rooms:words", slug)


@login_required
@require_POST
def probe(request: HttpRequest, slug: str) -> HttpResponse:
    """What would happen to a line."""
    organiser = selectors.get_words_organiser(request.user, slug)
    form = ProbeForm(request.POST)
    if not form.is_valid():
        return _page(request, organiser, probe_form=form)
    verdict = services.judge(organiser, form.cleaned_data["text"])
    return _page(request, organiser, probe_form=form, verdict=verdict)


@login_required
@require_POST
def remove_word(request: HttpRequest, slug: str, word_id: int) -> HttpResponse:
    """Take a word off the list."""
    services.remove_word(request.user, slug, word_id)
    messages.success(request, _("这个词已移除。"))
    return redirect("rooms:words", slug)
