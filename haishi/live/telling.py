"""What the house says into a session's room: kept as moments, delivered after the commit.

Kinds and their content, as `wire.messages.Posted.body` carries it beside `at` (the stream's clock)
and `moment` (a number); texts in Chinese with `_en` beside them; instants in milliseconds since
1970 UTC:

`state` {state} · `pin` {thing} · `unpin` {} · `poll` {poll, question, question_en, options:
[[number, text, text_en]], closes} · `tally` {poll, votes: {number: count}, total} · `poll_closed`
(as tally) · `question` {question, text, name, state} · `lottery` {lottery, prize, prize_en,
winners, commitment, closes} · `drawn` {lottery, prize, prize_en, tickets, winning: [ticket], file}
· `lottery_cancelled` {lottery} · `caption` {language, text, until} · `source` {camera, label,
label_en} · `station` {station, name, name_en, thing} · `chapter` {title, title_en}.
Not kept: `questions` {order: [[question, upvotes]]} as the list stands, and `shelf` {}, changed.
A thing: {kind, id, title, title_en, line, line_en, url, picture, price, panel}.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from haishi.foundation import clock
from haishi.foundation.addresses import address
from haishi.live.models import LiveSession, Moment
from haishi.live.types import Thing
from haishi.media import selectors as media
from haishi.rooms import services as rooms


def tell(
    session: LiveSession, kind: str, content: Mapping[str, Any], at: dt.datetime | None = None
) -> Moment:
    """Say something into the room at an instant of the stream's clock (default: now).

    Belongs inside a service: the moment is kept with the change, and told after it.
    """
    row = Moment.objects.create(
        session=session, at=at or clock.now(), kind=kind, content=dict(content)
    )
    body = {**row.content, "at": stamp(row.at), "moment": row.pk}
    rooms.tell(session.room, kind, body, key=f"moment-{row.pk}")
    return row


def stamp(at: dt.datetime | None) -> int | None:
    """Milliseconds since 1970 UTC."""
    return int(at.timestamp() * 1000) if at else None


def thing_content(session: LiveSession, thing: Thing) -> dict[str, Any]:
    """A thing as a moment carries it; `panel` is where its buttons are fetched."""
    picture = ""
    if thing.picture_asset_id:
        found = media.pictures([thing.picture_asset_id]).get(thing.picture_asset_id)
        picture = found.url(640) if found else ""
    return {
        "kind": thing.kind,
        "id": thing.pk,
        "title": thing.title.zh,
        "title_en": thing.title.en,
        "line": thing.line.zh,
        "line_en": thing.line.en,
        "url": thing.url,
        "picture": picture,
        "price": thing.price,
        "panel": address("live:panel", session.public_id, thing.kind, thing.pk),
    }
