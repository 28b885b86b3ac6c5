"""A state machine is a table. Nothing else decides where a thing may go."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict


class Transitions(dict[tuple[str, str], str]):
    """{(state, action): next state}. A pair that is not in the table is refused."""

    def after(self, state: str, action: str) -> str:
        """The state after `action`. Raises Conflict when the table has no such step."""
        try:
            return self[state, action]
        except KeyError:
            raise Conflict(_("状态已变化，现在不能这样做。请刷新页面查看最新状态。")) from None

    def actions_from(self, state: str) -> list[str]:
        """What may be done from `state`, in the order of the table."""
        return [action for (source, action) in self if source == state]


class HoldState(models.TextChoices):
    """A hold on something scarce."""

    HELD = "held", _("保留中")
    CONFIRMED = "confirmed", _("已确认")
    RELEASED = "released", _("已释放")
    EXPIRED = "expired", _("已过期")
