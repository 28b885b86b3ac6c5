"""Which pages belong to the archive of an edition, and how a stranger sees them."""

import io
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpResponse
from django.urls import Resolver404, resolve

from haishi.foundation.errors import NotFound

Addresses = Callable[[Any], Iterable[str]]
_SOURCES: dict[str, Addresses] = {}


def register_archive_pages(name: str, addresses: Addresses) -> None:
    """Let a module add public pages: `addresses(edition)` gives their paths, without queries.

    A listed path that strangers cannot open is left out of the archive.
    """
    _SOURCES[name] = addresses


def addresses_of(edition: Any) -> list[str]:
    """Paths of all pages of an edition, sorted, each once."""
    return sorted({path for source in _SOURCES.values() for path in source(edition)})


def render_for_strangers(address: str, language: str) -> str:
    """The page as somebody without an account sees it now. Raises NotFound.

    The view is called without middleware: nothing is counted, no cookie is set, no memory asked.
    """
    parts = urlsplit(address)
    request: Any = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
    )
    request.user, request.theme, request.LANGUAGE_CODE = AnonymousUser(), "auto", language
    try:
        view, args, kwargs = resolve(parts.path)
        response: HttpResponse = view(request, *args, **kwargs)
    except (Resolver404, Http404):
        raise NotFound from None
    if response.status_code != 200:  # a redirect to a login is nothing that strangers see
        raise NotFound
    return response.content.decode()
