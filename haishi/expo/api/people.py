"""What people leave with each other, over the API: one's badges; a firm's enquiries and leads."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Query, Router, Schema, Status

from haishi.expo import desks, selectors, services
from haishi.expo.errors import TierForbids
from haishi.expo.states import EnquiryState, VisitorKind
from haishi.foundation.api import Page, actor, paginate, register_scope, repeatable

BADGES = register_scope("badges:read", gettext_lazy("查看我的观众登记与胸牌"))
REGISTER = register_scope("badges:write", gettext_lazy("为我登记参观"))
ENQUIRIES = register_scope("enquiries:read", gettext_lazy("查看本单位收到的询价"))
ANSWER = register_scope("enquiries:write", gettext_lazy("回复询价"))
LEADS = register_scope("leads:read", gettext_lazy("查看本单位的线索"))
NOTE = register_scope("leads:write", gettext_lazy("为线索添加备注"))
router = Router()


class RegistrationOut(Schema):
    """A registration; `badge` is what the QR on the badge holds."""

    edition: str
    kind: str
    code: str
    badge: str
    firm: str
    title: str
    shares_card: bool
    registered_at: dt.datetime


class RegistrationIn(Schema):
    """How to come. `shares_card`: firms that scan the badge receive my card."""

    kind: VisitorKind = VisitorKind.VISITOR
    firm: str = Field("", max_length=80)
    title: str = Field("", max_length=60)
    shares_card: bool = False


class MessageOut(Schema):
    """One message; `author` is empty when the account is gone."""

    id: int
    at: dt.datetime
    from_firm: bool
    author: str
    body: str


class EnquiryOut(Schema):
    """A question to a firm. Answer before `due_at`; `owner` is the colleague in charge."""

    id: int
    exhibitor_id: int
    subject: str
    about: str
    state: str
    person: str
    owner: str
    created_at: dt.datetime
    due_at: dt.datetime
    answered_at: dt.datetime | None


class ConversationOut(EnquiryOut):
    """With its messages, oldest first."""

    messages: list[MessageOut]


class MessageIn(Schema):
    """What to write."""

    body: str = Field(min_length=1, max_length=3000)


class NoteIn(Schema):
    """What to remember about a lead."""

    body: str = Field(min_length=1, max_length=1000)


class NoteOut(Schema):
    """A colleague's note."""

    id: int
    at: dt.datetime
    author: str
    body: str


class LeadOut(Schema):
    """Somebody met at the booth; `card` is {} once it was taken back."""

    id: int
    exhibitor_id: int
    name: str
    source: str
    rating: int
    owner: str
    card: dict[str, str]
    created_at: dt.datetime
    updated_at: dt.datetime


class LeadDetailOut(LeadOut):
    """With the notes, newest first."""

    notes: list[NoteOut]


def _name(person: Any) -> str:
    return person.name if person else ""


def _registration(row: Any) -> dict[str, Any]:
    names = ("kind", "code", "firm", "title", "shares_card", "registered_at")
    known = {name: getattr(row, name) for name in names}
    return {**known, "edition": row.edition.slug, "badge": selectors.badge_token(row.code)}


def _enquiry(row: Any) -> dict[str, Any]:
    names = ("id", "exhibitor_id", "subject", "state", "created_at", "due_at", "answered_at")
    known = {name: getattr(row, name) for name in names}
    people = {"person": _name(row.person), "owner": _name(row.owner)}
    return {**known, **people, "about": row.about_title}


def _message(row: Any) -> dict[str, Any]:
    known = {name: getattr(row, name) for name in ("id", "at", "from_firm", "body")}
    return {**known, "author": _name(row.author)}


def _note(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "at": row.at, "author": _name(row.author), "body": row.body}


def _lead(row: Any) -> dict[str, Any]:
    names = ("id", "exhibitor_id", "source", "rating", "created_at", "updated_at")
    known = {name: getattr(row, name) for name in names}
    people = {"name": _name(row.person), "owner": _name(row.owner)}
    return {**known, **people, "card": selectors.lead_contact(row)}


@router.get(
    "/registrations/mine",
    response=list[RegistrationOut],
    url_name="expo_my_registrations",
    summary="My registrations with their badges",
)
def my_registrations(request: HttpRequest) -> Any:
    """Those not cancelled, newest edition first. Scope `badges:read`."""
    return [_registration(row) for row in selectors.badges_of(actor(request, BADGES))]


@router.post(
    "/editions/{slug}/registrations",
    response={201: RegistrationOut},
    url_name="expo_register",
    summary="Register for an edition",
)
def register(request: HttpRequest, slug: str, payload: RegistrationIn) -> Any:
    """409 when you are registered, 422 unless it is open. Scope `badges:write`."""
    person = actor(request, REGISTER)

    def begin() -> Any:
        services.register(person, slug, **payload.dict())
        row = selectors.registration_of(person, selectors.get_edition(person, slug))
        return RegistrationOut(**_registration(row)).model_dump(mode="json")

    return Status(201, repeatable(request, payload.dict(), begin))


@router.get(
    "/exhibitors/{exhibitor_id}/enquiries",
    response=Page[EnquiryOut],
    url_name="expo_api_enquiries",
    summary="What my firm was asked, newest first",
)
def enquiries(
    request: HttpRequest,
    exhibitor_id: int,
    state: EnquiryState | None = None,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
) -> Any:
    """Of one `state` when asked for. Scope `enquiries:read`."""
    exhibitor = desks.exhibitor_desk(actor(request, ENQUIRIES), exhibitor_id)
    rows = selectors.enquiries_of_booth(exhibitor, state=state or "")
    found, following = paginate(rows, cursor, limit)
    return {"items": [_enquiry(row) for row in found], "next": following}


@router.get(
    "/enquiries/{enquiry_id}",
    response=ConversationOut,
    url_name="expo_api_enquiry",
    summary="One conversation",
)
def enquiry(request: HttpRequest, enquiry_id: int) -> Any:
    """Of your firm, or your own question; 404 otherwise. Scope `enquiries:read`."""
    row = selectors.get_enquiry(actor(request, ENQUIRIES), enquiry_id)
    messages = [_message(each) for each in selectors.conversation(row)]
    return {**_enquiry(row), "messages": messages}


@router.post(
    "/enquiries/{enquiry_id}/messages",
    response={201: MessageOut},
    url_name="expo_api_answer",
    summary="Answer an enquiry, or ask on",
)
def answer(request: HttpRequest, enquiry_id: int, payload: MessageIn) -> Any:
    """409 when the conversation is over. Scope `enquiries:write`."""
    person = actor(request, ANSWER)

    def write() -> Any:
        message = services.write_message(person, enquiry_id, body=payload.body)
        message.refresh_from_db()
        return MessageOut(**_message(message)).model_dump(mode="json")

    return Status(201, repeatable(request, payload.dict(), write))


@router.get(
    "/exhibitors/{exhibitor_id}/leads",
    response=Page[LeadOut],
    url_name="expo_api_leads",
    summary="Whom my firm met, newest first",
)
def leads(
    request: HttpRequest,
    exhibitor_id: int,
    rating: int = Query(0, ge=0, le=5),  # type: ignore[type-arg]
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
) -> Any:
    """Of at least `rating` stars. 403 unless the booth's tier includes taking leads out. Scope
    `leads:read`."""
    exhibitor = desks.exhibitor_desk(actor(request, LEADS), exhibitor_id)
    if not exhibitor.tier.may_export_leads:
        raise TierForbids(what=_("导出线索"))
    found, following = paginate(selectors.leads_of(exhibitor, rating=rating), cursor, limit)
    return {"items": [_lead(row) for row in found], "next": following}


@router.get(
    "/leads/{lead_id}",
    response=LeadDetailOut,
    url_name="expo_api_lead",
    summary="One lead",
)
def lead(request: HttpRequest, lead_id: int) -> Any:
    """Of your firm; 404 otherwise. Scope `leads:read`."""
    row = selectors.get_lead(actor(request, LEADS), lead_id)
    return {**_lead(row), "notes": [_note(each) for each in selectors.lead_notes(row)]}


@router.post(
    "/leads/{lead_id}/notes",
    response={201: NoteOut},
    url_name="expo_api_note",
    summary="Add a note to a lead",
)
def note(request: HttpRequest, lead_id: int, payload: NoteIn) -> Any:
    """Notes are added, never rewritten. Scope `leads:write`."""
    person = actor(request, NOTE)

    def write() -> Any:
        row = services.add_note(person, lead_id, body=payload.body)
        row.refresh_from_db()
        return NoteOut(**_note(row)).model_dump(mode="json")

    return Status(201, repeatable(request, payload.dict(), write))
