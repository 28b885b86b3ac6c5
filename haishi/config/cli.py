"""The command `haishi`: one subcommand for each thing an operator does.

Nothing heavy is imported before it is known which subcommand runs, so that `haishi up` is quick.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from haishi import __version__

DESCRIPTION = """海市：永不落幕的数字文化贸易博览会平台
An open platform for a digital-culture trade expo that never closes"""
EPILOG = """设置来自环境变量，见 docs/operations.md；最常用的是 HAISHI_HOME 与 HAISHI_PORT。
Settings come from environment variables, see docs/operations.md; HAISHI_HOME and HAISHI_PORT
are the ones to know."""
# Django commands that must work in a bare checkout, before there is any database.
WITHOUT_DATABASE = frozenset(
    {"check", "collectstatic", "diffsettings", "findstatic", "help", "makemigrations"}
)


DEALS = "订单、合同、授权、支付等的编号 / numbers of orders, contracts, licences, payments …"


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["manage"]:  # Django parses the rest, --help included
        return _manage(given[1:])
    if given[:1] == ["bench"] and len(given) > 1 and not given[1].startswith("-"):
        return _bench(given[1], given[2:])
    parser = _parser()
    options = parser.parse_args(given)
    action: Callable[[argparse.Namespace], int] = options.action
    return action(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="haishi",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(metavar="命令/command", required=True)

    up = verbs.add_parser("up", help="启动一切并看护 / start everything and keep it running")
    up.add_argument("--no-demo", action="store_true", help="不载入演示展会 / no demo edition")
    up.set_defaults(action=_up)

    doctor = verbs.add_parser("doctor", help="体检并说明如何修复 / explain what is wrong")
    doctor.add_argument("--json", action="store_true", help="一行 JSON / one JSON object")
    doctor.set_defaults(action=_doctor)

    audit = verbs.add_parser("audit", help="由审计链重算 / rebuild from the audit chain")
    whats = audit.add_subparsers(metavar="对象/what", required=True)
    deal = whats.add_parser("deal", help="一笔交易的全部数字 / every figure of a deal")
    deal.add_argument("numbers", metavar="ID", nargs="+", help=DEALS)
    deal.add_argument("--json", action="store_true", help="每单一行 JSON / one JSON object each")
    deal.set_defaults(action=_audit_deal)

    backup = verbs.add_parser("backup", help="备份到一个文件 / save everything to one file")
    backup.add_argument("file", type=Path)
    backup.set_defaults(action=_backup)

    restore = verbs.add_parser("restore", help="从备份恢复 / bring a backup back")
    restore.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="覆盖现有内容 / replace all")
    restore.set_defaults(action=_restore)

    demo = verbs.add_parser("demo", help="载入演示展会 / load the demo edition")
    demo.add_argument("--force", action="store_true", help="先清空全部 / remove everything first")
    demo.set_defaults(action=_demo)

    manage = verbs.add_parser("manage", help="Django 管理命令 / Django's management commands")
    manage.set_defaults(action=lambda _options: _manage([]))

    bench = verbs.add_parser("bench", help="运行一项性能测量 / run one benchmark")
    bench.add_argument("name", nargs="?")
    bench.set_defaults(action=lambda _options: _bench("", []))

    version = verbs.add_parser("version", help="版本 / version")
    version.set_defaults(action=_version)
    return parser


def _version(_options: argparse.Namespace) -> int:
    print(f"haishi {__version__}")
    return 0


def _up(options: argparse.Namespace) -> int:
    from haishi.config.opening import up

    return up(load_demo=not options.no_demo)


def _doctor(options: argparse.Namespace) -> int:
    from haishi.config.doctor import doctor

    return doctor(as_json=options.json)


def _audit_deal(options: argparse.Namespace) -> int:
    from haishi.config.audits import audit_deals

    return audit_deals(options.numbers, as_json=options.json)


def _backup(options: argparse.Namespace) -> int:
    from haishi.config.backups import backup

    return backup(options.file)


def _restore(options: argparse.Namespace) -> int:
    from haishi.config.backups import restore

    return restore(options.file, force=options.force)


def _demo(options: argparse.Namespace) -> int:
    from haishi.config.opening import load_demo_here

    return load_demo_here(force=options.force)


def _manage(arguments: list[str]) -> int:
    from haishi.config.opening import database

    command = arguments[0] if arguments else "help"
    if command in WITHOUT_DATABASE:
        _django(arguments)
        return 0
    with database():
        _django(arguments)
    return 0


def _django(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["haishi manage", *arguments])


def _bench(name: str, arguments: list[str]) -> int:
    folder = Path(__file__).resolve().parents[2] / "bench"
    known = sorted(path.stem for path in folder.glob("[a-z]*.py"))
    if name not in known:
        where = ", ".join(known) if known else "需要源码目录 / needs a checkout of the source"
        print(f"haishi bench NAME: {where}", file=sys.stderr)
        return 2
    import runpy

    sys.argv = [str(folder / f"{name}.py"), *arguments]
    sys.path.insert(0, str(folder.parent))
    runpy.run_path(sys.argv[0], run_name="__main__")
    return 0
