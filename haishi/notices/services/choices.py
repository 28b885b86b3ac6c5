"""How a person wants to be told: channels for each kind, the digest's zone, browsers."""

from collections.abc import Mapping

from haishi.foundation import clock
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.notices import mail, outgoing, push, selectors
from haishi.notices.models import Delivery, DigestClock, Preference, PushSubscription
from haishi.notices.states import DeliveryState
from haishi.notices.types import DIGEST, KINDS, OFF, Choice
from haishi.parties import selectors as parties

BROWSERS_EACH = 10


@service
def save_choices(actor: Actor, zone: str, choices: Mapping[str, Choice]) -> None:
    """Keep what the person chose, and when their digest comes. Kinds left out stay as they are."""
    for key, choice in choices.items():
        _choose(actor.pk, key, choice)
    due = selectors.next_digest(zone, clock.now())
    DigestClock.objects.update_or_create(
        person_id=actor.pk, defaults={"zone": zone, "next_at": due}
    )


def _choose(person_id: int, key: str, choice: Choice) -> None:
    Preference.objects.update_or_create(
        person_id=person_id,
        kind=key,
        defaults={"inbox": choice.inbox, "mail": choice.mail, "push": choice.push},
    )
    if choice.mail == OFF:  # what is on its way already is no longer wanted either
        Delivery.objects.filter(
            person_id=person_id,
            notice__kind=key,
            notice__important=False,
            channel="mail",
            state__in=(DeliveryState.HELD, DeliveryState.WAITING),
        ).update(state=DeliveryState.DROPPED, finished_at=clock.now())


@service
def leave(token: str) -> str | None:
    """Stop the mails of one kind (or the digest) by the signed link of a mail.

    Returns the kind's key, or None when the link is not ours. Doing it twice is harmless.
    """
    found = mail.read_unsubscribe(token)
    if found is None:
        return None
    person_id, key = found
    person = parties.get_person(person_id)
    for kind, choice in selectors.choices_of(person).items():
        if kind == key or (key == mail.ALL_DIGESTS and choice.mail == DIGEST):
            _choose(person_id, kind, Choice(choice.inbox, OFF, choice.push))
    return key if key in KINDS or key == mail.ALL_DIGESTS else None


@service
def subscribe_browser(actor: Actor, endpoint: str, p256dh: str, auth: str) -> None:
    """Let this browser be called. A browser belongs to whoever signed in there last.

    Raises TargetRefused for an address that is not a push service's, SubscriptionInvalid.
    """
    outgoing.check_form(endpoint)
    push.check_keys(p256dh, auth)
    PushSubscription.objects.update_or_create(
        endpoint=endpoint, defaults={"person_id": actor.pk, "p256dh": p256dh, "auth": auth}
    )
    newest = selectors.browsers_of(actor).order_by("-pk").values_list("pk", flat=True)
    selectors.browsers_of(actor).exclude(pk__in=list(newest[:BROWSERS_EACH])).delete()


@service
def unsubscribe_browser(actor: Actor, endpoint: str) -> None:
    """Never call this browser again."""
    selectors.browsers_of(actor).filter(endpoint=endpoint).delete()
