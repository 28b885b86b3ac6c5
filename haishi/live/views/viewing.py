"""Who looks: a name for the engine that tells viewers apart without naming them."""

import secrets

from django.http import HttpRequest

from haishi.live import selectors

KEY = "live_viewer"


def viewer_of(request: HttpRequest) -> str:
    """16 hex letters: of the account, or of this browser's session."""
    if request.user.is_authenticated:
        return selectors.viewer_name(request.user, "")
    window = request.session.get(KEY)
    if not window:
        window = request.session[KEY] = secrets.token_hex(8)
    return selectors.viewer_name(request.user, str(window))
