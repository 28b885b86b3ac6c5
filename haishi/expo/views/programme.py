"""The programme for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from haishi.expo import programme_pages, selectors
from haishi.foundation import web


def programme(request: HttpRequest, edition: str) -> HttpResponse:
    """A day of the programme, filtered."""
    row = selectors.get_edition(request.user, edition)
    page = programme_pages.day_page(request.user, row, request.GET)
    return web.page(request, "expo/programme/day.html", {"page": page}, part="sessions")


def session(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One session."""
    row = selectors.get_edition(request.user, edition)
    page = programme_pages.session_page(request.user, row, code)
    return render(request, "expo/programme/session.html", {"page": page})


def speakers(request: HttpRequest, edition: str) -> HttpResponse:
    """Who speaks."""
    row = selectors.get_edition(request.user, edition)
    page = programme_pages.speakers_page(row)
    return render(request, "expo/programme/speakers.html", {"page": page})


def speaker(request: HttpRequest, edition: str, speaker_id: int) -> HttpResponse:
    """One of them."""
    row = selectors.get_edition(request.user, edition)
    page = programme_pages.speaker_page(request.user, row, speaker_id)
    return render(request, "expo/programme/speaker.html", {"page": page})
