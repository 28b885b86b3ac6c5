"""What this module does for the ones below it: it keeps the papers of verifications."""

from collections.abc import Sequence
from typing import Any

from haishi.foundation.types import Actor
from haishi.media import selectors, services
from haishi.media.states import Purpose
from haishi.parties.selectors import can_verify_firm
from haishi.parties.services import Document, register_document_store, register_personal


class Papers:
    """Private files of an organisation; besides its members, those who verify may open them."""

    def keep(self, actor: Actor, organisation_id: int, file: Any) -> int:
        """Take an image or PDF; it can be opened once it was checked. Raises DomainError."""
        return services.receive(actor, organisation_id, file, Purpose.PAPERS).pk

    def belong(self, organisation_id: int, ids: Sequence[int]) -> bool:
        """Whether all `ids` are files of the organisation."""
        return selectors.belong_to(organisation_id, ids)

    def show(self, actor: Actor, ids: Sequence[int]) -> list[Document]:
        """Name and signed address of each that is ready and may be seen."""
        found = selectors.private_attachments(actor, ids)
        return [Document(file.id, file.name, file.url) for file in found.values()]


register_document_store(Papers())
selectors.register_reader(
    Purpose.PAPERS, lambda actor, asset: can_verify_firm(actor, asset.organisation_id or 0)
)
register_personal("media", services.export_personal, services.erase_personal)
