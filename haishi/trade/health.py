"""What `haishi doctor` asks about money."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from haishi.foundation import clock
from haishi.foundation.health import Finding, check
from haishi.trade import policies, providers, selectors


@check("ledger")
def ledger() -> Finding:
    """Debits equal credits, and every kept balance is the sum of its postings."""
    found = selectors.trial_balance()
    detail = _("%(entries)d 笔分录，%(postings)d 条记账，借贷相等") % {
        "entries": found.entries,
        "postings": found.postings,
    }
    if found.balanced:
        return Finding(True, detail)
    odd = [f"{code}: {amount}" for code, amount in found.difference.items() if amount]
    return Finding(
        False,
        _("账目不平：%(what)s") % {"what": ", ".join([*odd, *found.wrong_accounts])},
        _("请停止收付款，从最近一次备份恢复到另一处，对照分录查明差异。"),
    )


@check("payments")
def payments() -> Finding:
    """Every way to pay that is switched on can work here."""
    lacking = {name: providers.lacks(name) for name in settings.PAYMENT_PROVIDERS}
    absent = [package for package in lacking.values() if package]
    if absent:
        return Finding(
            False,
            _("已启用但未安装：%(what)s") % {"what": ", ".join(absent)},
            f"pip install '{absent[0]}'",
        )
    return Finding(True, ", ".join(providers.names()) or _("未启用任何支付方式"))


@check("reconciliation")
def reconciliation() -> Finding:
    """Yesterday's statements were compared, and no difference is older than three days."""
    day = clock.local(clock.now(), settings.TIME_ZONE).date() - dt.timedelta(days=1)
    real = [name for name in settings.PAYMENT_PROVIDERS if name != "sandbox"]
    absent = selectors.unreconciled(real, day, settings.TIME_ZONE)
    waiting = selectors.open_differences()
    late = selectors.open_differences(clock.now() - policies.DIFFERENCE_WITHIN)
    words = {"day": day.isoformat(), "absent": ", ".join(absent), "waiting": waiting, "late": late}
    if absent:
        return Finding(
            False,
            _("%(day)s 有收付款而未对账：%(absent)s") % words,
            "haishi manage reconcile FILE --provider …",
        )
    if late:
        return Finding(
            False,
            _("%(late)d 项对账差异超过三天未处理") % words,
            _("在“资金”页面查询、注明或由两人核销。"),
        )
    return Finding(True, _("%(day)s 已对账，%(waiting)d 项差异待处理") % words)
