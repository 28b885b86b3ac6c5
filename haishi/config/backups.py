"""`haishi backup FILE` and `haishi restore FILE`: everything an installation knows, in one file.

The file is an uncompressed tar: ``database.dump`` (pg_dump's custom format, compressed), the home
folder's files under ``home/`` (media, archives, mail, secrets; not logs, not the search index,
which is rebuilt) and last ``manifest.json``: the release, the row count of every table and the
SHA-256 of every file. Row counts and dump come from one snapshot. It holds the installation's
secrets and therefore has mode 0600. A restore checks every hash before it touches anything, and
every row count after.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from haishi import __version__
from haishi.config.env import env
from haishi.config.opening import database
from haishi.config.supervisor import AlreadyRunning, Cluster, ClusterFailed, Home
from haishi.config.supervisor.postgres import program

FORMAT = 1
DUMP, MANIFEST, FILES = "database.dump", "manifest.json", "home"
# What a start makes anew, or what only matters while running.
LEFT_OUT = frozenset(
    {"run", "log", "cache", "search", "postgres", "postgres.new", "restore.new", "migrated.json"}
)
# Keys of payments are no part of a copy that travels: the operator puts them back by hand, the
# sandbox makes another.
KEYS = ("secrets/payments/", "secrets/sandbox_provider.pem")
BLOCK = 1024 * 1024
REFUSALS = (AlreadyRunning, ClusterFailed, OSError, psycopg.Error, tarfile.TarError)


class BackupRefused(Exception):
    """Saving or restoring cannot be done; the message says why and what to do."""


def backup(target: Path) -> int:
    """Save this installation to ``target``; returns the exit code."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        with database() as address, _private_tar(partial) as archive:
            manifest = _save(archive, Home(env.home), address)
        partial.replace(target)
    except (*REFUSALS, BackupRefused) as refusal:
        partial.unlink(missing_ok=True)
        print(f"备份失败 / backup failed: {refusal}", file=sys.stderr)
        return 1
    rows = sum(manifest["rows"].values())
    print(
        f"已备份 · saved  {target}  ({target.stat().st_size / 1e6:.1f} MB, "
        f"{rows} rows, {len(manifest['files'])} files)"
    )
    if env.media_s3_url:
        print("媒体在 S3，未包含 · media lies in S3 and is not included")
    return 0


def restore(source: Path, *, force: bool = False) -> int:
    """Bring ``source`` back into this home and database; returns the exit code."""
    home = Home(env.home)
    try:
        home.ensure()
        with home.locked():
            _refuse_full(home, force)
            manifest = _restore(home, source, force)
    except (*REFUSALS, BackupRefused) as refusal:
        print(f"恢复失败 / restore failed: {refusal}", file=sys.stderr)
        return 1
    rows = sum(manifest["rows"].values())
    print(f"已恢复并核对 · restored and verified  ({rows} rows, {len(manifest['files'])} files)")
    return 0


def row_counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """The number of rows of every table of the public schema, by name."""
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    counts: dict[str, int] = {}
    for (name,) in tables:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
        row = connection.execute(query).fetchone()
        counts[name] = row[0] if row else 0
    return counts


def _save(archive: tarfile.TarFile, home: Home, address: str) -> dict[str, Any]:
    with psycopg.connect(address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        rows = row_counts(connection)
        dump = home.run / DUMP
        try:
            _run_tool(
                ["pg_dump", "-Fc", "--no-owner", "--no-privileges", f"--file={dump}"],
                address,
                f"--snapshot={row[0] if row else ''}",
            )
            dump_hash = _add(archive, dump, DUMP)
        finally:
            dump.unlink(missing_ok=True)
    manifest = {
        "format": FORMAT,
        "haishi": __version__,
        "saved_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "database_sha256": dump_hash,
        "rows": rows,
        "files": {name: _add(archive, path, f"{FILES}/{name}") for name, path in _files(home)},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = len(text), 0o600
    archive.addfile(entry, io.BytesIO(text))
    return manifest


def _files(home: Home) -> Iterator[tuple[str, Path]]:
    for top in sorted(home.root.iterdir()):
        if top.name in LEFT_OUT or top.name.startswith("."):
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            # An archive that is being built lies beside its place and may vanish at any time.
            unfinished = any(
                part.endswith(".partial") for part in path.relative_to(home.root).parts
            )
            key = path.relative_to(home.root).as_posix().startswith(KEYS)
            if path.is_file() and not path.is_symlink() and not unfinished and not key:
                yield path.relative_to(home.root).as_posix(), path


class _Hashing(io.RawIOBase):
    """A stream that hashes what is read through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.stream.read(size)
        self.hash.update(block)
        return block


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Add a file; returns its SHA-256 in hexadecimal, taken from the very bytes that were added."""
    with path.open("rb") as stream:
        entry = tarfile.TarInfo(name)
        facts = os.fstat(stream.fileno())
        entry.size, entry.mtime, entry.mode = facts.st_size, int(facts.st_mtime), 0o600
        hashing = _Hashing(stream)
        archive.addfile(entry, hashing)
    return hashing.hash.hexdigest()


@contextlib.contextmanager
def _private_tar(path: Path) -> Iterator[tarfile.TarFile]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
        yield archive


def _refuse_full(home: Home, force: bool) -> None:
    if Cluster(home).running():
        raise BackupRefused(f"{home.postgres}: 数据库正在运行 / the database is running")
    if force:
        return
    full = home.postgres.exists() or next(_files(home), None) is not None
    if env.database_url:
        with psycopg.connect(env.database_url) as connection:
            full = full or bool(row_counts(connection))
    if full:
        raise BackupRefused(
            f"{home.root} 已有内容；--force 会替换全部 / is not empty; --force replaces everything"
        )


def _restore(home: Home, source: Path, force: bool) -> dict[str, Any]:
    unpacked = home.root / "restore.new"
    shutil.rmtree(unpacked, ignore_errors=True)
    unpacked.mkdir(mode=0o700)
    try:
        manifest = _unpack(source, unpacked)
        for path in home.root.iterdir():  # from here on the old content is gone
            if path != unpacked and path.name != "run":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if (unpacked / FILES).is_dir():
            for path in sorted((unpacked / FILES).iterdir()):
                path.rename(home.root / path.name)
        with database() as address:
            _load(address, unpacked / DUMP, force)
            with psycopg.connect(address) as connection:
                _compare(manifest["rows"], row_counts(connection))
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return manifest


def _unpack(source: Path, target: Path) -> dict[str, Any]:
    """Unpack into ``target`` and check every hash. Raises BackupRefused on any difference."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    with tarfile.open(source, mode="r:") as archive:
        for entry in archive:
            stream = archive.extractfile(entry) if entry.isreg() else None
            parts = PurePosixPath(entry.name).parts
            if stream is None or ".." in parts or entry.name.startswith("/"):
                raise BackupRefused(f"{source}: {entry.name!r} 不属于备份 / is no part of a backup")
            if entry.name == MANIFEST:
                manifest = json.load(stream)
                continue
            path = target.joinpath(*parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            hashing = _Hashing(stream)
            with path.open("wb") as file:
                shutil.copyfileobj(hashing, file, BLOCK)
            path.chmod(0o600 if parts[:2] == (FILES, "secrets") else 0o644)
            found[entry.name] = hashing.hash.hexdigest()
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"{source}: 不完整或不是备份 / incomplete, or not a backup")
    wanted = {f"{FILES}/{name}": digest for name, digest in manifest["files"].items()}
    wanted[DUMP] = manifest["database_sha256"]
    _compare(wanted, found)
    if (target / FILES / "secrets").is_dir():
        (target / FILES / "secrets").chmod(0o700)
    return manifest


def _load(address: str, dump: Path, force: bool) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        if force and row_counts(connection):
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    database_name = conninfo_to_dict(address).get("dbname") or "haishi"
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run_tool(["pg_restore", *options, f"--dbname={database_name}"], address, str(dump))


def _run_tool(command: list[str], address: str, *more: str) -> None:
    """Run a PostgreSQL program against ``address``; the password travels in the environment."""
    facts = conninfo_to_dict(address)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    names |= {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE"}
    known = {names[key]: str(value) for key, value in facts.items() if key in names and value}
    environment = {**os.environ, **known}
    result = subprocess.run(  # noqa: S603  # fixed programs, no shell
        [str(program(command[0])), *command[1:], *more],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise BackupRefused(f"{command[0]}: {result.stderr.strip()}")


def _compare(wanted: dict[str, Any], found: dict[str, Any]) -> None:
    wrong = sorted(name for name in wanted | found if wanted.get(name) != found.get(name))
    if wrong:
        names = ", ".join(wrong[:5]) + (" …" if len(wrong) > 5 else "")
        raise BackupRefused(f"与清单不符 / differs from the manifest: {names}")
