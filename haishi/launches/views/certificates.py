"""Checking a certificate, and the file for its firm."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from haishi.foundation import web
from haishi.foundation.limits import limit
from haishi.foundation.pagecache import always_fresh
from haishi.launches import selectors


@always_fresh
@require_GET
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """For everybody: what the paper states, and whether file and audit chain say so, too."""
    limit(f"certificate:{web.client_address(request)}", 120, 60)  # each look computes hashes
    page = selectors.check_certificate(request.user, number)
    return web.page(request, "launches/certificate.html", {"page": page})


@login_required
@require_GET
def file(request: HttpRequest, number: str) -> HttpResponse:
    """The PDF, for the firm and the organiser."""
    content = selectors.certificate_file(request.user, number)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"{number}.pdf") or ""
    answer["Cache-Control"] = "no-store"
    return answer
