"""/api/v1/media: files of the person and of the person's organisations."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from haishi.foundation import limits
from haishi.foundation.api import Page, actor, paginate, register_scope, repeatable
from haishi.media import selectors, services
from haishi.media.serving import summary
from haishi.media.states import Purpose

READ = register_scope("media:read", _("查看文件"))
WRITE = register_scope("media:write", _("上传和删除文件"))
router = Router(tags=["media"])


class AssetOut(Schema):
    """A file. `state`: received, processing, ready or refused, then `reason` says why."""

    token: str
    kind: str
    name: str
    name_en: str
    state: str
    reason: str
    content_type: str
    size: int
    private: bool
    width: int | None
    height: int | None
    duration: float | None
    pages: int | None
    triangles: int | None
    alt: str
    alt_en: str


class AltIn(Schema):
    """The description of a picture, or the name of any file, in two languages.

    Without `name` and `name_en` the names stay; without `alt` and `alt_en` the description does.
    """

    alt: str = Field("", max_length=200)
    alt_en: str = Field("", max_length=300)
    name: str = Field("", max_length=120)
    name_en: str = Field("", max_length=120)


class ReceiveIn(Schema):
    """What the file is for, and whose it shall be; without `organisation_id` it is your own."""

    purpose: Purpose = Purpose.GALLERY
    organisation_id: int | None = None


@router.get("/", response=Page[AssetOut], summary="List your files")
def list_assets(
    request: HttpRequest, cursor: str = "", limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> dict[str, Any]:
    """Newest first."""
    rows, after = paginate(selectors.owned_by(actor(request, READ)), cursor, limit)
    return {"items": [summary(row) for row in rows], "next": after}


@router.post("/", response={201: AssetOut}, summary="Upload a file of at most 50 MB")
def create_asset(
    request: HttpRequest, form: Form[ReceiveIn], file: File[UploadedFile]
) -> Status[dict[str, Any]]:
    """Larger files go through the resumable upload at /media/uploads/ (tus 1.0)."""
    person = actor(request, WRITE)
    limits.limit(f"media:{person.pk}", 200, 600)
    asked = [form.purpose, form.organisation_id, file.name, file.size]
    made = repeatable(
        request,
        asked,
        lambda: summary(services.receive(person, form.organisation_id, file, form.purpose)),
    )
    return Status(201, made)


@router.get("/{token}", response=AssetOut, summary="How far a file is")
def get_asset(request: HttpRequest, token: str) -> dict[str, Any]:
    """Ask again while `state` is received or processing."""
    return summary(selectors.get_owned(actor(request, READ), token))


@router.patch("/{token}", response=AssetOut, summary="Describe a picture, name a file")
def describe_asset(request: HttpRequest, token: str, content: AltIn) -> dict[str, Any]:
    """The text that stands for the picture; what a document is called."""
    person = actor(request, WRITE)
    row = selectors.get_owned(person, token)
    sent = content.dict(exclude_unset=True)
    if {"name", "name_en"} & sent.keys():
        row = services.rename(
            person, row.pk, sent.get("name", row.name), sent.get("name_en", row.name_en)
        )
    if {"alt", "alt_en"} & sent.keys() or not sent:
        row = services.set_alt(person, row.pk, content.alt, content.alt_en)
    return summary(row)


@router.delete("/{token}", response={204: None}, summary="Delete a file")
def delete_asset(request: HttpRequest, token: str) -> Status[None]:
    """The file, its pictures and its bytes."""
    person = actor(request, WRITE)
    services.remove(person, selectors.get_owned(person, token).pk)
    return Status(204, None)
