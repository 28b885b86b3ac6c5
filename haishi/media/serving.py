"""Answers with a stored file: cached for good, in ranges, and never as something that acts."""

import base64
import datetime as dt
from typing import Any
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from haishi.foundation.errors import NotFound
from haishi.foundation.ranges import pieces, span_of
from haishi.media.errors import UploadMalformed
from haishi.media.models import Asset, Variant
from haishi.media.states import Kind

# The only types that ever leave /media/f/: none of them is a page or a script.
TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "glb": "model/gltf-binary",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
FOREVER = "public, max-age=31536000, immutable"


def answer(request: HttpRequest, row: Variant) -> HttpResponseBase:
    """200, 206, 304 or 416 for a GET or HEAD of a variant whose reader was already admitted.

    One range is understood (RFC 9110, section 14); a list of ranges is answered with the whole.
    """
    tag = f'"{row.asset.token}-{row.name}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _headed(HttpResponse(status=304), row, tag)
    span = span_of(request.headers.get("Range", ""), row.size)
    if request.headers.get("If-Range", tag) != tag:
        span = None
    if span == ():
        response = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{row.size}"
        return _headed(response, row, tag)
    response = _body(request, row, span or None)
    if span:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{row.size}"
    return _headed(response, row, tag)


def _body(request: HttpRequest, row: Variant, span: tuple[int, ...] | None) -> Any:
    start, end = span or (0, row.size)
    if request.method == "HEAD":
        response: Any = HttpResponse()
    else:
        try:
            stream = default_storage.open(row.path)
        except FileNotFoundError:
            raise NotFound from None
        if span is None:
            response = FileResponse(stream)
        else:
            response = StreamingHttpResponse(pieces(stream, start, end))
    response.headers["Content-Length"] = str(end - start)
    return response


def _headed(response: Any, row: Variant, tag: str) -> HttpResponseBase:
    headers = response.headers
    headers["Content-Type"] = TYPES[row.format]
    headers["Content-Disposition"] = _disposition(row)
    headers["Cache-Control"] = "private, no-store" if row.asset.private else FOREVER
    headers["ETag"] = tag
    headers["Accept-Ranges"] = "bytes"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response  # type: ignore[no-any-return]


def _disposition(row: Variant) -> str:
    """Pictures, videos and models are shown in pages; documents are only saved."""
    if row.asset.kind != Kind.DOCUMENT:
        return "inline"
    return f"attachment; filename*=UTF-8''{quote(row.asset.name)}"


def metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata`: `key base64(value)` pairs with commas between. Raises UploadMalformed."""
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, encoded = pair.partition(" ")
        try:
            found[key] = base64.b64decode(encoded, validate=True).decode("utf-8")
        except ValueError:
            raise UploadMalformed(what="Upload-Metadata") from None
    return found


def whole(text: str) -> int | None:
    """A header's number; None when there is none. Raises UploadMalformed."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise UploadMalformed(what=text[:20])
    return int(text)


def moment(when: dt.datetime) -> str:
    """An HTTP date."""
    return http_date(when.timestamp())


def summary(row: Asset) -> dict[str, Any]:
    """What JSON says about an asset of the person who asks."""
    return {
        "token": row.token,
        "kind": row.kind,
        "name": row.name,
        "name_en": row.name_en,
        "state": row.state,
        "reason": row.reason_text,
        "content_type": row.content_type,
        "size": row.size,
        "private": row.private,
        "width": row.width,
        "height": row.height,
        "duration": None if row.duration_ms is None else row.duration_ms / 1000,
        "pages": row.pages,
        "triangles": row.triangles,
        "alt": row.alt,
        "alt_en": row.alt_en,
    }
