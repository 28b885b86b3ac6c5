"""Who may publish to and watch engines that ask the house.

Bodies: MediaMTX `{user, password, token, ip, action, path, protocol, id, query}`; SRS `{action,
app, stream, param, client_id, ip}`.
"""

from typing import Any

from haishi.foundation import clock
from haishi.live import policies
from haishi.live.engines.base import may_watch
from haishi.live.engines.mediamtx import read_path, read_query
from haishi.live.engines.srs import read_stream
from haishi.live.models import Camera
from haishi.live.states import OPEN
from wire.live import BadWatcher, hash_key

Place = tuple[str, int] | None


def _may_publish(engine: str, place: Place, key: str) -> bool:
    """Whether the key is this camera's, and its session open."""
    if place is None or not key:
        return False
    now = clock.now()
    return Camera.objects.filter(
        session__engine=engine,
        session__public_id=place[0],
        session__state__in=OPEN,
        session__starts_at__lte=now + policies.EARLY,
        session__ends_at__gt=now - policies.LATE,
        number=place[1],
        key_hash=hash_key(key),
    ).exists()


def _may_read(place: Place, token: str) -> bool:
    """Whether the token opens this session; cameras that are no angle only with a host's."""
    if place is None or not token:
        return False
    try:
        who = may_watch(token)
    except BadWatcher:
        return False
    return who.session in (place[0], f"{place[0]}/preview")


def mediamtx(content: dict[str, Any]) -> bool:
    """Whether MediaMTX may let this publisher or reader in."""
    path, query = str(content.get("path", "")), str(content.get("query", ""))
    place = read_path(path)
    action = content.get("action")
    if action == "publish":
        key = read_query(query, "key") or str(content.get("token", "") or "")
        return _may_publish("mediamtx", place, key)
    if action in ("read", "playback"):
        return _may_read(place, read_query(query, "w"))
    return False


def srs(content: dict[str, Any]) -> bool:
    """Whether SRS may go on; only publishing and playing can be refused."""
    action, param = content.get("action"), str(content.get("param", ""))
    place = read_stream(str(content.get("app", "")), str(content.get("stream", "")))
    if action == "on_publish":
        return _may_publish("srs", place, read_query(param, "key"))
    if action == "on_play":
        return _may_read(place, read_query(param, "w"))
    return action in ("on_unpublish", "on_stop", "on_connect", "on_close", "on_dvr", "on_hls")
