"""What a gateway delivers: one room full of readers, beside a bare C server and two peers.

    haishi bench rooms [--json] [--full]

A delivery is one line of 100 bytes at one reader; all CPU figures are user + system seconds of the
serving process alone, at loads that it carries. Readers are one C program on epoll (a picows client
where no compiler is found: `client` says which); it finds lost lines by their offsets.

`deliveries_per_cpu_s`: 2,000 readers, 100 lines a second, a batch each 100 ms, through everything:
token and rights, limits, words, the sequencer and its append to JetStream. `p99_ms`, `lost` and
`connected` are of that run; with `--full` of 10,000 readers in one room at a tick of 200 ms.
`frames_per_cpu_s_unbatched`: a host's lines, which go out at once, a frame each.
`c_server_frames_per_cpu_s`: the same frames by a server that only accepts, receives and sends.
`websockets_*`, `channels_*`: a room by the library websockets, and by Django Channels under daphne
with its layer in memory (and 500 readers: 2,000 are half as cheap each), each as its documentation
builds one, at a rate that it carries.
`lines_per_frame`: ten at 100 lines a second and a tick of 100 ms; more where a machine is so busy
that ticks come late, which makes a delivery look cheaper than it is.
`kb_per_connection`: resident memory of the gateway per joined reader.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import measure
from wire import messages, tokens

LOAD = Path(__file__).with_name("load")
ROOM, READERS, CHANNELS_READERS = "live-1", 2_000, 500
SECONDS, FULL_SECONDS = 8.0, 20.0
KEY = tokens.derive("bench")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Crowd:
    """Readers of one room and what they say: `rate` lines a second, all together."""

    readers: int
    rate: float
    rights: int = messages.READ | messages.SAY
    ramp: int = 800


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="haishi bench rooms", description=__doc__)
    parser.add_argument("--json", action="store_true", help="no progress, only the last line")
    parser.add_argument("--full", action="store_true", help="longer, and 10,000 in one room")
    options = parser.parse_args(arguments)
    tell: Tell = (lambda _text: None) if options.json else measure.tell
    began, load = time.monotonic(), os.getloadavg()[0]
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    seconds = FULL_SECONDS if options.full else SECONDS
    with tempfile.TemporaryDirectory(prefix="haishi-bench-") as folder:
        bench = Bench(Path(folder), seconds, tell)
        result = bench.batched() | bench.single(3 if options.full else 1) | bench.peers()
        if options.full:
            result |= bench.hall()
    print(json.dumps(measure.header("rooms", began, load) | {"client": bench.client} | result))
    return 0


class Bench:
    """All runs, in a folder of their own."""

    def __init__(self, folder: Path, seconds: float, tell: Tell) -> None:
        self._folder, self._seconds, self._tell = folder, seconds, tell
        compiler = shutil.which("cc")
        self._readers = compiled(compiler, "rooms", folder, "-lz") if compiler else None
        self._broadcast = compiled(compiler, "broadcast", folder) if compiler else None
        self.client = "c" if self._readers else "picows"

    def batched(self) -> dict[str, Any]:
        """People talk in one room; a batch each 100 ms."""
        with broker(self._folder) as url, gateway(url, {}) as (port, process):
            found = self._run(Crowd(READERS, 100), port, process, "gateway")
        names = ["deliveries_per_cpu_s", "kb_per_connection", "connected", "p99_ms", "lost"]
        names += ["core_share", "asked_again", "lines_per_frame"]
        return {"readers": READERS} | {name: found[name] for name in names}

    def single(self, rounds: int) -> dict[str, Any]:
        """A frame per line: the gateway and the bare server by turns, the median round of each.

        By turns, because what else a machine does changes what a send costs on it.
        """
        ours: list[dict[str, Any]] = []
        bare: list[int] = []
        host = messages.READ | messages.SAY | messages.HOST
        for _round in range(rounds):
            with broker(self._folder) as url, gateway(url, {}) as (port, process):
                ours.append(self._run(Crowd(READERS, 20, host), port, process, "a frame per line"))
            if self._broadcast:
                command = [str(self._broadcast), "PORT"]
                found = self._peer(command, Crowd(READERS, 20), "bare C server")
                bare.append(found["frames_per_cpu_s"])
        frames = statistics.median_low(each["frames_per_cpu_s"] for each in ours)
        result = {
            "frames_per_cpu_s_unbatched": frames,
            "unbatched.p99_ms": max(each["p99_ms"] for each in ours),
            "unbatched.lost": sum(each["lost"] for each in ours),
        }
        if bare:
            result["c_server_frames_per_cpu_s"] = statistics.median_low(bare)
            result["unbatched.share_of_c"] = round(frames / statistics.median_low(bare), 3)
        return result

    def hall(self) -> dict[str, Any]:
        """10,000 readers in one room."""
        with broker(self._folder) as url, gateway(url, {"TICK": "0.2"}) as (port, process):
            found = self._run(Crowd(10_000, 100), port, process, "gateway, 10,000 readers")
        names = ["deliveries_per_cpu_s", "core_share", "kb_per_connection", "p50_ms", "asked_again"]
        return {name: found[name] for name in ("connected", "p99_ms", "lost")} | {
            f"hall.{name}": found[name] for name in names
        }

    def peers(self) -> dict[str, Any]:
        """The same readers at the library and at the framework."""
        command = [sys.executable, str(LOAD / "websockets_room.py"), "PORT"]
        found = self._peer(command, Crowd(READERS, 10), "websockets")
        result = {
            "websockets_deliveries_per_cpu_s": found["deliveries_per_cpu_s"],
            "websockets.lost": found["lost"],
        }
        command = [
            sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", "PORT", "-v", "0",
            "load.channels_site:application",
        ]  # fmt: skip
        # Its layer looks at every reader for each reader, so that fewer are kinder to it.
        found = self._peer(command, Crowd(CHANNELS_READERS, 1, ramp=200), "Django Channels")
        return result | {
            "channels_deliveries_per_cpu_s": found["deliveries_per_cpu_s"],
            "channels.readers": CHANNELS_READERS,
            "channels.lost": found["lost"],
        }

    def _peer(self, command: list[str], crowd: Crowd, name: str) -> dict[str, Any]:
        port = measure.free_port()
        whole = [str(port) if part == "PORT" else part for part in command]
        with running(whole, port, {}) as process:
            return self._run(crowd, port, process, name, plain=True)

    def _run(
        self,
        crowd: Crowd,
        port: int,
        process: subprocess.Popen[bytes],
        name: str,
        *,
        plain: bool = False,
    ) -> dict[str, Any]:
        """Readers come, talk for a while before it counts, and then for `seconds` that do."""
        before = memory_kb(process.pid)
        command = [*self._client(), "plain" if plain else "room", str(port), str(crowd.readers)]
        # The gateway takes 400 connections of one address, so that they come from several.
        command += [str(crowd.ramp), str(crowd.rate), str(-(-crowd.readers // 300))]
        command += [] if plain else [ROOM, str(self._tokens(crowd))]
        readers = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            return self._count(readers, crowd, process, name, before)
        finally:
            readers.kill()
            readers.wait()

    def _count(
        self,
        readers: subprocess.Popen[bytes],
        crowd: Crowd,
        process: subprocess.Popen[bytes],
        name: str,
        before: float,
    ) -> dict[str, Any]:
        assert readers.stdin is not None
        assert readers.stdout is not None
        joined = int((readers.stdout.readline().split() or [b"", b"0"])[1])
        if not joined:
            raise SystemExit(f"{name}: nobody came in")
        time.sleep(1.5)
        memory = memory_kb(process.pid) - before
        order(readers, b"t")
        time.sleep(3)
        cpu, clock = measure.cpu_ms(process.pid), time.monotonic()
        order(readers, b"c")
        time.sleep(self._seconds)
        order(readers, b"s")
        cpu, clock = measure.cpu_ms(process.pid) - cpu, time.monotonic() - clock
        found: dict[str, Any] = json.loads(readers.stdout.readline())
        found["lost"] += found["said"] - found["accepted"] if found["accepted"] else 0
        found |= {
            "deliveries_per_cpu_s": round(found["deliveries"] / cpu * 1000),
            "frames_per_cpu_s": round(found["frames"] / cpu * 1000),
            "core_share": round(cpu / 1000 / clock, 3),
            "lines_per_frame": round(found["deliveries"] / max(1, found["frames"]), 1),
            "kb_per_connection": round(memory / joined, 1),
            "offered_share": round(
                found["deliveries"] / (crowd.readers * crowd.rate * self._seconds), 3
            ),
        }
        self._tell(f"{name}: {found}")
        return found

    def _client(self) -> list[str]:
        if self._readers:
            return [str(self._readers)]
        return [sys.executable, str(LOAD / "rooms_client.py")]

    def _tokens(self, crowd: Crowd) -> Path:
        """A file with a token for every reader: a thousand people have a thousand limits."""
        until = int(time.time()) + 3_600
        lines = (
            tokens.mint(KEY, tokens.Token(n, f"w{n}", f"观众{n}", {ROOM: crowd.rights}, until))
            for n in range(1, crowd.readers + 1)
        )
        path = self._folder / "tokens"
        path.write_text("\n".join(lines), encoding="ascii")
        return path


def order(readers: subprocess.Popen[bytes], letter: bytes) -> None:
    """Tell the readers to talk, count or stop."""
    assert readers.stdin is not None
    readers.stdin.write(letter)
    readers.stdin.flush()


def compiled(compiler: str, name: str, folder: Path, *libraries: str) -> Path | None:
    """The program of `load/NAME.c`; None when it does not compile here."""
    program = folder / name
    command = [compiler, "-O2", "-o", str(program), str(LOAD / f"{name}.c"), *libraries]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        measure.tell(f"{name}.c does not compile here: {done.stderr[:200]}")
        return None
    return program


@contextlib.contextmanager
def running(
    command: Sequence[str], port: int, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that listens on `port`, ended by SIGKILL. Raises SystemExit."""
    paths = os.pathsep.join([str(measure.ROOT), str(measure.ROOT / "bench")])
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": paths, **environment},
        cwd=measure.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        measure.wait_for(port, process)
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[str]:
    """The address of a NATS server with JetStream on this disk, as the supervisor starts one."""
    from haishi.config.supervisor.nats import program

    port, store = measure.free_port(), folder / "jetstream"
    command = [str(program()), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(store)]
    with running(command, port, {}):
        yield f"nats://127.0.0.1:{port}"
    shutil.rmtree(store, ignore_errors=True)


@contextlib.contextmanager
def gateway(url: str, settings: Mapping[str, str]) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A gateway as the supervisor starts one, which shows every line."""
    port = measure.free_port()
    given = {"KEY": KEY.hex(), "PORT": str(port), "SHOWN": "1000", **settings}
    environment = {f"HAISHI_GATEWAY_{name}": value for name, value in given.items()}
    command = [sys.executable, "-m", "gateway"]
    with running(command, port, {**environment, "NATS_URL": url}) as process:
        yield port, process


def memory_kb(process: int) -> float:
    """Resident memory of a process, from /proc (proc(5))."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("utf-8"))
    return float(found[1]) if found else 0.0


if __name__ == "__main__":
    sys.exit(main())
