"""Children are kept alive, stopped in order and never outlive their supervisor."""

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from haishi.config.supervisor import (
    AlreadyRunning,
    Child,
    ChildFailed,
    Home,
    PortInUse,
    Stopped,
    Supervisor,
    refuse_busy_port,
)
from haishi.config.supervisor.lines import for_people

ASLEEP = "import signal; signal.pause()"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.ensure()
    return found


@pytest.fixture
def house(home: Home) -> Iterator[Supervisor]:
    with Supervisor(home, "http://localhost:1", io.StringIO()) as supervisor:
        yield supervisor


def python(name: str, code: str, **more: object) -> Child:
    return Child(name, [sys.executable, "-c", code], lambda: True, **more)  # type: ignore[arg-type]


def pump_until(house: Supervisor, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline
        house.pump(0.05)


def facts(home: Home, name: str) -> dict[str, object]:
    return next(child for child in home.state["children"] if child["name"] == name)


def test_a_killed_child_comes_back(home: Home, house: Supervisor) -> None:
    house.start(python("sleeper", ASLEEP))
    house.wait_ready("sleeper")
    first = house.pids()["sleeper"]
    os.kill(first, signal.SIGKILL)
    pump_until(house, lambda: facts(home, "sleeper")["restarts"] == 1)
    house.wait_ready("sleeper")
    assert house.pids()["sleeper"] != first
    assert facts(home, "sleeper")["last_exit"] == -signal.SIGKILL
    assert facts(home, "sleeper")["state"] == "ready"


def test_grandchildren_of_a_killed_child_do_not_stay(house: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    house.start(
        python(
            "parent",
            "import pathlib, signal, subprocess, sys\n"
            f"inner = subprocess.Popen([sys.executable, '-c', {ASLEEP!r}])\n"
            f"pathlib.Path({str(note)!r}).write_text(str(inner.pid))\n"
            "signal.pause()",
        )
    )
    pump_until(house, lambda: note.exists() and note.read_text() != "")
    grandchild = psutil.Process(int(note.read_text()))
    os.kill(house.pids()["parent"], signal.SIGKILL)
    pump_until(house, lambda: not grandchild.is_running() or grandchild.status() == "zombie")


def test_a_child_that_keeps_failing_says_its_last_words(house: Supervisor) -> None:
    house.start(
        Child(
            "broken",
            [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"],
            ready=lambda: False,
        )
    )
    with pytest.raises(ChildFailed, match=r"broken(.|\n)*exit 3(.|\n)*no such table"):
        house.wait_ready("broken")


def test_children_stop_in_reverse_order(home: Home, tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = (
        "import pathlib, signal, sys\n"
        "def leave(*_):\n"
        f"    with open({str(order)!r}, 'a') as file: file.write(sys.argv[1])\n"
        "    raise SystemExit(0)\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "pathlib.Path(sys.argv[2]).touch()\n"
        "while True: signal.pause()"
    )
    with Supervisor(home, stream=io.StringIO()) as house:
        for name in ("a", "b", "c"):
            up = tmp_path / name
            house.start(Child(name, [sys.executable, "-c", code, name, str(up)], up.exists))
        house.wait_ready("a", "b", "c")
    assert order.read_text() == "cba"
    assert [child["state"] for child in home.state["children"]] == ["stopped"] * 3


def test_a_child_that_ignores_its_signal_is_ended_by_force(home: Home, tmp_path: Path) -> None:
    up = tmp_path / "up"
    code = (
        "import pathlib, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(up)!r}).touch()\nwhile True: signal.pause()"
    )
    with Supervisor(home, stream=io.StringIO()) as house:
        house.start(Child("deaf", [sys.executable, "-c", code], up.exists, stop_seconds=0.2))
        house.wait_ready("deaf")
        child = psutil.Process(house.pids()["deaf"])
    assert not child.is_running()
    assert home.state["children"][0]["last_exit"] == -signal.SIGKILL


def test_a_stop_signal_ends_the_supervision(house: Supervisor) -> None:
    house.start(python("sleeper", ASLEEP))
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Stopped):
        house.pump(1)


def test_children_die_with_a_killed_supervisor_and_the_next_one_sweeps(home: Home) -> None:
    code = (
        "import sys, pathlib\n"
        "from haishi.config.supervisor import Child, Home, Supervisor\n"
        "home = Home(pathlib.Path(sys.argv[1]))\n"
        f"deaf = 'import signal; signal.signal(15, signal.SIG_IGN); {ASLEEP}'\n"
        "with Supervisor(home) as house:\n"
        f"    house.start(Child('mild', [sys.executable, '-c', {ASLEEP!r}], lambda: True))\n"
        "    house.start(Child('deaf', [sys.executable, '-c', deaf], lambda: True))\n"
        "    house.wait_ready('mild', 'deaf')\n"
        "    print('ready', flush=True)\n"
        "    house.supervise()\n"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", code, str(home.root)], stdout=subprocess.PIPE, text=True
    )
    with supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "ready\n"
        pids = {child["name"]: child["pid"] for child in home.state["children"]}
        mild = psutil.Process(pids["mild"])
        supervisor.kill()
    with contextlib.suppress(psutil.NoSuchProcess):
        mild.wait(timeout=10)
    assert not mild.is_running()
    home.sweep()
    assert not psutil.pid_exists(pids["deaf"]) or (
        psutil.Process(pids["deaf"]).status() == psutil.STATUS_ZOMBIE
    )


def test_a_home_has_one_supervisor(home: Home) -> None:
    (home.run / "state.json").write_text(json.dumps({"pid": 77, "url": "http://localhost:9"}))
    with home.locked():
        with pytest.raises(AlreadyRunning, match=r"http://localhost:9 \(pid 77"), home.locked():
            pass
        assert home.in_use()
    assert not home.in_use()


def test_a_busy_port_is_refused_with_the_name_of_its_owner() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"{port}(.|\n)*pid {os.getpid()}"):
            refuse_busy_port("127.0.0.1", port)
    refuse_busy_port("127.0.0.1", port)


def test_a_secret_is_made_once_and_readable_by_its_owner_only(home: Home) -> None:
    secret = home.secret("nats")
    assert home.secret("nats") == secret
    assert len(secret) == 64
    assert (home.secrets / "nats").stat().st_mode & 0o777 == 0o600
    assert home.secrets.stat().st_mode & 0o777 == 0o700


def test_a_command_that_fails_carries_its_output(house: Supervisor) -> None:
    with pytest.raises(ChildFailed, match=r"exit 4(.|\n)*half way"):
        house.run("once", [sys.executable, "-c", "print('half way'); raise SystemExit(4)"], {})


def test_lines_go_whole_to_the_log_and_shortened_to_the_terminal(home: Home) -> None:
    record = '{"event": "loop.failed", "level": "error", "loop": "outbox", "exception": "a\\nX: y"}'
    stream = io.StringIO()
    with Supervisor(home, stream=stream) as house:
        house.run("job", [sys.executable, "-c", f"print({record!r})"], {})
    assert (home.log / "job.log").read_text() == record + "\n"
    assert stream.getvalue() == "job      │ error loop.failed loop=outbox ← X: y\n"
    assert for_people("plain") == "plain"
    assert for_people("{not json") == "{not json"
