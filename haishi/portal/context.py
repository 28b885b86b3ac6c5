"""The navigation of every page."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav`: what the header offers."""
    return {"nav": []}
