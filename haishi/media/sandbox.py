"""Runs the workbench in a child process that may fail in every way without harm."""

import json
import subprocess
import sys
from pathlib import Path

import structlog

from haishi.media.errors import FileRefused
from haishi.media.types import Finished

log = structlog.get_logger("haishi.media")
ROOT = Path(__file__).resolve().parents[2]
WALL_SECONDS = {"image": 90, "avif": 180, "video": 480, "model": 45, "document": 45}


def look(kind: str, source: Path, folder: Path, extension: str) -> Finished:
    """What the workbench says about `source`; files it made are in `folder`. Raises FileRefused.

    A child that is killed (memory, CPU time, file size) or does not end in time means "heavy".
    """
    command = [
        sys.executable,
        "-m",
        "haishi.media.workbench",
        kind,
        str(source),
        str(folder),
        extension,
    ]
    try:
        child = subprocess.run(  # noqa: S603 - our own module, paths we made
            command,
            cwd=ROOT,
            env=_environment(),
            capture_output=True,
            check=False,
            timeout=WALL_SECONDS[kind],
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise FileRefused("heavy") from None
    if child.returncode != 0:
        log.warning(
            "media.child_failed",
            kind=kind,
            code=child.returncode,
            said=child.stderr[-800:].decode(errors="replace"),
        )
        raise FileRefused("heavy" if child.returncode < 0 else "damaged")
    answer = json.loads(child.stdout)
    if "refused" in answer:
        raise FileRefused(answer["refused"], **answer["values"])
    return Finished(answer["facts"], answer["files"])


def _environment() -> dict[str, str]:
    """Nothing of ours: no database address, no secret."""
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "VIPS_CONCURRENCY": "1",
        "MALLOC_ARENA_MAX": "2",
    }
