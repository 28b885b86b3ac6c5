"""The exhibitor's page to choose what stands at the booth."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from haishi.catalogue import selectors
from haishi.expo.desks import exhibitor_desk, exhibitor_nav


@login_required
def exhibits(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """What stands at the booth."""
    exhibitor = exhibitor_desk(request.user, exhibitor_id)
    shown = selectors.with_pictures(selectors.exhibits_of(exhibitor_id))
    context = {
        "exhibitor": exhibitor,
        "shown": shown,
        "side_nav": exhibitor_nav(request.user, exhibitor, "exhibits"),
    }
    return render(request, "catalogue/exhibits.html", context)
