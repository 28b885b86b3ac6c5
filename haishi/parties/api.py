"""/api/v1/parties: who I am, organisations, members."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema

from haishi.foundation.api import Page, actor, paginate, register_scope, repeatable
from haishi.foundation.errors import Forbidden, Invalid
from haishi.foundation.forms import Form
from haishi.foundation.types import Actor
from haishi.parties import selectors, services
from haishi.parties.forms import OrganisationForm, ProfileForm
from haishi.parties.states import Side

router = Router(tags=["parties"])
READ = register_scope("parties:read", _("查看个人资料、单位与成员"))
WRITE = register_scope("parties:write", _("修改个人资料与单位资料"))
WRITABLE = tuple(name for name in OrganisationForm.base_fields if name != "once")


class Belonging(Schema):
    """An organisation of mine, with my role and duties there."""

    slug: str
    name: str
    role: str
    duties: list[str]


class Me(Schema):
    """The person behind the key."""

    id: int
    email: str
    name: str
    name_en: str
    title: str
    title_en: str
    phone: str
    city: str
    language: str
    organisations: list[Belonging]


class MeChange(Schema):
    """Fields to change; absent ones stay."""

    name: str | None = Field(None, min_length=1, max_length=60)
    name_en: str | None = Field(None, max_length=80)
    title: str | None = Field(None, max_length=60)
    title_en: str | None = Field(None, max_length=80)
    city: str | None = Field(None, max_length=40)


class OrganisationOut(Schema):
    """What everybody may know about an organisation."""

    id: int
    slug: str
    url: str
    version: int
    name: str
    name_en: str
    tagline: str
    tagline_en: str
    about: str
    about_en: str
    city: str
    region: str
    country: str
    website: str
    founded: int | None
    sides: list[str]
    verified: bool
    is_organiser: bool
    updated_at: dt.datetime


class OrganisationChange(Schema):
    """Fields to change, and the version they were read at; absent fields stay."""

    version: int
    name: str | None = Field(None, min_length=1, max_length=80)
    name_en: str | None = Field(None, max_length=120)
    tagline: str | None = Field(None, max_length=80)
    tagline_en: str | None = Field(None, max_length=160)
    about: str | None = Field(None, max_length=3000)
    about_en: str | None = Field(None, max_length=6000)
    city: str | None = Field(None, max_length=40)
    region: str | None = Field(None, max_length=40)
    website: str | None = Field(None, max_length=200)
    founded: int | None = None
    sides: list[Side] | None = None


class Member(Schema):
    """A colleague, for colleagues."""

    id: int
    name: str
    name_en: str
    title: str
    email: str
    role: str
    joined_at: dt.datetime


def _shown(row: Any) -> dict[str, Any]:
    """An organisation as plain JSON."""
    names = [name for name in OrganisationOut.model_fields if hasattr(row, name)]
    return {
        **{name: getattr(row, name) for name in names},
        "url": f"{settings.PUBLIC_URL}{row.get_absolute_url()}",
        "verified": row.verified_at is not None,
        "updated_at": row.updated_at.isoformat(),
    }


def _checked(form: type[Form], known: dict[str, Any], payload: Schema) -> dict[str, Any]:
    """The fields that were sent, through the same checks as on the page. Raises Invalid."""
    sent = {k: v for k, v in payload.dict(exclude_unset=True).items() if k in known}
    checked = form({**known, **sent})
    for name, messages in checked.errors.items():
        raise Invalid(str(messages[0]), field=name)
    return {name: checked.cleaned_data[name] for name in sent}


@router.get("/me", response=Me, url_name="parties_me", summary="The person behind the key")
def me(request: HttpRequest) -> Any:
    """Profile, organisations with roles and duties. Scope `parties:read`."""
    return _me(actor(request, READ))


def _me(person: Actor) -> dict[str, Any]:
    roles, duties = selectors.roles_of(person), selectors.duties_of(person)
    rows = selectors.organisations().filter(pk__in={*roles, *duties}).order_by("name", "pk")
    mine = [
        {
            "slug": row.slug,
            "name": row.name,
            "role": roles.get(row.pk, ""),
            "duties": sorted(duties.get(row.pk, ())),
        }
        for row in rows
    ]
    fields = ("id", "email", *services.PROFILE)
    return {**{name: getattr(person, name) for name in fields}, "organisations": mine}


@router.patch("/me", response=Me, url_name="parties_me", summary="Change my profile")
def change_me(request: HttpRequest, payload: MeChange) -> Any:
    """Only the fields that are sent. Scope `parties:write`. Answers 422 with the field."""
    person = actor(request, WRITE)
    known = {name: getattr(person, name) for name in services.PROFILE}
    values = _checked(ProfileForm, known, payload)
    return _me(services.edit_profile(person, **values))


@router.get(
    "/organisations",
    response=Page[OrganisationOut],
    url_name="parties_organisations",
    summary="Organisations, newest first",
)
def organisations(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
    side: Side | None = None,
    mine: bool = False,
) -> Any:
    """All, those that take a `side`, or only `mine`. Scope `parties:read`."""
    person = actor(request, READ)
    rows = selectors.organisations_of(person) if mine else selectors.organisations()
    if side is not None:
        rows = rows.filter(sides__contains=[side])
    items, following = paginate(rows, cursor, limit)
    return {"items": [_shown(row) for row in items], "next": following}


@router.get(
    "/organisations/{slug}",
    response=OrganisationOut,
    url_name="parties_organisation",
    summary="One organisation",
)
def organisation(request: HttpRequest, slug: str) -> Any:
    """Scope `parties:read`. 404 when there is none."""
    actor(request, READ)
    return _shown(selectors.get_organisation(slug))


@router.patch(
    "/organisations/{slug}",
    response=OrganisationOut,
    url_name="parties_organisation",
    summary="Change an organisation I manage",
)
def change_organisation(request: HttpRequest, slug: str, payload: OrganisationChange) -> Any:
    """Only the fields that are sent. Scope `parties:write`; 403 for others, 409 when stale."""
    person = actor(request, WRITE)
    row = selectors.get_organisation(slug)
    if not selectors.can_manage(person, row.pk):
        raise Forbidden
    known = {name: getattr(row, name) for name in WRITABLE}
    values = _checked(OrganisationForm, known, payload)

    def change() -> Any:
        return _shown(services.edit_organisation(person, row.pk, payload.version, **values))

    return repeatable(request, payload.dict(exclude_unset=True), change)


@router.get(
    "/organisations/{slug}/members",
    response=list[Member],
    url_name="parties_members",
    summary="Members of an organisation I belong to",
)
def members(request: HttpRequest, slug: str) -> Any:
    """Oldest first. Scope `parties:read`; 404 for outsiders."""
    row = selectors.get_desk(actor(request, READ), slug)
    people = selectors.members(row.pk)
    return [
        {
            "id": one.person_id,
            "name": one.person.name,
            "name_en": one.person.name_en,
            "title": one.person.title,
            "email": one.person.email,
            "role": one.role,
            "joined_at": one.joined_at,
        }
        for one in people
    ]
