"""The question before a signature: can any way to pay carry what is about to be agreed?"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from haishi.foundation.money import Money
from haishi.trade import selectors
from haishi.trade.errors import RailRefuses
from haishi.trade.types import Share


def check_rail(
    total: Money,
    shares: Sequence[Share],
    seller_id: int,
    hold_days: int,
    *,
    provider: str = "",
    fee_points: int | None = None,
) -> list[str]:
    """Names of the ways to pay that can carry the plan; with `provider` only that one counts.

    Changes nothing. Arguments as in `selectors.rails_for`. Raises RailRefuses, which says for
    each way to pay why it cannot.
    """
    asked = selectors.rails_for(total, shares, seller_id, hold_days, fee_points)
    answers = [answer for answer in asked if provider in ("", answer.provider)]
    able = [answer.provider for answer in answers if answer.ok]
    if able:
        return able
    said = [
        _("%(rail)s：%(why)s") % {"rail": answer.title, "why": _("，").join(answer.reasons)}
        for answer in answers
    ]
    raise RailRefuses(reasons=_("；").join(said) or _("没有启用这种支付方式"))
