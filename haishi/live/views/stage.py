"""What the host and the helpers do on the stage: shelf, polls, lotteries, questions, captions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation.errors import Forbidden, NotFound
from haishi.live import selectors, services
from haishi.live.forms import CaptionForm, LotteryForm, PollForm, ShelfForm
from haishi.live.views.console import frame
from haishi.live.views.desk import act, desk_page


def things_of(session: Any) -> list[tuple[str, str]]:
    """[("product:5", words)] for a choice."""
    offered = selectors.offered_things(session.edition, session.exhibitor)
    return [(f"{kind}:{pk}", words) for kind, pk, words in offered]


def _stage(request: HttpRequest, session: Any, **forms: Any) -> HttpResponse:
    whole = {
        "shelf_form": ShelfForm(things=things_of(session)),
        "poll_form": PollForm(),
        "lottery_form": LotteryForm(),
        **forms,
    }
    person = request.user
    context = {
        **frame(request, session, "stage"),
        **whole,
        "shelf": selectors.shelf_rows(session),
        "pinned": selectors.pinned_of(session),
        "polls": selectors.polls_of(session, person, drafts=True),
        "lotteries": selectors.lotteries_of(session, person, drafts=True),
        "questions": selectors.questions_of(session, person, hidden=True),
        "running": not selectors.is_over(session),
    }
    status = max(form.status for form in whole.values())
    return desk_page(request, "stage", context, status, part="questions")


@login_required
@require_GET
def stage(request: HttpRequest, public_id: str) -> HttpResponse:
    """All of it."""
    return _stage(request, selectors.get_for_host(request.user, public_id))


def _add(
    request: HttpRequest, public_id: str, name: str, form_of: Callable[[Any], Any], service: Any
) -> HttpResponse:
    """Take a form of the stage's page; it comes back with its mistakes."""
    session = selectors.get_for_host(request.user, public_id)
    form = form_of(session)

    def make(**values: Any) -> int:
        return int(service(request.user, session.pk, **values).pk)

    if form.apply_once(f"live.{name}:{request.user.pk}:{session.pk}", make):
        messages.success(request, _("已添加。"))
        return redirect("live:stage", public_id)
    return _stage(request, session, **{f"{name}_form": form})


@login_required
@require_POST
def shelve(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more thing for the shelf."""

    def form(session: Any) -> ShelfForm:
        return ShelfForm(request.POST, things=things_of(session))

    return _add(request, public_id, "shelf", form, services.shelve)


@login_required
@require_POST
def add_poll(request: HttpRequest, public_id: str) -> HttpResponse:
    """A poll for later."""
    form = PollForm(request.POST)
    return _add(request, public_id, "poll", lambda _session: form, services.prepare_poll)


@login_required
@require_POST
def add_lottery(request: HttpRequest, public_id: str) -> HttpResponse:
    """A lottery for later."""
    form = LotteryForm(request.POST)
    return _add(request, public_id, "lottery", lambda _session: form, services.prepare_lottery)


def _treating(action: str) -> Callable[[Any, int, int], Any]:
    return lambda person, live, pk: services.treat(person, live, pk, action)


_ACTS: dict[str, Callable[[Any, int, int], Any]] = {
    "pin": services.pin,
    "unpin": lambda person, live, _pk: services.unpin(person, live),
    "unshelve": services.unshelve,
    "shelf-up": services.move_up,
    "poll-open": services.open_poll,
    "poll-close": services.end_poll,
    "lottery-open": services.open_lottery,
    "lottery-draw": services.draw,
    "lottery-cancel": services.cancel_lottery,
    "station": services.reach,
    **{f"question-{action}": _treating(action) for action in services.QUESTION_ACTIONS},
}
# Where a button stands, and so where it leads back.
_BACK = {"console": "live:console", "speak": "live:speak", "moderate": "live:moderate"}


@login_required
@require_POST
def do(request: HttpRequest, public_id: str, action: str, pk: int) -> HttpResponse:
    """One button of the stage."""
    session = selectors.get_live(request.user, public_id)
    if action not in _ACTS:
        raise NotFound
    back = _BACK.get(request.POST.get("from", ""), "live:stage")
    target = reverse(back, args=[public_id])
    return act(request, lambda: _ACTS[action](request.user, session.pk, pk), "", target)


def _helping(request: HttpRequest, session: Any, name: str, **more: Any) -> HttpResponse:
    context = {
        "session": session,
        "state": selectors.console_state(request.user, session),
        "questions": selectors.questions_of(session, request.user, hidden=name == "moderate"),
        "shelf": selectors.shelf_rows(session),
        "pinned": selectors.pinned_of(session),
        "route": selectors.route_of(session),
        "hosts": selectors.can_host(request.user, session),
        **more,
    }
    return desk_page(request, name, context, part="live")


@login_required
@require_GET
def speak(request: HttpRequest, public_id: str) -> HttpResponse:
    """For who speaks: the questions, what is on screen, a line of caption. No video needed."""
    session = selectors.get_for_speaker(request.user, public_id)
    return _helping(request, session, "speak", form=CaptionForm())


@login_required
@require_GET
def moderate(request: HttpRequest, public_id: str) -> HttpResponse:
    """For who keeps order: questions here, the chat's held lines and mutes at its room."""
    session = selectors.get_for_moderator(request.user, public_id)
    return _helping(request, session, "moderate", room_url=selectors.room_desk(session))


@login_required
@require_POST
def caption(request: HttpRequest, public_id: str) -> HttpResponse:
    """A line of speech."""
    session = selectors.get_live(request.user, public_id)
    helps = selectors.can_speak(request.user, session)
    if not (helps or selectors.can_moderate(request.user, session)):
        raise Forbidden
    form = CaptionForm(request.POST)
    if form.apply(services.say_caption, request.user, session.pk):
        return redirect("live:speak", public_id)
    context = {
        "session": session,
        "state": selectors.console_state(request.user, session),
        "questions": selectors.questions_of(session, request.user),
        "hosts": selectors.can_host(request.user, session),
        "form": form,
    }
    return desk_page(request, "speak", context, form.status)
