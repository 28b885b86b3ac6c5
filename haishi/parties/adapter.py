"""How django-allauth speaks for this house."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

from haishi.parties.models import Person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up takes a name; mail goes out in the language of the page."""

    def populate_username(self, request: Any, user: Person) -> None:
        """People have no user name: the address is the login."""


def display_name(person: Person) -> str:
    """What to call a person."""
    return person.name or person.email
