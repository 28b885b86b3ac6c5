"""What the pages of live add to their selectors: pictures, and the JSON of their islands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.foundation import qr
from haishi.foundation.addresses import address
from haishi.live.types import LiveRow, MomentShown, Playback, ReplayPage, RoomPage, Thing
from haishi.live.views.viewer import playback_json
from haishi.media import selectors as media


@dataclass(frozen=True)
class Card:
    """A session in a list, with its picture."""

    row: LiveRow
    picture: Any


@dataclass(frozen=True)
class Good:
    """A thing with its picture; `panel` is the address of what one can do with it."""

    thing: Thing
    picture: Any
    panel: str

    @property
    def name(self) -> str:
        """`product-5`: how pins and the page name it."""
        return f"{self.thing.kind}-{self.thing.pk}"


def cards(*lists: Sequence[LiveRow]) -> list[list[Card]]:
    """Rows with their pictures. One query for all lists."""
    found = media.pictures([row.poster_asset_id for rows in lists for row in rows])
    return [[Card(row, found.get(row.poster_asset_id or 0)) for row in rows] for rows in lists]


def goods(public_id: str, things: Iterable[Thing | None]) -> list[Good]:
    """Things with their pictures, without those that are None. One query."""
    shown = [thing for thing in things if thing is not None]
    found = media.pictures([thing.picture_asset_id for thing in shown])
    return [
        Good(
            thing,
            found.get(thing.picture_asset_id or 0),
            address("live:panel", public_id, thing.kind, thing.pk),
        )
        for thing in shown
    ]


def replay_playback(page: ReplayPage) -> dict[str, Any]:
    """As `viewer.playback_json`, with the parts of the recording in turn as its angles.

    Each has `offset` (seconds of the replay before it) and `seconds`. The addresses hold for hours.
    """
    parts = [
        {
            "stream": str(number),
            "label": _("回放"),
            "sources": [{"kind": "hls", "url": part.playlist_url}],
            "offset": part.offset,
            "seconds": part.seconds,
        }
        for number, part in enumerate(page.recordings)
    ]
    return {"until": None, "angles": parts}


def plain_address(playback: Playback | None) -> str:
    """The playlist for any player, for readers without script; "" when there is none."""
    for angle in playback.angles if playback else ():
        for source in angle.sources:
            if source.kind == "hls":
                return source.url
    return ""


def player_props(page: RoomPage, poster: Any) -> dict[str, Any]:
    """The JSON of `hs-player` in a room."""
    return {
        "live": True,
        "over": page.row.phase == "over",
        "playback": playback_json(page.playback),
        "refresh": reverse("live:playback", args=[page.row.public_id]),
        "poster": poster.url(1280) if poster else "",
    }


def room_props(request: HttpRequest, page: RoomPage) -> dict[str, Any]:
    """The JSON of `hs-live-room`."""
    user = request.user
    login = f"{reverse('account_login')}?next={page.row.url}"
    return {
        "room": page.room if page.row.phase in ("now", "next") else "",
        "tokens": "/rooms/token/",
        "signIn": "" if user.is_authenticated else login,
        "name": user.name if user.is_authenticated else "",
        "delay": page.session.delay_seconds,
    }


def replay_player_props(page: ReplayPage, poster: Any) -> dict[str, Any]:
    """The JSON of `hs-player` in a replay."""
    public_id = page.row.public_id
    languages = {"zh": "中文", "en": "English"}
    return {
        "live": False,
        "playback": replay_playback(page),
        "refresh": "",
        "poster": poster.url(1280) if poster else "",
        "chapters": [{"seconds": at, "title": str(title)} for at, title in page.chapters],
        "captions": [
            {
                "src": reverse("live:captions", args=[public_id, language]),
                "lang": language,
                "label": languages.get(language[:2], language),
            }
            for language in page.captions
        ],
    }


def replay_props(page: ReplayPage) -> dict[str, Any]:
    """The JSON of `hs-replay`: where lines come from, and which thing was shown when."""
    return {
        "lines": reverse("live:replay_lines", args=[page.row.public_id]),
        "pins": [pin for moment in page.moments if (pin := _pin(moment)) is not None],
    }


def _pin(moment: MomentShown) -> dict[str, Any] | None:
    if moment.kind not in ("pin", "unpin"):
        return None
    thing = moment.content.get("thing") or {}
    name = f"{thing['kind']}-{thing['id']}" if thing else ""
    return {"seconds": moment.seconds, "thing": name}


def chapters(page: ReplayPage) -> list[dict[str, Any]]:
    """[{seconds (whole), exact, text, title}] in order."""
    return [
        {"seconds": int(at), "exact": f"{at:.3f}", "text": clock_text(at), "title": title}
        for at, title in page.chapters
    ]


def share_code(row: LiveRow) -> Any:
    """The page's address as a QR code."""
    return qr.svg(settings.PUBLIC_URL + row.url, _("扫码观看"))


def trail(row: LiveRow) -> list[dict[str, str]]:
    """Breadcrumbs of a session."""
    return [
        {"label": _("直播"), "url": reverse("live:lobby")},
        {"label": str(row.title), "url": row.url},
    ]


def clock_text(seconds: float) -> str:
    """3:07, 1:02:09."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
