"""The page on which anybody checks a paper. It never says what a paper says."""

from django.http import HttpRequest, HttpResponse

from haishi.foundation import limits, web
from haishi.foundation.pagecache import always_fresh
from haishi.foundation.papers import keys, registry
from haishi.foundation.papers.forms import CheckForm

CHECKS, PER_SECONDS = 20, 300


@always_fresh
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Number, date, parties and hashes; and what an uploaded file turned out to be."""
    row = registry.get(code)
    sent = request.method == "POST"
    form = CheckForm(request.POST if sent else None, request.FILES if sent else None)
    checked = None
    if sent:
        limits.limit(f"papers.check:{web.client_address(request)}", CHECKS, PER_SECONDS)
        checked = form.apply(lambda file: registry.check(row, file))
    context = {
        "paper": row,
        "parties": registry.names(row),
        "revisions": registry.revisions(row),
        "form": form,
        "checked": checked,
    }
    return web.page(request, "foundation/paper.html", context, status=form.status)


@always_fresh
def root(request: HttpRequest) -> HttpResponse:
    """The certificate that signatures lead back to, for other programs."""
    response = HttpResponse(keys.root_pem(), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="haishi-papers-root.pem"'
    return response
