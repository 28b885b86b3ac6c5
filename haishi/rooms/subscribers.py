"""Reactions of this module: a session that ends takes its tokens with it; personal data."""

from haishi.foundation.events import subscribe
from haishi.parties.events import SignedOut
from haishi.parties.services import register_personal
from haishi.rooms import services


@subscribe(SignedOut)
def end_tokens(event: SignedOut) -> None:
    """Whoever signed out is out of all rooms."""
    services.revoke_session(event.session)


register_personal("rooms", services.export_personal, services.erase_personal)
