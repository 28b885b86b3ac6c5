"""Language and theme of the reader: the browser's wish, unless a link or a cookie says otherwise.

`?lang=en` and `?theme=dark` answer in that way at once, need no script, and are remembered.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

LANGUAGE_COOKIE, THEME_COOKIE = "lang", "theme"
LANGUAGES = ("zh-hans", "en")
THEMES = ("light", "dark", "auto")
YEAR = 60 * 60 * 24 * 365


def preferred_language(request: HttpRequest) -> str:
    """The better of the two languages for this request. Chinese when nothing is asked for."""
    for wish in (request.GET.get("lang"), request.COOKIES.get(LANGUAGE_COOKIE)):
        if wish in LANGUAGES:
            return wish
    best, best_weight = "zh-hans", 0.0
    for part in request.headers.get("Accept-Language", "").split(","):
        tag, _, weight = part.strip().lower().partition(";q=")
        try:
            value = float(weight) if weight else 1.0
        except ValueError:
            continue
        language = "zh-hans" if tag.startswith("zh") else "en" if tag and tag != "*" else ""
        # Whoever reads neither is better served in English than in Chinese.
        if language and value > best_weight:
            best, best_weight = language, value
    return best


class PreferencesMiddleware:
    """Activates the language, keeps both choices in cookies, sets `request.theme`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = preferred_language(request)
        theme = request.GET.get("theme") or request.COOKIES.get(THEME_COOKIE, "auto")
        request.theme = theme if theme in THEMES else "auto"  # type: ignore[attr-defined]
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if request.GET.get("lang") in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, samesite="Lax")
        if request.GET.get("theme") in THEMES:
            response.set_cookie(THEME_COOKIE, request.theme, max_age=YEAR, samesite="Lax")  # type: ignore[attr-defined]
        return response
