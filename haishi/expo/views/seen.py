"""The beacon that counts visits: sent by the page itself, so that kept pages count too."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from haishi.expo import services
from haishi.foundation import web
from haishi.foundation.errors import Forbidden, TooMany


# Beacons carry no token. The answer is empty and the only effect a count that is limited by
# address, so a foreign page gains nothing; browsers that say where they come from are held to it.
@csrf_exempt
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """204 whether it counted or was a repetition; 404 for a page that does not exist."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden
    browser = request.headers.get("User-Agent", "")
    subject = request.POST.get("subject", "")
    with suppress(TooMany):  # a repetition within ten minutes is not a second visit
        services.count_view(subject, web.client_address(request), browser)
    return HttpResponse(status=204)
