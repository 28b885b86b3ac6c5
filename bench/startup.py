"""From nothing to an open expo: `make up` in a fresh copy of the checkout, then once more.

    haishi bench startup [--json]

`fresh_s` runs from `make up` in a copy of what is committed until the pages answer: packages,
front end, database, demo edition. The package caches of pip and npm are left as they are.
`again_s` is the second `make up` of that copy. `image_mb` is the size of the container image
`haishi:latest` where one was built on this machine, else null with `image_why`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import measure

IMAGE = "haishi:latest"
LONGEST_S = 1_200


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="haishi bench startup", description=__doc__)
    parser.add_argument("--json", action="store_true", help="no progress, only the last line")
    parser.add_argument("--full", action="store_true", help="the same; every run is whole")
    options = parser.parse_args(arguments)
    tell = (lambda _text: None) if options.json else measure.tell
    began, load = time.monotonic(), os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="haishi-bench-"))
    folder.chmod(0o711)
    try:
        checkout = _copy(folder)
        result: dict[str, Any] = {"fresh_s": _up(checkout, options.json)}
        tell(f"from nothing: {result['fresh_s']} s")
        result["again_s"] = _up(checkout, options.json)
        tell(f"again: {result['again_s']} s")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result |= _image()
    print(json.dumps(measure.header("startup", began, load) | result, ensure_ascii=False))
    return 0


def _copy(folder: Path) -> Path:
    """A clone of the commit that is checked out: nothing built, nothing installed."""
    target = folder / "checkout"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", measure.ROOT, target], check=True)
    return target


def _up(checkout: Path, quiet: bool) -> float:
    """Seconds from `make up` to the first answer; then it is stopped. Raises SystemExit."""
    from haishi.config.supervisor.web import healthy

    port = measure.free_port()
    inherited = {k: v for k, v in os.environ.items() if not _of_an_installation(k)}
    began = time.monotonic()
    # A session of its own, so that the signal that stops it reaches make and what make started.
    running = subprocess.Popen(
        ["make", "up"],
        cwd=checkout,
        env={**inherited, "HAISHI_PORT": str(port)},
        stdout=subprocess.DEVNULL if quiet else sys.stderr,
        start_new_session=True,
    )
    try:
        while not healthy("127.0.0.1", port):
            if running.poll() is not None or time.monotonic() - began > LONGEST_S:
                raise SystemExit("make up did not open the pages")
            time.sleep(0.1)
        return round(time.monotonic() - began, 1)
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGINT)
            running.wait(timeout=120)


def _of_an_installation(name: str) -> bool:
    known = {"DATABASE_URL", "NATS_URL", "PYTHONPATH", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE"}
    # The variables that make hands down would make the inner make a part of the outer one.
    return name.startswith(("HAISHI_", "MAKE", "MFLAGS")) or name in known


def _image() -> dict[str, Any]:
    """Megabytes of the image on this machine."""
    program = shutil.which("docker") or shutil.which("podman")
    if program is None:
        return {"image_mb": None, "image_why": "neither docker nor podman is installed"}
    command = [program, "image", "inspect", "--format", "{{.Size}}", IMAGE]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode:
        return {"image_mb": None, "image_why": f"no image {IMAGE}"}
    return {"image_mb": round(int(found.stdout) / 1e6)}


if __name__ == "__main__":
    sys.exit(main())
