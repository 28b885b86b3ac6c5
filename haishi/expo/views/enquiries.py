"""Enquiries: asking, the conversation on both sides, the firm's desk with its clock."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from haishi.expo import desks, selectors, services
from haishi.expo.forms.enquiries import EnquiryForm, MessageForm, OwnerForm, TemplateForm
from haishi.expo.states import EnquiryState
from haishi.expo.views.frame import exhibitor_page, sent, visitor_page
from haishi.foundation import web
from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor

PER_PAGE = 40
DESK = [
    ("waiting", gettext_lazy("待处理")),
    *((s.value, s.label) for s in EnquiryState if s != EnquiryState.OPEN),
]


@login_required
def enquire(request: HttpRequest, edition: str, exhibitor_id: int) -> HttpResponse:
    """Ask a firm, about its booth or about what `?about=` names."""
    exhibitor = selectors.get_exhibitor(request.user, exhibitor_id)
    if exhibitor.edition.slug != edition:
        raise NotFound
    about = request.GET.get("about", "")[:400]
    title = selectors.read_about(request.POST.get("about", about))[2]
    subject = _("咨询：%(title)s") % {"title": title} if title else ""
    form = EnquiryForm(sent(request), initial={"about": about, "subject": subject[:80]})

    def ask(actor: Actor, **values: Any) -> int:
        return services.enquire(actor, exhibitor.pk, **values).pk

    scope = f"expo.enquire:{request.user.pk}:{exhibitor.pk}"
    pk = form.apply_once(scope, ask, request.user) if request.method == "POST" else None
    if pk:
        messages.success(request, _("询价已送达，对方答复后你会收到消息。"))
        return redirect("expo:my_enquiry", pk)
    context = {
        "form": form,
        "exhibitor": exhibitor,
        "edition": exhibitor.edition,
        "title": title,
        "record": selectors.reply_record(exhibitor.pk),
    }
    return render(request, "expo/enquiries/enquire.html", context, status=form.status)


@login_required
@require_GET
def my_enquiries(request: HttpRequest) -> HttpResponse:
    """What I asked."""
    rows = selectors.enquiries_of_person(request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return visitor_page(request, "enquiries", "expo/enquiries/mine.html", {"page": page})


@login_required
def my_enquiry(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """A conversation I began; write again."""
    row = selectors.get_enquiry(request.user, enquiry_id)
    if row.person_id != request.user.pk:
        raise NotFound
    form = MessageForm(sent(request))
    done = request.method == "POST" and _say(request, form, row)
    if done and not web.is_fragment(request):
        return redirect("expo:my_enquiry", row.pk)
    context = _talk(request, row, MessageForm() if done else form)
    return visitor_page(
        request, "enquiries", "expo/enquiries/my_enquiry.html", context, form.status, "talk"
    )


def _say(request: HttpRequest, form: MessageForm, row: Any) -> bool:
    def say(actor: Actor, **values: Any) -> int:
        return services.write_message(actor, row.pk, **values).pk

    return bool(form.apply_once(f"expo.say:{request.user.pk}:{row.pk}", say, request.user))


def _talk(request: HttpRequest, row: Any, form: MessageForm) -> dict[str, Any]:
    row = selectors.get_enquiry(request.user, row.pk)
    return {
        "enquiry": row,
        "thread": selectors.conversation(row),
        "form": form,
        "states": EnquiryState,
        "edition": row.exhibitor.edition,
    }


@login_required
@require_POST
def my_enquiry_close(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """I have what I wanted to know."""
    row = selectors.get_enquiry(request.user, enquiry_id)
    if row.person_id != request.user.pk:
        raise NotFound
    services.close_enquiry(request.user, row.pk)
    messages.success(request, _("询价已结束。"))
    return redirect("expo:my_enquiry", row.pk)


@login_required
@require_GET
def desk(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """The firm's enquiries; what waits longest stands first."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id)
    people = selectors.colleagues(exhibitor)
    state, owner = request.GET.get("state", ""), request.GET.get("owner", "")
    filters = {
        "state": state if state in dict(DESK) else "",
        "owner_id": int(owner) if owner.isdecimal() and len(owner) < 18 else None,
        "query": request.GET.get("q", "").strip()[:80],
    }
    rows = selectors.enquiries_of_booth(exhibitor, **filters)  # type: ignore[arg-type]
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "filtered": any(filters.values()),
        "choices": DESK,
        "people": people,
        "record": selectors.reply_record(exhibitor.pk),
        "waiting": selectors.waiting_enquiries(exhibitor.pk),
    }
    return exhibitor_page(request, exhibitor, "enquiries", "expo/enquiries/desk.html", context)


def _of_booth(request: HttpRequest, exhibitor_id: int, enquiry_id: int) -> tuple[Any, Any]:
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id)
    row = selectors.get_enquiry(request.user, enquiry_id)
    if row.exhibitor_id != exhibitor.pk:
        raise NotFound
    return exhibitor, row


@login_required
def enquiry(request: HttpRequest, exhibitor_id: int, enquiry_id: int) -> HttpResponse:
    """A conversation from the firm's side; `?template=` starts with a stock answer."""
    exhibitor, row = _of_booth(request, exhibitor_id, enquiry_id)
    templates = list(selectors.templates_of(exhibitor))
    wanted = request.GET.get("template", "")
    start = next((t.body for t in templates if str(t.pk) == wanted), "")
    form = MessageForm(sent(request), initial={"body": start})
    done = request.method == "POST" and _say(request, form, row)
    if done and not web.is_fragment(request):
        return redirect("expo:enquiry", exhibitor.pk, row.pk)
    context = {
        **_talk(request, row, MessageForm() if done else form),
        "templates": templates,
        "owner_form": _owner_form(exhibitor, row),
        "lead": selectors.lead_of(exhibitor, row.person_id),
    }
    return exhibitor_page(
        request, exhibitor, "enquiries", "expo/enquiries/enquiry.html", context, form.status, "talk"
    )


def _owner_form(exhibitor: Any, row: Any, typed: Any = None) -> OwnerForm:
    people = selectors.colleagues(exhibitor)
    return OwnerForm(typed, people=people, initial={"owner_id": row.owner_id}, auto_id="owner_%s")


@login_required
@require_POST
def enquiry_owner(request: HttpRequest, exhibitor_id: int, enquiry_id: int) -> HttpResponse:
    """Hand it to a colleague."""
    exhibitor, row = _of_booth(request, exhibitor_id, enquiry_id)
    form = _owner_form(exhibitor, row, request.POST)
    if form.apply(services.reassign, request.user, row.pk):
        messages.success(request, _("已转交。"))
        return redirect("expo:enquiry", exhibitor.pk, row.pk)
    context = {
        **_talk(request, row, MessageForm()),
        "templates": list(selectors.templates_of(exhibitor)),
        "owner_form": form,
        "lead": selectors.lead_of(exhibitor, row.person_id),
    }
    return exhibitor_page(
        request, exhibitor, "enquiries", "expo/enquiries/enquiry.html", context, form.status
    )


@login_required
@require_POST
def enquiry_close(request: HttpRequest, exhibitor_id: int, enquiry_id: int) -> HttpResponse:
    """End a conversation that was answered."""
    exhibitor, row = _of_booth(request, exhibitor_id, enquiry_id)
    services.close_enquiry(request.user, row.pk)
    messages.success(request, _("询价已结束。"))
    return redirect("expo:enquiry", exhibitor.pk, row.pk)


@login_required
def templates(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """Stock answers: read, add."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id)
    form = TemplateForm(sent(request))

    def keep(actor: Actor, **values: Any) -> int:
        return services.save_template(actor, exhibitor.pk, **values).pk

    scope = f"expo.template:{request.user.pk}:{exhibitor.pk}"
    if request.method == "POST" and form.apply_once(scope, keep, request.user):
        messages.success(request, _("常用回复已保存。"))
        return redirect("expo:reply_templates", exhibitor.pk)
    context = {"form": form, "templates": selectors.templates_of(exhibitor)}
    return exhibitor_page(
        request, exhibitor, "enquiries", "expo/enquiries/templates.html", context, form.status
    )


@login_required
@require_POST
def template_remove(request: HttpRequest, exhibitor_id: int, template_id: int) -> HttpResponse:
    """Throw a stock answer away."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id)
    services.remove_template(request.user, exhibitor.pk, template_id)
    messages.success(request, _("常用回复已删除。"))
    return redirect("expo:reply_templates", exhibitor.pk)
