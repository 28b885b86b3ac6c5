"""Browsers that publish: /whip/… is passed on to a process of its own (`python -m origin.whip`).

That process needs aiortc, an optional extra, and some 60 MB; it is started when the first browser
comes while a session is armed, listens on the loopback alone, and is started again when it died.
"""

import asyncio
import contextlib
import importlib.util
import logging
import os
import socket
import sys
import time

import aiohttp
from aiohttp import web

from origin.metrics import Metrics

log = logging.getLogger("origin")
STARTING_SECONDS, STOPPING_SECONDS, PAUSE_SECONDS = 15.0, 5.0, 10.0
MOST_OFFER = 64 << 10
_PASSED_IN = ("Authorization", "Content-Type", "Origin", "Access-Control-Request-Method",
              "Access-Control-Request-Headers")  # fmt: skip
_LEFT_OUT = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})


class Browsers:
    """`rtmp_port`: where the process publishes what it hears; `pages`: as in the settings."""

    def __init__(self, rtmp_port: int, pages: frozenset[str], metrics: Metrics) -> None:
        self._rtmp_port, self._pages, self._metrics = rtmp_port, pages, metrics
        self._child: asyncio.subprocess.Process | None = None
        self._port = 0
        self._again_at = 0.0
        self._starting = asyncio.Lock()
        self._client: aiohttp.ClientSession | None = None

    async def handle(self, request: web.BaseRequest, address: str) -> web.Response:
        """Pass a request on, and its answer back. `address`: whose browser it is."""
        if (request.content_length or 0) > MOST_OFFER:
            return _refusal(413, "too_large")
        if importlib.util.find_spec("aiortc") is None:
            return _refusal(501, "no_whip")
        body = await request.read()
        if not await self._ready():
            return _refusal(503, "unreachable")
        # The session and the camera in the address are for people; the key opens.
        deeper = request.path.startswith("/whip/sessions/")
        path = request.path if deeper else "/whip"
        headers = {name: request.headers[name] for name in _PASSED_IN if name in request.headers}
        headers["X-Forwarded-For"] = address
        assert self._client is not None
        try:
            async with self._client.request(
                request.method, f"http://127.0.0.1:{self._port}{path}", data=body, headers=headers
            ) as answer:
                content = await answer.read()
                passed = {
                    name: value
                    for name, value in answer.headers.items()
                    if name.lower() not in _LEFT_OUT
                }
                self._metrics.count("whip", status=str(answer.status))
                return web.Response(status=answer.status, body=content, headers=passed)
        except (aiohttp.ClientError, TimeoutError):
            return _refusal(503, "unreachable")

    async def stop(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is not None and child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
            try:
                await asyncio.wait_for(child.wait(), STOPPING_SECONDS)
            except TimeoutError:
                child.kill()
                await child.wait()
        if self._client is not None:
            await self._client.close()

    async def _ready(self) -> bool:
        async with self._starting:
            if self._child is not None and self._child.returncode is None:
                return True
            if time.monotonic() < self._again_at:
                return False
            self._again_at = time.monotonic() + PAUSE_SECONDS
            return await self._start()

    async def _start(self) -> bool:
        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self._child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "origin.whip", env=self._environment()
        )
        clock = asyncio.get_running_loop().time
        until = clock() + STARTING_SECONDS
        while clock() < until and self._child.returncode is None:
            with contextlib.suppress(aiohttp.ClientError):
                async with self._client.get(f"http://127.0.0.1:{self._port}/healthz"):
                    return True
            await asyncio.sleep(0.1)
        log.error("the process for browsers did not start")
        return False

    def _environment(self) -> dict[str, str]:
        """Without the origin's keys: the process needs none."""
        kept = {name: text for name, text in os.environ.items() if not name.endswith("_KEY")}
        return {
            **kept,
            "HAISHI_ORIGIN_HOST": "127.0.0.1",
            "HAISHI_ORIGIN_WHIP_PORT": str(self._port),
            "HAISHI_ORIGIN_RTMP_PORT": str(self._rtmp_port),
            "HAISHI_ORIGIN_PAGES": " ".join(sorted(self._pages)),
            "HAISHI_ORIGIN_PROXIES": "127.0.0.1",
        }


def _refusal(status: int, code: str) -> web.Response:
    text = f'{{"error": "{code}"}}'
    return web.Response(status=status, text=text, content_type="application/json")
