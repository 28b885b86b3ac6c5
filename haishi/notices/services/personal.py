"""What this module knows about a person: handed out, and erased."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from haishi.foundation.service import service
from haishi.notices.models import Delivery, DigestClock, Notice, Preference, PushSubscription
from haishi.parties import selectors as parties

NOTICE_FIELDS = (
    "kind", "subject", "subject_en", "body", "body_en", "url", "created_at", "read_at"
)  # fmt: skip


def export_personal(person_id: int) -> dict[str, Any]:
    """Notices, choices, browsers and mails of a person, as plain JSON."""
    found = {
        "notices": list(
            Notice.objects.filter(person_id=person_id).order_by("pk").values(*NOTICE_FIELDS)
        ),
        "choices": list(
            Preference.objects.filter(person_id=person_id)
            .order_by("kind")
            .values("kind", "inbox", "mail", "push")
        ),
        "digest_zone": DigestClock.objects.filter(person_id=person_id)
        .values_list("zone", flat=True)
        .first(),
        "browsers": list(
            PushSubscription.objects.filter(person_id=person_id)
            .order_by("pk")
            .values("endpoint", "created_at")
        ),
        "mails": list(
            Delivery.objects.filter(person_id=person_id, channel="mail")
            .order_by("pk")
            .values("notice__kind", "state", "created_at", "finished_at")
        ),
    }
    plain: dict[str, Any] = json.loads(json.dumps(found, cls=DjangoJSONEncoder))
    return plain


@service
def erase_personal(person_id: int) -> None:
    """Forget all of it, letters to the person's address included."""
    person = parties.people([person_id]).get(person_id)
    if person is not None:
        Delivery.objects.filter(address__iexact=person.email).delete()
    for model in (Delivery, Notice, Preference, DigestClock, PushSubscription):
        model.objects.filter(person_id=person_id).delete()
