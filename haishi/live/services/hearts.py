"""Likes of a session, minute by minute, as the rooms' gateways counted them."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import Sum

from haishi.foundation.service import service
from haishi.live.models import LiveSession, MinuteFigure


@service
def count_hearts(room: str, minutes: Mapping[dt.datetime, int]) -> None:
    """Take the numbers of whole minutes; those outside of the broadcast do not count."""
    rows = LiveSession.objects.select_for_update()
    session = rows.filter(public_id=room.removeprefix("live-")).first()
    if session is None or session.opened_at is None:
        return
    first = session.opened_at.replace(second=0, microsecond=0)
    for minute, likes in sorted(minutes.items()):
        if first <= minute and (session.ended_at is None or minute <= session.ended_at):
            MinuteFigure.objects.update_or_create(
                session=session, minute=minute, defaults={"likes": likes}
            )
    whole = MinuteFigure.objects.filter(session=session).aggregate(n=Sum("likes"))["n"] or 0
    LiveSession.objects.filter(pk=session.pk).update(likes=whole)
