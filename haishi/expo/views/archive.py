"""The frozen archive of an edition, straight from its folder: no database, no session."""

from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from haishi.expo import selectors
from haishi.expo.selectors import Kept
from haishi.foundation.ranges import pieces, span_of

# Frozen pages run nothing, ask nobody and are shown by nobody else.
POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self'; "
    "font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DAY = "public, max-age=86400"


@require_safe
def page(request: HttpRequest, edition: str, name: str = "index.html") -> HttpResponseBase:
    """A file that the manifest names; everything else does not exist."""
    kept = selectors.archived_file(edition, name)
    tag = f'"{kept.digest}"'
    response: HttpResponseBase
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = _body(request, kept)
    response.headers["ETag"] = tag
    return _headed(response)


def _body(request: HttpRequest, kept: Kept) -> HttpResponseBase:
    """The file, or the part of it that a player asks for."""
    span = span_of(request.headers.get("Range", ""), kept.size)
    if span is None:
        whole = FileResponse(kept.path.open("rb"), content_type=kept.content_type)
        whole.headers["Accept-Ranges"] = "bytes"
        return whole
    if not span:
        gone = HttpResponse(status=416)
        gone.headers["Content-Range"] = f"bytes */{kept.size}"
        return gone
    start, end = span
    part = StreamingHttpResponse(
        pieces(kept.path.open("rb"), start, end), status=206, content_type=kept.content_type
    )
    part.headers["Content-Range"] = f"bytes {start}-{end - 1}/{kept.size}"
    part.headers["Content-Length"] = str(end - start)
    return part


@require_safe
def whole(request: HttpRequest, edition: str) -> HttpResponseBase:
    """All of it as one zip."""
    path = selectors.archived_whole(edition)
    response = FileResponse(path.open("rb"), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{quote(edition)}.zip"'
    return _headed(response)


def _headed(response: HttpResponseBase) -> HttpResponseBase:
    headers = response.headers
    headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = DAY
    headers["X-Robots-Tag"] = "noindex"  # the living pages keep their addresses
    return response
