"""Engines: what receives, mixes and sends the pictures. The house speaks to all in one way.

`own` is the platform's origin; `mediamtx` and `srs` stand for installations that run these. A
session keeps the engine it was made with.
"""

from django.conf import settings

from haishi.live.engines.base import Engine, Ingest, Unreachable, Unwilling
from haishi.live.engines.mediamtx import MediaMtx
from haishi.live.engines.own import Own
from haishi.live.engines.srs import Srs

__all__ = ["ENGINES", "Engine", "Ingest", "Unreachable", "Unwilling", "default_engine", "engine_of"]
ENGINES: dict[str, Engine] = {"own": Own(), "mediamtx": MediaMtx(), "srs": Srs()}


def engine_of(name: str) -> Engine:
    """The driver of a session's engine. Raises KeyError for one this release does not know."""
    return ENGINES[name]


def default_engine() -> str:
    """What new sessions use on this installation."""
    return str(settings.LIVE_ENGINE)
