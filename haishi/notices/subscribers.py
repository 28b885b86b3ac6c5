"""Reactions of this module: every public fact goes to webhooks; the kinds this module owns."""

from haishi.foundation.events import Event, subscribe_to_everything
from haishi.notices import about_parties, services  # noqa: F401 - registers its reactions
from haishi.parties.services import register_personal

services.register_kind("webhooks", "事件推送", "Webhooks", mail="now")


@subscribe_to_everything
def to_webhooks(event: Event) -> None:
    """Queue the fact for the endpoints of the organisation it concerns."""
    services.forward(event)


register_personal("notices", services.export_personal, services.erase_personal)
