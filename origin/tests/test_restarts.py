"""What the origin keeps over restarts and crashes, and what it is told when it starts."""

import asyncio
import contextlib
import io
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

import aiohttp
import av
import pytest

from origin.assembly import Origin
from origin.flv import start
from origin.settings import read
from origin.tests.films import messages
from origin.tests.house import (
    PATIENCE,
    ROOT,
    Hook,
    House,
    at,
    environment,
    free_port,
    kinds,
    session,
)
from wire.live import Target


def test_events_wait_in_order_until_the_house_hears(tmp_path: Path, slates: Path) -> None:
    hook = Hook()
    hook.status = 503

    async def story(house: House, origin: Origin) -> None:
        await house.arm()
        publisher = await house.publish()
        await house.until(lambda status: status.state == "live")
        async with asyncio.timeout(PATIENCE):
            while not hook.asked:
                await asyncio.sleep(0.02)
        assert hook.events == []
        assert origin.reports.waiting >= 4
        await publisher.close()

    at(tmp_path, slates, story, hook)
    hook.status = 204

    async def again(_house: House, origin: Origin) -> None:
        async with asyncio.timeout(PATIENCE):
            while origin.reports.waiting:
                await asyncio.sleep(0.02)

    at(tmp_path, slates, again, hook)
    assert [each.number for each in hook.events] == list(range(1, len(hook.events) + 1))
    assert kinds(hook, 1)[:2] == ["connecting", "live"]


def test_what_is_armed_outlives_a_restart_and_what_ended_stays_ended(
    tmp_path: Path, slates: Path
) -> None:
    target = Target(
        id="t1", name="抖音", network="rtmp", url="rtmp://127.0.0.1:1/x/s", wanted=False
    )

    async def first(house: House, _origin: Origin) -> None:
        await house.arm(targets=[target])
        await house.order("PUT", "/control/sessions/b", session(id="b", cameras=[]))
        await house.order("POST", "/control/sessions/b/end", {})

    at(tmp_path, slates, first)
    kept = tmp_path / "armed.json"
    assert kept.stat().st_mode & 0o777 == 0o600

    async def second(house: House, origin: Origin) -> None:
        assert [live.session.id for live in origin.lives.all()] == ["a", "b"]
        found = await house.order("GET", "/control/sessions/b")
        assert found[1]["state"] == "ended"
        found = await house.order("PUT", "/control/sessions/b", session(id="b", cameras=[]))
        assert found[1]["state"] == "ended"
        status = await house.until(lambda status: bool(status.targets))
        assert [(each.id, each.state) for each in status.targets] == [("t1", "off")]
        publisher = await house.publish()
        await house.until(lambda status: status.state == "live")
        await publisher.close()

    at(tmp_path, slates, second)
    kept.write_text("{")
    at(tmp_path, slates, lambda _house, origin: nothing(origin))
    assert (tmp_path / "armed.unreadable").read_text() == "{"


async def nothing(origin: Origin) -> None:
    """Nothing is armed."""
    assert origin.lives.all() == []


def test_a_killed_origin_loses_a_part_at_most_and_goes_on_in_a_new_file(
    tmp_path: Path, slates: Path
) -> None:
    shutil.copytree(slates, tmp_path / "slates")
    ports = {"HAISHI_ORIGIN_PORT": str(free_port()), "HAISHI_ORIGIN_RTMP_PORT": str(free_port())}
    http, rtmp = map(int, ports.values())

    children: list[asyncio.subprocess.Process] = []

    async def begin() -> asyncio.subprocess.Process:
        told = {**os.environ, **environment(tmp_path, "", **ports), "PYTHONPATH": str(ROOT)}
        child = await asyncio.create_subprocess_exec(sys.executable, "-m", "origin", env=told)
        children.append(child)
        async with asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(OSError):
                    _reader, writer = await asyncio.open_connection("127.0.0.1", http)
                    writer.close()
                    await writer.wait_closed()
                    return child
                await asyncio.sleep(0.02)

    async def whole() -> None:
        child = await begin()
        async with aiohttp.ClientSession() as client:
            house = House(http, rtmp, Hook(), client)
            await house.arm()
            publisher = await house.publish(seconds=8.0)
            await house.until(lambda status: status.recorded_seconds >= 7.7)
            child.send_signal(signal.SIGKILL)
            await child.wait()
            await publisher.close()
        child = await begin()
        async with aiohttp.ClientSession() as client:
            house = House(http, rtmp, Hook(), client)
            publisher = await house.publish(seconds=8.0)
            await house.until(lambda status: status.recorded_seconds >= 15.4)
            await publisher.close()
            child.terminate()
            assert await child.wait() == 0

    async def safely() -> None:
        try:
            await whole()
        finally:
            for child in children:
                if child.returncode is None:
                    child.kill()
                    await child.wait()

    asyncio.run(safely())
    for name in ("001", "002"):
        path = tmp_path / "recordings" / "a" / f"{name}.mp4"
        with av.open(io.BytesIO(path.read_bytes())) as file:
            shown = sum(1 for _frame in file.decode(video=0))
        # Eight seconds; the last part waits for the picture after it.
        assert shown >= 195
    assert len(list((tmp_path / "recordings" / "a").iterdir())) == 4


def test_a_port_that_is_taken_stops_the_process_with_a_message(tmp_path: Path) -> None:
    async def whole() -> tuple[int | None, bytes]:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            told = environment(tmp_path, "", HAISHI_ORIGIN_PORT=port)
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "origin",
                env={**os.environ, **told, "PYTHONPATH": str(ROOT)},
                stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            _out, words = await child.communicate()
            return child.returncode, words

    code, words = asyncio.run(whole())
    assert code == 1
    assert b"origin: " in words
    assert b"Traceback" not in words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FOLDER", ""), ("PORT", "x"), ("PORT", "70000"), ("WATCH_KEY", "ab"),
        ("CONTROL_KEY", "zz"),
        ("HOOK", "ftp://x"), ("PROXIES", "x"), ("WINDOW", "1"), ("FREE_MB", "-1"),
    ],
)  # fmt: skip
def test_a_bad_setting_stops_it_with_its_name(tmp_path: Path, name: str, value: str) -> None:
    told = environment(tmp_path, "") | {f"HAISHI_ORIGIN_{name}": value}
    with pytest.raises(SystemExit, match=f"HAISHI_ORIGIN_{name}"):
        read(told)


def test_flv_of_a_film_opens() -> None:
    with av.open(io.BytesIO(start(list(messages(4.0)))), format="flv") as file:
        assert sum(1 for _frame in file.decode(video=0)) == 100
