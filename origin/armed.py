"""What must outlive a restart: which sessions are armed, which have ended, which keys were used."""

import logging
import os
from pathlib import Path

import msgspec

from wire.live import Session

log = logging.getLogger("origin")


class Armed(msgspec.Struct, kw_only=True):
    """`ended`: sessions that are over for good. `wanted`: {session: camera} as ordered last.

    `used`: see `Inputs.used`.
    """

    sessions: list[Session] = []
    ended: list[str] = []
    wanted: dict[str, int] = {}
    used: dict[str, tuple[str, float]] = {}


def read(path: Path) -> Armed:
    """What was kept; nothing when there is no file. An unreadable one is set aside, not lost."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Armed)
    except FileNotFoundError:
        return Armed()
    except msgspec.DecodeError as error:
        aside = path.with_suffix(".unreadable")
        path.replace(aside)
        log.error("%s: %s; begun anew, the former is %s", path.name, error, aside.name)
        return Armed()


def write(path: Path, armed: Armed) -> None:
    """At once or not at all; for the origin alone, since targets hold stream keys."""
    new = path.with_suffix(".new")
    number = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(number, "wb") as file:
        file.write(msgspec.json.encode(armed))
        file.flush()
        os.fsync(number)
    new.replace(path)
