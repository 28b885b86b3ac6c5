"""What is known of organisations, for the tests of other modules."""

from typing import Any

from haishi.parties.models import Invitation, Membership, Organisation


def counts() -> tuple[int, int, int]:
    """How many organisations, members and invitations there are."""
    return tuple(model.objects.count() for model in (Organisation, Membership, Invitation))


def invitation() -> Any:
    """The one invitation there is."""
    return Invitation.objects.get()


def is_member(person: Any, organisation: Any) -> bool:
    return Membership.objects.filter(person=person, organisation=organisation).exists()
