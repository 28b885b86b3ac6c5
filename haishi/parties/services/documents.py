"""The papers of a verification. Files live in a module above this one, which registers a store."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from haishi.foundation.types import Actor


@dataclass(frozen=True)
class Document:
    """A paper as a page shows it; `url` opens it for the person who asked."""

    id: int
    name: str
    url: str


class DocumentStore(Protocol):
    """Keeps private files of an organisation."""

    def keep(self, actor: Actor, organisation_id: int, file: Any) -> int:
        """Store an uploaded file (image or PDF) and return its id. Raises DomainError."""

    def belong(self, organisation_id: int, ids: Sequence[int]) -> bool:
        """Whether all `ids` are files of the organisation."""

    def show(self, actor: Actor, ids: Sequence[int]) -> list[Document]:
        """Name and address of each, for members and for those who verify."""


_stores: list[DocumentStore] = []


def register_document_store(store: DocumentStore) -> None:
    """Called once by the module that keeps files; a later call replaces the earlier."""
    _stores[:] = [store]


def document_store() -> DocumentStore | None:
    """The registered store; without one a verification goes without papers."""
    return _stores[0] if _stores else None
