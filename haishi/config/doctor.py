"""`haishi doctor`: what is wrong, why, and what to do about it.

The questions asked here need nothing but the home folder, so that they are answered when nothing
runs. Then come those that modules register with ``foundation.health.check``, which may ask the
database.
"""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from haishi.config.env import env
from haishi.config.opening import database
from haishi.config.supervisor import ClusterFailed, Home
from haishi.config.supervisor.web import healthy
from haishi.foundation.health import Finding, run_checks

BUILT = Path(__file__).resolve().parent / "built"


def doctor(*, as_json: bool = False) -> int:
    """Ask everything and print the answers; the exit code is 1 when something is not well."""
    findings = examine()
    if as_json:
        print(json.dumps({n: vars(f) for n, f in findings.items()}, ensure_ascii=False))
    else:
        width = max(len(name) for name in findings)
        for name, finding in findings.items():
            print(f"  {'✓' if finding.ok else '✗'} {name:<{width}}  {finding.detail}")
            if not finding.ok and finding.remedy:
                print(f"    {'':<{width}}  → {finding.remedy}")
    return 0 if all(finding.ok for finding in findings.values()) else 1


def examine() -> dict[str, Finding]:
    """Every question with its answer, in the order of asking."""
    home = Home(env.home)
    first: dict[str, Callable[[Home], Finding]] = {
        "home": writable,
        "secrets": secrets_private,
        "front-end": front_end,
        "processes": processes,
        "nats": nats,
    }
    findings = {name: question(home) for name, question in first.items()}
    try:
        with database() as address:
            psycopg.connect(address, connect_timeout=5).close()
            findings |= _inside()
    except (ClusterFailed, OSError, psycopg.Error) as failure:
        findings["database"] = Finding(
            False,
            f"无法连接数据库 / cannot be reached: {failure}",
            f"看日志 / read {home.log / 'postgres.log'}, DATABASE_URL",
        )
    return findings


def writable(home: Home) -> Finding:
    """The home folder exists and can be written."""
    try:
        home.ensure()
    except OSError as refusal:
        return Finding(False, str(refusal), "改权限或另选 / change its owner, or set HAISHI_HOME")
    return Finding(True, str(home.root))


def secrets_private(home: Home) -> Finding:
    """Nobody but the owner can read a secret."""
    open_to_others = [
        path.name
        for path in [home.secrets, *home.secrets.iterdir()]
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_to_others:
        names = ", ".join(open_to_others)
        return Finding(
            False,
            f"其他用户可读 / others can read: {names}",
            f"chmod -R go-rwx {home.secrets}",
        )
    return Finding(True, f"{len(list(home.secrets.iterdir()))} 个，仅所有者可读 / owner only")


def front_end(_home: Home) -> Finding:
    """The built front end and the collected static files are there."""
    wanted = ("web/manifest.json", "static", "fonts")
    missing = [name for name in wanted if not (BUILT / name).exists()]
    return Finding(
        not missing,
        "已构建 / built" if not missing else f"缺少 / missing: {', '.join(missing)}",
        "make build（安装包自带 / a wheel carries it）",
    )


def processes(home: Home) -> Finding:
    """When the supervisor runs: all children are ready, the pages answer. Not running is well."""
    if not home.in_use():
        return Finding(True, "未运行 / not running (haishi up)")
    children = home.state.get("children", [])
    ill = [f"{c['name']} {c['state']}" for c in children if c["state"] != "ready"]
    if not healthy("127.0.0.1", env.port, urlsplit(env.public_url).hostname or ""):
        ill.append(f"/healthz :{env.port}")
    restarts = {c["name"]: c["restarts"] for c in children if c["restarts"]}
    detail = ", ".join(ill) if ill else f"{len(children)} 个就绪 / ready"
    if restarts:
        detail += f"; 重启 / restarts {restarts}"
    return Finding(not ill, detail, f"看日志 / read {home.log}")


def nats(home: Home) -> Finding:
    """The backplane greets; without it pages work but nothing is live."""
    address = env.nats_url or env.note("run", "nats_url")
    if not address:
        return Finding(True, "随 haishi up 启动 / starts with haishi up")
    parts = urlsplit(address)
    place = (parts.hostname or "127.0.0.1", parts.port or 4222)
    try:
        with socket.create_connection(place, timeout=3) as connection:
            greeted = connection.recv(5) == b"INFO "
    except OSError as failure:
        return Finding(False, f"{place[0]}:{place[1]} {failure}", f"NATS_URL, {home.log}/nats.log")
    return Finding(greeted, f"{place[0]}:{place[1]}", "这不是 NATS / that is not NATS: NATS_URL")


def _inside() -> dict[str, Finding]:
    """The questions that the modules registered."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")
    import django
    from django.utils import translation

    django.setup()
    language = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    with translation.override("en" if language.startswith("en") else "zh-hans"):
        return run_checks()
