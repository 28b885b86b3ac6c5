"""What the doctor asks about rooms."""

import datetime as dt

from django.utils.translation import gettext as _

from haishi.foundation import clock
from haishi.foundation.health import Finding, check
from haishi.rooms import selectors


@check("rooms")
def on_their_way() -> Finding:
    """Nothing that the house said or decided waits for long to reach the gateways."""
    waiting, oldest = selectors.on_their_way()
    late = oldest is not None and clock.now() - oldest > dt.timedelta(seconds=30)
    return Finding(
        not late,
        _("%(n)s 条待送达") % {"n": waiting},
        _("确认消息服务、互动网关和后台进程在运行。"),
    )
