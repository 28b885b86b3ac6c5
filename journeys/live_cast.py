"""Lets the targets of a live lead to networks on this machine, which the pages refuse as they must:
`python -m journeys.live_cast PUBLIC_ID ADDRESS…` beside a home, in the order of the targets.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Seal other addresses and have the engine told."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")
    import django

    django.setup()
    from django.db import transaction

    from haishi.foundation.sealing import seal
    from haishi.live.models import LiveSession
    from haishi.live.services.gear import PURPOSE
    from haishi.live.services.sessions import touch_gear

    public_id, *addresses = sys.argv[1:]
    with transaction.atomic():
        session = LiveSession.objects.select_for_update().get(public_id=public_id)
        targets = session.targets.order_by("pk")
        for target, address in zip(targets, addresses, strict=True):
            target.sealed_url = seal(PURPOSE, address)
            target.save(update_fields=["sealed_url"])
        touch_gear(session)


if __name__ == "__main__":
    main()
