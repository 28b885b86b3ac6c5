"""The house's own questions for `haishi doctor`."""

import shutil

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from haishi.foundation import audit, clock
from haishi.foundation.health import Finding, check
from haishi.foundation.models import AuditEntry, Outbox, Pool
from haishi.foundation.papers import FontMissing, fonts

FREE_BYTES = 2 * 1024**3


@check("database")
def database() -> Finding:
    """Reachable, and of a version we run on."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
    return Finding(
        version >= 150_000,
        f"PostgreSQL {version // 10_000}",
        _("请使用 PostgreSQL 15 或更新版本。"),
    )


@check("migrations")
def migrations() -> Finding:
    """All applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding(not plan, _("%d 个待执行") % len(plan), "haishi manage migrate")


@check("outbox")
def outbox() -> Finding:
    """No fact is parked or waits for long."""
    parked = Outbox.objects.filter(parked=True).count()
    oldest = Outbox.objects.filter(parked=False).order_by("id").values_list("created_at", flat=True)
    wait = int((clock.now() - oldest[0]).total_seconds()) if oldest[:1] else 0
    return Finding(
        parked == 0 and wait < 60,
        _("搁置 %(parked)d 条，最久等待 %(wait)d 秒") % {"parked": parked, "wait": wait},
        _("查看搁置的事件（haishi manage outbox），排除原因后重试；确认后台进程在运行。"),
    )


@check("audit chain")
def chain() -> Finding:
    """Every link matches; nothing waits long for its seal."""
    checked, bad = audit.verify()
    waiting = AuditEntry.objects.filter(link=None).count()
    detail = _("%(checked)d 环，待封 %(waiting)d 条") % {"checked": checked, "waiting": waiting}
    remedy = _("第 %s 环起与记录不符：有人改动过审计表，请从备份核对。") % bad if bad else ""
    return Finding(bad is None, detail, remedy)


@check("scarcity")
def pools() -> Finding:
    """What pools say is taken equals what their holds say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM foundation_pool p WHERE p.taken <> COALESCE((SELECT sum(quantity)"
            " FROM foundation_hold h WHERE h.pool_id = p.id "
            " AND h.state IN ('held', 'confirmed')), 0)"
        )
        wrong = cursor.fetchone()[0]
    return Finding(
        wrong == 0,
        _("%(n)d 个配额池") % {"n": Pool.objects.count()},
        _("有 %d 个配额池与占用记录不符。") % wrong,
    )


@check("disk")
def disk() -> Finding:
    """Room for media and the database."""
    free = shutil.disk_usage(settings.HAISHI_HOME).free
    return Finding(free > FREE_BYTES, f"{free / 1024**3:.1f} GB", _("请清理磁盘或扩容。"))


@check("papers")
def papers() -> Finding:
    """The typeface of papers is there and whole."""
    try:
        drawn = len(fonts.ready())
    except FontMissing:
        return Finding(
            False,
            _("缺少字体：%s") % fonts.folder(),
            _("运行 make build 重新复制字体；安装包自带字体，重新安装也可以。"),
        )
    return Finding(True, _("Noto Sans SC，%d 字") % drawn)
