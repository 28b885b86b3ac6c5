"""What every page knows: theme, the two languages with their links, its own address."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict

from haishi.foundation.bilingual import speaks_english


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of `base.html`. Links keep the rest of the query."""
    query = request.GET.copy()
    for name in ("lang", "theme"):
        query.pop(name, None)
    plain = _address(request.path, query)
    theme = getattr(request, "theme", "auto")
    english = speaks_english()
    return {
        "theme": theme,
        "language": "en" if english else "zh-Hans",
        "language_links": [
            {
                "code": "zh-Hans",
                "label": "中文",
                "url": _with(request, query, "lang", "zh-hans"),
                "current": not english,
            },
            {
                "code": "en",
                "label": "English",
                "url": _with(request, query, "lang", "en"),
                "current": english,
            },
        ],
        "theme_links": [
            {"code": code, "url": _with(request, query, "theme", code), "current": theme == code}
            for code in ("light", "dark", "auto")
        ],
        "public_url": settings.PUBLIC_URL,
        "canonical_url": settings.PUBLIC_URL + plain,
        "page_path": plain,
    }


def _address(path: str, query: QueryDict) -> str:
    return f"{path}?{query.urlencode()}" if query else path


def _with(request: HttpRequest, query: QueryDict, name: str, value: str) -> str:
    if not query:
        return f"{request.path}?{name}={value}"
    extended = query.copy()
    extended[name] = value
    return _address(request.path, extended)
