"""How django-allauth speaks for this house."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.http import Http404, HttpRequest

from haishi.foundation.sessions import mark
from haishi.parties.models import Person
from haishi.parties.services import note_sign_out


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up takes a name; mail goes out in the language of the page."""

    def populate_username(self, request: Any, user: Person) -> None:
        """People have no user name: the address is the login."""

    def logout(self, request: HttpRequest) -> None:
        """Leave, and let those who trust the session know."""
        person, session = request.user.pk, mark(request.session.session_key)
        super().logout(request)
        if person is not None:
            note_sign_out(person, session)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Logging in with WeChat, where the installation has it."""

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The registered application. Raises Http404 when there is none: then nothing is here."""
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist:
            raise Http404 from None


def display_name(person: Person) -> str:
    """What to call a person."""
    return person.name or person.email
