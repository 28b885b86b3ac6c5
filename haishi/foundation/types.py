"""Shared small types. The actor is whoever asks: a person, nobody yet, or the platform itself."""

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Actor(Protocol):
    """Who asks. Django's user model and AnonymousUser both fit; so does `SYSTEM`."""

    @property
    def pk(self) -> Any: ...

    @property
    def is_authenticated(self) -> Any: ...

    @property
    def is_staff(self) -> Any: ...


@dataclass(frozen=True)
class System:
    """The platform acting by itself: expiry, escalation, imports. Named in the audit log."""

    pk: None = None
    is_authenticated: bool = False
    is_staff: bool = True


SYSTEM = System()
