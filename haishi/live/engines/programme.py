"""Which camera is the programme, for engines that have no director of their own.

Kept in the shared cache: losing it means that the first live camera is shown.
"""

import time

from django.core.cache import cache

from wire.live import State, Status

KEPT = 24 * 3600


def chosen(session_id: str) -> int:
    """The camera's number; 1 before anybody chose."""
    return int(cache.get(f"live-programme:{session_id}") or 1)


def choose(session_id: str, camera: int) -> None:
    """From now on it is this one."""
    cache.set(f"live-programme:{session_id}", camera, KEPT)


def forget(session_id: str) -> None:
    """The session is over."""
    cache.delete(f"live-programme:{session_id}")


def whole(status: Status) -> Status:
    """A session's state from its cameras; the first live one when the chosen one is lost."""
    live = [camera for camera in status.cameras if camera.state == "live"]
    state: State = "live" if live else "connecting"
    status.state = state
    status.since = min((camera.since for camera in live), default=time.time())
    status.began_at = status.since if live else 0.0
    wanted = chosen(status.id)
    numbers = [camera.number for camera in live]
    status.source = wanted if wanted in numbers else min(numbers, default=0)
    if status.source and status.source != wanted:
        choose(status.id, status.source)
    return status
