"""Answers with a stored file: cached for good, in ranges, and never as something that acts."""

import base64
import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from haishi.foundation.errors import NotFound
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
BLOCK = 1 << 18
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def answer(request: HttpRequest, row: Variant) -> HttpResponseBase:
    """200, 206, 304 or 416 for a GET or HEAD of a variant whose reader was already admitted.

    One range is understood (RFC 9110, section 14); a list of ranges is answered with the whole.
    """
    tag = f'"{row.asset.token}-{row.name}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _headed(HttpResponse(status=304), row, tag)
    span = _span(request.headers.get("Range", ""), row.size)
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


def _span(header: str, size: int) -> tuple[int, ...] | None:
    """[start, end) of a Range header; None: the whole; (): nothing of it exists."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    return (start, end) if start < end else ()


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
            response = StreamingHttpResponse(_pieces(stream, start, end))
    response.headers["Content-Length"] = str(end - start)
    return response


def _pieces(stream: Any, start: int, end: int) -> Iterator[bytes]:
    with stream:
        stream.seek(start)
        left = end - start
        while left and (piece := stream.read(min(BLOCK, left))):
            left -= len(piece)
            yield piece


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
