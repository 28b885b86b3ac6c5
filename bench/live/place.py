"""A throw-away origin with one armed session, and orders to it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from bench.measure import ROOT, free_port
from wire.live import Camera, Session, Watcher, derive, hash_key, mint
from wire.signing import sign

SESSION, SECRET = "bench", secrets.token_hex(16)


class Place:
    """An origin on these ports, which keeps its things in `folder`."""

    def __init__(self, http: int, rtmp: int, folder: Path) -> None:
        self.http, self.rtmp, self.folder = http, rtmp, folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Run it, and wait until it answers. Raises SystemExit."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "HAISHI_ORIGIN_PORT": str(self.http),
            "HAISHI_ORIGIN_RTMP_PORT": str(self.rtmp),
            "HAISHI_ORIGIN_FOLDER": str(self.folder),
            "HAISHI_ORIGIN_WATCH_KEY": derive(SECRET, "watch").hex(),
            "HAISHI_ORIGIN_CONTROL_KEY": derive(SECRET, "control").hex(),
        }
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", "origin"]
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
        deadline = time.monotonic() + 20
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                words = (self.folder / "log").read_text()[-400:]
                raise SystemExit(f"the origin did not start: {words}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None:
            _end(self._process)
            self._process = None

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{self.http}/healthz", timeout=1).close()
            return True
        return False

    def order(self, method: str, path: str, content: Any = None) -> Any:
        """A signed order under /control/; its answer. Raises urllib.error.HTTPError."""
        body = b"" if content is None else msgspec.json.encode(content)
        headers = sign(derive(SECRET, "control"), method, path, body)
        url = f"http://127.0.0.1:{self.http}{path}"
        request = urllib.request.Request(url, body or None, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def arm(self, name: str = SESSION, cameras: int = 1, **more: Any) -> None:
        """A session whose cameras' keys are `name-number`."""
        now = time.time()
        places = [
            Camera(number=number, label=str(number), key_hash=hash_key(f"{name}-{number}"))
            for number in range(1, cameras + 1)
        ]
        session = Session(
            id=name, title="", cameras=places, opens_at=now - 60, closes_at=now + 3600, **more
        )
        self.order("PUT", f"/control/sessions/{name}", session)

    def publish_url(self, name: str = SESSION, camera: int = 1) -> str:
        """Where a camera of a session publishes."""
        return f"rtmp://127.0.0.1:{self.rtmp}/live/{name}-{camera}"

    def watch_url(self, file: str, name: str = SESSION) -> str:
        """An address below /live/{session}/ with a token."""
        token = mint(
            derive(SECRET, "watch"), Watcher(name, secrets.token_hex(4), int(time.time()) + 3600)
        )
        return f"http://127.0.0.1:{self.http}/live/{name}/{file}?w={token}"

    def until(self, state: str, name: str = SESSION, seconds: float = 30) -> None:
        """Wait until a session is in a state. Raises SystemExit when it takes too long."""
        deadline = time.monotonic() + seconds
        while self.order("GET", f"/control/sessions/{name}")["state"] != state:
            if time.monotonic() > deadline:
                raise SystemExit(f"{name} did not become {state}")
            time.sleep(0.1)


@contextlib.contextmanager
def origin() -> Iterator[Place]:
    """An origin of one's own, gone with its folder at the end, also when we are told to stop."""
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="haishi-origin-"))
    place = Place(free_port(), free_port(), folder)
    try:
        place.start()
        yield place
    finally:
        place.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running(
    *commands: list[str], env: dict[str, str] | None = None
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Children that end with the block."""
    children = [
        subprocess.Popen(each, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})})
        for each in commands
    ]
    try:
        yield children
    finally:
        for child in children:
            child.terminate()
        for child in children:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=10)
    child.kill()
    child.wait()
