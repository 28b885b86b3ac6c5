"""The one place where a licence changes its state."""

import datetime as dt

from haishi.foundation import audit
from haishi.foundation.outbox import publish
from haishi.foundation.types import Actor
from haishi.licences import policies
from haishi.licences.events import LicenceMoved
from haishi.licences.models import Licence
from haishi.licences.states import LICENCE


def move(
    actor: Actor,
    licence: Licence,
    action: str,
    *fields: str,
    until: dt.datetime | None = None,
    **detail: object,
) -> None:
    """One step of a locked licence; `until`: when the new state ends by itself. Raises Conflict."""
    before = licence.state
    licence.state = LICENCE.after(licence.state, action)
    licence.waits_until, licence.reminded = until, False
    licence.version += 1
    kept = ("state", "waits_until", "reminded", "version", "updated_at")
    licence.save(update_fields=[*kept, *fields])
    audit.record(actor, f"licence.{action}", licence, was=before, state=licence.state, **detail)
    by = policies.is_licensor(actor, licence) if actor.is_authenticated else None
    publish(
        LicenceMoved(
            organisation_id=licence.licensor_id,
            licence_id=licence.pk,
            action=action,
            state=licence.state,
            by_licensor=by,
        )
    )
