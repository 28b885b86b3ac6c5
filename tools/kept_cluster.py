"""A database cluster whose tables are already made, kept between test runs.

Making a test database from the migrations costs half a minute for each process of a run. So they
are run once, in the cluster's own database, and each test database is a copy of it (PostgreSQL's
TEMPLATE, under a second). The cluster is kept in `.cache/` under a name that follows from
everything that it was made from; a changed migration makes another.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from haishi.config.supervisor.home import Home
from haishi.config.supervisor.postgres import DATABASE, FORGETFUL, MAJOR, Cluster, cluster_running

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
KEPT = 3  # clusters of 40 MB: this branch's and those of the last ones
TEMPLATE = "haishi_tables"


def furnish(folder: Path) -> None:
    """Lay a cluster with all tables in its database `TEMPLATE` into a home."""
    kept = CACHE / f"test-cluster-{_fingerprint()}"
    if not kept.exists():
        _make(kept)
    kept.touch()
    for part in ("postgres", "secrets"):
        # `cp -a`: the files belong to the user that the server runs as.
        subprocess.run(["cp", "-a", kept / part, folder / part], check=True)
    _forget_old()


def furnish_house(root: Path) -> None:
    """Lay the tables into the home of an installation that has not been opened yet."""
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o711)
    furnish(root)
    with cluster_running(Cluster(Home(root), FORGETFUL)) as url:
        _ask(url, f"DROP DATABASE {DATABASE}")  # the empty one of a cluster that was just started
        _rename(url, TEMPLATE, DATABASE)


def _rename(url: str, name: str, other: str) -> None:
    _ask(url, f"ALTER DATABASE {name} RENAME TO {other}")


def _ask(url: str, statement: str) -> None:
    with psycopg.connect(url.replace(f"/{DATABASE}?", "/postgres?"), autocommit=True) as server:
        server.execute(statement.encode())


def _make(kept: Path) -> None:
    CACHE.mkdir(exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=CACHE))
    making.chmod(0o711)
    try:
        with cluster_running(Cluster(Home(making), FORGETFUL)) as url:
            environment = {
                **os.environ,
                "DATABASE_URL": url,
                "HAISHI_HOME": str(making / "home"),
                "HAISHI_SECRET_KEY": "tests-only",
            }
            subprocess.run(
                [sys.executable, "-m", "haishi", "manage", "migrate", "--verbosity", "0"],
                check=True,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
            )
            # Nobody connects to it by mistake: a copy is refused while somebody does.
            _rename(url, DATABASE, TEMPLATE)
        # Two runs may have made the same one; the first stays.
        if not kept.exists():
            making.rename(kept)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _fingerprint() -> str:
    digest = hashlib.sha256(MAJOR.encode())
    for path in _sources():
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    """Our migrations and models (content types follow from them), others' by their versions."""
    yield from sorted(ROOT.glob("haishi/*/migrations/*.py"))
    yield from sorted(ROOT.glob("haishi/*/models.py"))
    yield from sorted(ROOT.glob("haishi/*/models/*.py"))
    yield ROOT / "haishi/config/settings.py"
    yield ROOT / "requirements/prod.txt"
    yield Path(__file__).resolve()


def _forget_old() -> None:
    found = sorted(CACHE.glob("test-cluster-*"), key=lambda path: path.stat().st_mtime)
    for path in found[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)
