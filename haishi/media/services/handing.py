"""Handing a private file to somebody whom a module above has admitted."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from haishi.media import selectors, serving


def hand_over(request: HttpRequest, asset_id: int) -> HttpResponseBase:
    """The best file of a ready asset, to be saved: 200, 206, 304 or 416. Raises NotFound.

    Nobody is asked for: whoever calls has decided who may have it. It is never kept by a cache.
    """
    row = selectors.best_variant(asset_id)
    response = serving.answer(request, row)
    name = row.asset.name
    if row.format not in name.lower():
        name = f"{name.rpartition('.')[0] or name}.{row.format}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "private, no-store"
    return response
