"""What `haishi doctor` asks about money."""

from django.utils.translation import gettext as _

from haishi.foundation.health import Finding, check
from haishi.trade import selectors


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
