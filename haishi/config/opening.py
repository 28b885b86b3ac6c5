"""`haishi up`: from an empty folder, or a full one, to an open expo."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from haishi.config.env import env
from haishi.config.supervisor import (
    GATEWAY_OFFSET,
    ORIGIN_OFFSET,
    RTMP_OFFSET,
    AlreadyRunning,
    ChildFailed,
    Cluster,
    ClusterFailed,
    Home,
    Nats,
    PortInUse,
    Stopped,
    Supervisor,
    cluster_running,
    gateway_child,
    has_origin,
    origin_child,
    refuse_busy_port,
    web_child,
    worker_child,
)
from haishi.config.supervisor.children import Child
from haishi.config.supervisor.nats import PORT_OFFSET
from haishi.config.supervisor.realtime import NEAR, probe

MANAGE = (sys.executable, "-m", "haishi", "manage")
DEMO = (sys.executable, "-m", "haishi", "demo")
# What survives `haishi demo --force`.
KEPT = frozenset({"secrets", "run", "log", "postgres"})
MIGRATED_WITH = ("Django", "django-allauth", "procrastinate")
EXPECTED = (AlreadyRunning, ChildFailed, ClusterFailed, PortInUse, OSError, psycopg.Error)


def up(*, load_demo: bool = True) -> int:
    """Start everything and supervise it in the foreground; returns the exit code."""
    home = Home(env.home)
    began = time.monotonic()
    try:
        home.ensure()
        with home.locked():
            return _open(home, load_demo, began)
    except EXPECTED as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1


def _open(home: Home, load_demo: bool, began: float) -> int:
    if left := home.sweep():
        print(f"  · 清理遗留进程 · ended {len(left)} processes of an earlier run")
    refuse_busy_port(env.bind, env.port)
    refuse_busy_port(env.bind, env.port + GATEWAY_OFFSET)
    steps = Steps()
    url = env.public_url or f"http://localhost:{env.port}"
    with Supervisor(home, url) as house, _notes_removed(home):
        try:
            print(f"海市 Haishi · {home.root}")
            environment = _services(home, house, steps)
            _prepare(home, house, steps, environment, load_demo)
            with steps("网页与后台任务", "pages and worker"):
                host = urlsplit(env.public_url).hostname or ""
                house.start(worker_child(environment))
                house.start(web_child(env.bind, env.port, env.web_workers, environment, host))
                beside = _planes(home, house, environment)
                house.wait_ready("web")
            with steps("互动房间与直播", "rooms and live video"):
                _wait_for_planes(house, beside)
            if "origin" in beside and env.demo_live and demo_state(home) == "loaded":
                house.start(demo_streams_child(environment))
            _announce(home, url, time.monotonic() - began)
            house.supervise()
        except Stopped:
            pass
        print("\n正在停止 · stopping", flush=True)
    print("已停止 · stopped", flush=True)
    return 0


def _wait_for_planes(house: Supervisor, names: list[str]) -> None:
    """Pages stand without rooms and live video; those are started again and again meanwhile."""
    for name in names:
        try:
            house.wait_ready(name)
        except ChildFailed as failed:
            print(f"  ! {failed}", flush=True)


def _services(home: Home, house: Supervisor, steps: Steps) -> dict[str, str]:
    """Start the embedded services that no address replaces; returns the children's settings."""
    environment = {"HAISHI_HOME": str(home.root)}
    cluster, nats = Cluster(home), Nats(home, env.port + PORT_OFFSET)
    if not env.nats_url:
        refuse_busy_port("127.0.0.1", nats.port)
        house.start(nats.child())
    if env.database_url:
        with steps("数据库", "database"):
            psycopg.connect(env.database_url, connect_timeout=10).close()
        environment["DATABASE_URL"] = env.database_url
    else:
        if not (cluster.folder / "PG_VERSION").exists():
            with steps("建立数据库", "create the database"):
                cluster.initialise()
        cluster.initialise()  # refuses the folder of another major version
        with steps("数据库", "database"):
            house.start(cluster.child())
            house.wait_ready("postgres")
            cluster.ensure_database()
        environment["DATABASE_URL"] = cluster.url
        home.note("database_url", cluster.url)
    if not env.nats_url:
        with steps("消息服务", "message service"):
            house.wait_ready("nats")
        home.note("nats_url", nats.url)
    environment["NATS_URL"] = env.nats_url or nats.url
    return environment


def _planes(home: Home, house: Supervisor, environment: dict[str, str]) -> list[str]:
    """Start what stands beside the pages; returns the names to wait for."""
    secret = env.secret_key or home.secret("secret_key")
    pages = page_origins()
    port = env.port + GATEWAY_OFFSET
    proxies = NEAR if env.trust_proxy else ""
    house.start(gateway_child(env.bind, port, secret, pages, environment, proxies=proxies))
    if not has_origin():
        return ["gateway"]
    rtmp = env.rtmp_port or env.port + RTMP_OFFSET
    hook = f"http://{probe(env.bind)}:{env.port}/live/engines/own/events/"
    port = env.port + ORIGIN_OFFSET
    house.start(
        origin_child(
            env.bind, port, rtmp, secret, hook, pages, home.live, environment, proxies=proxies
        )
    )
    return ["gateway", "origin"]


def demo_streams_child(environment: Mapping[str, str]) -> Child:
    """Pictures for the lives of the demo edition. Nobody waits for it."""
    return Child(
        name="demo-streams",
        command=[sys.executable, "-m", "haishi.config.demo.streams"],
        ready=lambda: True,
        environment=environment,
        stop_signal=signal.SIGTERM,
    )


def page_origins() -> list[str]:
    """Whose scripts may speak to rooms and video; none when any name leads to the pages."""
    if env.public_url:
        parts = urlsplit(env.public_url)
        return [f"{parts.scheme}://{parts.netloc}"]
    if env.bind in ("127.0.0.1", "::1", "localhost"):
        return [f"http://{name}:{env.port}" for name in ("localhost", "127.0.0.1", "[::1]")]
    return []


def _prepare(
    home: Home, house: Supervisor, steps: Steps, environment: dict[str, str], load_demo: bool
) -> None:
    """Bring the tables up to date and load the demo edition into a new installation, once."""
    address = environment["DATABASE_URL"]
    stamp = home.root / "migrated.json"
    applied = applied_migrations(address)
    if applied == "" and not demo_state(home):
        write_demo_state(home, "wanted")
    facts = {"code": code_fingerprint(), "database": applied}
    if not applied or _read_json(stamp) != facts:
        with steps("更新数据表", "bring the tables up to date"):
            command = [*MANAGE, "migrate", "--no-input"]
            house.run("migrate", command, environment, quiet=True)
        facts["database"] = applied_migrations(address)
        stamp.write_text(json.dumps(facts), encoding="utf-8")
    if demo_state(home) != "wanted":
        return
    if not load_demo:
        write_demo_state(home, "declined")
    elif importlib.util.find_spec("haishi.config.demo.load") is None:
        print("  · 此版本没有演示展会 · this release has no demo edition")
    else:
        with steps("载入演示展会", "load the demo edition"):
            house.run("demo", DEMO, environment)


def load_demo_here(*, force: bool = False) -> int:
    """Load the demo edition into this home's database; returns the exit code.

    A load that was cut off is taken up again. With ``force`` everything that is here is removed
    first, which is refused while the installation runs.
    """
    home = Home(env.home)
    if force and home.in_use():
        print("请先停止海市 / stop Haishi first (Ctrl-C)", file=sys.stderr)
        return 1
    with database() as address:
        if force:
            print("  · 清空 · removing what is here", flush=True)
            start_over(home, address)
            _migrate(home, address)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")
        import django

        django.setup()
        if importlib.util.find_spec("haishi.config.demo.load") is None:
            print("此版本没有演示展会 / this release has no demo edition", file=sys.stderr)
            return 1
        loader = importlib.import_module("haishi.config.demo.load")
        if loader.is_empty():
            write_demo_state(home, "wanted")
            loader.load(_Progress())
        elif demo_state(home) == "wanted":  # cut off after its transaction: all rows are there
            loader.finish(_Progress())
        else:
            print(loader.AlreadyLoaded.message, file=sys.stderr)
            print("重新载入 / to begin anew: haishi demo --force", file=sys.stderr)
            return 1
    write_demo_state(home, "loaded")
    return 0


def start_over(home: Home, address: str) -> None:
    """Leave an empty database, and of the home the secrets, the logs and the database's folder."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    for path in home.root.iterdir():
        if path.name in KEPT:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _migrate(home: Home, address: str) -> None:
    environment = {**os.environ, "DATABASE_URL": address, "HAISHI_HOME": str(home.root)}
    command = [*MANAGE, "migrate", "--no-input", "-v0"]
    subprocess.run(command, env=environment, check=True)  # noqa: S603 - our own command


class _Progress:
    """Prints a line when a step begins or is a fifth further, with the time since the start."""

    def __init__(self) -> None:
        self.began, self.last = time.monotonic(), ("", -1)

    def __call__(self, step: str, done: int, total: int) -> None:
        fifth = 5 * done // max(total, 1)
        if (step, fifth) == self.last:
            return
        self.last = (step, fifth)
        share = f"  {100 * done // total} %" if 0 < done < total else ""
        print(f"    {time.monotonic() - self.began:5.1f} s  {step}{share}", flush=True)


@contextlib.contextmanager
def database() -> Iterator[str]:
    """The address of this installation's database, in the environment for the block.

    The embedded one is started for the block when it is not running. Raises ClusterFailed.
    """
    if env.database_url:
        yield env.database_url
        return
    home = Home(env.home)
    home.ensure()
    with cluster_running(Cluster(home)) as address:
        os.environ["DATABASE_URL"] = env.database_url = address
        try:
            yield address
        finally:
            os.environ.pop("DATABASE_URL", None)
            env.database_url = ""


def code_fingerprint() -> str:
    """Changes whenever the installed code may bring another migration."""
    root = Path(__file__).resolve().parent.parent
    names = sorted(str(p.relative_to(root)) for p in root.glob("*/migrations/*.py"))
    names += [f"{name} {importlib.metadata.version(name)}" for name in MIGRATED_WITH]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def applied_migrations(address: str) -> str:
    """Changes with the migrations that a database has seen; "" when it has seen none."""
    with psycopg.connect(address, connect_timeout=10) as connection:
        try:
            rows = connection.execute(
                "SELECT app, name FROM django_migrations ORDER BY app, name"
            ).fetchall()
        except psycopg.errors.UndefinedTable:
            return ""
    return hashlib.sha256(repr(rows).encode()).hexdigest() if rows else ""


def demo_state(home: Home) -> str:
    """``wanted``, ``loaded``, ``declined``, or "" before the first start and without a demo."""
    return str(_read_json(home.root / "demo.json").get("state", ""))


def write_demo_state(home: Home, state: str) -> None:
    """Remember whether the demo edition is still to be loaded."""
    (home.root / "demo.json").write_text(json.dumps({"state": state}), encoding="utf-8")


class Steps:
    """Prints each step when it begins and how long it took (seconds) when it is done."""

    @contextlib.contextmanager
    def __call__(self, chinese: str, english: str) -> Iterator[None]:
        """Show one step around a block."""
        began = time.monotonic()
        print(f"  … {chinese} · {english}", flush=True)
        try:
            yield
        except BaseException:
            print(f"  ✗ {chinese} · {english}", flush=True)
            raise
        print(f"  ✓ {chinese} · {english}  {time.monotonic() - began:.1f} s", flush=True)


def _announce(home: Home, url: str, seconds: float) -> None:
    lines = ["", f"海市已开 · Haishi is open   {url}   ({seconds:.1f} s)"]
    if home.demo_accounts.exists():
        lines += ["", "演示账号 · demo accounts", ""]
        accounts = home.demo_accounts.read_text(encoding="utf-8").splitlines()
        lines += [f"  {line}" for line in accounts]

    lines += ["", "Ctrl-C 停止 · stops everything", ""]
    print("\n".join(lines), flush=True)


@contextlib.contextmanager
def _notes_removed(home: Home) -> Iterator[None]:
    try:
        yield
    finally:
        home.note("database_url", None)
        home.note("nats_url", None)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
